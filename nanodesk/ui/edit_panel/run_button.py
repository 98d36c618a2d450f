"""The one button in the accent colour."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from nanodesk.ui import theme
from nanodesk.ui.references.marks import faded

KEYS = "Ctrl ⏎"


class RunButton(QAbstractButton):
    """Run, with its keys beside it on the same line where there is room for them."""

    def __init__(self) -> None:
        super().__init__()
        self._keys = True
        self.setText("Run")
        self.setAccessibleName("Run")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def _fonts(self) -> tuple[QFont, QFont]:
        return theme.font("strong"), theme.font("secondary")

    def show_keys(self, on: bool) -> None:
        """Show the keys beside the word, or the word alone."""
        if on != self._keys:
            self._keys = on
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        bold, small = self._fonts()
        words = QFontMetrics(bold).horizontalAdvance("Run") + 1
        if self._keys:
            words += 7 + QFontMetrics(small).horizontalAdvance(KEYS)
        return QSize(words + 28, 36)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(colours.accent) if self.isEnabled() else QColor(colours.line)
        if self.isEnabled() and self.isDown():
            ground = ground.darker(112)
        elif self.isEnabled() and self.underMouse():
            ground = ground.lighter(106)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(colours.ink if self.isEnabled() else colours.dim, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2.5, 2.5, -2.5, -2.5), 4, 4)
        bold, small = self._fonts()
        ink = colours.ink if self.isEnabled() else colours.dim
        x = 14
        painter.setFont(bold)
        painter.setPen(ink)
        wide = QFontMetrics(bold).horizontalAdvance("Run")
        line = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(QRect(x, 0, wide + 2, self.height()), line, "Run")
        if self._keys:
            painter.setFont(small)
            painter.setPen(faded(ink, 0.72))
            painter.drawText(QRect(x + wide + 8, 0, self.width(), self.height()), line, KEYS)
        painter.end()
