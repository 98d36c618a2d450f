"""The check box of the dialogs: the panels' check with words beside it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox

from nanodesk.ui import theme
from nanodesk.ui.references.marks import draw_check

CHECK, GAP, HEIGHT = 16, 8, 28


class CheckBox(QCheckBox):
    """On or off; the whole of it can be pressed."""

    def sizeHint(self) -> QSize:
        return QSize(CHECK + GAP + self.fontMetrics().horizontalAdvance(self.text()) + 6, HEIGHT)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        box = QRect(3, (self.height() - CHECK) // 2, CHECK, CHECK)
        draw_check(painter, box, checked=self.isChecked(), hovered=self.underMouse(), focused=self.hasFocus())
        painter.setPen(theme.colours().text if self.isEnabled() else theme.colours().dim)
        words = self.rect().adjusted(box.right() + GAP, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
