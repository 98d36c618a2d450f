"""The bar at the top: menu, open documents, undo and redo, zoom, compare, export."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QTabBar, QToolButton, QWidget

from nanodesk.ui import icons, theme

HEIGHT = 40


class FlatButton(QToolButton):
    """A button without a frame: an icon, words, or both; raised while it is on or under the cursor."""

    def __init__(self, outline: str, title: str, words: str = "") -> None:
        super().__init__()
        self._outline = outline
        self._words = words
        self._lit = False
        self.setToolTip(title)
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedHeight(28)
        self._fit()

    def say(self, words: str) -> None:
        """Other words beside the icon."""
        if words != self._words:
            self._words = words
            self._fit()
            self.update()

    def light(self, on: bool) -> None:
        """Show that what it does is on."""
        self._lit = on
        self.update()

    def _fit(self) -> None:
        words = self.fontMetrics().horizontalAdvance(self._words)
        icon = 18 if self._outline else 0
        gap = 6 if self._outline and self._words else 0
        self.setFixedWidth(max(32, words + icon + gap + 18))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.colours()
        if self._lit or (self.isEnabled() and self.underMouse()):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.raised)
            painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        if self.hasFocus():
            painter.setPen(colours.accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        role = "text" if self.isEnabled() else "line"
        left = 9 if self._words else (self.width() - 18) // 2
        if self._outline:
            drawn = icons.pixmap(self._outline, role, 18, self.devicePixelRatioF())
            painter.drawPixmap(left, (self.height() - 18) // 2, drawn)
            left += 24
        painter.setPen(getattr(colours, role))
        painter.drawText(self.rect().adjusted(left, 0, -6, 0), Qt.AlignmentFlag.AlignVCenter, self._words)


class DocumentTabs(QTabBar):
    """One tab a document, with a dot while it has unsaved work."""

    def __init__(self) -> None:
        super().__init__()
        self._unsaved: set[int] = set()
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.setUsesScrollButtons(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Open documents")

    def show_unsaved(self, index: int, unsaved: bool) -> None:
        """Show or hide a tab's dot."""
        (self._unsaved.add if unsaved else self._unsaved.discard)(index)
        self.setAccessibleTabName(index, f"{self.tabText(index)}{', unsaved' if unsaved else ''}")
        self.update()

    def unsaved(self, index: int) -> bool:
        """Whether a tab has a dot."""
        return index in self._unsaved

    def forget_unsaved(self) -> None:
        """No dots, as before the tabs are told anew."""
        self._unsaved.clear()

    def tabSizeHint(self, index: int) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.tabText(index))
        return QSize(min(220, words + 44), 32)

    def minimumTabSizeHint(self, index: int) -> QSize:
        return QSize(min(90, self.tabSizeHint(index).width()), 32)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            index = self.tabAt(event.position().toPoint())
            if index >= 0:
                self.tabCloseRequested.emit(index)
            return
        super().mouseReleaseEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.colours()
        for index in range(self.count()):
            rect = self.tabRect(index).adjusted(0, 2, -2, -2)
            current = index == self.currentIndex()
            if current:
                painter.setPen(colours.accent if self.hasFocus() else QColor(colours.raised))
                painter.setBrush(colours.raised)
                painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            painter.setPen(colours.text if current else colours.dim)
            room = rect.adjusted(12, 0, -24, 0)
            words = painter.fontMetrics().elidedText(self.tabText(index), Qt.TextElideMode.ElideMiddle, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
            if index in self._unsaved:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colours.accent)
                painter.drawEllipse(rect.right() - 19, rect.center().y() - 3, 8, 8)


class TopBar(QWidget):
    """The bar; what its buttons do is connected by the window.

    Attributes:
        triggered: the id of an action.
    """

    triggered = Signal(str)

    def __init__(self, menu: QMenu, zooms: QMenu) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self.setAutoFillBackground(True)
        self.tabs = DocumentTabs()
        self.menu_button = FlatButton("menu", "Menu")
        self.menu_button.setMenu(menu)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.new = self._button("plus", "New document (Ctrl+N)", "new_project")
        self.undo = self._button("undo-2", "Undo (Ctrl+Z)", "undo")
        self.redo = self._button("redo-2", "Redo (Ctrl+Shift+Z)", "redo")
        self.zoom = FlatButton("", "Zoom")
        self.zoom.setMenu(zooms)
        self.zoom.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.compare = self._button(
            "square-split-horizontal", "Compare before and after (Shift+Y)", "compare", "Compare"
        )
        self.export = self._button("upload", "Export", "export", "Export")
        self._lay_out()

    def _button(self, outline: str, title: str, action: str, words: str = "") -> FlatButton:
        button = FlatButton(outline, title, words)
        button.clicked.connect(lambda _=False: self.triggered.emit(action))
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 10, 0)
        row.setSpacing(4)
        row.addWidget(self.menu_button)
        row.addWidget(self.tabs)
        row.addWidget(self.new)
        row.addStretch(1)
        for widget in (self.undo, self.redo, self.zoom, self.compare, self.export):
            row.addWidget(widget)
