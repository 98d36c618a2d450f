"""The mask brush's own keys, while it is in hand and the canvas has the keyboard."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from nanodesk.ui.canvas.tools.mask_brush import MaskBrushTool

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from nanodesk.ui.canvas.gestures import Gestures

STEP = 1.2
"""What a bracket makes the brush larger by, as a factor; at least one pixel."""

_DIGITS = {Qt.Key(Qt.Key.Key_0.value + digit): (digit or 10) / 10 for digit in range(10)}
_SMALLER = {Qt.Key.Key_BracketLeft, Qt.Key.Key_BraceLeft}
_LARGER = {Qt.Key.Key_BracketRight, Qt.Key.Key_BraceRight}
_TURN = {Qt.Key.Key_X, Qt.Key.Key_E}
_PLAIN = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class BrushKeys:
    """Brackets for size and hardness, digits for opacity, X or E to turn from showing to hiding, O for the tint."""

    def __init__(self, gestures: Gestures) -> None:
        self._gestures = gestures

    def _tool(self) -> MaskBrushTool | None:
        tool = self._gestures.tool
        return tool if isinstance(tool, MaskBrushTool) else None

    def claims(self, key: QKeyEvent, held: Qt.KeyboardModifier) -> bool:
        """Whether a key is the brush's now, whatever shortcut the window has on it."""
        if self._tool() is None or held not in (_PLAIN, _SHIFT):
            return False
        code = Qt.Key(key.key())
        if code in _SMALLER | _LARGER:
            return True
        return held == _PLAIN and (code in _DIGITS or code in _TURN or code == Qt.Key.Key_O)

    def press(self, key: QKeyEvent, held: Qt.KeyboardModifier) -> bool:
        """Act on a key; whether it was the brush's."""
        tool = self._tool()
        if tool is None or not self.claims(key, held):
            return False
        brush, code = tool.brush, Qt.Key(key.key())
        if code in _SMALLER | _LARGER:
            larger = code in _LARGER
            if held == _SHIFT:
                tool.set_brush(replace(brush, hardness=brush.hardness + (0.1 if larger else -0.1)))
            else:
                size = max(brush.size + 1, brush.size * STEP) if larger else min(brush.size - 1, brush.size / STEP)
                tool.set_brush(replace(brush, size=round(size)))
        elif code in _DIGITS:
            tool.set_brush(replace(brush, opacity=_DIGITS[code]))
        elif code in _TURN:
            tool.set_brush(replace(brush, erase=not brush.erase))
        else:
            tool.show_overlay(not tool.overlay)
        return True
