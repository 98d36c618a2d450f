"""Who does the edits, how large and how often: words over as many lines as they need, and a menu behind them."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from nanodesk.ui import icons, theme

CHEVRON = 12
_LEAST_HEIGHT = 24
_ROOM = CHEVRON + 5


class EngineTitle(QAbstractButton):
    """The name in bold, what was chosen beside it, and a chevron after the last word."""

    def __init__(self) -> None:
        super().__init__()
        self._name = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def write(self, name: str, *chosen: str) -> None:
        """Show a name and what was chosen; what is empty is left out."""
        words = " · ".join(part for part in (name, *chosen) if part)
        if (name, words) != (self._name, self.text()):
            self._name = name
            self.setText(words)
            self.setAccessibleName(f"Engine: {words}")
            self.updateGeometry()
            self.update()

    @staticmethod
    def _type() -> QFont:
        font: QFont = theme.font("strip")
        font.setWeight(QFont.Weight.Normal)
        return font

    def _line_height(self) -> int:
        return QFontMetrics(self._type()).height() + 2

    def _laid_out(self, width: int) -> tuple[QTextLayout, int]:
        layout = QTextLayout(self.text(), self._type())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        bold = QTextLayout.FormatRange()
        bold.start, bold.length = 0, len(self._name)
        look = QTextCharFormat()
        look.setFontWeight(QFont.Weight.DemiBold)
        bold.format = look
        layout.setFormats([bold])
        layout.beginLayout()
        lines = 0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width - _ROOM))
            line.setPosition(QPointF(0, lines * self._line_height() + 1))
            lines += 1
        layout.endLayout()
        return layout, max(_LEAST_HEIGHT, lines * self._line_height() + 4)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._laid_out(width)[1]

    def sizeHint(self) -> QSize:
        width = self.width() if self.width() > 40 else 200
        return QSize(200, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, _LEAST_HEIGHT)

    def words_rect(self) -> QRect:
        """Where the words and the chevron stand."""
        layout, height = self._laid_out(self.width())
        wide = max((layout.lineAt(at).naturalTextWidth() for at in range(layout.lineCount())), default=0.0)
        return QRect(0, 0, min(self.width(), round(wide) + _ROOM), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        layout, height = self._laid_out(self.width())
        spare = (height - layout.lineCount() * self._line_height()) / 2
        painter.setPen(colours.text)
        layout.draw(painter, QPointF(0, spare - 1))
        if layout.lineCount():
            last = layout.lineAt(layout.lineCount() - 1)
            middle = spare + last.position().y() + self._line_height() / 2 - 1
            place = QRect(round(last.naturalTextWidth()) + 5, round(middle - CHEVRON / 2) + 1, CHEVRON, CHEVRON)
            ink = "text" if self.underMouse() or self.isDown() else "dim"
            painter.drawPixmap(place, icons.pixmap("chevron-down", ink, CHEVRON, self.devicePixelRatioF()))
        if self.hasFocus():
            painter.setPen(QPen(colours.accent, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.words_rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()
