"""Fields of forms in one look: a choice among several, a whole number, an amount."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QDoubleSpinBox, QSpinBox, QWidget

from nanodesk.ui import icons, theme

_EDGE = 14


def _paint_field(painter: QPainter, widget: QWidget, *, focused: bool) -> None:
    colours = theme.colours()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(colours.accent if focused else colours.dim if widget.underMouse() else colours.line)
    painter.setBrush(colours.raised)
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)


class Choice(QComboBox):
    """Paints itself; all else is Qt's."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect, colours = QPainter(self), self.rect(), theme.colours()
        _paint_field(painter, self, focused=self.hasFocus())
        painter.setPen(colours.text if self.isEnabled() else colours.dim)
        words = rect.adjusted(9, 0, -_EDGE - 12, 0)
        shown = QFontMetrics(self.font()).elidedText(self.currentText(), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
        arrow = icons.pixmap("chevron-down", "dim", _EDGE, self.devicePixelRatioF())
        painter.drawPixmap(rect.right() - _EDGE - 7, (rect.height() - _EDGE) // 2, arrow)
        painter.end()


def _plain(field: QAbstractSpinBox) -> None:
    """Without buttons, wheel and arrow keys do the same; the frame is ours."""
    field.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
    field.setFrame(False)
    shape = "background: transparent; border: none; padding: 0 8px;"
    dim = theme.colours().dim.name()
    field.lineEdit().setStyleSheet(f"QLineEdit {{ {shape} }} QLineEdit:disabled {{ color: {dim}; }}")


class WholeNumber(QSpinBox):
    """A whole number with its unit."""

    def __init__(self) -> None:
        super().__init__()
        _plain(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        _paint_field(painter, self, focused=self.hasFocus())
        painter.end()


class Amount(QDoubleSpinBox):
    """A number with decimals and its unit."""

    def __init__(self) -> None:
        super().__init__()
        _plain(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        _paint_field(painter, self, focused=self.hasFocus())
        painter.end()
