"""The buttons at the right of the strip: those that fit what is chosen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from nanodesk.ui.candidates.key_button import KeyButton
from nanodesk.ui.references.flat_button import FlatButton, tidy

ORDER = ("accept", "accept_all", "again", "keep", "discard", "leak", "cancel", "discard_all", "fold")


class StripButtons(QWidget):
    """One button for each thing that can be done.

    Attributes:
        named: the buttons by their name.

    Signals:
        triggered: the name of the button.
    """

    triggered = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.fold = FlatButton(icon="chevron-down")
        tidy(self.fold, "Put the strip away", "Put the strip away; the answers wait (Esc)")
        self.named: dict[str, KeyButton | FlatButton] = {
            "accept": KeyButton("Accept", "⏎", main=True),
            "accept_all": KeyButton("Add all as layers"),
            "again": KeyButton("Ask once more"),
            "keep": KeyButton("Keep aside"),
            "discard": KeyButton("Discard", "⌫"),
            "leak": KeyButton("What changed"),
            "cancel": KeyButton("Cancel"),
            "discard_all": KeyButton("Discard all"),
            "fold": self.fold,
        }
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        for name in ORDER:
            button = self.named[name]
            button.clicked.connect(lambda _=False, one=name: self.triggered.emit(one))
            box.addWidget(button)

    def offer(self, names: frozenset[str]) -> None:
        """Show these buttons and no others."""
        for name, button in self.named.items():
            button.setVisible(name in names)
