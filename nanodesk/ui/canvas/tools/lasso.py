"""The lasso: a selection drawn freely."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.selection import LassoSelection, SelectionShape
from nanodesk.ui.canvas.overlays import paint_outline, polygon_path
from nanodesk.ui.canvas.tools.selecting import SelectingTool

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from nanodesk.ui.canvas.tools.tool import Pointer, Stage


class LassoTool(SelectingTool):
    """Collects the way of the mouse in document coordinates and closes it."""

    name = "lasso"
    label = "Select with lasso"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._points: list[tuple[float, float]] = []

    def begin(self, pointer: Pointer) -> None:
        self._points = [self._place(pointer)]

    def extend(self, pointer: Pointer) -> None:
        place = self._place(pointer)
        if place != self._points[-1]:
            self._points.append(place)

    def _place(self, pointer: Pointer) -> tuple[float, float]:
        x, y = self.stage.viewport.to_document(pointer.x, pointer.y)
        size = self.stage.viewport.document
        return min(float(size.width), max(0.0, x)), min(float(size.height), max(0.0, y))

    def shape(self) -> SelectionShape | None:
        across = {x for x, _ in self._points}
        down = {y for _, y in self._points}
        if len(self._points) < 3 or len(across) < 2 or len(down) < 2:
            return None
        return LassoSelection(tuple(self._points))

    def cancel(self) -> None:
        self._points = []
        super().cancel()

    def paint(self, painter: QPainter) -> None:
        if self.start is not None and len(self._points) > 1:
            paint_outline(painter, polygon_path(self.stage.viewport, tuple(self._points), closed=False))
