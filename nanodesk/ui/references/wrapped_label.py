"""Plain text over as many lines as it needs; words that are wider than a line are broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from nanodesk.ui import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nanodesk.ui.theme import FontRole


class WrappedLabel(QWidget):
    """Never takes its text for markup, whoever wrote it.

    Args:
        role: its font, by its name in the theme.
        ink: its colour, by its name in the theme.
    """

    def __init__(self, text: str = "", *, role: FontRole = "body", ink: str = "text") -> None:
        super().__init__()
        self._text = text
        self._role: FontRole = role
        self._ink = ink
        self._marks: tuple[tuple[int, int], ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(text)

    @property
    def text(self) -> str:
        """The words shown."""
        return self._text

    def write(self, text: str, ink: str = "", marks: Sequence[tuple[int, int]] = ()) -> None:
        """Show other words, in another colour of the theme where one is named.

        Args:
            marks: start and length of what stands in the accent colour.
        """
        if (text, ink or self._ink, tuple(marks)) != (self._text, self._ink, self._marks):
            self._text = text
            self._ink = ink or self._ink
            self._marks = tuple(marks)
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    @property
    def marks(self) -> tuple[tuple[int, int], ...]:
        """What stands in the accent colour: start and length."""
        return self._marks

    def _line_height(self) -> int:
        return QFontMetrics(theme.font(self._role)).height() + 2

    def _laid_out(self, width: int) -> tuple[QTextLayout, int]:
        layout = QTextLayout(self._text, theme.font(self._role))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats([_mark(start, length) for start, length in self._marks])
        layout.beginLayout()
        lines = 0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, lines * self._line_height() + 1))
            lines += 1
        layout.endLayout()
        return layout, max(1, lines) * self._line_height()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._laid_out(width)[1]

    def sizeHint(self) -> QSize:
        wide = QFontMetrics(theme.font(self._role)).horizontalAdvance(self._text) + 2
        width = min(max(24, wide), 240)
        return QSize(width, self.heightForWidth(self.width() if self.width() > 40 else width))

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self._line_height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(getattr(theme.colours(), self._ink))
        painter.setOpacity(1.0 if self.isEnabled() else 0.5)
        self._laid_out(self.width())[0].draw(painter, QPointF(0, 0))
        painter.end()


def _mark(start: int, length: int) -> QTextLayout.FormatRange:
    look = QTextCharFormat()
    look.setForeground(theme.colours().accent_text)
    made = QTextLayout.FormatRange()
    made.start, made.length, made.format = start, length, look
    return made
