import asyncio

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from nanodesk.document.geometry import Point
from nanodesk.document.layer import Mask
from nanodesk.document.operations.layers import set_locked
from nanodesk.document.operations.masks import set_mask
from nanodesk.editor.intake import PictureSource
from nanodesk.imaging.codec import encode_png
from tests.editor.scripted import with_picture
from tests.ui.canvas.conftest import Driver
from tests.ui.window.seen import photo, said
from tests.waiting import until

LEFT = Qt.MouseButton.LeftButton


async def ready(window):
    """A picture with a mask that hides all, the brush in hand; the canvas's driver."""
    project = window.page.project
    (layer,) = await project.place([photo()])
    mask = Mask(project.pixels.add(np.zeros((270, 300), np.uint8)), Point())
    project.editor.apply_document("Unlock", lambda document: set_locked(document, layer, False))
    project.editor.apply_document("Mask", lambda document: set_mask(document, layer, mask))
    canvas = window.page.canvas
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_B)
    return Driver(project, canvas), layer


def shown(project, layer, x, y):
    mask = project.editor.document.layer(layer).mask
    return int(project.pixels.block(mask.grid)[y - mask.offset.y, x - mask.offset.x])


async def labelled(project, label):
    await until(lambda: project.editor.undo_label == label)


async def landed(project, steps):
    await until(lambda: len(project.editor.history.steps) == steps)


async def test_a_stroke_of_the_mouse_is_one_step_on_the_mask(window):
    driver, layer = await ready(window)
    project, canvas = driver.project, driver.canvas
    assert canvas.brush_bar.isVisible()
    assert canvas.cursor().shape() == Qt.CursorShape.CrossCursor
    steps = len(project.editor.history.steps)
    way = [canvas.viewport.to_widget(x, 100) for x in (60, 120, 200)]
    driver.drag(*way)
    await landed(project, steps + 1)
    assert project.editor.undo_label == "Paint mask"
    assert shown(project, layer, 120, 100) == 255
    assert shown(project, layer, 120, 200) == 0
    QTest.keyClick(canvas, Qt.Key.Key_X)
    assert canvas.brush_bar.hide_button.font() is not None
    driver.drag(*way[1:])
    await landed(project, steps + 2)
    assert project.editor.undo_label == "Erase from mask"
    assert shown(project, layer, 180, 100) == 0
    assert shown(project, layer, 60, 100) == 255
    window.do("undo")
    assert shown(project, layer, 180, 100) == 255


async def test_escape_takes_a_stroke_back_and_shift_goes_on_from_the_last(window):
    driver, layer = await ready(window)
    project, canvas = driver.project, driver.canvas
    steps = len(project.editor.history.steps)
    driver.press(*canvas.viewport.to_widget(50, 50))
    driver.move(*canvas.viewport.to_widget(90, 50))
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    driver.release(*canvas.viewport.to_widget(90, 50))
    await asyncio.sleep(0.02)
    assert len(project.editor.history.steps) == steps
    driver.drag(canvas.viewport.to_widget(50, 50))
    await landed(project, steps + 1)
    driver.drag(canvas.viewport.to_widget(250, 50), keys=Qt.KeyboardModifier.ShiftModifier)
    await landed(project, steps + 2)
    assert shown(project, layer, 150, 50) == 255


async def test_keys_and_fields_set_the_brush_alike(window):
    driver, _ = await ready(window)
    canvas, bar = driver.canvas, driver.canvas.brush_bar
    before = bar.diameter.value()
    QTest.keyClick(canvas, Qt.Key.Key_BracketRight)
    assert bar.diameter.value() > before
    QTest.keyClick(canvas, Qt.Key.Key_BracketLeft)
    assert bar.diameter.value() == before
    QTest.keyClick(canvas, Qt.Key.Key_BraceLeft, Qt.KeyboardModifier.ShiftModifier)
    assert bar.hardness.value() == 70
    QTest.keyClick(canvas, Qt.Key.Key_3)
    assert bar.opacity.value() == 30
    QTest.keyClick(canvas, Qt.Key.Key_0)
    assert bar.opacity.value() == 100
    bar.diameter.setValue(25)
    bar.hardness.setValue(10)
    bar.opacity.setValue(55)
    tool = canvas._gestures.mask_brush
    assert (tool.brush.size, tool.brush.hardness, tool.brush.opacity) == (25, 0.1, 0.55)
    QTest.keyClick(canvas, Qt.Key.Key_O)
    assert not tool.overlay
    QTest.mouseClick(bar.tint, LEFT)
    assert tool.overlay
    QTest.mouseClick(bar.hide_button, LEFT)
    assert tool.brush.erase
    QTest.mouseClick(bar.show_button, LEFT)
    assert not tool.brush.erase
    QTest.keyClick(canvas, Qt.Key.Key_V)
    assert not bar.isVisible()
    QTest.keyClick(canvas, Qt.Key.Key_3)
    assert bar.opacity.value() == 55


async def test_a_field_takes_typing_arrows_and_the_wheel_within_bounds(window):
    driver, _ = await ready(window)
    bar = driver.canvas.brush_bar
    field = bar.hardness
    field.setFocus()
    QTest.keyClicks(field, "35")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert (field.value(), field.text()) == (35, "35 %")
    QTest.keyClick(field, Qt.Key.Key_Up)
    QTest.keyClick(field, Qt.Key.Key_PageDown)
    assert field.value() == 26
    field.selectAll()
    QTest.keyClicks(field, "9999")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.value() == 100
    field.selectAll()
    QTest.keyClicks(field, "soft")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert (field.value(), field.text()) == (100, "100 %")


async def test_what_is_hidden_is_tinted_while_the_brush_is_in_hand(window):
    driver, _ = await ready(window)
    canvas = driver.canvas
    overlay = canvas._composition._hidden
    canvas.repaint()
    await until(lambda: overlay._image is not None)
    canvas.repaint()
    x, y = canvas.viewport.to_widget(150, 200)
    tinted = canvas.grab().toImage().pixelColor(round(x), round(y))
    QTest.keyClick(canvas, Qt.Key.Key_O)
    bare = canvas.grab().toImage().pixelColor(round(x), round(y))
    assert tinted.red() > bare.red() + 30
    assert tinted.red() > tinted.green() + 30


async def test_a_locked_layer_says_why_it_cannot_be_painted(window):
    driver, layer = await ready(window)
    project, canvas = driver.project, driver.canvas
    project.editor.apply_document("Lock", lambda document: set_locked(document, layer, True))
    steps = len(project.editor.history.steps)
    driver.drag(canvas.viewport.to_widget(50, 50), canvas.viewport.to_widget(80, 50))
    await asyncio.sleep(0.02)
    assert len(project.editor.history.steps) == steps
    assert any("locked" in one for one in said(window))


async def test_a_pen_presses_the_brush(window):
    driver, layer = await ready(window)
    project, canvas = driver.project, driver.canvas
    steps = len(project.editor.history.steps)
    at = QPointF(*canvas.viewport.to_widget(150, 130))
    device = QPointingDevice.primaryPointingDevice()
    assert isinstance(device, QInputDevice)
    pen = QTabletEvent(
        QEvent.Type.TabletPress,
        device,
        at,
        QPointF(canvas.mapToGlobal(at.toPoint())),
        *(0.25, 0.0, 0.0, 0.0, 0.0, 0.0),
        Qt.KeyboardModifier.NoModifier,
        LEFT,
        LEFT,
    )
    QApplication.sendEvent(canvas, pen)
    assert not pen.isAccepted()
    driver.drag((at.x(), at.y()))
    await landed(project, steps + 1)
    assert shown(project, layer, 150, 130) == 255
    assert shown(project, layer, 150, 150) == 0


async def test_the_edge_menu_changes_the_mask_of_the_active_layer(window):
    driver, _ = await ready(window)
    project, canvas = driver.project, driver.canvas
    driver.drag(canvas.viewport.to_widget(150, 130))
    await until(lambda: project.editor.undo_label == "Paint mask")
    canvas.brush_bar.by.setValue(10)
    for place, label in zip(
        (0, 1, 2, 4, 3), ("Grow mask", "Shrink mask", "Feather mask", "Invert mask", "Refine mask"), strict=True
    ):
        menu = canvas.brush_bar.edge_menu()
        menu.actions()[place].trigger()
        await labelled(project, label)
        menu.deleteLater()
    window.do("unmask_layer")
    menu = canvas.brush_bar.edge_menu()
    assert [action.isEnabled() for action in menu.actions()] == [False]
    menu.deleteLater()


async def test_on_a_red_picture_the_tint_is_another(window):
    project, canvas = window.page.project, window.page.canvas
    red = np.zeros((270, 300, 4), np.uint8)
    red[..., 2] = np.linspace(120, 230, 300, dtype=np.uint8)
    red[..., 3] = 255
    (layer,) = await project.place([PictureSource("red.png", data=encode_png(red))])
    mask = Mask(project.pixels.add(np.zeros((270, 300), np.uint8)), Point())
    project.editor.apply_document("Unlock", lambda document: set_locked(document, layer, False))
    with_picture(project.editor, project.pixels, red, "under.png")
    project.editor.apply_document("Mask", lambda document: set_mask(document, layer, mask))
    canvas.active_layer = layer
    await until(lambda: project.painter.colour_at(150, 100))
    canvas.set_tool("mask-brush")
    overlay = canvas._composition._hidden
    await until(lambda: overlay._image is not None)
    x, y = canvas.viewport.to_widget(150, 200)
    tinted = canvas.grab().toImage().pixelColor(round(x), round(y))
    canvas.set_tool("move")
    bare = canvas.grab().toImage().pixelColor(round(x), round(y))
    assert tinted.blue() > bare.blue() + 60
