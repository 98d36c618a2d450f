"""What leaves this computer, in one line: how many pictures, how large, a way to see all, the price."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nanodesk.ui import theme
from nanodesk.ui.edit_panel.link_button import HEIGHT, LinkButton
from nanodesk.ui.history_panel.words import money
from nanodesk.ui.references.flow_layout import FlowLayout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nanodesk.document.journal import JournalEntry
    from nanodesk.editor.planning import Outgoing, Plan

_KB = 1000


def amount(size_bytes: int) -> str:
    """A number of bytes in the unit that says most."""
    if size_bytes < _KB:
        return f"{size_bytes} bytes"
    if size_bytes < 999_500:
        return f"{round(size_bytes / _KB)} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"


class Words(QWidget):
    """A few words of ours on one line, as high as the link beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def write(self, text: str) -> None:
        """Show other words."""
        if text != self.text:
            self.text = text
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(theme.font("secondary")).horizontalAdvance(self.text) + 2, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.font("secondary"))
        painter.setPen(theme.colours().dim)
        line = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(self.rect(), line, self.text)
        painter.end()


class LeavingLine(QWidget):
    """Words, a link and the price, side by side as far as there is room.

    Attributes:
        words: how much leaves.
        see_all: the link.
        price: about what it costs.
    """

    def __init__(self) -> None:
        super().__init__()
        self.words = Words()
        self.see_all = LinkButton("see all")
        self.see_all.setAccessibleName("See all that leaves this computer")
        self.price = Words()
        dot = Words()  # by itself, so that it ends a line and never begins one
        dot.write("·")
        flow = FlowLayout(self, gap=3, line_gap=-7)
        for widget in (self.words, self.see_all, dot, self.price):
            flow.addWidget(widget)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def text(self) -> str:
        """What is shown, as one line."""
        return f"{self.words.text} {self.see_all.text()} · {self.price.text}"

    def show_plan(self, plan: Plan, outgoing: Outgoing | None, earlier: Sequence[JournalEntry] = ()) -> None:
        """Show a plan's, with the size of what was prepared as soon as that is known.

        Args:
            earlier: the requests whose conversation is sent again.
        """
        count = len(outgoing.pictures) if outgoing is not None else plan.pictures
        size = f", {amount(outgoing.size_bytes + sent_again(earlier))}" if outgoing is not None else ""
        self.words.write(f"{_leaving(count, len(earlier))}{size} ·")
        cost = outgoing.cost if outgoing is not None and outgoing.cost is not None else plan.cost
        self.price.write(f"about {money(cost)}" if cost is not None else "price not known")
        self.updateGeometry()


def sent_again(earlier: Sequence[JournalEntry]) -> int:
    """How many bytes the words and answers of earlier requests are."""
    return sum(entry.reply_bytes + len(entry.words.encode("utf-8", "replace")) for entry in earlier)


def _leaving(pictures: int, answers: int) -> str:
    what = f"{pictures} picture{'' if pictures == 1 else 's'}" if pictures else "words"
    if answers:
        again = "an earlier answer" if answers == 1 else f"{answers} earlier answers"
        return f"{what.capitalize()} and {again} leave"
    return "Only words leave" if not pictures else f"{what} leave{'s' if pictures == 1 else ''}"
