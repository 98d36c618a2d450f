"""Where the next edit is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from nanodesk.ui import theme
from nanodesk.ui.edit_panel.instruction_field import InstructionField
from nanodesk.ui.references.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from nanodesk.ui.edit_panel.nameable import Nameable

HINT = "@ layer · ⏎ add · Ctrl ⏎ run"
HINTS = (HINT, "⏎ add · Ctrl ⏎ run")
"""The longest that fits is shown."""
PLACEHOLDER = "Describe an edit…"


class InputBox(QWidget):
    """A dashed box with the field; what is written stays until it is an edit.

    Signals:
        submitted: Enter, with a sentence in the box; or Ctrl+Enter (run), with or without one.
        went_up: Up in the empty box.
    """

    submitted = Signal(bool)
    went_up = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.field = InstructionField(3, self)
        self.field.setAccessibleName("Describe an edit")
        self.field.submitted.connect(self._submitted)
        self.field.went_up.connect(self._up)
        self.field.textChanged.connect(self._written)
        self._sends = False
        self.field.installEventFilter(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.sent_along = WrappedLabel(role="secondary", ink="dim")
        self.sent_along.setVisible(False)
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 7, 10, 7)
        box.setSpacing(2)
        box.addWidget(self.field)
        box.addWidget(self.sent_along)

    def show_names(self, nameable: Nameable, *, sends: bool) -> None:
        """Offer and mark these names, and say what is sent along where anything leaves this computer."""
        self._sends = sends
        self.field.naming.show_names(nameable)
        self._written()

    def _written(self) -> None:
        along = self.field.naming.nameable.sent_along(self.field.toPlainText()) if self._sends else ""
        self.sent_along.write(along)
        self.sent_along.setVisible(bool(along))
        self.update()

    def _submitted(self, run: bool) -> None:
        if run or self.field.sentence:
            self.submitted.emit(run)

    def _up(self) -> None:
        if not self.field.toPlainText():
            self.went_up.emit()

    def clear(self) -> None:
        """Empty the field, now that its sentence is an edit; the field's own undo still brings it back."""
        cursor = self.field.textCursor()
        cursor.select(cursor.SelectionType.Document)
        cursor.removeSelectedText()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.field.setFocus(Qt.FocusReason.MouseFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self.field.hasFocus()
        pen = QPen(colours.accent if focused else colours.dim, 1)
        if not focused:
            pen.setDashPattern([4, 3])
            painter.setOpacity(0.6)
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.setOpacity(1.0)
        if not self.field.toPlainText():
            self._hints(painter)
        painter.end()

    def _hints(self, painter: QPainter) -> None:
        colours = theme.colours()
        painter.setPen(colours.dim)
        room = QRect(self.field.geometry()).adjusted(1, 0, 0, 0)
        painter.setFont(theme.font("body"))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, PLACEHOLDER)
        taken = QFontMetrics(painter.font()).horizontalAdvance(PLACEHOLDER)
        painter.setFont(theme.font("secondary"))
        metrics = QFontMetrics(painter.font())
        left = room.width() - taken - 12
        hint = next((one for one in HINTS if metrics.horizontalAdvance(one) <= left), "")
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, hint)
