"""A section's name, underlined in the accent colour as the tabs beside it would be."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from nanodesk.ui import theme

GAP = 14
HEIGHT = 28


class SectionTitle(QWidget):
    """One name, or several as tabs.

    Signals:
        chosen: another tab, by its place.
    """

    chosen = Signal(int)

    def __init__(self, *names: str) -> None:
        super().__init__()
        self._names = names
        self._place = 0
        self._ringed = False
        self.setAccessibleName(names[0])
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if len(names) > 1:
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @property
    def place(self) -> int:
        """The tab that is shown."""
        return self._place

    def choose(self, place: int) -> None:
        """Show another tab."""
        place = place % len(self._names)
        if place != self._place:
            self._place = place
            self.setAccessibleName(self._names[place])
            self.update()
            self.chosen.emit(place)

    def tab_rect(self, place: int) -> QRect:
        """Where a tab can be clicked."""
        metrics = QFontMetrics(theme.font("section"))
        x = sum(metrics.horizontalAdvance(name) + GAP for name in self._names[:place])
        return QRect(x, 0, metrics.horizontalAdvance(self._names[place]), HEIGHT)

    def sizeHint(self) -> QSize:
        return QSize(self.tab_rect(len(self._names) - 1).right() + 2, HEIGHT)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ringed = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ringed = False
        super().focusOutEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        for place in range(len(self._names)):
            if self.tab_rect(place).adjusted(-GAP // 2, 0, GAP // 2, 0).contains(point):
                self.choose(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self.choose(self._place + step)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours()
        painter = QPainter(self)
        painter.setFont(theme.font("section"))
        for place, name in enumerate(self._names):
            rect = self.tab_rect(place)
            painter.setPen(colours.text if place == self._place else colours.dim)
            line = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
            painter.drawText(rect.adjusted(0, 0, 2, 0), line, name)
            if place == self._place:
                painter.fillRect(QRect(rect.left(), HEIGHT - 4, rect.width(), 2), colours.accent)
        if self._ringed:
            painter.setPen(QPen(colours.accent, 1))
            painter.drawRect(self.tab_rect(self._place).adjusted(-3, 2, 3, -6))
        painter.end()
