"""A quiet button: words, maybe an icon and a chevron, and a ground only under the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from nanodesk.ui import icons, theme

if TYPE_CHECKING:
    from nanodesk.ui.theme import FontRole

PADDING = 8
ICON = 16
CHEVRON = 12


class FlatButton(QAbstractButton):
    """A button of the panels.

    Args:
        icon: a name of the icon family, before the words or alone.
        chevron: whether it opens a menu and says so.
        framed: whether it has an outline, as a button that stands for itself.
        flush: whether its words start at its left edge, in line with what stands above.
    """

    def __init__(
        self, text: str = "", *, icon: str = "", chevron: bool = False, framed: bool = False, flush: bool = False
    ) -> None:
        super().__init__()
        self._icon_name = icon
        self._chevron = chevron
        self._framed = framed
        self._flush = flush
        self._solid = False
        self._font_role: FontRole = "strip"
        self._bold = False
        self._ink: str = "text"
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def write(self, text: str) -> None:
        """Show other words."""
        if text != self.text():
            self.setText(text)
            self.updateGeometry()
            self.update()

    def draw(self, icon: str, ink: str = "text") -> None:
        """Show another icon, in another colour of the theme."""
        if (icon, ink) != (self._icon_name, self._ink):
            self._icon_name, self._ink = icon, ink
            self.update()

    def look(self, role: FontRole, *, bold: bool = False, ink: str = "text") -> FlatButton:
        """Set its font and colour, by their names in the theme; the button itself."""
        self._font_role, self._bold, self._ink = role, bold, ink
        self.updateGeometry()
        return self

    def solid(self) -> FlatButton:
        """Cover what it lies over; the button itself."""
        self._solid = True
        return self

    def _type(self) -> QFont:
        font: QFont = theme.font(self._font_role)
        if self._bold:
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def _padding(self) -> int:
        return 4 if self._icon_name and not self.text() else PADDING

    def sizeHint(self) -> QSize:
        padding = self._padding()
        width = 2 * padding - (padding if self._flush else 0)
        if self._icon_name:
            width += ICON + (6 if self.text() else 0)
        width += QFontMetrics(self._type()).horizontalAdvance(self.text()) + (1 if self.text() else 0)
        if self._chevron:
            width += CHEVRON + 4
        return QSize(max(24, width), 24 if not self._framed else 28)

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), 56), hint.height())

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        painter.setOpacity(1.0 if self.isEnabled() else 0.45)
        x = 0 if self._flush else self._padding()
        if self._icon_name:
            place = QRect(x, (self.height() - ICON) // 2, ICON, ICON)
            if not self.text():
                place.moveCenter(self.rect().center())
            role = "text" if self.underMouse() and self._ink == "dim" else self._ink
            painter.drawPixmap(place, icons.pixmap(self._icon_name, role, ICON, self.devicePixelRatioF()))
            x += ICON + 6
        if self.text():
            self._paint_words(painter, x)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        colours = theme.colours()
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self._flush:
            rect.adjust(-0.5, 0, 0, 0)
        over = self.isEnabled() and (self.underMouse() or self.isDown())
        if self._solid:
            painter.fillRect(self.rect(), colours.raised)
        if self._framed:
            painter.setPen(QPen(colours.dim if over else colours.line, 1))
            painter.setBrush(colours.raised)
            painter.drawRoundedRect(rect, 6, 6)
        elif over and not self._flush:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_between(colours.raised, colours.line))
            painter.drawRoundedRect(rect, 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(colours.accent, 1.2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect, 6, 6)

    def _paint_words(self, painter: QPainter, x: int) -> None:
        colours = theme.colours()
        font = self._type()
        painter.setFont(font)
        ink: QColor = getattr(colours, self._ink, colours.text)
        painter.setPen(colours.text if self.underMouse() and self._ink == "dim" else ink)
        room = self.width() - x - (CHEVRON + 4 if self._chevron else 0) - (0 if self._flush else self._padding())
        metrics = QFontMetrics(font)
        words = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, max(0, room))
        rect = QRect(x, 0, max(0, room), self.height())
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, words)
        if self._chevron:
            place = QRect(
                x + metrics.horizontalAdvance(words) + 4, (self.height() - CHEVRON) // 2 + 1, CHEVRON, CHEVRON
            )
            painter.drawPixmap(place, icons.pixmap("chevron-down", "dim", CHEVRON, self.devicePixelRatioF()))


def _between(one: QColor, other: QColor) -> QColor:
    return QColor((one.red() + other.red()) // 2, (one.green() + other.green()) // 2, (one.blue() + other.blue()) // 2)


def tidy(widget: QWidget, name: str, tip: str = "") -> None:
    """Give a control its accessible name, and a tip (a constant of ours, never text from outside)."""
    widget.setAccessibleName(name)
    widget.setToolTip(tip)
