"""The line of the start page on the engines: which are ready, and the way to the one that wants a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from nanodesk.ui import theme
from nanodesk.ui.edit_panel.link_button import LinkButton
from nanodesk.ui.history_panel.words import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nanodesk.editor.planning import EngineInfo


class EngineLine(QWidget):
    """One line of words; those that ask for a key are a button.

    Signals:
        key_wanted: with the engine that a key shall be entered for.
    """

    key_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._engine = ""
        self.ready = _words()
        self.invitation = LinkButton("", ink="text")
        self.purpose = _words()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addStretch(1)
        for widget in (self.ready, self.invitation, self.purpose):
            row.addWidget(widget)
        row.addStretch(1)
        self.invitation.clicked.connect(lambda: self.key_wanted.emit(self._engine))

    @property
    def text(self) -> str:
        """The whole line."""
        return f"{self.ready.text()}{self.invitation.text()}{self.purpose.text()}"

    def show_engines(self, engines: Sequence[EngineInfo]) -> None:
        """Say which are ready; invite to the first that wants a key."""
        ready = [info for info in engines if info.ready]
        wanting = next((info for info in engines if info.needs_key and not info.ready), None)
        words = f"{_listed([plain(info.name) for info in ready])} ready." if ready else "No engine is ready."
        if wanting is None:
            stays = bool(ready) and not any(info.sends for info in ready)
            self._write(f"{words} Nothing leaves this computer." if stays else words, "", "")
        else:
            purpose = " for generative edits." if wanting.generative else "."
            self._write(f"{words} ", f"Add a {plain(wanting.name)} key", purpose)
        self._engine = wanting.id if wanting is not None else ""

    def _write(self, ready: str, invitation: str, purpose: str) -> None:
        self.ready.setText(ready)
        self.invitation.write(invitation)
        self.invitation.setVisible(bool(invitation))
        self.purpose.setText(purpose)


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _words() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(theme.font("secondary"))
    return label
