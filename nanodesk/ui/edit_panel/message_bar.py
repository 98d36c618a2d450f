"""What went wrong, next to where it went wrong; stays until it is put away or the next run starts."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from nanodesk.ui import icons, theme
from nanodesk.ui.history_panel.words import plain
from nanodesk.ui.references.flat_button import FlatButton, tidy
from nanodesk.ui.references.marks import faded
from nanodesk.ui.references.wrapped_label import WrappedLabel


class MessageBar(QWidget):
    """One plain sentence with a way to put it away."""

    def __init__(self) -> None:
        super().__init__()
        self.words = WrappedLabel(role="strip")
        self.dismiss = FlatButton(icon="x").look("strip", ink="dim")
        tidy(self.dismiss, "Dismiss the message")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        box = QHBoxLayout(self)
        box.setContentsMargins(34, 6, 4, 6)
        box.setSpacing(4)
        box.addWidget(self.words, 1, Qt.AlignmentFlag.AlignVCenter)
        box.addWidget(self.dismiss, 0, Qt.AlignmentFlag.AlignTop)
        self.dismiss.clicked.connect(self.clear)
        self.setVisible(False)

    @property
    def text(self) -> str:
        """The sentence shown; empty when there is none."""
        return "" if self.isHidden() else self.words.text

    def say(self, sentence: str) -> None:
        """Show a sentence."""
        self.words.write(plain(sentence))
        self.setVisible(bool(sentence))

    def clear(self) -> None:
        """Show nothing."""
        self.words.write("")
        self.setVisible(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faded(theme.colours().attention, 0.14))
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        icon = icons.pixmap("triangle-alert", "attention", 16, self.devicePixelRatioF())
        painter.drawPixmap(QRect(10, 10, 16, 16), icon)
        painter.end()
