"""One part of what an answer changed: whether it is shown, who asked for it, how much it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from nanodesk.ui import icons, theme
from nanodesk.ui.history_panel.words import plain
from nanodesk.ui.references.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from nanodesk.document.fit import FittedIsland

BOX = 16


class IslandRow(QWidget):
    """Signals: `toggled` with its number, when it shall be shown or not; `marked` while the pointer is over it."""

    toggled = Signal(int, bool)
    marked = Signal(int)

    def __init__(self, island: FittedIsland, sentence: str, *, kept: bool) -> None:
        super().__init__()
        self.number = island.number
        self.kept = kept
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        title = "Side effect: nobody asked for it" if island.side_effect else plain(sentence) or "Changed part"
        share = f"{island.share * 100:.1f} %" if island.share >= 0.001 else "less than 0.1 %"
        box = island.box
        words = QVBoxLayout(self)
        words.setContentsMargins(BOX + 10, 5, 0, 5)
        words.setSpacing(1)
        words.addWidget(WrappedLabel(title))
        told = f"{share} of the picture · {box.width} × {box.height} px · difference {island.delta_e:.0f}"
        words.addWidget(WrappedLabel(told, role="secondary", ink="dim"))
        self._title = title
        self._name()

    def _name(self) -> None:
        self.setAccessibleName(f"{self._title}: {'kept' if self.kept else 'dropped'}")

    def turn(self) -> None:
        """Show it where it was dropped, drop it where it was shown."""
        self.kept = not self.kept
        self._name()
        self.update()
        self.toggled.emit(self.number, self.kept)

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

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRect(0, 6, BOX, BOX)
        ring: QColor = colours.accent if self.hasFocus() or self.kept else colours.dim
        painter.setPen(QPen(ring, 1.4))
        painter.setBrush(colours.accent if self.kept else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(0, 0, -1, -1), 4, 4)
        if self.kept:
            mark = icons.pixmap("check", "ink", 12, self.devicePixelRatioF())
            painter.drawPixmap(QRect(2, 8, 12, 12), mark)
        painter.end()
