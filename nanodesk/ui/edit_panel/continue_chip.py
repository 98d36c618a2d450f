"""Says that the next run goes on from an answer, and takes that back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from nanodesk.ui import theme
from nanodesk.ui.references.flat_button import FlatButton, tidy

if TYPE_CHECKING:
    from nanodesk.document.identity import CandidateId
    from nanodesk.editor.run_queue import RunQueue


def continued_words(runs: RunQueue, candidate_id: CandidateId | None) -> str:
    """Which answer the next run goes on from; empty where it begins anew."""
    candidate = runs.candidates.get(candidate_id) if candidate_id is not None else None
    run = runs.runs.get(candidate.run) if candidate is not None else None
    if candidate is None or run is None:
        return ""
    if len(run.candidates) < 2 or candidate.id not in run.candidates:
        return f"Goes on from run {run.number}"
    return f"Goes on from run {run.number}, answer {run.candidates.index(candidate.id) + 1}"


class ContinueChip(QWidget):
    """A few words and a cross; hidden while a run begins anew.

    Signals:
        removed: the next run shall begin anew.
    """

    removed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setFont(theme.font("secondary"))
        self.remove = FlatButton(icon="x").look("secondary", ink="dim")
        tidy(self.remove, "Begin a new conversation", "Begin a new conversation with the model")
        self.remove.clicked.connect(self.removed)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setToolTip("The model sees the earlier sentences and its answer again")
        box = QHBoxLayout(self)
        box.setContentsMargins(10, 1, 2, 1)
        box.setSpacing(2)
        box.addWidget(self.words)
        box.addWidget(self.remove)
        self.setVisible(False)

    @property
    def text(self) -> str:
        """The words shown; empty while it is hidden."""
        return "" if self.isHidden() else self.words.text()

    def write(self, text: str) -> None:
        """Show which answer it is; nothing hides the chip."""
        self.words.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colours().line)
        painter.setBrush(theme.colours().raised)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.end()
