"""A card at the upper right of the canvas: a head with tabs or a title, a body that scrolls, a foot."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from nanodesk.ui import theme
from nanodesk.ui.references.flat_button import FlatButton, tidy
from nanodesk.ui.references.section_title import SectionTitle
from nanodesk.ui.references.slim_bar import scroll_slim

WIDTH = 360
MARGIN = 16
HIGHEST = 520
GAP = 8
LEAST = 44
"""So much of the body is seen, however little room there is."""
_MOVES = frozenset({QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Resize, QEvent.Type.Move})


class FloatingCard(QWidget):
    """Lies over another widget, as high as its words, up to a limit; Escape puts it away, a hand moves it.

    Attributes:
        tabs: its title, or several to choose from.
        under_head: what stands below the title and does not scroll.
        over_foot: what stands below the body and does not scroll.
        foot: what stands at the bottom.
        overhang: so far the body reaches beyond the words above it, to the left, device-independent pixels.
    """

    overhang = 0

    def __init__(self, over: QWidget, name: str, titles: tuple[str, ...], body: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._above: QWidget | None = None
        self._by_hand = QPoint()
        self._held: QPoint | None = None
        self._scrolls = True
        self._body = body
        self.tabs = SectionTitle(*titles)
        self.close_button = FlatButton(icon="x").look("secondary", ink="dim")
        tidy(self.close_button, "Close", "Close")
        self.close_button.clicked.connect(self.dismiss)
        self.area = QScrollArea()
        self._head = QHBoxLayout()
        self.under_head = QVBoxLayout()
        self.over_foot = QVBoxLayout()
        self.foot = QHBoxLayout()
        self.setAccessibleName(name)
        self._stack()
        over.installEventFilter(self)
        self.hide()

    def _stack(self) -> None:
        self._head.setSpacing(8)
        self._head.addWidget(self.tabs)
        self._head.addStretch(1)
        self._head.addWidget(self.close_button)
        scroll_slim(self.area, self._body)
        self.under_head.setSpacing(4)
        self.over_foot.setSpacing(4)
        self.foot.setSpacing(8)
        box = QVBoxLayout(self)
        box.setContentsMargins(14 - self.overhang, 8, 10, 12)
        for layout in (self._head, self.under_head, self.over_foot, self.foot):
            layout.setContentsMargins(self.overhang, 0, 0, 0)
        box.setSpacing(GAP)
        box.addLayout(self._head)
        box.addLayout(self.under_head)
        box.addWidget(self.area, 1)
        box.addLayout(self.over_foot)
        box.addLayout(self.foot)

    def open(self) -> None:
        """Show it over all else there; another card in the same place makes room."""
        for other in self._over.findChildren(FloatingCard):
            if other is not self and other.isVisible():
                other.dismiss()
        self.show()
        self.raise_()
        self.place()

    def dismiss(self) -> None:
        """Go away, and give the keyboard back where it was here."""
        focused = QApplication.focusWidget()
        had = focused is not None and (focused is self or self.isAncestorOf(focused))
        self.hide()
        if had:
            self._over.setFocus()

    def stand_below(self, bar: QWidget) -> None:
        """Leave a bar at the top of the same widget free, while it is shown."""
        self._above = bar
        bar.installEventFilter(self)

    def place(self, *, scrolls: bool = True) -> None:
        """Take the room that is needed now; `scrolls` tells whether there is anything in the body."""
        self._scrolls = scrolls
        bar = self._above
        top = MARGIN if bar is None or bar.isHidden() else bar.geometry().bottom() + MARGIN // 2
        width = min(WIDTH, self._over.width() - 2 * MARGIN)
        self.area.setVisible(scrolls)
        room = min(HIGHEST, self._over.height() - top - MARGIN)
        others, body = self._heights(width)
        if scrolls:
            # Said in full: left to choose, the layout would take from the words what it gives to the body.
            body = max(min(body, LEAST), min(body, room - others))
            self.area.setFixedHeight(body)
        height = min(room, others + body)
        # Where a hand has put it, as far as all of it stays in sight.
        left = self._over.width() - width - MARGIN
        left = max(MARGIN // 2, min(left + self._by_hand.x(), self._over.width() - width - MARGIN // 2))
        top = max(top, min(top + self._by_hand.y(), self._over.height() - height - MARGIN))
        self.setGeometry(left, top, width, height)

    def _heights(self, width: int) -> tuple[int, int]:
        """What the body needs in a width, and all the rest; device-independent pixels."""
        inner = width - 24
        parts = [self._head.sizeHint().height()]
        for layout in (self.under_head, self.over_foot, self.foot):
            layout.invalidate()  # a widget in it tells only the outermost layout that it wants another size
            if not layout.isEmpty():
                parts.append(layout.heightForWidth(inner) if layout.hasHeightForWidth() else layout.sizeHint().height())
        body = 0
        if self._scrolls:
            inner += self.overhang
            parts.append(0)
            shown = self._body
            body = shown.heightForWidth(inner) if shown.hasHeightForWidth() else shown.sizeHint().height()
        return 8 + sum(parts) + GAP * (len(parts) - 1) + 12, body

    def resized(self) -> None:
        """What it lies over has another size."""
        self.place()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the keyboard, so that Escape puts away what was last pressed on; it can be dragged from there."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = event.globalPosition().toPoint() - self._by_hand
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the hand: what lies below it may be what somebody wants to see."""
        if self._held is not None:
            self._by_hand = event.globalPosition().toPoint() - self._held
            self.place(scrolls=self._scrolls)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = None
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._above:
            if event.type() in _MOVES and self.isVisible():
                self.place(scrolls=self._scrolls)
        elif event.type() == QEvent.Type.Resize and self.isVisible():
            self.resized()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colours().line)
        painter.setBrush(theme.colours().panel)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 12, 12)
        painter.end()
