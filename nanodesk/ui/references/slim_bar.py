"""A scroll bar that lies over the edge of what it scrolls and takes no room from it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QScrollArea, QWidget

from nanodesk.ui import theme
from nanodesk.ui.references.marks import faded

WIDTH = 8
_SHORTEST = 28


def scroll_slim(area: QScrollArea, column: QWidget) -> None:
    """Have an area scroll a column as wide as itself, without frame, ground or a place of its own for the bar."""
    area.setWidget(column)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.viewport().setAutoFillBackground(False)
    column.setAutoFillBackground(False)
    SlimBar(area)


class SlimBar(QWidget):
    """Replaces the vertical scroll bar of an area; hidden while everything fits.

    Args:
        outside: so far beyond the area's right edge it lies, over the area's parent, device-independent pixels.
    """

    def __init__(self, area: QAbstractScrollArea, outside: int = 0) -> None:
        super().__init__(area.parentWidget() if outside else area)
        self._area = area
        self._outside = outside
        self._bar = area.verticalScrollBar()
        self._grabbed: tuple[float, int] | None = None
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.installEventFilter(self)
        self._bar.rangeChanged.connect(self._follow)
        self._bar.valueChanged.connect(self.update)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show):
            self._follow()
        return False

    def _follow(self) -> None:
        area = self._area
        left, top = (area.x() + self._outside, area.y()) if self._outside else (0, 0)
        self.setGeometry(left + area.width() - WIDTH, top, WIDTH, area.height())
        self.setVisible(self._bar.maximum() > self._bar.minimum())
        self.raise_()
        self.update()

    def _handle(self) -> QRectF:
        span = self._bar.maximum() - self._bar.minimum()
        whole = span + self._bar.pageStep()
        length = max(_SHORTEST, self.height() * self._bar.pageStep() / max(1, whole))
        top = (self.height() - length) * (self._bar.value() - self._bar.minimum()) / max(1, span)
        return QRectF(2, top + 2, WIDTH - 4, length - 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        y = event.position().y()
        handle = self._handle()
        if handle.top() <= y <= handle.bottom():
            self._grabbed = (y, self._bar.value())
        else:
            self._bar.setValue(self._bar.value() + (-1 if y < handle.top() else 1) * self._bar.pageStep())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is not None:
            start, value = self._grabbed
            room = max(1.0, self.height() - self._handle().height() - 4)
            span = self._bar.maximum() - self._bar.minimum()
            self._bar.setValue(value + round((event.position().y() - start) / room * span))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faded(theme.colours().dim, 0.7 if self.underMouse() or self._grabbed else 0.35))
        painter.drawRoundedRect(self._handle(), 2, 2)
        painter.end()
