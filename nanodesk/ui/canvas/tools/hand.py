"""The hand: a drag moves the document in the window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor

from nanodesk.ui.canvas.tools.tool import Pointer, Stage, Tool


class HandTool(Tool):
    """Pans; also stands in for any other tool while Space or the middle button is held."""

    name = "hand"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._last: Pointer | None = None

    @property
    def busy(self) -> bool:
        return self._last is not None

    def cursor(self) -> QCursor:
        held = self._last is not None
        return QCursor(Qt.CursorShape.ClosedHandCursor if held else Qt.CursorShape.OpenHandCursor)

    def press(self, pointer: Pointer) -> None:
        self._last = pointer

    def drag(self, pointer: Pointer) -> None:
        if self._last is not None:
            self.stage.pan(pointer.x - self._last.x, pointer.y - self._last.y)
            self._last = pointer

    def release(self, pointer: Pointer) -> None:
        self._last = None

    def cancel(self) -> None:
        self._last = None
