"""The rectangle selection."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from nanodesk.document.geometry import Rect
from nanodesk.document.selection import RectangleSelection, SelectionShape
from nanodesk.ui.canvas.overlays import paint_badge, paint_outline, rectangle_path
from nanodesk.ui.canvas.tools.selecting import SelectingTool

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from nanodesk.ui.canvas.tools.tool import Pointer, Stage


class RectangleTool(SelectingTool):
    """Marks whole document pixels; Shift makes a square."""

    name = "rectangle"
    label = "Select rectangle"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._from = (0.0, 0.0)
        self._to = (0.0, 0.0)

    def begin(self, pointer: Pointer) -> None:
        self._from = self._to = self.stage.viewport.to_document(pointer.x, pointer.y)

    def extend(self, pointer: Pointer) -> None:
        x, y = self.stage.viewport.to_document(pointer.x, pointer.y)
        if pointer.shift:
            across, down = x - self._from[0], y - self._from[1]
            side = max(abs(across), abs(down))
            x, y = self._from[0] + math.copysign(side, across), self._from[1] + math.copysign(side, down)
        self._to = (x, y)

    def _rect(self) -> Rect:
        left, right = sorted((self._from[0], self._to[0]))
        top, bottom = sorted((self._from[1], self._to[1]))
        x, y = math.floor(left), math.floor(top)
        size = self.stage.viewport.document
        return Rect(x, y, math.ceil(right) - x, math.ceil(bottom) - y).intersected(Rect(0, 0, size.width, size.height))

    def shape(self) -> SelectionShape | None:
        rect = self._rect()
        return None if rect.empty else RectangleSelection(rect)

    def paint(self, painter: QPainter) -> None:
        if self.start is None or not self.drawn:
            return
        rect = self._rect()
        if not rect.empty:
            paint_outline(painter, rectangle_path(self.stage.viewport, rect))
            at = self.stage.viewport.to_widget(*self._to)
            paint_badge(painter, f"{rect.width} × {rect.height} px", QPointF(at[0] + 14.0, at[1] + 14.0))
