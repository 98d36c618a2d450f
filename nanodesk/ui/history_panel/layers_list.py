"""The list of layers: shows rows and turns what the pointer and the keys do there into signals."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QToolTip, QWidget

from nanodesk.ui import theme
from nanodesk.ui.history_panel.layer_drag import LayerDrag
from nanodesk.ui.history_panel.layers_delegate import LayersDelegate
from nanodesk.ui.history_panel.rows import LayerRow
from nanodesk.ui.history_panel.words import damage_told, plain
from nanodesk.ui.history_panel.zones import LINKS, TIPS, Zone, ZoneKind
from nanodesk.ui.references.slim_bar import SlimBar

if TYPE_CHECKING:
    from nanodesk.document.identity import LayerId
    from nanodesk.ui.history_panel.layers_model import LayersModel
    from nanodesk.ui.history_panel.row_painter import Pictures
    from nanodesk.ui.history_panel.rows import Row

_SELECTING = {ZoneKind.NAME, ZoneKind.THUMBNAIL, ZoneKind.MASK}
_TELLING_DAMAGE = {*_SELECTING, ZoneKind.DISCLOSURE}
_SCRUB_STEP = 0.005


class LayersList(QListView):
    """Rows of the model, with the gestures on them.

    Attributes:
        empty: what is said while there is no row, in two lines.

    Signals (a row is a value of `rows`):
    zone_clicked: a part of a row was clicked; with Shift held or not.
    key_pressed: a key that means something on the current row.
    scrubbed: the opacity of a row is being dragged to this value; `scrub_ended` when it is let go.
    dropped: layers were dropped at a place of the tree.
    menu_wanted: the context menu, at a global position.
    """

    zone_clicked = Signal(object, object, bool)
    key_pressed = Signal(object, int, str)
    scrubbed = Signal(object, float)
    scrub_ended = Signal(object)
    dropped = Signal(list, object)
    menu_wanted = Signal(QPoint)

    def __init__(self, model: LayersModel, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self.empty = ("No layers yet", "Drop a picture on the canvas to begin.")
        self._delegate = LayersDelegate(model, pictures, self)
        self._pressed: tuple[Row, Zone | None, QPoint] | None = None
        self._scrub: float | None = None
        self._select_on_release = False
        self._drag = LayerDrag(self, model)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName("Layers")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        SlimBar(self)

    def selected_layers(self) -> tuple[LayerId, ...]:
        """The layers that are selected, top first."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return tuple(row.layer.id for row in map(self._rows.rows.__getitem__, rows) if isinstance(row, LayerRow))

    def zone_rect(self, place: int, kind: ZoneKind) -> QRect:
        """Where a part of a row lies in the viewport; null when the row has none."""
        index = self._rows.index(place)
        rect = self._delegate.layout_at(index).rect_of(kind)
        return QRect() if rect.isNull() else rect.translated(self.visualRect(index).topLeft())

    def rename(self, index: QModelIndex) -> None:
        """Open the field for a layer's name in its row."""
        if index.isValid():
            self.scrollTo(index)
            self.edit(index)

    def _at(self, point: QPoint) -> tuple[QModelIndex, Row | None, Zone | None]:
        index = self.indexAt(point)
        row = self._rows.row(index)
        if row is None:
            return index, None, None
        return index, row, self._delegate.layout_at(index).zone_at(point - self.visualRect(index).topLeft())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        index, row, zone = self._at(point)
        self._pressed = None
        if row is None or event.button() != Qt.MouseButton.LeftButton:
            if row is None or index not in self.selectedIndexes():
                super().mousePressEvent(event)
            return
        self._pressed = (row, zone, point)
        if zone is None or zone.kind in _SELECTING:
            plain_click = not event.modifiers()
            self._select_on_release = (
                plain_click and len(self.selectedIndexes()) > 1 and index in self.selectedIndexes()
            )
            if not self._select_on_release:
                super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if not event.buttons() & Qt.MouseButton.LeftButton or self._pressed is None:
            self._hover(point)
            return
        row, zone, start = self._pressed
        far = (point - start).manhattanLength() >= 6
        if zone is not None and zone.kind is ZoneKind.OPACITY and isinstance(row, LayerRow):
            if far or self._scrub is not None:
                moved = (point.x() - start.x()) * _SCRUB_STEP
                self._scrub = min(1.0, max(0.0, round(row.layer.opacity + moved, 2)))
                self.scrubbed.emit(row.layer.id, self._scrub)
        elif self._drag.active:
            self._drag.move(point)
        elif far and isinstance(row, LayerRow) and (zone is None or zone.kind in _SELECTING):
            dragged = self.selected_layers()
            self._drag.start(dragged if row.layer.id in dragged else (row.layer.id,), point)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        if pressed is None or event.button() != Qt.MouseButton.LeftButton:
            return
        row, zone, _ = pressed
        point = event.position().toPoint()
        if self._drag.active:
            layers, place = self._drag.finish()
            if place is not None:
                self.dropped.emit(list(layers), place)
            return
        if self._scrub is not None and isinstance(row, LayerRow):
            self._scrub = None
            self.scrub_ended.emit(row.layer.id)
            return
        index, now, over = self._at(point)
        if now is None or now.key != row.key or over != zone:
            return
        if self._select_on_release and (zone is None or zone.kind in _SELECTING):
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if zone is not None:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.zone_clicked.emit(now, zone, shift)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index, row, zone = self._at(event.position().toPoint())
        if isinstance(row, LayerRow) and zone is not None and zone.kind is ZoneKind.NAME:
            self._pressed = None
            self.rename(index)
        else:
            self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._drag.active and event.key() == Qt.Key.Key_Escape:
            self._drag.cancel()
            self._pressed = None
            return
        row = self._rows.row(self.currentIndex())
        if row is not None and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            keys = {Qt.Key.Key_Space, Qt.Key.Key_F2, Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Return}
            keys |= {Qt.Key.Key_Enter, Qt.Key.Key_Left, Qt.Key.Key_Right}
            if event.key() in keys or event.text() in set("0123456789"):
                self.key_pressed.emit(row, int(event.key()), event.text())
                return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        point = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            point = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        self.menu_wanted.emit(point)

    def _hover(self, point: QPoint) -> None:
        index, _, zone = self._at(point)
        over = (index.row() if index.isValid() else -1, zone)
        if over != self._delegate.hovered:
            self._delegate.hovered = over
            if zone is not None and zone.kind is ZoneKind.OPACITY:
                self.viewport().setCursor(Qt.CursorShape.SizeHorCursor)
            elif zone is not None and zone.kind in LINKS:
                self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
            else:
                self.viewport().unsetCursor()
            self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._delegate.hovered = (-1, None)
            self.viewport().update()
        elif event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            _, row, zone = self._at(event.pos())
            QToolTip.showText(event.globalPos(), self._tip(row, zone), self)
            return True
        return super().viewportEvent(event)

    def _tip(self, row: Row | None, zone: Zone | None) -> str:
        if isinstance(row, LayerRow) and row.damaged and (zone is None or zone.kind in _TELLING_DAMAGE):
            return f"<qt>{html.escape(plain(row.layer.name))}<br>{html.escape(damage_told(row))}</qt>"
        if isinstance(row, LayerRow) and zone is not None and zone.kind in (ZoneKind.NAME, ZoneKind.THUMBNAIL):
            return f"<qt>{html.escape(plain(row.layer.name))}</qt>"
        return "" if zone is None else TIPS.get(zone.kind, "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._delegate.width = self.viewport().width()
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        if not self._rows.rows:
            self._paint_empty(painter)
        self._drag.paint(painter)
        painter.end()

    def _paint_empty(self, painter: QPainter) -> None:
        colours = theme.colours()
        rect = self.viewport().rect().adjusted(12, 24, -12, 0)
        top = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.setFont(theme.font("body"))
        painter.setPen(colours.text)
        painter.drawText(rect, top, self.empty[0])
        painter.setFont(theme.font("secondary"))
        painter.setPen(colours.dim)
        flags = top | Qt.TextFlag.TextWordWrap
        painter.drawText(rect.adjusted(0, 22, 0, 0), flags, self.empty[1])
