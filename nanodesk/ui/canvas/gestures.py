"""What mouse, wheel, trackpad and touch mean on the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import (
    QCursor,
    QGuiApplication,
    QInputDevice,
    QMouseEvent,
    QNativeGestureEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QWidget

from nanodesk.ui.canvas.hit_testing import Part, part_at
from nanodesk.ui.canvas.tools.divider import DividerTool
from nanodesk.ui.canvas.tools.hand import HandTool
from nanodesk.ui.canvas.tools.lasso import LassoTool
from nanodesk.ui.canvas.tools.mask_brush import MaskBrushTool
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

_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CONTROL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_HELD = _SHIFT | _CONTROL | _ALT | Qt.KeyboardModifier.MetaModifier


class Gestures:
    """Turns the widget's events into what the tools and the stage do.

    Attributes:
        tools: by name.
        tool: the one chosen.
        mask_brush: one of them, which has more to be chosen.
        chosen: called with the name when a key chooses another.
        space: whether the hand stands in for it, as long as the key is held.
    """

    def __init__(self, widget: QWidget, stage: CanvasStage, hovered: Callable[[Pointer | None], None]) -> None:
        self._widget = widget
        self._stage = stage
        self._hovered = hovered
        self.mask_brush = MaskBrushTool(stage)
        found: tuple[Tool, ...] = (
            MoveTool(stage),
            RectangleTool(stage),
            LassoTool(stage),
            self.mask_brush,
            PipetteTool(stage),
            HandTool(stage),
        )
        self.tools: dict[str, Tool] = {tool.name: tool for tool in found}
        self.tool: Tool = self.tools["move"]
        self.chosen: Callable[[str], None] = self.choose
        self._hand = HandTool(stage)
        self._divider = DividerTool(stage, stage.compare)
        self._grip: tuple[Tool, Qt.MouseButton] | None = None
        self.space = False
        self._angle = 0
        self._pressure = 1.0
        self._handlers: dict[QEvent.Type, Callable[[QEvent], bool]] = {
            QEvent.Type.MouseButtonPress: self._pressed,
            QEvent.Type.MouseButtonDblClick: self._pressed,
            QEvent.Type.MouseMove: self._moved,
            QEvent.Type.MouseButtonRelease: self._released,
            QEvent.Type.Leave: self._left,
            QEvent.Type.TabletPress: self._pen,
            QEvent.Type.TabletMove: self._pen,
            QEvent.Type.TabletRelease: self._pen,
            QEvent.Type.Wheel: self._wheeled,
            QEvent.Type.NativeGesture: self._native,
            QEvent.Type.Gesture: self._pinched,
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
    def gripped(self) -> bool:
        """Whether a button is down and some tool follows it."""
        return self._grip is not None

    @property
    def in_hand(self) -> Tool:
        """The tool that would answer now."""
        if self._grip is not None:
            return self._grip[0]
        return self._hand if self.space else self.tool

    def show_cursor(self, at: QPointF | None = None) -> None:
        """Show what a press would do here."""
        tool = self.in_hand
        if self._grip is None and not self.space and at is not None:
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
            tool = self._divider if over is Part.DIVIDER and not self.space else self.in_hand
        else:
            return False
        if self._stage.viewport.document.empty:
            return True
        self._grip = (tool, mouse.button())
        tool.press(self._pointer(mouse))
        self.show_cursor(at)
        return True

    def _moved(self, event: QEvent) -> bool:
        mouse = cast("QMouseEvent", event)
        pointer = self._pointer(mouse)
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
        tool.release(self._pointer(mouse))
        self.show_cursor(mouse.position())
        return True

    def _left(self, event: QEvent) -> bool:
        self.in_hand.hover(None)
        self._hovered(None)
        return False

    def _pen(self, event: QEvent) -> bool:
        """Remember how hard the pen is pressed; Qt sends the same again as the mouse's when nobody takes this."""
        pen = cast("QTabletEvent", event)
        self._pressure = 1.0 if event.type() == QEvent.Type.TabletRelease else pen.pressure() or 1.0
        event.ignore()
        return False

    def _pointer(self, mouse: QMouseEvent) -> Pointer:
        at, held = mouse.position(), mouse.modifiers()
        shift, control = bool(held & _SHIFT), bool(held & _CONTROL)
        return Pointer(at.x(), at.y(), shift=shift, control=control, pressure=self._pressure)

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
