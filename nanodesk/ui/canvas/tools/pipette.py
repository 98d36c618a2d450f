"""The pipette: shows the colour under the cursor, and copies it on a click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QCursor

from nanodesk.ui.canvas.overlays import paint_sample
from nanodesk.ui.canvas.tools.tool import Pointer, Stage, Tool

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter


class PipetteTool(Tool):
    """Takes a colour from what is on the canvas."""

    name = "pipette"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._at: Pointer | None = None

    def cursor(self) -> QCursor:
        return QCursor(Qt.CursorShape.CrossCursor)

    def press(self, pointer: Pointer) -> None:
        self.hover(pointer)

    def drag(self, pointer: Pointer) -> None:
        self.hover(pointer)

    def release(self, pointer: Pointer) -> None:
        colour = self.stage.colour_under(pointer.x, pointer.y)
        if colour is not None and colour[3]:
            self.stage.took_colour(colour)

    def hover(self, pointer: Pointer | None) -> None:
        self._at = pointer
        self.stage.refresh()

    def paint(self, painter: QPainter) -> None:
        if self._at is None:
            return
        colour = self.stage.colour_under(self._at.x, self._at.y)
        if colour is not None:
            paint_sample(painter, QPointF(self._at.x, self._at.y), colour)
