"""An answer on the card: the model's words, its ideas each with a way into the stack, its verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from nanodesk.ui import icons
from nanodesk.ui.history_panel.words import plain
from nanodesk.ui.references.flat_button import FlatButton, tidy
from nanodesk.ui.references.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nanodesk.document.advice import Advice, EditVerdict, Suggestion

ICON = 16


class SuggestionRow(QWidget):
    """One idea.

    Signals:
        wanted: its sentence shall go into the stack.
    """

    wanted = Signal(str)

    def __init__(self, suggestion: Suggestion) -> None:
        super().__init__()
        self._sentence = plain(suggestion.sentence)
        self.add = FlatButton("Add", icon="plus", framed=True)
        tidy(self.add, f"Add the edit: {self._sentence}")
        self.add.clicked.connect(self._wanted)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(WrappedLabel(self._sentence))
        if suggestion.why:
            words.addWidget(WrappedLabel(plain(suggestion.why), role="secondary", ink="dim"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(10)
        row.addLayout(words, 1)
        row.addWidget(self.add, 0, Qt.AlignmentFlag.AlignTop)

    def _wanted(self) -> None:
        self.add.setEnabled(False)
        self.add.write("Added")
        self.add.draw("check")
        self.wanted.emit(self._sentence)


class VerdictRow(QWidget):
    """One edit with whether the model sees it done."""

    def __init__(self, sentence: str, verdict: EditVerdict) -> None:
        super().__init__()
        self._done = verdict.done
        sure = f"{round(verdict.confidence * 100)} % sure"
        note = plain(verdict.note)
        told = f"{'seen' if verdict.done else 'not seen'}, {sure}"
        self.setAccessibleName(f"{plain(sentence)}: {told}")
        words = QVBoxLayout(self)
        words.setContentsMargins(ICON + 8, 4, 0, 4)
        words.setSpacing(1)
        words.addWidget(WrappedLabel(plain(sentence)))
        words.addWidget(WrappedLabel(f"{note} · {sure}" if note else told, role="secondary", ink="dim"))

    def paintEvent(self, event: QPaintEvent) -> None:
        name, ink = ("check", "good") if self._done else ("circle", "attention")
        painter = QPainter(self)
        painter.drawPixmap(QRect(0, 5, ICON, ICON), icons.pixmap(name, ink, ICON, self.devicePixelRatioF()))
        painter.end()


class AnswerList(QWidget):
    """Shows one answer at a time.

    Signals:
        edit_wanted: a suggested sentence shall go into the stack.
    """

    edit_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 10, 0)
        self._box.setSpacing(4)
        self._box.setSizeConstraint(QLayout.SizeConstraint.SetMinimumSize)

    @property
    def empty(self) -> bool:
        """Whether nothing is shown."""
        return self._box.count() == 0

    def clear(self) -> None:
        """Show nothing."""
        while (item := self._box.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def show_advice(self, advice: Advice, edits: Sequence[str]) -> None:
        """Show an answer; `edits` are the sentences that verdicts speak of."""
        self.clear()
        for verdict in advice.verdicts:
            if verdict.edit < len(edits):
                self._box.addWidget(VerdictRow(edits[verdict.edit], verdict))
        if advice.words:
            self._box.addWidget(WrappedLabel(plain(advice.words)))
        for suggestion in advice.suggestions:
            row = SuggestionRow(suggestion)
            row.wanted.connect(self.edit_wanted)
            self._box.addWidget(row)
        self._box.addStretch(1)
