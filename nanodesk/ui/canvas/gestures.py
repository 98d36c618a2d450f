"""What mouse, wheel, trackpad, touch and keys mean on the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import (
    QCursor,
    QGuiApplication,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QWidget

from nanodesk.ui.canvas.hit_testing import Part, part_at
from nanodesk.ui.canvas.tools.divider import DividerTool
from nanodesk.ui.canvas.tools.hand import HandTool
from nanodesk.ui.canvas.tools.lasso import LassoTool
from nanodesk.ui.canvas.tools.move import MoveTool
from nanodesk.ui.canvas.tools.pipette import PipetteTool
from nanodesk.ui.canvas.tools.rectangle import RectangleTool
from nanodesk.ui.canvas.tools.tool import Pointer

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPoint

    from nanodesk.ui.canvas.stage import CanvasStage
    from nanodesk.ui.canvas.tools.tool import Tool

NOTCH_ANGLE = 120
"""What Qt counts for one notch of a wheel, in eighths of a degree."""

SCROLL_STEP = 56.0
"""Logical pixels that a wheel notch or an arrow key pans."""

TRACKPAD_ZOOM = 0.005
"""Natural logarithm of the zoom for each pixel that two fingers move with Ctrl held."""

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
}
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_COMPARE = {Qt.Key.Key_Backslash, Qt.Key.Key_Y}


class Gestures:
    """Turns the widget's events into what the tools and the stage do.

    Attributes:
        tools: by name.
        tool: the one in hand.
    """

    def __init__(self, widget: QWidget, stage: CanvasStage, hovered: Callable[[Pointer | None], None]) -> None:
        self._widget = widget
        self._stage = stage
        self._hovered = hovered
        found: tuple[Tool, ...] = (
            MoveTool(stage),
            RectangleTool(stage),
            LassoTool(stage),
            PipetteTool(stage),
            HandTool(stage),
        )
        self.tools: dict[str, Tool] = {tool.name: tool for tool in found}
        self.tool: Tool = self.tools["move"]
        self.chosen: Callable[[str], None] = self.choose
        self._hand = HandTool(stage)
        self._divider = DividerTool(stage, stage.compare)
        self._grip: tuple[Tool, Qt.MouseButton] | None = None
        self._space = False
        self._angle = 0
        self._handlers: dict[QEvent.Type, Callable[[QEvent], bool]] = {
            QEvent.Type.MouseButtonPress: self._pressed,
            QEvent.Type.MouseButtonDblClick: self._pressed,
            QEvent.Type.MouseMove: self._moved,
            QEvent.Type.MouseButtonRelease: self._released,
            QEvent.Type.Leave: self._left,
            QEvent.Type.Wheel: self._wheeled,
            QEvent.Type.NativeGesture: self._native,
            QEvent.Type.Gesture: self._pinched,
            QEvent.Type.ShortcutOverride: self._claimed,
            QEvent.Type.KeyPress: self._key_pressed,
            QEvent.Type.KeyRelease: self._key_released,
            QEvent.Type.FocusOut: self._let_go,
        }
        widget.setMouseTracking(True)
        widget.grabGesture(Qt.GestureType.PinchGesture)
        self.show_cursor()

    def handle(self, event: QEvent) -> bool:
        """Act on an event; whether it was meant for the canvas."""
        handler = self._handlers.get(event.type())
        return handler is not None and handler(event)

    def choose(self, name: str) -> None:
        """Take another tool in hand."""
        if name in self.tools and self.tools[name] is not self.tool:
            self.cancel()
            self.tool.hover(None)
            self.tool = self.tools[name]
            self.show_cursor()

    def cancel(self) -> bool:
        """Take back what a drag has begun; whether there was anything."""
        if self._grip is None:
            return False
        tool, self._grip = self._grip[0], None
        tool.cancel()
        self.show_cursor()
        return True

    @property
    def in_hand(self) -> Tool:
        """The tool that would answer now."""
        if self._grip is not None:
            return self._grip[0]
        return self._hand if self._space else self.tool

    def show_cursor(self, at: QPointF | None = None) -> None:
        """Show what a press would do here."""
        tool = self.in_hand
        if self._grip is None and not self._space and at is not None:
            over = part_at(self._stage.viewport, self._stage.compare, at.x(), at.y())
            tool = self._divider if over is Part.DIVIDER else tool
        cursor = QCursor(Qt.CursorShape.ArrowCursor) if self._stage.viewport.document.empty else tool.cursor()
        if cursor.shape() != self._widget.cursor().shape():
            self._widget.setCursor(cursor)

    # Mouse

    def _pressed(self, event: QEvent) -> bool:
        mouse = cast("QMouseEvent", event)
        at = mouse.position()
        if self._grip is not None:
            return True
        if mouse.button() == Qt.MouseButton.MiddleButton:
            tool: Tool = self._hand
        elif mouse.button() == Qt.MouseButton.LeftButton:
            over = part_at(self._stage.viewport, self._stage.compare, at.x(), at.y())
            tool = self._divider if over is Part.DIVIDER and not self._space else self.in_hand
        else:
            return False
        if self._stage.viewport.document.empty:
            return True
        self._grip = (tool, mouse.button())
        tool.press(_pointer(mouse))
        self.show_cursor(at)
        return True

    def _moved(self, event: QEvent) -> bool:
        mouse = cast("QMouseEvent", event)
        pointer = _pointer(mouse)
        if self._grip is not None:
            self._grip[0].drag(pointer)
        else:
            self.in_hand.hover(pointer)
            self.show_cursor(mouse.position())
        self._hovered(pointer)
        return True

    def _released(self, event: QEvent) -> bool:
        mouse = cast("QMouseEvent", event)
        if self._grip is None or mouse.button() != self._grip[1]:
            return False
        tool, self._grip = self._grip[0], None
        tool.release(_pointer(mouse))
        self.show_cursor(mouse.position())
        return True

    def _left(self, event: QEvent) -> bool:
        self.in_hand.hover(None)
        self._hovered(None)
        return False

    # Wheel, trackpad, touch

    def _wheeled(self, event: QEvent) -> bool:
        wheel = cast("QWheelEvent", event)
        held, at = wheel.modifiers() & _HELD, wheel.position()
        event.accept()
        if self._stage.viewport.document.empty:
            return True
        if is_trackpad(wheel):
            by = _fingers(wheel)
            if held & _CONTROL:
                self._zoom_by(2.718281828 ** (by.y() * TRACKPAD_ZOOM), at)
            else:
                self._stage.pan(by.x(), by.y())
        elif held == _SHIFT or (wheel.angleDelta().y() == 0 and wheel.angleDelta().x() != 0):
            angle = wheel.angleDelta().y() or wheel.angleDelta().x()
            self._stage.pan(angle / NOTCH_ANGLE * SCROLL_STEP, 0.0)
        else:
            self._turn(wheel.angleDelta().y(), at)
        self._hovered(Pointer(at.x(), at.y()))
        return True

    def _turn(self, angle: int, at: QPointF) -> None:
        # Fine wheels send parts of a notch; a turn the other way starts anew.
        self._angle = angle if self._angle * angle < 0 else self._angle + angle
        notches = int(self._angle / NOTCH_ANGLE)
        if notches:
            self._angle -= notches * NOTCH_ANGLE
            self._stage.viewport = self._stage.viewport.stepped(notches, at.x(), at.y())

    def _zoom_by(self, factor: float, at: QPointF) -> None:
        viewport = self._stage.viewport
        self._stage.viewport = viewport.zoomed(viewport.zoom * factor, at.x(), at.y())

    def _native(self, event: QEvent) -> bool:
        gesture = cast("QNativeGestureEvent", event)
        if self._stage.viewport.document.empty:
            return False
        if gesture.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self._zoom_by(max(0.1, 1.0 + gesture.value()), gesture.position())
        elif gesture.gestureType() == Qt.NativeGestureType.SmartZoomNativeGesture:
            viewport, at = self._stage.viewport, gesture.position()
            self._stage.viewport = viewport.zoomed(1.0, at.x(), at.y()) if viewport.fitted else viewport.fit()
        else:
            return False
        event.accept()
        return True

    def _pinched(self, event: QEvent) -> bool:
        gesture = cast("QGestureEvent", event).gesture(Qt.GestureType.PinchGesture)
        if not isinstance(gesture, QPinchGesture) or self._stage.viewport.document.empty:
            return False
        at = QPointF(self._widget.mapFromGlobal(gesture.hotSpot()))
        if gesture.changeFlags() & QPinchGesture.ChangeFlag.CenterPointChanged:
            by = gesture.centerPoint() - gesture.lastCenterPoint()
            self._stage.pan(by.x(), by.y())
        if gesture.changeFlags() & QPinchGesture.ChangeFlag.ScaleFactorChanged and gesture.scaleFactor() > 0:
            self._zoom_by(gesture.scaleFactor(), at)
        event.accept()
        return True

    # Keys

    def _claimed(self, event: QEvent) -> bool:
        """Keys without Ctrl are the canvas's own while it has the focus, whatever shortcut the window has on them."""
        key = cast("QKeyEvent", event)
        held = key.modifiers() & _HELD
        single = held == _NO_KEYS and (key.key() in _LETTERS or key.key() in _COMPARE or key.key() == Qt.Key.Key_Space)
        if single or key.key() in _ARROWS or (key.key() == Qt.Key.Key_Escape and self._grip is not None):
            event.accept()
            return True
        return False

    def _key_pressed(self, event: QEvent) -> bool:
        key = cast("QKeyEvent", event)
        held = key.modifiers() & _HELD
        done = self._held_key(key, held) or self._key(key, held) or self._zoom_key(key, held)
        if done:
            event.accept()
        return done

    def _held_key(self, key: QKeyEvent, held: Qt.KeyboardModifier) -> bool:
        if held != _NO_KEYS:
            return False
        if key.key() == Qt.Key.Key_Space:
            if not key.isAutoRepeat() and self._grip is None:
                self._space = True
                self.show_cursor()
            return True
        if key.key() in _COMPARE or key.text() == "\\":
            if not key.isAutoRepeat() and not self._stage.viewport.document.empty:
                self._stage.compare.hold(True)
            return True
        return False

    def _key(self, key: QKeyEvent, held: Qt.KeyboardModifier) -> bool:
        code = Qt.Key(key.key())
        if code == Qt.Key.Key_Escape and held == _NO_KEYS:
            return self.cancel()
        if code in _ARROWS:
            return self._arrow(*_ARROWS[code], held)
        if code in _LETTERS and held == _NO_KEYS:
            self.chosen(_LETTERS[code])
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
        if not self.in_hand.nudge(x * far, y * far):
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
        if key.key() == Qt.Key.Key_Space and self._space:
            self._space = False
            self.show_cursor()
            return True
        if key.key() in _COMPARE or key.text() == "\\":
            self._stage.compare.hold(False)
            return True
        return False

    def _let_go(self, event: QEvent) -> bool:
        """Without the focus no release of a held key would be told."""
        self._space = False
        self._stage.compare.hold(False)
        self.show_cursor()
        return False


def _pointer(mouse: QMouseEvent) -> Pointer:
    at, held = mouse.position(), mouse.modifiers()
    return Pointer(at.x(), at.y(), shift=bool(held & _SHIFT), control=bool(held & _CONTROL))


def is_trackpad(wheel: QWheelEvent) -> bool:
    """Whether fingers scroll, and not a wheel."""
    if wheel.phase() != Qt.ScrollPhase.NoScrollPhase:
        return True
    device = wheel.device()
    if device.type() == QInputDevice.DeviceType.TouchPad:
        return True
    # On X11 a mouse wheel too may come with pixels, depending on the driver.
    return not wheel.pixelDelta().isNull() and QGuiApplication.platformName() != "xcb"


def _fingers(wheel: QWheelEvent) -> QPointF:
    pixels: QPoint = wheel.pixelDelta()
    if not pixels.isNull() and QGuiApplication.platformName() != "xcb":
        return QPointF(pixels)
    return QPointF(wheel.angleDelta()) * (SCROLL_STEP / NOTCH_ANGLE)
