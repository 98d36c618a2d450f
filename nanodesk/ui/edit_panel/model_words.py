"""What the model said in place of a picture, as plain text, and a way to answer it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from nanodesk.ui import theme
from nanodesk.ui.edit_panel.link_button import LinkButton
from nanodesk.ui.history_panel.words import plain
from nanodesk.ui.references.marks import faded
from nanodesk.ui.references.slim_bar import SlimBar
from nanodesk.ui.references.wrapped_label import WrappedLabel

MOST_WORDS = 4000
"""So many characters are shown; the whole stays with the run."""
_BAR = 12
FOLDED_LINES, UNFOLDED_LINES = 3, 12


class AnswerButton(QAbstractButton):
    """Looks like the field that it leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.setText("Answer")
        self.setAccessibleName("Answer the model")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(120, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        over = self.underMouse() or self.hasFocus()
        pen = QPen(colours.accent if self.hasFocus() else colours.text if over else colours.dim, 1)
        if not self.hasFocus():
            pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(colours.text if over else colours.dim)
        painter.setFont(theme.font("body"))
        room = QRect(self.rect()).adjusted(9, 0, -9, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, f"{self.text()}…")
        painter.end()


class _Area(QScrollArea):
    """As high as its words, up to a few lines when it is folded and some more when it is not."""

    def __init__(self, words: WrappedLabel) -> None:
        super().__init__()
        self._words = words
        self.folded = True
        self.setWidget(words)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        words.setAutoFillBackground(False)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setViewportMargins(0, 0, _BAR, 0)
        SlimBar(self)

    @property
    def cuts(self) -> bool:
        """Whether there are more words than a folded one shows."""
        return self._words.heightForWidth(max(40, self.width() - _BAR)) > self._highest(folded=True)

    def _highest(self, *, folded: bool) -> int:
        return self._words.minimumSizeHint().height() * (FOLDED_LINES if folded else UNFOLDED_LINES)

    def fold(self, on: bool) -> None:
        """Show the first lines alone, or more of them."""
        self.folded = on
        self.verticalScrollBar().setValue(0)
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return min(self._highest(folded=self.folded), self._words.heightForWidth(width - _BAR))

    def sizeHint(self) -> QSize:
        width = self.width() if self.width() > 40 else 240
        return QSize(240, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self._words.minimumSizeHint().height())


class ModelWords(QWidget):
    """The words, folded at first, with a line at their left; hidden while there are none.

    Signals:
        answer_wanted: the designer wants to write an answer.
    """

    answer_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.heading = WrappedLabel(role="secondary", ink="dim")
        self.words = WrappedLabel(role="strip")
        self.area = _Area(self.words)
        self.fold = LinkButton("Show all")
        self.answer = AnswerButton()
        self.answer.clicked.connect(self.answer_wanted)
        self.fold.clicked.connect(lambda: self._fold(not self.area.folded))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 2, 0, 2)
        box.setSpacing(4)
        box.addWidget(self.heading)
        box.addWidget(self.area)
        box.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        box.addWidget(self.answer)
        self.setVisible(False)

    def write(self, words: str) -> None:
        """Show what was said, whoever wrote it, as it was written."""
        said = plain(words).strip()
        said = said if len(said) <= MOST_WORDS else said[: MOST_WORDS - 1].rstrip() + "…"
        self.heading.write("The model asks:" if "?" in said else "The model says:")
        self.words.write(said)
        self.setVisible(bool(said))
        self._fold(True)

    def _fold(self, on: bool) -> None:
        self.area.fold(on)
        self.fold.write("Show all" if on else "Show less")
        self._show_fold()

    def _show_fold(self) -> None:
        self.fold.setVisible(self.area.cuts)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_fold()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(QRect(0, 2, 2, self.height() - 4), faded(theme.colours().attention, 0.6))
        painter.end()
