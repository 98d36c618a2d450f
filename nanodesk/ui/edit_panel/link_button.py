"""A button that stands in a line of words: underlined, as quiet as the words around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from nanodesk.ui import theme

if TYPE_CHECKING:
    from nanodesk.ui.theme import FontRole

HEIGHT = 24


class LinkButton(QAbstractButton):
    """A button in a line of words.

    Args:
        role: its font, by its name in the theme.
        ink: its colour, by its name in the theme.
    """

    def __init__(self, text: str, *, role: FontRole = "secondary", ink: str = "dim") -> None:
        super().__init__()
        self._role: FontRole = role
        self._ink = ink
        self.setText(text)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def write(self, text: str) -> None:
        """Show other words."""
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(text)
            self.updateGeometry()

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(theme.font(self._role))

    def sizeHint(self) -> QSize:
        return QSize(max(HEIGHT, self._metrics().horizontalAdvance(self.text()) + 3), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(HEIGHT, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        over = self.underMouse() or self.isDown()
        ink: QColor = colours.text if over and self._ink == "dim" else getattr(colours, self._ink)
        metrics = self._metrics()
        words = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width() - 1)
        painter.setFont(theme.font(self._role))
        painter.setPen(ink)
        line = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(QRect(0, 0, self.width(), self.height()), line, words)
        base = (self.height() - metrics.height()) / 2 + metrics.ascent() + 2
        painter.setPen(QPen(ink, 1))
        painter.drawLine(QPointF(0, base), QPointF(metrics.horizontalAdvance(words), base))
        if self.hasFocus():
            painter.setPen(QPen(colours.accent, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 2.5, -0.5, -2.5), 4, 4)
        painter.end()
