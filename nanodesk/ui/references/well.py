"""A picture that is sent along, small, with its number and what it is to guide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from nanodesk.ui import icons, theme
from nanodesk.ui.references.marks import draw_picture

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

WIDTH, HEIGHT, LABEL = 56, 42, 18


class Well(QAbstractButton):
    """Signals: `pulled` to a global position while it is dragged, `dropped` when it is let go."""

    pulled = Signal(QPoint)
    dropped = Signal()

    def __init__(self, *, movable: bool, dashed: bool = False) -> None:
        super().__init__()
        self._movable = movable
        self._dashed = dashed
        self._picture: QPixmap | None = None
        self._dim = False
        self._icon_name = ""
        self.lit = False
        self._from: QPoint | None = None
        self._pulling = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, HEIGHT + LABEL)

    def show_picture(self, picture: QPixmap | None, label: str, *, dim: bool = False, icon: str = "") -> None:
        """Show a picture (none while it is being made), or an icon where there is none, and the line below it."""
        self._picture, self._dim, self._icon_name = picture, dim, icon
        self.setText(label)
        self.update()

    def light(self, on: bool) -> None:
        """Show that a drop would be taken here."""
        self.lit = on
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self._movable:
            self._from = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        point = event.globalPosition().toPoint()
        if self._from is not None and (self._pulling or (point - self._from).manhattanLength() >= 6):
            self._pulling = True
            self.setDown(False)
            self.pulled.emit(point)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pulling, self._pulling, self._from = self._pulling, False, None
        if pulling:
            self.setDown(False)
            self.dropped.emit()
            return
        super().mouseReleaseEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRect(0, 0, WIDTH, HEIGHT)
        painter.setOpacity(0.4 if self._dim else 1.0)
        if self._dashed:
            self._paint_dashed(painter, rect)
        else:
            draw_picture(painter, rect, self._picture)
            if self._icon_name:
                self._paint_icon(painter, rect, self._icon_name, "dim")
        painter.setOpacity(1.0)
        if self.hasFocus() or self.underMouse() or self.lit:
            painter.setPen(QPen(colours.accent if self.hasFocus() or self.lit else colours.dim, 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if not self._dashed or self.hasFocus() or self.lit:
                painter.drawRoundedRect(QRectF(rect).adjusted(0.7, 0.7, -0.7, -0.7), 6, 6)
        painter.setFont(theme.font("secondary"))
        painter.setPen(colours.dim)
        metrics = QFontMetrics(painter.font())
        words = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, WIDTH)
        place = QRect(0, HEIGHT + 3, WIDTH + 2, LABEL - 3)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()

    def _paint_dashed(self, painter: QPainter, rect: QRect) -> None:
        colours = theme.colours()
        over = self.underMouse() or self.lit
        pen = QPen(colours.text if over else colours.dim, 1)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setOpacity(1.0 if over else 0.6)
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setOpacity(1.0)
        self._paint_icon(painter, rect, "plus", "text" if over else "dim")

    def _paint_icon(self, painter: QPainter, rect: QRect, name: str, role: str) -> None:
        mark = QRect(0, 0, 16, 16)
        mark.moveCenter(rect.center())
        painter.drawPixmap(mark, icons.pixmap(name, role, 16, self.devicePixelRatioF()))
