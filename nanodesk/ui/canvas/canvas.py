"""The canvas widget: shows one project's document and tells what happens on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from nanodesk.document.operations.selections import clear_selection, select_all
from nanodesk.editor.notice import NoticeKind
from nanodesk.ui import theme
from nanodesk.ui.canvas.accessibility import present_as_picture
from nanodesk.ui.canvas.brush_bar import BrushBar
from nanodesk.ui.canvas.composition import Composition
from nanodesk.ui.canvas.dropping import Dropping
from nanodesk.ui.canvas.gestures import Gestures
from nanodesk.ui.canvas.hit_testing import pixel_at
from nanodesk.ui.canvas.keys import Keys
from nanodesk.ui.canvas.overlays import hexadecimal
from nanodesk.ui.canvas.stage import CanvasStage

if TYPE_CHECKING:
    from nanodesk.document.change import Change
    from nanodesk.document.document import Document
    from nanodesk.document.geometry import Point, Rect
    from nanodesk.document.identity import LayerId
    from nanodesk.editor.pixel_store import Block
    from nanodesk.editor.project import Project
    from nanodesk.ui.canvas.compare import Compare
    from nanodesk.ui.canvas.tools.tool import Pointer
    from nanodesk.ui.canvas.viewport import Viewport

HELD_MS = 600
"""How long the old picture may stand in for one of another size that is still being made."""


class CanvasWidget(QWidget):
    """The document of one project, with its tools.

    Attributes:
        viewport_changed: the zoom, 1 for 100 %.
        hovered: the document pixel under the cursor and its (red, green, blue, alpha), each none where there is none.
        active_layer_changed: the `LayerId` that tools act on, or none.
        tool_changed: its name: move, rectangle, lasso, mask-brush, pipette, hand.
        colour_picked: (red, green, blue, alpha) taken by the pipette; it is on the clipboard as `#RRGGBB` too.
        dropped: an `Intake` and the document `Point` it was dropped at.
        settled: every tile of the document in sight is there and up to date.
        compare: before and after: `toggle_split`, `set_split`, `mode`, labels, and a `changed` signal.
    """

    viewport_changed = Signal(float)
    hovered = Signal(object, object)
    active_layer_changed = Signal(object)
    tool_changed = Signal(str)
    colour_picked = Signal(object)
    dropped = Signal(object, object)
    settled = Signal()

    _ready = False  # Qt sends events while the parts that answer them are still being made

    def __init__(self, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._stage = CanvasStage(project, self)
        self.compare: Compare = self._stage.compare
        self._gestures = Gestures(self, self._stage, self._hover)
        self._gestures.chosen = self.set_tool
        self._keys = Keys(self._stage, self._gestures)
        self._dropping = Dropping(self._stage, self.dropped.emit)
        self._composition = Composition(self._stage)
        self.brush_bar = BrushBar(project, self, self._gestures.mask_brush)
        self._held: QPixmap | None = None
        self._release_held = QTimer(self, singleShot=True, interval=HELD_MS)
        self._focus_ring = False
        self._prepare()
        self._connect()
        self._describe()
        self._ready = True

    def _prepare(self) -> None:
        self.setObjectName("canvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 120)
        self.setAccessibleName("Canvas")
        present_as_picture(self)

    def _connect(self) -> None:
        stage = self._stage
        stage.repaint.connect(self._repaint)
        stage.reshaping.connect(self._hold)
        stage.settled.connect(self._let_go)
        stage.settled.connect(self.settled)
        stage.viewport_changed.connect(self.viewport_changed)
        stage.viewport_changed.connect(self._describe)
        stage.active_layer_changed.connect(self.active_layer_changed)
        stage.colour_taken.connect(self._copy_colour)
        self._release_held.timeout.connect(self._let_go)
        self._disconnects = [
            self._project.editor.changed.connect(self._changed),
            self._project.status_changed.connect(self._describe),
        ]

    # What others use

    def begin_with(self, level: int, block: Block) -> None:
        """Show a small picture of the whole document, at a level of its tiles, until those have come."""
        self._stage.live.begin_with(level, block)

    @property
    def viewport(self) -> Viewport:
        """Zoom and place of the document."""
        return self._stage.viewport

    @property
    def active_layer(self) -> LayerId | None:
        """The layer that tools and the layer list act on."""
        return self._stage.active_layer

    @active_layer.setter
    def active_layer(self, layer_id: LayerId | None) -> None:
        self._stage.active_layer = layer_id

    @property
    def tool(self) -> str:
        """The name of the tool in hand."""
        return self._gestures.tool.name

    @property
    def busy(self) -> bool:
        """Whether a tool follows a button that is down."""
        return self._gestures.gripped

    def take_back(self) -> bool:
        """Take back what a button that is down has begun, as a stroke half drawn; whether there was anything."""
        return self._gestures.cancel()

    def set_tool(self, name: str) -> None:
        """Take another tool by its name."""
        before = self.tool
        self._gestures.choose(name)
        if self.tool != before:
            self.tool_changed.emit(self.tool)

    def zoom_in(self) -> None:
        """One notch nearer, about the middle."""
        self._stage.viewport = self.viewport.stepped(1, *self.viewport.centre)

    def zoom_out(self) -> None:
        """One notch farther, about the middle."""
        self._stage.viewport = self.viewport.stepped(-1, *self.viewport.centre)

    def zoom_to(self, zoom: float) -> None:
        """A zoom about the middle; 1 shows a document pixel on a device pixel."""
        self._stage.viewport = self.viewport.zoomed(zoom, *self.viewport.centre)

    def fit(self) -> None:
        """The whole document in sight, also when the window's size changes."""
        self._stage.viewport = self.viewport.fit()

    def select_all(self) -> None:
        """Mark the whole document, as one step."""
        if not self._project.editor.document.size.empty:
            self._project.editor.apply("Select all", select_all)

    def deselect(self) -> None:
        """Mark nothing, as one step where something was marked."""
        if self._project.editor.state.selection is not None:
            self._project.editor.apply("Deselect", clear_selection)

    def preview_opacity(self, layer_id: LayerId, value: float) -> None:
        """Show a layer at another opacity, 0 to 1, without a step: for each tick of a slider."""
        if layer_id not in self._project.editor.document.layers:
            return
        dragging = self._stage.dragging
        if dragging is None or dragging.layer_id != layer_id or dragging.ending:
            dragging = self._stage.start_dragging(layer_id)
        dragging.change(self.viewport, opacity=value)

    def end_preview(self) -> None:
        """The slider was let go: show the document as it is, or as the step that follows at once makes it."""
        self._stage.stop_dragging(kept=True)

    def set_compare_document(self, document: Document | None, label: str = "Before") -> None:
        """Compare with this document; none compares with the one before the last accepted run."""
        self.compare.before_label = label
        self.compare.choose(document)

    def set_preview_document(self, document: Document | None, label: str = "After") -> None:
        """Show another frozen document in place, as a candidate; none shows the editor's again."""
        self.compare.after_label = label
        self._stage.show_preview(document)

    def stand_in(self, level: int, block: Block, label: str = "After") -> None:
        """Show a small picture of the document to be previewed, straight BGRA at a level of the painter's tiles."""
        self.compare.after_label = label
        self._stage.stand_in(level, block)

    def close_down(self) -> None:
        """Follow the project no more; the widget can be deleted."""
        for disconnect in self._disconnects:
            disconnect()
        self._release_held.stop()
        self._composition.close()
        self._stage.close()

    # Events

    def event(self, event: QEvent) -> bool:
        if not self._ready:
            return super().event(event)
        match event.type():
            case QEvent.Type.Resize | QEvent.Type.DevicePixelRatioChange:
                self._measure()
            case QEvent.Type.Show:
                self._stage.awake = True
                self._measure()
                self._stage.request()
            case QEvent.Type.Hide:
                self._stage.awake = False
            case QEvent.Type.PaletteChange | QEvent.Type.StyleChange:
                self.update()
            case QEvent.Type.FocusIn | QEvent.Type.FocusOut:
                self._focus_changed(event)
        if self._gestures.handle(event) or self._keys.handle(event) or self._dropping.handle(event):
            return True
        return super().event(event)

    def _focus_changed(self, event: QEvent) -> None:
        reasons = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
        reason = event.reason() if hasattr(event, "reason") else None
        self._focus_ring = event.type() == QEvent.Type.FocusIn and reason in reasons
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(900, 640)

    def _measure(self) -> None:
        stage = self._stage
        stage.viewport = stage.viewport.resized(self.width(), self.height(), self.devicePixelRatioF())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.devicePixelRatioF() != self.viewport.ratio:
            # Told too late by some window systems: the picture is painted right in this very frame.
            self._measure()
        painter = QPainter(self)
        if self._held is not None:
            painter.drawPixmap(0, 0, self._held)
        else:
            self._composition.paint(painter, event.rect(), theme.colours().canvas)
            self._composition.paint_over(painter, self._gestures.in_hand, self._project.editor.state.selection)
        zone = QRectF(self.rect())
        self._dropping.paint(painter, zone)
        if self._focus_ring:
            self._composition.paint_focus(painter, zone)
        painter.end()

    # What the stage tells

    def _repaint(self, part: Rect | None) -> None:
        if part is None or self._held is not None:
            if part is None and not self._release_held.isActive():
                self._held = None
            self.update()
            return
        rect, ratio = self.viewport.device_rect(part), self.viewport.ratio
        area = QRectF(rect.x / ratio, rect.y / ratio, rect.width / ratio, rect.height / ratio).toAlignedRect()
        self.update(area.adjusted(-2, -2, 2, 2).intersected(self.rect()))

    def _hold(self) -> None:
        """Keep what is on the screen until the picture of another size has been made."""
        if self._held is None and self.isVisible() and not self.viewport.document.empty:
            self._held = self.grab()
            self._release_held.start()

    def _let_go(self) -> None:
        self._release_held.stop()
        if self._held is not None:
            self._held = None
            self.update()

    def _hover(self, pointer: Pointer | None) -> None:
        pixel: Point | None = None if pointer is None else pixel_at(self.viewport, pointer.x, pointer.y)
        colour = None if pointer is None or pixel is None else self._stage.colour_under(pointer.x, pointer.y)
        self.hovered.emit(pixel, colour)

    def _copy_colour(self, colour: tuple[int, int, int, int]) -> None:
        words = hexadecimal(colour)
        QGuiApplication.clipboard().setText(words)
        self._stage.tell(f"Copied {words}.", NoticeKind.INFO)
        self.colour_picked.emit(colour)

    def _changed(self, change: Change) -> None:
        self._describe()
        if change.selection is not None:
            self._composition.selection_changed(self._project.editor.state.selection)

    def _describe(self, *_: object) -> None:
        document = self._project.editor.document
        if document.size.empty:
            self.setAccessibleDescription("No picture yet.")
            return
        count = len(document.layers)
        self.setAccessibleDescription(
            f"{self._project.name}, {document.size.width} × {document.size.height} pixels, "
            f"{count} layer{'s' if count != 1 else ''}, shown at {round(self.viewport.zoom * 100)} %."
        )
