"""Which tiles are asked for, when, and what is shown meanwhile."""

import asyncio
from dataclasses import replace

import pytest

from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.identity import LayerId
from nanodesk.document.layer import Pixels
from nanodesk.document.operations.layers import put_layer, set_opacity
from nanodesk.document.tiles import Tile, TileId, TileKind
from tests.ui.canvas.fakes import COLOURS, FakeProject, grid_of, layer_of
from tests.waiting import until


def colour(driver, x, y):
    shown = driver.canvas.grab().toImage().pixelColor(x, y)
    return shown.blue(), shown.green(), shown.red()


def overview(driver):
    return {level for level, _ in driver.project.painter.asked if level > driver.canvas.viewport.level}


def painted_over(layer, rect):
    """The layer with other tiles under a rectangle."""
    grid = layer.grid
    return replace(
        layer,
        content=Pixels(
            grid.replaced({place: Tile(TileId(f"new{place}"), TileKind.OPAQUE) for place in grid.under(rect)})
        ),
    )


async def test_fitted_all_tiles_of_the_level_on_screen_are_asked_for_once(qloop, opened, photo):
    driver = opened(photo)
    await driver.quiet()
    level = driver.canvas.viewport.level
    assert level == 1
    assert sorted(photo.painter.asked) == sorted((1, (column, row)) for column in range(4) for row in range(3))


async def test_zoomed_in_only_what_is_in_sight_is_asked_for(qloop, opened):
    size = Size(8000, 6000)
    project = FakeProject(layer_of("red", size), size=size)
    driver = opened(project)
    await driver.quiet()
    project.painter.asked.clear()
    driver.canvas.zoom_to(1.0)
    await driver.quiet()
    visible = driver.canvas.viewport.visible()
    assert visible.width <= 802
    fine = {place for level, place in project.painter.asked if level == 0}
    assert fine
    for column, row in fine:
        assert not Rect(column * 256, row * 256, 256, 256).intersected(visible).empty
    assert len(fine) <= 5 * 4


async def test_the_middle_comes_first(qloop, opened):
    size = Size(8000, 6000)
    project = FakeProject(layer_of("red", size), size=size)
    driver = opened(project)
    await driver.quiet()
    project.painter.asked.clear()
    driver.canvas.zoom_to(1.0)
    await driver.quiet()
    x, y = driver.canvas.viewport.to_document(400, 300)
    assert project.painter.asked[0] == (0, (int(x) // 256, int(y) // 256))


async def test_a_stroke_asks_for_the_tiles_it_touches_and_no_others(qloop, opened):
    size = Size(4000, 3000)
    project = FakeProject(layer_of("red", size), size=size)
    driver = opened(project, 1300, 1000)
    driver.canvas.zoom_to(1.0)
    await driver.quiet()
    project.painter.asked.clear()
    stroke = Rect(1700, 1300, 900, 90)
    red = LayerId("red")
    project.editor.apply_document("Paint", lambda d: put_layer(d, painted_over(d.layer(red), stroke)))
    await driver.quiet()
    touched = {(0, place) for place in grid_of(size).under(stroke)}
    assert set(project.painter.asked) == touched
    assert len(project.painter.asked) == len(touched) <= 10


async def test_old_tiles_are_shown_until_the_new_ones_are_there(qloop, opened):
    project = FakeProject(layer_of("red", Size(800, 600)), layer_of("blue", Size(800, 600)), size=Size(800, 600))
    driver = opened(project)
    await driver.quiet()
    assert colour(driver, 400, 300) == COLOURS["blue"]
    project.painter.gate = asyncio.Event()
    project.editor.apply_document("Fade", lambda d: set_opacity(d, LayerId("blue"), 0.0))
    await asyncio.sleep(0.03)
    assert colour(driver, 400, 300) == COLOURS["blue"]
    project.painter.gate.set()
    await driver.quiet()
    assert colour(driver, 400, 300) == COLOURS["red"]


async def test_zooming_shows_coarse_tiles_at_once(qloop, opened):
    size = Size(4000, 3000)
    project = FakeProject(layer_of("red", size), size=size)
    driver = opened(project)
    await driver.quiet()
    project.painter.gate = asyncio.Event()
    driver.canvas.zoom_to(1.0)
    await asyncio.sleep(0.02)
    assert colour(driver, 400, 300) == COLOURS["red"]
    driver.canvas.zoom_to(0.05)
    assert colour(driver, 400, 300) == COLOURS["red"]
    project.painter.gate.set()
    await driver.quiet()


async def test_panning_where_nothing_was_shown_yet_shows_the_overview(qloop, opened):
    size = Size(8000, 6000)
    project = FakeProject(layer_of("red", size), size=size)
    driver = opened(project)
    driver.canvas.zoom_to(1.0)
    await driver.quiet()
    await until(lambda: overview(driver))
    await driver.quiet()
    project.painter.gate = asyncio.Event()
    driver.wheel(400, 300, pixels=(-1500, -900))
    await asyncio.sleep(0.02)
    assert colour(driver, 400, 300) == COLOURS["red"]
    project.painter.gate.set()
    await driver.quiet()


async def test_a_change_while_tiles_are_under_way_is_shown_in_the_end(qloop, opened):
    project = FakeProject(layer_of("red", Size(800, 600)), layer_of("blue", Size(800, 600)), size=Size(800, 600))
    project.painter.gate = asyncio.Event()
    driver = opened(project)
    await asyncio.sleep(0.02)
    project.editor.apply_document("Fade", lambda d: set_opacity(d, LayerId("blue"), 0.0))
    project.painter.gate.set()
    await driver.quiet()
    assert colour(driver, 400, 300) == COLOURS["red"]


async def test_another_zoom_stops_what_is_no_longer_wanted(qloop, opened, photo):
    photo.painter.gate = asyncio.Event()
    driver = opened(photo)
    await asyncio.sleep(0.02)
    assert photo.painter.open_iterators == 1
    driver.canvas.zoom_to(1.0)
    await until(lambda: photo.painter.asked[-1][0] == 0)
    await until(lambda: photo.painter.open_iterators == 1)
    photo.painter.gate.set()
    await driver.quiet()


async def test_a_hidden_canvas_asks_for_nothing(qloop, opened, photo):
    driver = opened(photo)
    await driver.quiet()
    driver.canvas.hide()
    photo.painter.asked.clear()
    photo.editor.apply_document("Fade", lambda d: set_opacity(d, LayerId("blue"), 0.5))
    await asyncio.sleep(0.03)
    assert photo.painter.asked == []
    driver.canvas.show()
    await driver.quiet()
    assert photo.painter.asked


async def test_closing_while_tiles_are_under_way_leaves_nothing_behind(qloop, opened, photo):
    photo.painter.gate = asyncio.Event()
    driver = opened(photo)
    await until(lambda: photo.painter.open_iterators == 1)
    driver.canvas.close_down()
    await until(lambda: photo.painter.open_iterators == 0)
    photo.painter.asked.clear()
    photo.editor.apply_document("Fade", lambda d: set_opacity(d, LayerId("blue"), 0.5))
    await asyncio.sleep(0.02)
    assert photo.painter.asked == []


async def test_an_empty_document_asks_for_nothing_and_the_first_picture_is_fitted(qloop, opened):
    project = FakeProject()
    driver = opened(project)
    await asyncio.sleep(0.02)
    assert project.painter.asked == []
    background = colour(driver, 400, 300)
    red = layer_of("red", Size(1600, 1200))
    with project.editor.joined("Add red"):
        project.editor.apply_document("size", lambda d: replace(d, size=Size(1600, 1200)))
        project.editor.apply_document("layer", lambda d: replace(d, layers={red.id: red}, root=(red.id,)))
    await driver.quiet()
    assert driver.canvas.viewport.fitted
    assert driver.canvas.viewport.zoom < 0.5
    assert colour(driver, 400, 300) == COLOURS["red"] != background
    project.editor.undo()
    await asyncio.sleep(0.02)
    assert colour(driver, 400, 300) == background


async def test_a_crop_keeps_the_picture_on_screen_until_the_new_one_is_made(qloop, opened):
    project = FakeProject(layer_of("red", Size(800, 600)), size=Size(800, 600))
    driver = opened(project)
    await driver.quiet()
    project.painter.gate = asyncio.Event()
    project.editor.apply_document("Crop", lambda d: replace(d, size=Size(500, 600)))
    await asyncio.sleep(0.03)
    assert colour(driver, 400, 300) == COLOURS["red"]
    project.painter.gate.set()
    await driver.quiet()
    assert driver.canvas.viewport.document == Size(500, 600)
    assert colour(driver, 400, 300) == COLOURS["red"]


@pytest.mark.allow_log
async def test_a_tile_that_cannot_be_made_is_not_asked_for_again_and_again(qloop, opened, photo, monkeypatch):
    told = []

    def spawn(story):
        async def guarded():
            try:
                await story
            except OSError as error:
                told.append(str(error))

        return asyncio.get_running_loop().create_task(guarded())

    monkeypatch.setattr("nanodesk.ui.tasks.spawn", spawn)
    photo.painter.broken = True
    driver = opened(photo)
    await until(lambda: told)
    driver.canvas.fit()
    await asyncio.sleep(0.05)
    assert told == ["the tile cannot be read"]
    photo.painter.broken = False
    photo.editor.apply_document("Fade", lambda d: set_opacity(d, LayerId("red"), 0.5))
    await driver.quiet()


async def test_transparent_parts_show_the_checkerboard(qloop, opened):
    project = FakeProject(layer_of("red", Size(100, 600)), size=Size(800, 600))
    driver = opened(project)
    await driver.quiet()
    seen = {colour(driver, x, 300) for x in range(300, 500)}
    assert len(seen) == 2


async def test_hundred_percent_shows_the_very_pixels(qloop, opened):
    size = Size(801, 601)
    project = FakeProject(layer_of("red", size), layer_of("blue", Size(1, 1), Point(500, 400)), size=size)
    driver = opened(project)
    driver.canvas.zoom_to(1.0)
    await driver.quiet()
    x, y = driver.canvas.viewport.origin
    assert colour(driver, 500 + x, 400 + y) == COLOURS["blue"]
    assert colour(driver, 501 + x, 400 + y) == COLOURS["red"]
    assert colour(driver, 500 + x, 399 + y) == COLOURS["red"]
