"""A small field for a whole number with its unit: typed, turned by the wheel, or stepped by the arrow keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit

from nanodesk.ui import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent

_NUMBER = re.compile(r"-?\d+")


class NumberField(QLineEdit):
    """Shows a number within bounds.

    Signals:
        valueChanged: the number is another.
    """

    valueChanged = Signal(int)

    def __init__(self, name: str, least: int, most: int, unit: str) -> None:
        super().__init__()
        self._least, self._most, self._unit = least, most, unit
        self._value = least
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFont(theme.font("strip"))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.narrow(False)
        self.editingFinished.connect(self._typed)
        self._show()

    def narrow(self, on: bool) -> None:
        """Take as little room as the largest number needs, or a little more."""
        self.setFixedWidth((76 if self._most > 999 else 64) - (6 if on else 0))

    def value(self) -> int:
        """The number."""
        return self._value

    def setValue(self, value: int) -> None:
        """Show a number, or the nearest within bounds."""
        value = max(self._least, min(self._most, value))
        changed = value != self._value
        self._value = value
        self._show()
        if changed:
            self.valueChanged.emit(value)

    def _show(self) -> None:
        self.setText(f"{self._value}{self._unit}")

    def _typed(self) -> None:
        found = _NUMBER.search(self.text())
        self.setValue(int(found[0][:9]) if found else self._value)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self._typed()
        self.setValue(self._value + step)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.setValue(self._value + (1 if event.angleDelta().y() > 0 else -1))
        event.accept()
