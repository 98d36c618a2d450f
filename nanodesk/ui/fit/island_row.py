"""One part of what an answer changed: whether it is kept, who asked for it, how much it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from nanodesk.ui import icons, theme
from nanodesk.ui.canvas.overlays import paint_badge
from nanodesk.ui.fit.fit_words import extent
from nanodesk.ui.history_panel.words import plain
from nanodesk.ui.references.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from nanodesk.document.fit import FittedIsland

BOX = 16
_INSET = 6
_CHIP = 38
"""Between the box and the words: room for the number."""
_STATE = 58
"""At the right, for what has become of it."""


class IslandRow(QWidget):
    """Signals: `toggled` when it shall be kept or dropped; `marked` with its number while it is pointed at, else 0."""

    toggled = Signal()
    marked = Signal(int)

    def __init__(self, island: FittedIsland, sentence: str, *, kept: bool) -> None:
        super().__init__()
        self.island = island
        self.number = island.number
        self.kept = kept
        self._ringed = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.title = "Side effect: nobody asked for it" if island.side_effect else plain(sentence) or "Changed part"
        words = QVBoxLayout(self)
        words.setContentsMargins(_INSET + BOX + _CHIP, 5, 8, 5)
        words.setSpacing(1)
        head = QHBoxLayout()
        head.addWidget(WrappedLabel(self.title), 1)
        head.addSpacing(_STATE - 8)
        words.addLayout(head)
        words.addWidget(WrappedLabel(extent(island), role="secondary", ink="dim"))
        self._tell()

    def _tell(self) -> None:
        self.setAccessibleName(f"{self.number}, {self.title}: {'kept' if self.kept else 'dropped'}")
        self.setToolTip("Drop this part (Space)" if self.kept else "Keep this part (Space)")

    def show_kept(self, kept: bool) -> None:
        """Show whether it is kept."""
        if kept != self.kept:
            self.kept = kept
            self._tell()
            self.update()

    def turn(self) -> None:
        """Keep it where it was dropped, drop it where it was kept."""
        self.show_kept(not self.kept)
        self.toggled.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.turn()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.turn()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.marked.emit(self.number)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.marked.emit(0)
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ringed = event.reason() != Qt.FocusReason.MouseFocusReason
        self.marked.emit(self.number)
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ringed = False
        self.marked.emit(0)
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.raised)
            painter.drawRoundedRect(ground, 6, 6)
        if self._ringed:
            painter.setPen(QPen(colours.accent, 1.2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(ground, 6, 6)
        box = QRect(_INSET, 7, BOX, BOX)
        ring: QColor = colours.accent if self.kept else colours.dim
        painter.setPen(QPen(ring, 1.4))
        painter.setBrush(colours.accent if self.kept else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(0, 0, -1, -1), 4, 4)
        if self.kept:
            mark = icons.pixmap("check", "ink", 12, self.devicePixelRatioF())
            painter.drawPixmap(QRect(box.left() + 2, box.top() + 2, 12, 12), mark)
        paint_badge(painter, str(self.number), QPointF(box.right() + 7, 5))
        painter.setFont(theme.font("secondary"))
        painter.setPen(colours.dim)
        state = QRect(self.width() - _STATE, 5, _STATE - 8, 20)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(state, right, "Kept" if self.kept else "Dropped")
        painter.end()
