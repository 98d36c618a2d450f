"""The sentence in the middle of the strip, and the model's words behind a link."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from nanodesk.ui import theme
from nanodesk.ui.references.flat_button import FlatButton
from nanodesk.ui.references.slim_bar import SlimBar
from nanodesk.ui.references.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from nanodesk.ui.candidates.telling import Told
    from nanodesk.ui.theme import FontRole

WORDS_HEIGHT = 148
WIDTH, FAULT_WIDTH = 176, 400
"""A sentence gets at least this before the bar takes a second line; one that tells a fault gets more."""
LINE_SEPARATOR = "\N{LINE SEPARATOR}"


class ShortLabel(QWidget):
    """Plain text on so many lines at most; what does not fit is in its tip and in what is read out.

    Attributes:
        lines: how many at most.
    """

    def __init__(self, role: FontRole, ink: str, lines: int) -> None:
        super().__init__()
        self._role: FontRole = role
        self._ink = ink
        self.lines = lines
        self.text = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def write(self, text: str, ink: str = "") -> None:
        """Show other words, in another colour of the theme where one is named."""
        self._ink = ink or self._ink
        self.text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def _line_height(self) -> int:
        return QFontMetrics(self._font()).height() + 1

    def _font(self) -> QFont:
        return theme.font(self._role)

    def _broken(self, width: int) -> list[str]:
        layout = QTextLayout(self.text, self._font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        found: list[str] = []
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            found.append(self.text[line.textStart() : line.textStart() + line.textLength()])
        layout.endLayout()
        if len(found) > self.lines:
            rest = "".join(found[self.lines - 1 :])
            metrics = QFontMetrics(self._font())
            found[self.lines - 1 :] = [metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width)]
        return found

    @property
    def whole(self) -> bool:
        """Whether all of it can be seen."""
        return not "".join(self._broken(self.width())).endswith("…") or self.text.endswith("…")

    def fit(self, width: int) -> None:
        """Take the height that the words need in a width, device-independent pixels."""
        lines = self._broken(width)
        self.setFixedHeight(max(1, len(lines)) * self._line_height())
        cut = bool(lines) and lines[-1].endswith("…") and not self.text.endswith("…")
        self.setToolTip(f"<qt>{html.escape(self.text)}</qt>" if cut else "")

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self._font()).horizontalAdvance(self.text) + 2, self._line_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self._line_height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._font())
        painter.setPen(getattr(theme.colours(), self._ink))
        ascent = QFontMetrics(self._font()).ascent()
        for place, line in enumerate(self._broken(self.width())):
            painter.drawText(QPointF(0, place * self._line_height() + ascent), line)
        painter.end()


class Said(QWidget):
    """Title, detail and the link to the words.

    Attributes:
        wanted: the width that the sentence wants at least, device-independent pixels.

    Signals:
        unfolded: the words are wanted, or not any more.
    """

    unfolded = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.wanted = WIDTH
        self.title = ShortLabel("strong", "text", 1)
        self.detail = ShortLabel("secondary", "dim", 2)
        self.link = FlatButton("What it said", flush=True, chevron=True).look("secondary", ink="dim")
        self.link.setCheckable(True)
        self.link.toggled.connect(self.unfolded)
        self.link.setAccessibleName("What the model said")
        self.link.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)  # the facts give way, it does not
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(8)
        below.addWidget(self.detail, 0, Qt.AlignmentFlag.AlignVCenter)
        below.addWidget(self.link, 0, Qt.AlignmentFlag.AlignVCenter)
        below.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(1)
        box.addStretch(1)
        box.addWidget(self.title)
        box.addLayout(below)
        box.addStretch(1)
        self.setMinimumWidth(150)

    def fit(self, width: int) -> None:
        """Take the height that the sentences need in a width, device-independent pixels."""
        self.title.fit(width)
        self.detail.fit(width - (0 if self.link.isHidden() else self.link.sizeHint().width() + 8))
        layout = self.layout()
        assert layout is not None
        layout.activate()
        self.updateGeometry()

    def show_told(self, told: Told, *, words: bool) -> None:
        """Show two lines, and the link where there are words to be read."""
        fault = told.ink != "text"  # why something did not come is read whole
        self.title.lines = 3 if fault else 1
        self.wanted = FAULT_WIDTH if fault else WIDTH
        self.title.write(told.title, told.ink)
        self.detail.write(told.detail)
        self.link.setVisible(words)
        if not words:
            self.link.setChecked(False)


class Words(QScrollArea):
    """The model's words and thoughts, whole, as plain text."""

    def __init__(self) -> None:
        super().__init__()
        self.label = WrappedLabel(role="strip")
        self.setWidget(self.label)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("What the model said")
        self.viewport().setAutoFillBackground(False)
        self.label.setAutoFillBackground(False)
        SlimBar(self)
        self.hide()

    def write(self, text: str) -> None:
        """Show other words."""
        self.label.write(text.replace("\n", LINE_SEPARATOR))
        self.label.setAccessibleName(text)

    def height_for(self, width: int) -> int:
        """The height that it takes in a width, device-independent pixels."""
        return min(WORDS_HEIGHT, self.label.heightForWidth(max(1, width)) + 4)
