"""The line between before and after, while it is dragged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor

from nanodesk.ui.canvas.hit_testing import shown_part
from nanodesk.ui.canvas.tools.tool import Pointer, Stage, Tool

if TYPE_CHECKING:
    from nanodesk.ui.canvas.compare import Compare


class DividerTool(Tool):
    """Stands in for any other tool over the line."""

    name = "divider"

    def __init__(self, stage: Stage, compare: Compare) -> None:
        super().__init__(stage)
        self._compare = compare
        self._from: float | None = None

    @property
    def busy(self) -> bool:
        return self._from is not None

    def cursor(self) -> QCursor:
        return QCursor(Qt.CursorShape.SplitHCursor)

    def press(self, pointer: Pointer) -> None:
        self._from = self._compare.position

    def drag(self, pointer: Pointer) -> None:
        shown = shown_part(self.stage.viewport)
        if self._from is not None and shown.width:
            self._compare.move_to((pointer.x * self.stage.viewport.ratio - shown.x) / shown.width)

    def release(self, pointer: Pointer) -> None:
        self._from = None

    def cancel(self) -> None:
        if self._from is not None:
            self._compare.move_to(self._from)
        self._from = None
