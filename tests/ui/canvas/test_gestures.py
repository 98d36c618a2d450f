import asyncio

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAccessible, QFocusEvent, QKeyEvent, QNativeGestureEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from nanodesk.document.geometry import Point
from nanodesk.ui.canvas.viewport import NOTCH
from tests.ui.canvas.fakes import FakeProject

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


def key(driver, code, held=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(driver.canvas, code, held)


def shape(driver):
    return driver.canvas.cursor().shape()


async def test_wheel_zooms_and_keeps_the_place_under_the_cursor(qloop, opened, photo):
    driver = opened(photo)
    for place in ((250, 200), (500, 420)):
        for notches in (1, 1, 1, -2):
            view = driver.canvas.viewport
            before = view.to_document(*place)
            driver.wheel(*place, notches=notches)
            after = driver.canvas.viewport
            assert after.zoom != view.zoom
            assert after.to_widget(*before) == pytest.approx(place, abs=1.5)
    await driver.quiet()


async def test_parts_of_a_notch_add_up(qloop, opened, photo):
    driver = opened(photo)
    driver.canvas.zoom_to(0.6)
    for _ in range(3):
        driver.wheel(400, 300, notches=0.25)
    assert driver.canvas.viewport.zoom == 0.6
    driver.wheel(400, 300, notches=0.25)
    assert driver.canvas.viewport.zoom == pytest.approx(0.6 * NOTCH)
    await driver.quiet()


async def test_control_wheel_zooms_too(qloop, opened, photo):
    driver = opened(photo)
    driver.canvas.zoom_to(3.0)
    driver.wheel(400, 300, notches=1, keys=CTRL)
    assert driver.canvas.viewport.zoom == pytest.approx(3 * NOTCH)
    await driver.quiet()


async def test_two_fingers_scroll_and_with_control_zoom(qloop, opened, photo):
    driver = opened(photo)
    driver.canvas.zoom_to(2.0)
    view = driver.canvas.viewport
    driver.wheel(400, 300, pixels=(-30, 17), phase=Qt.ScrollPhase.ScrollUpdate)
    moved = driver.canvas.viewport
    assert (moved.zoom, moved.x, moved.y) == (view.zoom, view.x - 30, view.y + 17)
    driver.wheel(400, 300, pixels=(0, 40), phase=Qt.ScrollPhase.ScrollUpdate, keys=CTRL)
    assert 2.0 < driver.canvas.viewport.zoom < 3.0
    await driver.quiet()


async def test_shift_wheel_moves_sideways(qloop, opened, photo):
    driver = opened(photo)
    driver.canvas.zoom_to(2.0)
    view = driver.canvas.viewport
    driver.wheel(400, 300, notches=-1, keys=SHIFT)
    assert driver.canvas.viewport.x < view.x
    assert driver.canvas.viewport.y == view.y
    await driver.quiet()


async def test_pinching_zooms_about_the_fingers(qloop, opened, photo):
    driver = opened(photo)
    view = driver.canvas.viewport
    before = view.to_document(300, 250)
    at = QPointF(300, 250)
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture, QPointingDevice.primaryPointingDevice(), 2, at, at, at, 0.3, QPointF()
    )
    QApplication.sendEvent(driver.canvas, event)
    assert driver.canvas.viewport.zoom == pytest.approx(view.zoom * 1.3)
    assert driver.canvas.viewport.to_widget(*before) == pytest.approx((300, 250), abs=1.5)
    await driver.quiet()


async def test_space_and_a_drag_pan_with_any_tool(qloop, opened, photo):
    driver = opened(photo)
    driver.canvas.set_tool("rectangle")
    driver.canvas.zoom_to(1.0)
    view = driver.canvas.viewport
    QTest.keyPress(driver.canvas, Qt.Key.Key_Space)
    assert shape(driver) == Qt.CursorShape.OpenHandCursor
    driver.press(300, 300)
    assert shape(driver) == Qt.CursorShape.ClosedHandCursor
    driver.move(350, 280)
    driver.release(350, 280)
    QTest.keyRelease(driver.canvas, Qt.Key.Key_Space)
    assert (driver.canvas.viewport.x, driver.canvas.viewport.y) == (view.x + 50, view.y - 20)
    assert shape(driver) == Qt.CursorShape.CrossCursor
    assert photo.editor.state.selection is None
    await driver.quiet()


async def test_losing_the_focus_ends_what_keys_hold(qloop, opened, photo):
    driver = opened(photo)
    QTest.keyPress(driver.canvas, Qt.Key.Key_Space)
    QApplication.sendEvent(driver.canvas, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason))
    driver.canvas.set_tool("lasso")
    driver.move(300, 300)
    assert shape(driver) == Qt.CursorShape.CrossCursor
    await driver.quiet()


async def test_the_middle_button_pans(qloop, opened, photo):
    driver = opened(photo)
    driver.canvas.zoom_to(1.0)
    view = driver.canvas.viewport
    driver.drag((300, 300), (310, 330), button=Qt.MouseButton.MiddleButton)
    assert (driver.canvas.viewport.x, driver.canvas.viewport.y) == (view.x + 10, view.y + 30)
    await driver.quiet()


async def test_the_hand_pans_and_shows_itself(qloop, opened, photo):
    driver = opened(photo)
    driver.canvas.zoom_to(1.0)
    key(driver, Qt.Key.Key_H)
    assert shape(driver) == Qt.CursorShape.OpenHandCursor
    view = driver.canvas.viewport
    driver.drag((300, 300), (280, 300))
    assert driver.canvas.viewport.x == view.x - 20
    await driver.quiet()


async def test_letters_choose_tools_and_tell(qloop, opened, photo, qtbot):
    driver = opened(photo)
    told: list[str] = []
    driver.canvas.tool_changed.connect(told.append)
    for code in (Qt.Key.Key_M, Qt.Key.Key_L, Qt.Key.Key_I, Qt.Key.Key_H, Qt.Key.Key_V):
        key(driver, code)
    assert told == ["rectangle", "lasso", "pipette", "hand", "move"]
    key(driver, Qt.Key.Key_M, CTRL)
    assert driver.canvas.tool == "move"
    await driver.quiet()


async def test_letters_are_claimed_before_any_shortcut_of_the_window(qloop, opened, photo):
    driver = opened(photo)
    for code, held, claimed in (
        (Qt.Key.Key_V, Qt.KeyboardModifier.NoModifier, True),
        (Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, True),
        (Qt.Key.Key_V, CTRL, False),
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier, False),
    ):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, code, held)
        event.ignore()
        QApplication.sendEvent(driver.canvas, event)
        assert event.isAccepted() == claimed, code
    await driver.quiet()


@pytest.mark.parametrize(("code", "held"), [(Qt.Key.Key_0, CTRL), (Qt.Key.Key_Exclam, SHIFT), (Qt.Key.Key_1, SHIFT)])
async def test_keys_for_fit(qloop, opened, photo, code, held):
    driver = opened(photo)
    driver.canvas.zoom_to(3.0)
    key(driver, code, held)
    assert driver.canvas.viewport.fitted
    await driver.quiet()


@pytest.mark.parametrize(
    ("code", "held"), [(Qt.Key.Key_1, CTRL), (Qt.Key.Key_ParenRight, SHIFT), (Qt.Key.Key_0, SHIFT)]
)
async def test_keys_for_hundred_percent(qloop, opened, photo, code, held):
    driver = opened(photo)
    told: list[float] = []
    driver.canvas.viewport_changed.connect(told.append)
    key(driver, code, held)
    assert told == [1.0]
    await driver.quiet()


async def test_plus_and_minus_step(qloop, opened, photo):
    driver = opened(photo)
    driver.canvas.zoom_to(1.0)
    key(driver, Qt.Key.Key_Plus, CTRL)
    assert driver.canvas.viewport.zoom == pytest.approx(NOTCH)
    key(driver, Qt.Key.Key_Minus)
    assert driver.canvas.viewport.zoom == pytest.approx(1.0)
    await driver.quiet()


async def test_arrow_keys_pan_where_the_tool_has_no_use_for_them(qloop, opened, photo):
    driver = opened(photo)
    driver.canvas.set_tool("hand")
    driver.canvas.zoom_to(4.0)
    view = driver.canvas.viewport
    key(driver, Qt.Key.Key_Right)
    assert driver.canvas.viewport.x < view.x
    assert photo.labels()[-1] == "Add blue"
    await driver.quiet()


async def test_fit_follows_the_window_until_zoomed(qloop, opened, photo):
    driver = opened(photo)
    first = driver.canvas.viewport.zoom
    driver.canvas.resize(500, 400)
    await asyncio.sleep(0.01)
    assert driver.canvas.viewport.zoom < first
    driver.canvas.zoom_to(1.0)
    driver.canvas.resize(700, 500)
    await asyncio.sleep(0.01)
    assert driver.canvas.viewport.zoom == 1.0
    await driver.quiet()


async def test_hovering_tells_pixel_and_colour(qloop, opened, photo):
    driver = opened(photo)
    driver.canvas.zoom_to(1.0)
    await driver.quiet()
    told: list[object] = []
    driver.canvas.hovered.connect(lambda pixel, colour: told.append((pixel, colour)))
    x, y = driver.canvas.viewport.to_widget(900.5, 700.5)
    driver.move(x, y)
    assert told == [(Point(900, 700), (220, 30, 30, 255))]
    QApplication.sendEvent(driver.canvas, QEvent(QEvent.Type.Leave))
    assert told[1:] == [(None, None)]


async def test_beside_the_document_there_is_no_pixel(qloop, opened, photo):
    driver = opened(photo)
    told: list[object] = []
    driver.canvas.hovered.connect(lambda pixel, colour: told.append((pixel, colour)))
    driver.move(2, 2)
    assert told == [(None, None)]
    await driver.quiet()


async def test_another_button_does_not_end_a_drag(qloop, opened, photo):
    driver = opened(photo)
    driver.canvas.set_tool("rectangle")
    driver.press(300, 250)
    driver.move(350, 300)
    driver.press(350, 300, button=Qt.MouseButton.RightButton)
    driver.release(350, 300, button=Qt.MouseButton.RightButton)
    assert photo.editor.state.selection is None
    driver.button = Qt.MouseButton.LeftButton
    driver.release(350, 300)
    assert photo.editor.state.selection is not None
    await driver.quiet()


async def test_the_canvas_is_announced_as_a_picture_with_words(qloop, opened, photo):
    driver = opened(photo)
    found = QAccessible.queryAccessibleInterface(driver.canvas)
    assert found.role() == QAccessible.Role.Graphic
    assert found.text(QAccessible.Text.Name) == "Canvas"
    words = found.text(QAccessible.Text.Description)
    assert words.startswith("Café poster, 1600 × 1200 pixels, 2 layers, shown at ")
    photo.name = "Spring menu"
    photo.status_changed.emit()
    assert driver.canvas.accessibleDescription().startswith("Spring menu, ")
    await driver.quiet()


async def test_an_empty_canvas_ignores_mouse_and_wheel(qloop, opened):
    driver = opened(FakeProject())
    zoom = driver.canvas.viewport.zoom
    driver.wheel(100, 100, notches=3)
    driver.drag((10, 10), (100, 100))
    key(driver, Qt.Key.Key_Plus)
    assert driver.canvas.viewport.zoom == zoom
