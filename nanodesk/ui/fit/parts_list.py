"""The parts of what an answer changed, one below the other, each to be kept or dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nanodesk.ui.fit.island_row import IslandRow

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PySide6.QtGui import QKeyEvent

    from nanodesk.document.fit import FittedIsland

STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class PartsList(QWidget):
    """Rows that stay as long as the parts are the same, so that focus and pointer stay with theirs.

    Signals:
        chosen: the numbers of those that shall be kept, as a set.
        marked: the number of the one that is pointed at, or has the keyboard; 0 for none.
        reached: a row has got the keyboard by a key, and wants to be seen.
    """

    reached = Signal(QWidget)
    chosen = Signal(object)
    marked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[IslandRow, ...] = ()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 8, 0)
        self._box.setSpacing(0)

    @property
    def kept(self) -> set[int]:
        """The numbers of those that are shown as kept."""
        return {row.number for row in self.rows if row.kept}

    def show_parts(self, islands: Sequence[FittedIsland], sentences: Sequence[str], kept: Collection[int]) -> None:
        """Show these parts.

        Args:
            sentences: for each the edit that asked for it; empty where that is not clear.
        """
        if tuple(islands) != tuple(row.island for row in self.rows):
            self._clear()
            self.rows = tuple(
                IslandRow(island, sentence, kept=island.number in kept)
                for island, sentence in zip(islands, sentences, strict=True)
            )
            for row in self.rows:
                row.toggled.connect(lambda: self.chosen.emit(self.kept))
                row.marked.connect(self.marked)
                self._box.addWidget(row)
                row.show()  # Qt would only do so later, and the card would be placed as if it were not there
            return
        for row in self.rows:
            row.show_kept(row.number in kept)

    def _clear(self) -> None:
        while (item := self._box.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        self.rows = ()

    def choose(self, *, kept: bool) -> None:
        """Keep all, or drop all."""
        for row in self.rows:
            row.show_kept(kept)
        self.chosen.emit(self.kept)

    def step(self, by: int) -> None:
        """Give the keyboard to the next row, or the one before, and to the first where none has it."""
        places = [place for place, row in enumerate(self.rows) if row.hasFocus()]
        wanted = places[0] + by if places else 0
        if 0 <= wanted < len(self.rows):
            self.rows[wanted].setFocus(Qt.FocusReason.TabFocusReason)
            self.reached.emit(self.rows[wanted])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down go from row to row; the area around would scroll with them."""
        by = STEPS.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.step(by)
