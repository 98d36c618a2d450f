"""A small question in the window's own look: a sentence, what follows from it, and buttons that say what happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from nanodesk.ui import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent


class Sheet(QDialog):
    """Buttons by name; `chosen` is the name of the one pressed, or none."""

    def __init__(self, parent: QWidget, title: str, text: str, buttons: Sequence[tuple[str, str]]) -> None:
        super().__init__(parent)
        self.chosen: str | None = None
        self.setWindowTitle("Nanodesk")
        self.setModal(True)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(24, 20, 24, 16)
        self.box.setSpacing(10)
        heading = self._words(title, "strong")
        heading.setMinimumWidth(400)
        self.box.addWidget(heading)
        if text:
            self.box.addWidget(self._words(text, "body", dim=True))
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        self.box.addLayout(self.body)
        self.box.addSpacing(6)
        self._add_buttons(buttons)

    def _words(self, text: str, role: theme.FontRole, *, dim: bool = False) -> QLabel:
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setFont(theme.font(role))
        if dim:
            colours = label.palette()
            colours.setColor(label.foregroundRole(), theme.colours().dim)
            label.setPalette(colours)
        return label

    def _add_buttons(self, buttons: Sequence[tuple[str, str]]) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for place, (name, title) in reversed(list(enumerate(buttons))):
            button = QPushButton(title)
            button.setObjectName(name)
            button.setProperty("main", place == 0)
            button.setDefault(place == 0)
            button.setAutoDefault(place == 0)
            button.clicked.connect(lambda _=False, chosen=name: self._choose(chosen))
            row.addWidget(button)
            if place == 0:
                button.setFocus()
        self.box.addLayout(row)

    def _choose(self, name: str) -> None:
        self.chosen = name
        self.done(QDialog.DialogCode.Rejected if name in ("cancel", "close") else QDialog.DialogCode.Accepted)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._choose("cancel")
            return
        super().keyPressEvent(event)
