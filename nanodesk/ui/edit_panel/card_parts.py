"""The small controls of a card: check, grip, and the mark that ties an edit to a selection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from nanodesk.ui import icons, theme
from nanodesk.ui.references.marks import draw_check

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

TARGET = 24


def _middle(widget: QWidget, size: int) -> QRect:
    rect = QRect(0, 0, size, size)
    rect.moveCenter(widget.rect().center())
    return rect


class Check(QAbstractButton):
    """A check of 16 px in a target of 24."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setFixedSize(TARGET, TARGET)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        return QSize(TARGET, TARGET)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setOpacity(1.0 if self.isEnabled() else 0.45)
        draw_check(
            painter, _middle(self, 16), checked=self.isChecked(), hovered=self.underMouse(), focused=self.hasFocus()
        )
        painter.end()


class TieMark(QAbstractButton):
    """An empty square: the whole picture; a filled one: a selection."""

    def __init__(self) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setAccessibleName("Tied to a selection")
        self.setFixedSize(TARGET, TARGET)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def nextCheckState(self) -> None:
        """The stack decides, not the click."""

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        over = self.underMouse() or self.hasFocus()
        ink: QColor = colours.text if over or self.isChecked() else colours.dim
        box = QRectF(_middle(self, 12)).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(ink, 1.2))
        painter.drawRoundedRect(box, 2, 2)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            painter.drawRect(box.adjusted(2.5, 2.5, -2.5, -2.5))
        if self.hasFocus():
            painter.setPen(QPen(colours.accent, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2.5, 2.5, -2.5, -2.5), 5, 5)
        painter.end()


class Grip(QWidget):
    """What a card or a row is dragged by.

    Signals:
        pulled: the pointer moved with the button held, at this global position.
        released: it was let go.
    """

    pulled = Signal(QPoint)
    released = Signal()

    def __init__(self, name: str = "Move edit") -> None:
        super().__init__()
        self.setFixedSize(20, TARGET)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setAccessibleName(name)
        self.setToolTip("Drag to reorder (Alt ↑ ↓)")
        self._from: QPoint | None = None
        self._pulling = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.globalPosition().toPoint()
        if self._from is not None and (self._pulling or (point - self._from).manhattanLength() >= 4):
            self._pulling = True
            self.pulled.emit(point)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pulling:
            self.released.emit()
        self._from, self._pulling = None, False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        role = "text" if self.underMouse() else "dim"
        painter.drawPixmap(_middle(self, 16), icons.pixmap("grip-vertical", role, 16, self.devicePixelRatioF()))
        painter.end()
