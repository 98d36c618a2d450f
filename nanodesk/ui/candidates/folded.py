"""The strip put away: one quiet line that says how many answers wait, and brings them back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from nanodesk.ui import icons, theme

HEIGHT = 30
_PADDING = 12
_ICON = 16


class FoldedStrip(QAbstractButton):
    """A rounded line at the foot of the canvas."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("Show the answers")
        self.hide()

    def write(self, text: str) -> None:
        """Show other words."""
        self.setText(text)
        self.setAccessibleName(f"{text}: show")
        self.resize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        wide = QFontMetrics(theme.font("strip")).horizontalAdvance(self.text())
        return QSize(wide + _ICON + 6 + 2 * _PADDING, HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

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
        rect = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        ring = colours.accent if self.hasFocus() else colours.dim if self.underMouse() else colours.line
        painter.setPen(QPen(ring, 1.5 if self.hasFocus() else 1))
        painter.setBrush(colours.panel)
        painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
        mark = icons.pixmap("images", "dim", _ICON, self.devicePixelRatioF())
        painter.drawPixmap(QRect(_PADDING, (self.height() - _ICON) // 2, _ICON, _ICON), mark)
        painter.setFont(theme.font("strip"))
        painter.setPen(colours.text)
        words = self.rect().adjusted(_PADDING + _ICON + 6, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, self.text())
        painter.end()
