"""Below a sentence: how it is understood, or why not and which sentences would be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from nanodesk.ui.history_panel.words import plain
from nanodesk.ui.references.flat_button import FlatButton
from nanodesk.ui.references.flow_layout import FlowLayout
from nanodesk.ui.references.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from nanodesk.editor.planning import PlannedEdit

MOST_CHIPS = 3


class Verdict(QWidget):
    """One dim line, or a reason with chips.

    Signals:
        chosen: a nearest sentence was clicked.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[str, str, tuple[str, ...]] = ("", "", ())
        self.words = WrappedLabel(role="secondary", ink="dim")
        self.chips: list[FlatButton] = []
        self._chips = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        for widget in (self, self._chips):
            widget.setSizePolicy(policy)
        self._flow = FlowLayout(self._chips, gap=4, line_gap=4)
        self._flow.setContentsMargins(0, 4, 0, 2)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.words)
        box.addWidget(self._chips)
        self.setVisible(False)

    def show_plan(self, planned: PlannedEdit | None, fault: str = "") -> None:
        """Show what a plan says of the sentence; a fault of its run comes first."""
        if planned is None:
            shown: tuple[str, str, tuple[str, ...]] = (fault, "attention", ())
        elif not planned.understood:
            reason = planned.reason or "This is not understood yet."
            shown = (reason, "attention", planned.nearest[:MOST_CHIPS])
        elif fault:
            shown = (fault, "attention", ())
        else:
            says_more = planned.summary.casefold() != planned.instruction.strip().casefold()
            shown = (planned.summary if says_more else "", "dim", ())
        if shown != self._shown:
            self._shown = shown
            self._show(*shown)

    def _show(self, words: str, ink: str, nearest: tuple[str, ...]) -> None:
        self.words.write(plain(words), ink)
        for chip in self.chips:
            self._flow.removeWidget(chip)
            chip.deleteLater()
        self.chips = [self._chip(sentence) for sentence in nearest]
        self._chips.setVisible(bool(nearest))
        self.setVisible(bool(words))
        self.updateGeometry()

    def _chip(self, sentence: str) -> FlatButton:
        chip = FlatButton(plain(sentence), framed=True).look("secondary")
        chip.setAccessibleName(f"Use instead: {plain(sentence)}")
        chip.clicked.connect(lambda: self.chosen.emit(sentence))
        self._flow.addWidget(chip)
        chip.show()
        return chip
