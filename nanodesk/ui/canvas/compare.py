"""Before and after: which document is the one before, and how the two share the canvas."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from nanodesk.document.document import Document
    from nanodesk.document.geometry import Rect
    from nanodesk.editor.editor import Editor

HANDLE_REACH = 14.0
"""Logical pixels around the dividing line within which it can be taken."""


class CompareMode(Enum):
    """How before and after are shown."""

    OFF = "off"
    HELD = "held"
    SPLIT = "split"


class Compare(QObject):
    """Holds the mode, the line's place and the document before.

    Attributes:
        changed: the mode or the document before is another.
        moved: the line stands elsewhere.
        position: where the line stands, 0 to 1 across what the widget shows of the document.
        before_label, after_label: the words on the badges.
    """

    changed = Signal()
    moved = Signal()

    def __init__(self, editor: Editor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._chosen: Document | None = None
        self._split = False
        self._held = False
        self.position = 0.5
        self.before_label = "Before"
        self.after_label = "After"

    @property
    def mode(self) -> CompareMode:
        """How the two are shown now; holding the key wins over the split."""
        if self._held:
            return CompareMode.HELD
        return CompareMode.SPLIT if self._split else CompareMode.OFF

    def hold(self, on: bool) -> None:
        """Show the document before, whole, as long as a key is held."""
        if on != self._held:
            self._held = on
            self.changed.emit()

    def set_split(self, on: bool) -> None:
        """Show both, divided by a line."""
        if on != self._split:
            self._split = on
            self.position = 0.5
            self.changed.emit()

    def toggle_split(self) -> None:
        """Divide, or stop dividing."""
        self.set_split(not self._split)

    @property
    def before_is_beside(self) -> bool:
        """Whether the two are divided by a line."""
        return self.mode is CompareMode.SPLIT

    def choose(self, document: Document | None) -> None:
        """Compare with this document; none compares with the one before the last accepted run."""
        if document is not self._chosen:
            self._chosen = document
            self.changed.emit()

    def move_to(self, position: float) -> None:
        """Put the line elsewhere, 0 to 1."""
        self.position = min(1.0, max(0.0, position))
        self.moved.emit()

    def before(self, *, previewing: bool) -> Document:
        """The document to compare with; that of a candidate which is only previewed is the document as it stands.

        Raises:
            EditorError: when an earlier step could not be read.
        """
        if self._chosen is not None:
            return self._chosen
        return self._editor.document if previewing else before_last_run(self._editor)


def before_last_run(editor: Editor) -> Document:
    """The document before the last accepted run on the way here, else before the last step that changed the picture."""
    history = editor.history
    line = [history.step(step_id) for step_id in reversed(history.line(history.current))]
    runs = [step for step in line if step.provenance is not None and step.provenance.run is not None]
    chosen = next(iter(runs or [step for step in line if step.document]), None)
    if chosen is None or chosen.parent is None:
        return editor.document
    before = editor.state_at(chosen.parent).document
    return editor.document if before.size.empty else before


def line_at(position: float, shown: Rect) -> float:
    """Where the line stands, given the rectangle that the document takes in the widget, in the same unit."""
    return shown.x + position * shown.width
