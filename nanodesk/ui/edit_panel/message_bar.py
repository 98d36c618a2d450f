"""What went wrong, next to where it went wrong; stays until it is put away or the next run starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from nanodesk.ui import icons, theme
from nanodesk.ui.edit_panel.link_button import LinkButton
from nanodesk.ui.edit_panel.model_words import ModelWords
from nanodesk.ui.history_panel.words import plain
from nanodesk.ui.references.flat_button import FlatButton, tidy
from nanodesk.ui.references.flow_layout import FlowLayout
from nanodesk.ui.references.marks import faded
from nanodesk.ui.references.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nanodesk.ui.edit_panel.endings import Way

MOST_WAYS = 2


class MessageBar(QWidget):
    """One plain sentence, what can be done about it, and a way to put it away.

    Signals:
        answer_wanted: the designer wants to answer what the model said.
    """

    answer_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.words = WrappedLabel(role="strip")
        self.model_words = ModelWords()
        self.ways: list[LinkButton] = []
        self._ways = QWidget()
        self._flow = FlowLayout(self._ways, gap=14, line_gap=0)
        self.dismiss = FlatButton(icon="x").look("strip", ink="dim")
        tidy(self.dismiss, "Dismiss the message")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._ways.setSizePolicy(policy)
        self._lay_out()
        self.dismiss.clicked.connect(self.clear)
        self.model_words.answer_wanted.connect(self.answer_wanted)
        self._ways.setVisible(False)
        self.setVisible(False)

    def _lay_out(self) -> None:
        said = QVBoxLayout()
        said.setContentsMargins(0, 4, 0, 2)
        said.setSpacing(4)
        said.addWidget(self.words)
        said.addWidget(self.model_words)
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addLayout(said, 1)
        top.addWidget(self.dismiss, 0, Qt.AlignmentFlag.AlignTop)
        box = QVBoxLayout(self)
        box.setContentsMargins(34, 4, 4, 4)
        box.setSpacing(2)
        box.addLayout(top)
        box.addWidget(self._ways)

    @property
    def text(self) -> str:
        """The sentence shown; empty when there is none."""
        return "" if self.isHidden() else self.words.text

    def say(self, sentence: str, ways: Sequence[Way] = (), words: str = "") -> None:
        """Show a sentence.

        Args:
            ways: what can be done about it, as titles and what they call; two at most are shown.
            words: what the model said in place of a picture.
        """
        self.words.write(plain(sentence))
        self.model_words.write(words)
        self._show_ways(ways[:MOST_WAYS])
        self.setVisible(bool(sentence))

    def _show_ways(self, ways: Sequence[Way]) -> None:
        for link in self.ways:
            self._flow.removeWidget(link)
            link.hide()
            link.deleteLater()
        self.ways = []
        for title, do in ways:
            link = LinkButton(plain(title), role="strip", ink="text")
            link.clicked.connect(lambda _=False, do=do: do())
            self._flow.addWidget(link)
            link.show()
            self.ways.append(link)
        self._ways.setVisible(bool(ways))
        self._ways.updateGeometry()

    def clear(self) -> None:
        """Show nothing."""
        self.say("")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faded(theme.colours().attention, 0.14))
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        icon = icons.pixmap("triangle-alert", "attention", 16, self.devicePixelRatioF())
        painter.drawPixmap(QRect(10, 8, 16, 16), icon)
        painter.end()
