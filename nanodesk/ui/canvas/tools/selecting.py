"""What the two selection tools share: a drag draws an outline, a click without one takes the selection away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor

from nanodesk.document.operations.selections import clear_selection, set_selection
from nanodesk.document.selection import Selection
from nanodesk.ui.canvas.tools.tool import Pointer, Stage, Tool

if TYPE_CHECKING:
    from nanodesk.document.selection import SelectionShape

CLICK_REACH = 3.0
"""A drag shorter than this many logical pixels is a click."""


class SelectingTool(Tool):
    """A tool that draws a selection; nothing is marked before the button comes up."""

    label = ""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.start: Pointer | None = None
        self.drawn = False

    @property
    def busy(self) -> bool:
        return self.start is not None

    def cursor(self) -> QCursor:
        return QCursor(Qt.CursorShape.CrossCursor)

    def press(self, pointer: Pointer) -> None:
        if self.stage.viewport.document.empty:
            return
        self.start, self.drawn = pointer, False
        self.begin(pointer)

    def drag(self, pointer: Pointer) -> None:
        if self.start is None:
            return
        if abs(pointer.x - self.start.x) >= CLICK_REACH or abs(pointer.y - self.start.y) >= CLICK_REACH:
            self.drawn = True
        self.extend(pointer)
        self.stage.refresh()

    def release(self, pointer: Pointer) -> None:
        if self.start is None:
            return
        self.drag(pointer)
        shape = self.shape() if self.drawn else None
        self.cancel()
        if shape is not None:
            selection = Selection(shape)
            self.stage.editor.apply(self.label, lambda state: set_selection(state, selection))
        elif self.stage.editor.state.selection is not None:
            self.stage.editor.apply("Deselect", clear_selection)

    def cancel(self) -> None:
        self.start, self.drawn = None, False
        self.stage.refresh()

    def begin(self, pointer: Pointer) -> None:
        """The outline starts here."""

    def extend(self, pointer: Pointer) -> None:
        """The outline goes on to here."""

    def shape(self) -> SelectionShape | None:
        """What was drawn; none where it holds no pixel of the document."""
        return None
