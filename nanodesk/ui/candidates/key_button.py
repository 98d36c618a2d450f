"""A button of the strip with its key beside its words."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from nanodesk.ui import theme
from nanodesk.ui.references.marks import faded

HEIGHT = 28
PADDING = 11


class KeyButton(QAbstractButton):
    """Words and the key that does the same.

    Args:
        key: as it is written on the button; empty for none.
        main: the one action in the accent colour.
    """

    def __init__(self, text: str, key: str = "", *, main: bool = False) -> None:
        super().__init__()
        self._key = key
        self._main = main
        self.setText(text)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def _fonts(self) -> tuple[QFont, QFont]:
        words = theme.font("strip")
        if self._main:
            words.setWeight(QFont.Weight.DemiBold)
        return words, theme.font("secondary")

    def sizeHint(self) -> QSize:
        words, small = self._fonts()
        width = QFontMetrics(words).horizontalAdvance(self.text()) + 2 * PADDING + 1
        if self._key:
            width += 6 + QFontMetrics(small).horizontalAdvance(self._key)
        return QSize(width, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter means this button while it has the keyboard, not what the strip does with Enter.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        elif event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        words, small = self._fonts()
        ink = colours.ink if self._main and self.isEnabled() else colours.text
        ink = faded(ink, 1.0 if self.isEnabled() else 0.45)
        line = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.setFont(words)
        painter.setPen(ink)
        wide = QFontMetrics(words).horizontalAdvance(self.text())
        painter.drawText(QRect(PADDING, 0, wide + 2, self.height()), line, self.text())
        if self._key:
            painter.setFont(small)
            painter.setPen(faded(ink, 0.72))
            painter.drawText(QRect(PADDING + wide + 6, 0, self.width(), self.height()), line, self._key)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        colours = theme.colours()
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        over = self.isEnabled() and (self.underMouse() or self.isDown())
        if self._main:
            ground = QColor(colours.accent) if self.isEnabled() else QColor(colours.line)
            if over:
                ground = ground.darker(112) if self.isDown() else ground.lighter(106)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
        else:
            painter.setPen(QPen(colours.dim if over else colours.line, 1))
            painter.setBrush(colours.raised)
        painter.drawRoundedRect(rect, 6, 6)
        if self.hasFocus():
            inner = colours.ink if self._main else colours.accent
            painter.setPen(QPen(inner, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(2, 2, -2, -2) if self._main else rect, 5, 5)
