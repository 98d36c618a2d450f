"""What keys mean on the canvas while it has the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, Qt

from nanodesk.ui.canvas.brush_keys import BrushKeys
from nanodesk.ui.canvas.gestures import SCROLL_STEP

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from nanodesk.ui.canvas.gestures import Gestures
    from nanodesk.ui.canvas.stage import CanvasStage

_NO_KEYS = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CONTROL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_HELD = _SHIFT | _CONTROL | _ALT | Qt.KeyboardModifier.MetaModifier

_LETTERS = {
    Qt.Key.Key_V: "move",
    Qt.Key.Key_M: "rectangle",
    Qt.Key.Key_L: "lasso",
    Qt.Key.Key_H: "hand",
    Qt.Key.Key_I: "pipette",
    Qt.Key.Key_B: "mask-brush",
}
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_COMPARE = {Qt.Key.Key_Backslash, Qt.Key.Key_Y}


class Keys:
    """Single letters choose tools, arrows nudge or pan; Space and the compare keys act as long as they are held."""

    def __init__(self, stage: CanvasStage, gestures: Gestures) -> None:
        self._stage = stage
        self._gestures = gestures
        self._brush_keys = BrushKeys(gestures)
        self._handlers: dict[QEvent.Type, Callable[[QEvent], bool]] = {
            QEvent.Type.ShortcutOverride: self._claimed,
            QEvent.Type.KeyPress: self._key_pressed,
            QEvent.Type.KeyRelease: self._key_released,
            QEvent.Type.FocusOut: self._let_go,
        }

    def handle(self, event: QEvent) -> bool:
        """Act on an event; whether it was meant for the canvas."""
        handler = self._handlers.get(event.type())
        return handler is not None and handler(event)

    def _claimed(self, event: QEvent) -> bool:
        """Keys without Ctrl are the canvas's own while it has the focus, whatever shortcut the window has on them."""
        key = cast("QKeyEvent", event)
        held = key.modifiers() & _HELD
        if self._brush_keys.claims(key, held):
            event.accept()
            return True
        single = held == _NO_KEYS and (key.key() in _LETTERS or key.key() in _COMPARE or key.key() == Qt.Key.Key_Space)
        if single or key.key() in _ARROWS or (key.key() == Qt.Key.Key_Escape and self._gestures.gripped):
            event.accept()
            return True
        return False

    def _key_pressed(self, event: QEvent) -> bool:
        key = cast("QKeyEvent", event)
        held = key.modifiers() & _HELD
        done = (
            self._brush_keys.press(key, held)
            or self._held_key(key, held)
            or self._key(key, held)
            or self._zoom_key(key, held)
        )
        if done:
            event.accept()
        return done

    def _held_key(self, key: QKeyEvent, held: Qt.KeyboardModifier) -> bool:
        if held != _NO_KEYS:
            return False
        if key.key() == Qt.Key.Key_Space:
            if not key.isAutoRepeat() and not self._gestures.gripped:
                self._gestures.space = True
                self._gestures.show_cursor()
            return True
        if key.key() in _COMPARE or key.text() == "\\":
            if not key.isAutoRepeat() and not self._stage.viewport.document.empty:
                self._stage.compare.hold(True)
            return True
        return False

    def _key(self, key: QKeyEvent, held: Qt.KeyboardModifier) -> bool:
        code = Qt.Key(key.key())
        if code == Qt.Key.Key_Escape and held == _NO_KEYS:
            return self._gestures.cancel()
        if code in _ARROWS:
            return self._arrow(*_ARROWS[code], held)
        if code in _LETTERS and held == _NO_KEYS:
            self._gestures.chosen(_LETTERS[code])
            return True
        if code == Qt.Key.Key_Y and held == _SHIFT:
            self._stage.compare.toggle_split()
            return True
        return False

    def _arrow(self, x: int, y: int, held: Qt.KeyboardModifier) -> bool:
        if held == _ALT and x and self._stage.compare.before_is_beside:
            self._stage.compare.move_to(self._stage.compare.position + 0.02 * x)
            return True
        if held not in (_NO_KEYS, _SHIFT) or self._stage.viewport.document.empty:
            return False
        far = 10 if held == _SHIFT else 1
        if not self._gestures.in_hand.nudge(x * far, y * far):
            step = SCROLL_STEP * (4 if far > 1 else 1)
            self._stage.pan(-x * step, -y * step)
        return True

    def _zoom_key(self, key: QKeyEvent, held: Qt.KeyboardModifier) -> bool:
        viewport = self._stage.viewport
        if viewport.document.empty or held & _ALT:
            return False
        code, control = key.key(), bool(held & _CONTROL)
        if code in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_ZoomIn):
            self._stage.viewport = viewport.stepped(1, *viewport.centre)
        elif code in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore, Qt.Key.Key_ZoomOut):
            self._stage.viewport = viewport.stepped(-1, *viewport.centre)
        elif (code == Qt.Key.Key_0 and control) or (code in (Qt.Key.Key_1, Qt.Key.Key_Exclam) and held == _SHIFT):
            self._stage.viewport = viewport.fit()
        elif (code == Qt.Key.Key_1 and control) or (code in (Qt.Key.Key_0, Qt.Key.Key_ParenRight) and held == _SHIFT):
            self._stage.viewport = viewport.zoomed(1.0, *viewport.centre)
        else:
            return False
        return True

    def _key_released(self, event: QEvent) -> bool:
        key = cast("QKeyEvent", event)
        if key.isAutoRepeat():
            return False
        if key.key() == Qt.Key.Key_Space and self._gestures.space:
            self._gestures.space = False
            self._gestures.show_cursor()
            return True
        if key.key() in _COMPARE or key.text() == "\\":
            self._stage.compare.hold(False)
            return True
        return False

    def _let_go(self, event: QEvent) -> bool:
        """Without the focus no release of a held key would be told."""
        self._gestures.space = False
        self._stage.compare.hold(False)
        self._gestures.show_cursor()
        return False
