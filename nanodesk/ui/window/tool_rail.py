"""The tools at the left."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QVBoxLayout, QWidget

from nanodesk.ui import icons, theme

TOOLS = (
    ("move", "move", "Move", "V"),
    ("rectangle", "square-dashed", "Rectangle selection", "M"),
    ("lasso", "lasso", "Lasso selection", "L"),
    ("mask-brush", "brush", "Mask brush", "B"),
    ("pipette", "pipette", "Take a colour", "I"),
    ("hand", "hand", "Pan", "H"),
)
WIDTH = 44


class ToolButton(QAbstractButton):
    """One tool: lit when it is in hand."""

    def __init__(self, name: str, outline: str, title: str, key: str) -> None:
        super().__init__()
        self.tool = name
        self._outline = outline
        self.setCheckable(True)
        self.setToolTip(f"{title} ({key})")
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedSize(QSize(36, 32))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.colours()
        background = colours.raised if self.isChecked() else QColor(colours.raised) if self.underMouse() else None
        if background is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(background)
            painter.drawRoundedRect(self.rect(), 6, 6)
        if self.isChecked():
            painter.setBrush(colours.accent)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(0, 8, 2, self.height() - 16, 1, 1)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(colours.accent)
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 6, 6)
        role = "text" if self.isChecked() or self.underMouse() else "dim"
        drawn = icons.pixmap(self._outline, role, 18, self.devicePixelRatioF())
        painter.drawPixmap((self.width() - 18) // 2, (self.height() - 18) // 2, drawn)


class ToolRail(QWidget):
    """Which tool is in hand.

    Attributes:
        chosen: the name of a tool that was pressed.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(WIDTH)
        self.setAutoFillBackground(True)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, ToolButton] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(4, 8, 4, 8)
        box.setSpacing(4)
        for name, outline, title, key in TOOLS:
            button = ToolButton(name, outline, title, key)
            button.clicked.connect(lambda _=False, chosen=name: self.chosen.emit(chosen))
            self._group.addButton(button)
            self._buttons[name] = button
            box.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(1)
        self.show_tool("move")

    def show_tool(self, name: str) -> None:
        """Light the tool that is in hand now."""
        if name in self._buttons:
            self._buttons[name].setChecked(True)
