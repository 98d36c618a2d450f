"""What the canvas shows and where: viewport, pictures, what is dragged, the active layer. The widget paints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from nanodesk.document.geometry import Size
from nanodesk.editor.errors import EditorError
from nanodesk.editor.notice import Notice, NoticeKind
from nanodesk.ui import tasks
from nanodesk.ui.canvas.compare import Compare, CompareMode
from nanodesk.ui.canvas.dragging import Dragging
from nanodesk.ui.canvas.hit_testing import pixel_at
from nanodesk.ui.canvas.picture import FrozenSource, Picture
from nanodesk.ui.canvas.viewport import Viewport

if TYPE_CHECKING:
    import asyncio

    from nanodesk.document.change import Change
    from nanodesk.document.document import Document
    from nanodesk.document.geometry import Point, Rect
    from nanodesk.document.identity import LayerId
    from nanodesk.document.layer import Mask
    from nanodesk.document.selection import MaskSelection
    from nanodesk.editor.editor import Editor
    from nanodesk.editor.masking import Masking
    from nanodesk.editor.project import Project
    from nanodesk.ui.canvas.picture import Block


class CanvasStage(QObject):
    """The canvas without the widget.

    Attributes:
        repaint: a rectangle of the document, or (none) everything, must be painted.
        reshaping: the document is about to have another size on the canvas; what is on screen can still be kept.
        settled: every tile in sight is there and up to date.
        viewport_changed, active_layer_changed, colour_taken: as the widget tells them on.
        compare: before and after.
        live: the editor's document. preview, before: others, while they are wanted.
        dragging: a layer shown apart, while it is moved or faded.
    """

    repaint = Signal(object)
    reshaping = Signal()
    settled = Signal()
    viewport_changed = Signal(float)
    active_layer_changed = Signal(object)
    colour_taken = Signal(object)

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._viewport = Viewport()
        self._active: LayerId | None = None
        self._picking: asyncio.Task[None] | None = None
        self.awake = False
        document = project.editor.document
        self.live = Picture(project.painter, document.size, document.profile, self.repaint.emit)
        self.live.settled = self._live_settled
        self.preview: Picture | None = None
        self.before: Picture | None = None
        self.dragging: Dragging | None = None
        self.compare = Compare(project.editor, self)
        self.compare.changed.connect(self._compare_changed)
        self.compare.moved.connect(self.refresh)
        self._requests = QTimer(self, singleShot=True, interval=0)
        self._requests.timeout.connect(self._request)
        self._ended = QTimer(self, singleShot=True, interval=0)
        self._ended.timeout.connect(self._end_dragging)
        self._disconnects = [
            project.painter.damaged.connect(self._damaged),
            project.editor.changed.connect(self._changed),
        ]
        self._viewport = self._viewport.showing(document.size)
        self._choose_active(document)

    # What it shows

    @property
    def viewport(self) -> Viewport:
        """How the document lies in the widget."""
        return self._viewport

    @viewport.setter
    def viewport(self, viewport: Viewport) -> None:
        if viewport == self._viewport:
            return
        zoom = self._viewport.zoom
        self._viewport = viewport
        self.repaint.emit(None)
        self.request()
        if viewport.zoom != zoom:
            self.viewport_changed.emit(viewport.zoom)

    def request(self) -> None:
        """Ask for what is in sight and missing, as soon as the events at hand are handled."""
        if self.awake and not self._requests.isActive():
            self._requests.start()

    def _request(self) -> None:
        if not self.awake or self._viewport.document.empty:
            return
        if self.dragging is not None and not self.dragging.ending:
            self.dragging.request(self._viewport)
        else:
            self.live.request(self._viewport)
        if self.preview is not None:
            self.preview.request(self._viewport.over(self.preview.document_size))
        if self.before is not None:
            self.before.request(self._viewport.over(self.before.document_size))

    def _live_settled(self) -> None:
        if self.dragging is not None and self.dragging.ending:
            self._drop_dragging()
        self.settled.emit()

    def _damaged(self, part: Rect | None) -> None:
        document = self._project.editor.document
        if not self.live.resembles(document.size, document.profile):
            if not document.size.empty:
                self.reshaping.emit()
            self.live.replaced(self._project.painter, document.size, document.profile)
            self.viewport = self._viewport.showing(document.size)
            self._drop_dragging()
        elif self.dragging is not None and self.dragging.layer_id not in document.layers:
            self._drop_dragging()
        self.live.damage(part)
        self.request()
        if document.size.empty:
            self.repaint.emit(None)

    def _changed(self, change: Change) -> None:
        document = self._project.editor.document
        added = [layer_id for layer_id, pair in change.layers.items() if pair.before is None]
        if added:
            newest = next((layer.id for layer, _ in document.walk() if layer.id in added), None)
            self.active_layer = newest or self._active
        elif self._active is not None and self._active not in document.layers:
            self._choose_active(document)
        if self.before is not None and change.touches_document:
            self._compare_changed()
        if change.selection is not None:
            self.repaint.emit(None)

    def show_preview(self, document: Document | None) -> None:
        """Show another document in place, or (none) the editor's again."""
        self.preview = self._other(self.preview, document)
        if self.live.document_size.empty:
            # There is nothing yet that the preview could lie in: it makes its own place.
            self.viewport = self._viewport.showing(Size(0, 0) if document is None else document.size)
        self._compare_changed()

    def stand_in(self, level: int, block: Block) -> None:
        """Show a small picture of what another document will look like, until that is given to `show_preview`.

        Args:
            level, block: see `Picture.begin_with`; of the size of the editor's document.
        """
        if self.preview is not None:
            self.preview.close()
        document = self._project.editor.document
        self.preview = Picture(None, document.size, document.profile, self.repaint.emit)
        self.preview.begin_with(level, block)
        self._compare_changed()

    def _other(self, picture: Picture | None, document: Document | None) -> Picture | None:
        if document is None or document.size.empty:
            if picture is not None:
                picture.close()
            return None
        source = FrozenSource(self._project.painter, document)
        if picture is None:
            return Picture(source, document.size, document.profile, self.repaint.emit)
        if isinstance(picture.source, FrozenSource) and picture.source.document is document:
            return picture
        picture.replaced(source, document.size, document.profile)
        picture.damage(None)
        return picture

    def _compare_changed(self) -> None:
        if self.compare.mode is CompareMode.OFF:
            self.before = self._other(self.before, None)
        else:
            try:
                self.before = self._other(self.before, self.compare.before(previewing=self.preview is not None))
            except EditorError as error:
                self.tell(str(error), NoticeKind.ERROR)
        self.repaint.emit(None)
        self.request()

    # What tools ask

    @property
    def editor(self) -> Editor:
        """The one way to change the document."""
        return self._project.editor

    @property
    def masking(self) -> Masking:
        """What works on masks."""
        return self._project.masking

    @property
    def active_layer(self) -> LayerId | None:
        """The layer that tools act on."""
        return self._active

    @active_layer.setter
    def active_layer(self, layer_id: LayerId | None) -> None:
        if layer_id != self._active:
            self._active = layer_id
            self.active_layer_changed.emit(layer_id)

    def _choose_active(self, document: Document) -> None:
        self.active_layer = next((layer.id for layer, _ in document.walk()), None)

    def pick_layer(self, at: Point) -> None:
        """Make the top-most layer that shows at a document pixel the active one."""
        if self._picking is not None:
            self._picking.cancel()
        self._picking = tasks.spawn(self._pick(at))

    async def _pick(self, at: Point) -> None:
        found = await self._project.painter.pick(at.x, at.y)
        if found is not None and found in self.editor.document.layers:
            self.active_layer = found

    def pan(self, x: float, y: float) -> None:
        """Move the document by logical pixels."""
        self.viewport = self._viewport.panned(x, y)

    def start_dragging(self, layer_id: LayerId) -> Dragging:
        """Show a layer apart from the others, so that it can be moved or faded quickly."""
        self._drop_dragging()
        self._ended.stop()
        self.dragging = Dragging(self._project.painter, self.editor.document, layer_id, lambda: self.repaint.emit(None))
        self.request()
        return self.dragging

    def stop_dragging(self, *, kept: bool) -> None:
        """Go back to the document; `kept` tells that it is, or will at once be, what is shown."""
        if self.dragging is None:
            return
        if not kept:
            self._drop_dragging()
            self.request()
            return
        # Whoever drags may change the document right after this: what is shown stays until its tiles have come.
        self.dragging.ending = True
        self._ended.start()

    def _end_dragging(self) -> None:
        self._request()

    def _drop_dragging(self) -> None:
        if self.dragging is not None:
            self.dragging.close()
            self.dragging = None
            self.repaint.emit(None)

    def colour_under(self, x: float, y: float) -> tuple[int, int, int, int] | None:
        """Red, green, blue and alpha at a place of the widget: of the document, or of what is shown instead."""
        pixel = pixel_at(self._viewport, x, y)
        if pixel is None:
            return None
        instead = self.before if self.compare.mode is CompareMode.HELD else self.preview
        if instead is not None:
            return instead.colour_at(pixel.x, pixel.y)
        return self._project.painter.colour_at(pixel.x, pixel.y)

    async def mask_picture(self, selection: MaskSelection, max_size: Size) -> Block:
        """A selection by mask as a small mask (h, w)."""
        return await self._project.painter.picture_thumbnail(selection.grid, max_size)

    async def small_mask(self, mask: Mask, max_size: Size) -> Block:
        """A layer's mask (h, w), small."""
        return await self._project.painter.picture_thumbnail(mask.grid, max_size)

    def took_colour(self, colour: tuple[int, int, int, int]) -> None:
        """A colour was chosen."""
        self.colour_taken.emit(colour)

    def tell(self, message: str, kind: NoticeKind) -> None:
        """Show one plain sentence."""
        self._project.notices.emit(Notice(message, kind))

    def refresh(self) -> None:
        """Paint again what lies over the document."""
        self.repaint.emit(None)

    def close(self) -> None:
        """Follow the project no more; ask for nothing, hold nothing."""
        self.awake = False
        for disconnect in self._disconnects:
            disconnect()
        self._disconnects.clear()
        self._requests.stop()
        self._ended.stop()
        self._drop_dragging()
        if self._picking is not None:
            self._picking.cancel()
        for picture in (self.live, self.preview, self.before):
            if picture is not None:
                picture.close()
        self.preview = self.before = None
