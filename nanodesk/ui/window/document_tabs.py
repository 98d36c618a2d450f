"""The tabs of the open documents."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QTabBar

from nanodesk.ui import icons, theme

HEIGHT = 32
WIDEST, NARROWEST = 220, 90
SIDE = 12
MARK_ROOM = 32
CLOSE = 24


class DocumentTabs(QTabBar):
    """One tab a document, with a dot while it has unsaved work; under the cursor, a cross to close it."""

    def __init__(self) -> None:
        super().__init__()
        self._pressed = -1
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.setUsesScrollButtons(True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Open documents")

    def show_document(self, index: int, name: str, unsaved: bool) -> None:
        """Write a tab's name, show or hide its dot."""
        if (name, unsaved) == self._data(index):
            return
        self.setTabData(index, (name, unsaved))
        self.setTabText(index, name.replace("&", "&&"))  # an ampersand would make a key of the letter after it
        self.setAccessibleTabName(index, f"{name}{', unsaved' if unsaved else ''}")
        self.update()

    def _data(self, index: int) -> tuple[str, bool]:
        known = self.tabData(index)
        return ("", False) if known is None else (str(known[0]), bool(known[1]))

    def unsaved(self, index: int) -> bool:
        """Whether a tab has a dot."""
        return self._data(index)[1]

    def name(self, index: int) -> str:
        """What a tab shows."""
        return self._data(index)[0]

    def tabSizeHint(self, index: int) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.name(index))
        return QSize(min(WIDEST, words + SIDE + MARK_ROOM), HEIGHT)

    def minimumTabSizeHint(self, index: int) -> QSize:
        return QSize(min(NARROWEST, self.tabSizeHint(index).width()), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        # Qt's own keeps room for scroll buttons even beside a single tab.
        all_of_them = sum(self.tabSizeHint(index).width() for index in range(self.count()))
        return QSize(min(all_of_them, super().minimumSizeHint().width()), HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        index = self.tabAt(place)
        self._pressed = index if index >= 0 and self._mark(index).contains(place) else -1
        if self._pressed < 0:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        index = self.tabAt(place)
        middle = event.button() == Qt.MouseButton.MiddleButton
        crossed = 0 <= index == self._pressed and self._mark(index).contains(place)
        self._pressed = -1
        if index >= 0 and (middle or crossed):
            self.tabCloseRequested.emit(index)
            return
        super().mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.update()
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.update()
        super().leaveEvent(event)

    def _plate(self, index: int) -> QRect:
        return self.tabRect(index).adjusted(0, 2, -2, -2)

    def _mark(self, index: int) -> QRect:
        """Where the dot is, and under the cursor the cross."""
        plate = self._plate(index)
        return QRect(plate.right() - CLOSE - 2, plate.center().y() - CLOSE // 2 + 1, CLOSE, CLOSE)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cursor = self.mapFromGlobal(self.cursor().pos()) if self.underMouse() else QPoint(-1, -1)
        over = self.tabAt(cursor)
        for index in range(self.count()):
            self._paint_tab(painter, index, over == index, cursor)

    def _paint_tab(self, painter: QPainter, index: int, over: bool, cursor: QPoint) -> None:
        colours = theme.colours()
        plate, mark = self._plate(index), self._mark(index)
        current = index == self.currentIndex()
        if current:
            painter.setPen(colours.accent if self.hasFocus() else QColor(colours.raised))
            painter.setBrush(colours.raised)
            painter.drawRoundedRect(QRectF(plate).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(colours.text if current or over else colours.dim)
        room = plate.adjusted(SIDE, 0, -MARK_ROOM + 2, 0)
        words = painter.fontMetrics().elidedText(self.name(index), Qt.TextElideMode.ElideMiddle, room.width() + 2)
        painter.drawText(room.adjusted(0, 0, 4, 0), Qt.AlignmentFlag.AlignVCenter, words)
        if over:
            role = "text" if mark.contains(cursor) else "dim"
            drawn = icons.pixmap("x", role, 14, self.devicePixelRatioF())
            painter.drawPixmap(mark.center().x() - 6, mark.center().y() - 6, drawn)
        elif self.unsaved(index):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.accent)
            painter.drawEllipse(QRectF(mark.center().x() - 3.5, mark.center().y() - 3.5, 8, 8))
