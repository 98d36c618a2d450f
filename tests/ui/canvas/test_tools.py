import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.identity import LayerId
from nanodesk.document.operations.layers import remove_layer, set_locked, set_visible
from nanodesk.document.operations.selections import set_selection
from nanodesk.document.selection import LassoSelection, MaskSelection, RectangleSelection, Selection
from nanodesk.document.tiles import TileGrid
from tests.ui.canvas.fakes import COLOURS, FakeProject, layer_of
from tests.ui.canvas.test_tiles import colour
from tests.waiting import until

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
BLUE = LayerId("blue")


def at(driver, x, y):
    return driver.canvas.viewport.to_widget(x, y)


@pytest.fixture
def close_up(qloop, opened, photo):
    """Show the photo at 100 %, with the document pixel (0, 0) near the corner; called while the loop runs."""

    def show():
        driver = opened(photo)
        driver.canvas.zoom_to(1.0)
        view = driver.canvas.viewport
        driver.wheel(5, 5, pixels=(round(20 - view.x), round(30 - view.y)))
        return driver

    return show


async def test_a_rectangle_marks_whole_pixels_as_one_step(close_up):
    driver = close_up()
    driver.canvas.set_tool("rectangle")
    driver.drag(at(driver, 100.4, 50.6), at(driver, 150, 80), at(driver, 299.7, 200.2))
    editor = driver.project.editor
    assert editor.state.selection == Selection(RectangleSelection(Rect(100, 50, 200, 151)))
    assert driver.project.labels()[-1] == "Select rectangle"
    editor.undo()
    assert editor.state.selection is None
    await driver.quiet()


async def test_a_rectangle_ends_at_the_documents_edge_and_shift_makes_a_square(close_up):
    driver = close_up()
    driver.canvas.set_tool("rectangle")
    driver.drag((2, 2), (200, 100))
    rect = driver.project.editor.state.selection.bounds
    assert rect.offset == Point(0, 0)
    driver.drag(at(driver, 100, 100), at(driver, 200, 150), keys=SHIFT)
    assert driver.project.editor.state.selection.bounds == Rect(100, 100, 100, 100)
    await driver.quiet()


async def test_a_click_takes_the_selection_away(close_up):
    driver = close_up()
    driver.canvas.set_tool("rectangle")
    driver.drag((300, 200), (400, 300))
    driver.drag((500, 300), (501, 301))
    assert driver.project.editor.state.selection is None
    assert driver.project.labels()[-1] == "Deselect"
    driver.drag((500, 300), (501, 301))
    assert driver.project.labels().count("Deselect") == 1
    await driver.quiet()


async def test_escape_takes_back_a_selection_being_drawn(close_up):
    driver = close_up()
    for tool in ("rectangle", "lasso"):
        driver.canvas.set_tool(tool)
        driver.press(300, 200)
        driver.move(400, 300)
        driver.move(350, 400)
        QTest.keyClick(driver.canvas, Qt.Key.Key_Escape)
        driver.move(500, 500)
        driver.release(500, 500)
    assert driver.project.editor.state.selection is None
    assert driver.project.labels()[-1] == "Add blue"
    await driver.quiet()


@pytest.mark.parametrize(("zoom", "ratio"), [(0.37, 1.0), (1.0, 2.0), (3.0, 2.0), (1.7, 1.25)])
async def test_a_lasso_is_in_document_pixels_at_any_zoom_and_on_any_screen(qloop, opened, photo, zoom, ratio):
    driver = opened(photo)
    driver.canvas.devicePixelRatioF = lambda: ratio
    driver.canvas._measure()
    driver.canvas.zoom_to(zoom)
    driver.canvas.set_tool("lasso")
    assert driver.canvas.viewport.ratio == ratio
    x, y = driver.canvas.viewport.to_document(400, 300)
    reach = 60 * ratio / zoom
    corners = [(x - reach, y - reach), (x + reach, y - reach), (x + reach, y + reach), (x - reach, y + reach)]
    driver.drag(*(at(driver, *corner) for corner in corners))
    shape = driver.project.editor.state.selection.shape
    assert isinstance(shape, LassoSelection)
    assert len(shape.points) == 4
    for point, corner in zip(shape.points, corners, strict=True):
        assert point == pytest.approx(corner, abs=0.01)
    assert driver.project.labels()[-1] == "Select with lasso"
    driver.canvas.grab()
    await driver.quiet()


async def test_select_all_and_none(close_up):
    driver = close_up()
    driver.canvas.select_all()
    assert driver.project.editor.state.selection.bounds == Rect(0, 0, 1600, 1200)
    driver.canvas.deselect()
    driver.canvas.deselect()
    assert driver.project.labels()[-2:] == ["Select all", "Deselect"]
    await driver.quiet()


async def test_the_selection_is_outlined_also_one_by_mask(close_up):
    driver = close_up()
    await driver.quiet()
    before = driver.canvas.grab().toImage()
    driver.canvas.select_all()
    assert driver.canvas.grab().toImage() != before
    mask = TileGrid.blank(Size(64, 64), 1)
    driver.project.editor.apply("Select", lambda s: set_selection(s, Selection(MaskSelection(mask, Point(200, 100)))))
    plain = driver.canvas.grab().toImage()
    await until(lambda: driver.canvas.grab().toImage() != plain)
    await driver.quiet()


async def test_moving_shows_the_layer_live_and_is_one_step(close_up):
    driver = close_up()
    driver.canvas.active_layer = BLUE
    await driver.quiet()
    driver.press(*at(driver, 100, 100))
    driver.move(*at(driver, 150, 120))
    await until(lambda: driver.canvas._stage.dragging.parts is not None)
    driver.move(*at(driver, 400, 250))
    x, y = at(driver, 650, 400)
    assert colour(driver, int(x), int(y)) == COLOURS["blue"]
    x, y = at(driver, 100, 100)
    assert colour(driver, int(x), int(y)) == COLOURS["red"]
    assert driver.project.layer("blue").offset == Point(0, 0)
    steps = len(driver.project.labels())
    driver.release(*at(driver, 400, 250))
    assert driver.project.layer("blue").offset == Point(300, 150)
    assert driver.project.labels()[steps:] == ["Move layer"]
    assert colour(driver, int(x), int(y)) == COLOURS["red"]
    await driver.quiet()
    assert driver.canvas._stage.dragging is None
    assert colour(driver, int(x), int(y)) == COLOURS["red"]


async def test_escape_takes_back_a_move(close_up):
    driver = close_up()
    driver.canvas.active_layer = BLUE
    driver.press(*at(driver, 100, 100))
    driver.move(*at(driver, 200, 200))
    QTest.keyClick(driver.canvas, Qt.Key.Key_Escape)
    driver.release(*at(driver, 300, 300))
    assert driver.project.layer("blue").offset == Point(0, 0)
    assert driver.project.labels()[-1] == "Add blue"
    assert driver.canvas._stage.dragging is None
    await driver.quiet()


async def test_shift_keeps_a_move_to_one_axis(close_up):
    driver = close_up()
    driver.canvas.active_layer = BLUE
    driver.drag(at(driver, 100, 100), at(driver, 200, 130), keys=SHIFT)
    assert driver.project.layer("blue").offset == Point(100, 0)
    await driver.quiet()


async def test_arrow_keys_nudge_and_a_burst_is_one_step(close_up):
    driver = close_up()
    driver.canvas.active_layer = BLUE
    for _ in range(3):
        QTest.keyClick(driver.canvas, Qt.Key.Key_Right)
    QTest.keyClick(driver.canvas, Qt.Key.Key_Down, SHIFT)
    assert driver.project.layer("blue").offset == Point(3, 10)
    assert driver.project.labels().count("Move layer") == 1
    driver.project.editor.undo()
    assert driver.project.layer("blue").offset == Point(0, 0)
    await driver.quiet()


async def test_a_nudge_does_not_join_a_drag_before_it(close_up):
    driver = close_up()
    driver.canvas.active_layer = BLUE
    driver.drag(at(driver, 100, 100), at(driver, 140, 100))
    QTest.keyClick(driver.canvas, Qt.Key.Key_Right)
    assert driver.project.labels().count("Move layer") == 2
    await driver.quiet()


@pytest.mark.parametrize(
    ("operation", "words"), [(set_locked, "locked"), (lambda d, one, _: set_visible(d, one, False), "hidden")]
)
async def test_what_cannot_be_moved_says_why_and_stays(close_up, operation, words):
    driver = close_up()
    driver.canvas.active_layer = BLUE
    driver.project.editor.apply_document("Change", lambda d: operation(d, BLUE, True))
    driver.drag(at(driver, 100, 100), at(driver, 200, 200))
    assert words in driver.project.told[-1].message
    QTest.keyClick(driver.canvas, Qt.Key.Key_Right)
    assert driver.project.layer("blue").offset == Point(0, 0)
    assert len(driver.project.told) == 2
    await driver.quiet()


async def test_control_click_picks_the_layer_under_the_cursor(close_up):
    driver = close_up()
    told: list[object] = []
    driver.canvas.active_layer_changed.connect(told.append)
    driver.drag(at(driver, 900, 500), at(driver, 901, 500), keys=CTRL)
    await until(lambda: driver.canvas.active_layer == "red")
    driver.drag(at(driver, 100, 100), at(driver, 101, 100), keys=CTRL)
    await until(lambda: driver.canvas.active_layer == "blue")
    assert told == ["red", "blue"]
    await driver.quiet()


async def test_the_active_layer_is_the_newest_and_never_one_that_is_gone(qloop, opened, photo):
    driver = opened(photo)
    assert driver.canvas.active_layer == "blue"
    photo.editor.undo()
    assert driver.canvas.active_layer == "red"
    photo.editor.redo()
    assert driver.canvas.active_layer == "blue"
    photo.editor.apply_document("Delete", lambda d: remove_layer(d, BLUE))
    assert driver.canvas.active_layer == "red"
    await driver.quiet()


async def test_the_pipette_shows_and_copies_the_colour(close_up):
    driver = close_up()
    driver.canvas.set_tool("pipette")
    picked: list[object] = []
    driver.canvas.colour_picked.connect(picked.append)
    await driver.quiet()
    driver.move(*at(driver, 600, 500))
    driver.canvas.grab()
    driver.drag(at(driver, 600, 500))
    assert picked == [(220, 30, 30, 255)]
    assert QGuiApplication.clipboard().text() == "#DC1E1E"
    assert driver.project.told[-1].message == "Copied #DC1E1E."
    await asyncio.sleep(0)


async def test_the_pipette_takes_nothing_beside_the_document(qloop, opened):
    driver = opened(FakeProject(layer_of("red", Size(100, 100)), size=Size(100, 100)))
    driver.canvas.set_tool("pipette")
    picked: list[object] = []
    driver.canvas.colour_picked.connect(picked.append)
    driver.drag((3, 3))
    assert picked == []
    await driver.quiet()


@pytest.mark.parametrize("tool", ["rectangle", "lasso", "move", "pipette"])
async def test_each_tool_shows_what_it_does_while_it_does_it(close_up, tool):
    driver = close_up()
    await driver.quiet()
    driver.canvas.set_tool(tool)
    before = driver.canvas.grab().toImage()
    driver.press(300, 200)
    driver.move(340, 260)
    driver.move(420, 240)
    await asyncio.sleep(0.02)
    assert driver.canvas.grab().toImage() != before
    QTest.keyClick(driver.canvas, Qt.Key.Key_Escape)
    driver.canvas.set_tool("hand")
    assert driver.canvas.grab().toImage() == before
    await driver.quiet()


async def test_an_inverted_selection_is_outlined_at_the_documents_edge_too(close_up):
    driver = close_up()
    rectangle = Selection(RectangleSelection(Rect(200, 100, 90, 90)))
    driver.project.editor.apply("Select", lambda s: set_selection(s, rectangle))
    plain = driver.canvas.grab().toImage()
    inverted = replace(rectangle, inverted=True)
    driver.project.editor.apply("Invert selection", lambda s: set_selection(s, inverted))
    assert driver.canvas.grab().toImage() != plain
    await driver.quiet()


async def test_the_keyboard_shows_where_it_is(close_up):
    driver = close_up()
    await driver.quiet()
    plain = driver.canvas.grab().toImage()
    driver.canvas.clearFocus()
    driver.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    assert driver.canvas.grab().toImage() != plain
    driver.canvas.clearFocus()
    driver.canvas.setFocus(Qt.FocusReason.MouseFocusReason)
    assert driver.canvas.grab().toImage() == plain
