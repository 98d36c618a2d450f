"""The bar at the top: menu, open documents, undo and redo, zoom, compare, export."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from nanodesk.ui import icons, theme
from nanodesk.ui.window.document_tabs import DocumentTabs

HEIGHT = 40
ICON, GAP = 18, 6
OFF_OPACITY = 0.45


class FlatButton(QToolButton):
    """A button without a frame: an icon, words, or both, maybe a key; raised while it is on or under the cursor."""

    def __init__(self, outline: str, title: str, words: str = "", key: str = "") -> None:
        super().__init__()
        self._outline = outline
        self._words = words
        self._key = key
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
        parts = [ICON] if self._outline else []
        parts += [self.fontMetrics().horizontalAdvance(words) for words in (self._words, self._key) if words]
        self.setFixedWidth(max(32, sum(parts) + GAP * (len(parts) - 1) + 18))

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
        painter.setOpacity(1.0 if self.isEnabled() else OFF_OPACITY)
        left = 9 if self._words else (self.width() - ICON) // 2
        if self._outline:
            drawn = icons.pixmap(self._outline, "text", ICON, self.devicePixelRatioF())
            painter.drawPixmap(left, (self.height() - ICON) // 2, drawn)
            left += ICON + GAP
        for words, colour in ((self._words, colours.text), (self._key, colours.dim)):
            painter.setPen(colour)
            painter.drawText(self.rect().adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, words)
            left += self.fontMetrics().horizontalAdvance(words) + GAP


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
            "square-split-horizontal",
            "Compare before and after (Shift+Y; hold \\ or Y on the canvas)",
            "compare",
            "Compare",
            "\\",
        )
        self.export = self._button("upload", "Export", "export", "Export")
        self._lay_out()

    def _button(self, outline: str, title: str, action: str, words: str = "", key: str = "") -> FlatButton:
        button = FlatButton(outline, title, words, key)
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
