"""Layers being dragged within the list: the drop line, scrolling at the edges, and the place they fall to.

No drag of the window system: nothing blocks, a run goes on ticking, and Escape takes it back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPen

from nanodesk.ui import theme
from nanodesk.ui.history_panel.dropping import DropPlace, place_at, within
from nanodesk.ui.history_panel.row_layout import INDENT, PADDING
from nanodesk.ui.references.marks import faded

if TYPE_CHECKING:
    from PySide6.QtWidgets import QListView

    from nanodesk.document.identity import LayerId
    from nanodesk.ui.history_panel.layers_model import LayersModel

_EDGE = 24


class LayerDrag:
    """One drag after another over a list."""

    def __init__(self, view: QListView, model: LayersModel) -> None:
        self._view = view
        self._model = model
        self._layers: tuple[LayerId, ...] = ()
        self._place: DropPlace | None = None
        self._point = QPoint()
        self._scroll = QTimer(view)
        self._scroll.setInterval(30)
        self._scroll.timeout.connect(self._scroll_on)

    @property
    def active(self) -> bool:
        """Whether something is being dragged."""
        return bool(self._layers)

    def start(self, layers: tuple[LayerId, ...], point: QPoint) -> None:
        """Take up layers."""
        self._layers = layers
        self._view.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        self._scroll.start()
        self.move(point)

    def move(self, point: QPoint) -> None:
        """Follow the pointer, in viewport coordinates."""
        self._point = point
        self._place = self._allowed(self._place_at(point))
        self._view.viewport().update()

    def finish(self) -> tuple[tuple[LayerId, ...], DropPlace | None]:
        """Let go: what was dragged, and where to, if that is a place for it."""
        result = self._layers, self._place
        self.cancel()
        return result

    def cancel(self) -> None:
        """Forget the drag."""
        self._layers, self._place = (), None
        self._scroll.stop()
        self._view.viewport().unsetCursor()
        self._view.viewport().update()

    def _place_at(self, point: QPoint) -> DropPlace | None:
        rows = self._model.rows
        index = self._view.indexAt(QPoint(max(1, min(point.x(), self._view.viewport().width() - 2)), point.y()))
        document = self._model.document
        if not index.isValid():
            return place_at(document, rows, 0 if point.y() < 0 else len(rows), 0.0, point.x())
        rect = self._view.visualRect(index)
        return place_at(document, rows, index.row(), (point.y() - rect.top()) / max(1, rect.height()), point.x())

    def _allowed(self, place: DropPlace | None) -> DropPlace | None:
        if place is None or any(within(self._model.document, place.parent, layer) for layer in self._layers):
            return None
        return place

    def _scroll_on(self) -> None:
        height = self._view.viewport().height()
        bar = self._view.verticalScrollBar()
        if self._point.y() < _EDGE:
            bar.setValue(bar.value() - 10)
        elif self._point.y() > height - _EDGE:
            bar.setValue(bar.value() + 10)
        else:
            return
        self.move(self._point)

    def paint(self, painter: QPainter) -> None:
        """The line where the layers would fall, or the frame of the group that would take them."""
        if not self.active:
            return
        colours = theme.colours()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for layer_id in self._layers:
            rect = self._view.visualRect(self._model.index_of(layer_id))
            painter.fillRect(rect, faded(colours.panel, 0.55))
        if self._place is None:
            return
        if self._place.into >= 0:
            rect = self._view.visualRect(self._model.index(self._place.into))
            painter.setPen(QPen(colours.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(rect).adjusted(3, 2, -3, -2), 6, 6)
            return
        y = self._line_y(self._place.gap)
        x = PADDING + self._place.depth * INDENT
        painter.setPen(QPen(colours.accent, 2))
        painter.setBrush(colours.panel)
        painter.drawLine(QPointF(x + 6, y), QPointF(self._view.viewport().width() - PADDING, y))
        painter.drawEllipse(QPointF(x + 3, y), 3, 3)

    def _line_y(self, gap: int) -> float:
        rows = len(self._model.rows)
        if gap < rows:
            return max(1.0, float(self._view.visualRect(self._model.index(gap)).top()))
        last: QRect = self._view.visualRect(self._model.index(rows - 1))
        return float(last.bottom() + 1)
