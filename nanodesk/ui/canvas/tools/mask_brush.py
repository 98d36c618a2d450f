"""The mask brush: shows or hides parts of the active layer by strokes on its mask."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QCursor, QPainter, QPainterPath, QPen

from nanodesk.editor.errors import EditorError
from nanodesk.editor.masking import Brush
from nanodesk.editor.notice import NoticeKind
from nanodesk.ui import tasks
from nanodesk.ui.canvas.tools.tool import Tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.document.identity import LayerId
    from nanodesk.ui.canvas.tools.tool import Pointer, Stage

SMALLEST, LARGEST = 1.0, 4000.0
_SHOWS = QColor(242, 194, 48, 110)
_HIDES = QColor(214, 48, 60, 120)


class _Stroke:
    """A stroke on its way to the mask."""

    def __init__(self, layer_id: LayerId, brush: Brush) -> None:
        self.layer_id = layer_id
        self.brush = brush
        self.points: list[tuple[float, float]] = []
        self.pressures: list[float] = []

    def add(self, point: tuple[float, float], pressure: float) -> None:
        if not self.points or point != self.points[-1]:
            self.points.append(point)
            self.pressures.append(pressure)


class MaskBrushTool(Tool):
    """Paints; a stroke is one step. Shift draws on straight from the last stroke's end.

    Attributes:
        brush: how the next stroke paints.
        changed: called when the brush is another.
        overlay: whether the hidden parts are tinted.
    """

    name = "mask-brush"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.brush = Brush()
        self.overlay = True
        self.changed: Callable[[], None] = lambda: None
        self._stroke: _Stroke | None = None
        self._landing: list[_Stroke] = []
        self._last: tuple[float, float] | None = None
        self._pointer: Pointer | None = None

    @property
    def busy(self) -> bool:
        return self._stroke is not None

    def cursor(self) -> QCursor:
        return QCursor(Qt.CursorShape.CrossCursor)

    def set_brush(self, brush: Brush) -> None:
        """Take another brush; sizes and shares are kept within what makes sense."""
        brush = replace(
            brush,
            size=min(LARGEST, max(SMALLEST, brush.size)),
            hardness=min(1.0, max(0.0, brush.hardness)),
            opacity=min(1.0, max(0.01, brush.opacity)),
        )
        if brush != self.brush:
            self.brush = brush
            self.changed()
            self.stage.refresh()

    def show_overlay(self, on: bool) -> None:
        """Tint what the mask hides, or do not."""
        if on != self.overlay:
            self.overlay = on
            self.changed()
            self.stage.refresh()

    def press(self, pointer: Pointer) -> None:
        layer_id = self.stage.active_layer
        reason = self.stage.masking.why_not(layer_id, erase=self.brush.erase)
        if reason or layer_id is None:
            self.stage.tell(reason, NoticeKind.ATTENTION)
            return
        self._stroke = _Stroke(layer_id, self.brush)
        if pointer.shift and self._last is not None:
            self._stroke.add(self._last, pointer.pressure)
        self.drag(pointer)

    def drag(self, pointer: Pointer) -> None:
        self._pointer = pointer
        if self._stroke is not None:
            self._stroke.add(self.stage.viewport.to_document(pointer.x, pointer.y), pointer.pressure)
        self.stage.refresh()

    def release(self, pointer: Pointer) -> None:
        if self._stroke is None:
            return
        stroke, self._stroke = self._stroke, None
        self._last = stroke.points[-1]
        self._landing.append(stroke)
        tasks.spawn(self._land(stroke), name="mask stroke")

    async def _land(self, stroke: _Stroke) -> None:
        try:
            await self.stage.masking.stroke(stroke.layer_id, stroke.points, stroke.pressures, stroke.brush)
        except EditorError as error:
            self.stage.tell(str(error), NoticeKind.ATTENTION)
        finally:
            self._landing.remove(stroke)
            self.stage.refresh()

    def hover(self, pointer: Pointer | None) -> None:
        self._pointer = pointer
        self.stage.refresh()

    def cancel(self) -> None:
        self._stroke = None
        self.stage.refresh()

    def paint(self, painter: QPainter) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for stroke in [*self._landing, *([self._stroke] if self._stroke is not None else [])]:
            self._paint_stroke(painter, stroke)
        if self._pointer is not None:
            self._paint_tip(painter, QPointF(self._pointer.x, self._pointer.y))
        painter.restore()

    def _scale(self) -> float:
        return self.stage.viewport.zoom / self.stage.viewport.ratio

    def _paint_stroke(self, painter: QPainter, stroke: _Stroke) -> None:
        """The way of the stroke, as wide as its widest; what it does to the picture comes when it has landed."""
        places = [QPointF(*self.stage.viewport.to_widget(x, y)) for x, y in stroke.points]
        path = QPainterPath(places[0])
        for place in places[1:] or [places[0] + QPointF(0.01, 0.0)]:
            path.lineTo(place)
        width = max(1.0, stroke.brush.size * self._scale() * max(stroke.pressures))
        colour = _HIDES if stroke.brush.erase else _SHOWS
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)

    def _paint_tip(self, painter: QPainter, at: QPointF) -> None:
        """The brush's outline, and within it where it is hard: light on dark, so that it shows on any picture."""
        radius = max(1.5, self.brush.size * self._scale() / 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((QColor(20, 20, 22, 160), 2.6), (QColor(255, 255, 255, 235), 1.2)):
            painter.setPen(QPen(colour, width))
            painter.drawEllipse(at, radius, radius)
        if 0.05 < self.brush.hardness < 0.95 and radius > 8:
            painter.setPen(QPen(QColor(255, 255, 255, 120), 1.0, Qt.PenStyle.DotLine))
            painter.drawEllipse(at, radius * self.brush.hardness, radius * self.brush.hardness)
