"""The canvas with the real painter: what is on screen is the exact picture, and no more is made than needed."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest

from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.identity import LayerId
from nanodesk.document.layer import Layer, Pixels
from nanodesk.document.operations.layers import add_layer, put_layer, set_opacity
from nanodesk.imaging.painter import paint_rect
from nanodesk.ui.qt_images import block_of
from tests.editor.scripted import picture, with_picture
from tests.waiting import until


@pytest.fixture
def noisy():
    """A picture with soft edges and every alpha."""
    block = np.random.default_rng(3).integers(0, 256, (300, 420, 4), np.uint8)
    block[..., 3] = np.linspace(0, 255, 420, dtype=np.uint8)
    return block


async def settled(driver):
    live = driver.canvas._stage.live
    await asyncio.sleep(0.01)
    await until(lambda: live.complete and not live._batches)


def on_screen(driver, rect):
    """What the canvas shows of a part of the document, at 100 %."""
    place = driver.canvas.viewport.device_rect(rect)
    shown = block_of(driver.canvas.grab().toImage())
    return shown[place.y : place.bottom, place.x : place.right, :3].astype(int)


def exact(project, rect):
    return paint_rect(project.editor.document, project.pixels.tile, rect, premultiplied=True)[..., :3].astype(int)


def add(project, block, offset):
    layer = Layer(LayerId("over"), "over", Pixels(project.pixels.add(block)), offset)
    project.editor.apply_document("Add over", lambda document: add_layer(document, layer))
    return layer.id


async def test_at_hundred_percent_the_screen_shows_the_exact_pixels(qloop, opened, project, noisy):
    with_picture(project.editor, project.pixels, picture(700, 500))
    add(project, noisy, Point(120, 77))
    driver = opened(project)
    driver.canvas.zoom_to(1.0)
    await settled(driver)
    part = Rect(60, 40, 560, 400)
    assert (on_screen(driver, part) == exact(project, part)).all()


async def test_qts_blend_while_fading_is_the_exact_one_within_rounding(qloop, opened, project, noisy):
    with_picture(project.editor, project.pixels, picture(700, 500))
    over = add(project, noisy, Point(120, 77))
    driver = opened(project)
    driver.canvas.zoom_to(1.0)
    await settled(driver)
    part = Rect(60, 40, 560, 400)
    driver.canvas.preview_opacity(over, 0.4)
    await until(lambda: driver.canvas._stage.dragging.parts is not None)
    quick = on_screen(driver, part)
    project.editor.apply_document("Opacity", lambda document: set_opacity(document, over, 0.4))
    driver.canvas.end_preview()
    await until(lambda: driver.canvas._stage.dragging is None)
    assert (on_screen(driver, part) == exact(project, part)).all()
    assert abs(quick - exact(project, part)).max() <= 3


async def test_moving_shows_what_lay_beside_the_canvas(qloop, opened, project, noisy):
    with_picture(project.editor, project.pixels, picture(700, 500))
    over = add(project, noisy, Point(-300, 77))
    driver = opened(project)
    driver.canvas.zoom_to(1.0)
    await settled(driver)
    part = Rect(10, 40, 560, 400)
    dragging = driver.canvas._stage.start_dragging(over)
    dragging.change(driver.canvas.viewport, by=Point(310, 5))
    await until(lambda: dragging.parts is not None)
    quick = on_screen(driver, part)
    moved = replace(project.editor.document.layer(over), offset=Point(10, 82))
    project.editor.apply_document("Move layer", lambda document: put_layer(document, moved))
    driver.canvas._stage.stop_dragging(kept=True)
    await until(lambda: driver.canvas._stage.dragging is None)
    assert (on_screen(driver, part) == exact(project, part)).all()
    assert abs(quick - exact(project, part)).max() <= 3


async def test_a_stroke_on_twelve_megapixels_composites_the_tiles_it_touches(qloop, opened, project):
    size = Size(4000, 3000)
    layer_id = with_picture(project.editor, project.pixels, picture(size.width, size.height))
    driver = opened(project, 1300, 900)
    driver.canvas.zoom_to(1.0)
    await settled(driver)
    stroke = Rect(1700, 1400, 900, 90)
    layer = project.editor.document.layer(layer_id)
    touched = len(set(layer.grid.under(stroke)))
    composed = project.painter.composed
    painted = project.pixels.paint(layer.grid, stroke, picture(stroke.width, stroke.height, 200))
    project.editor.apply_document("Paint", lambda d: put_layer(d, replace(layer, content=Pixels(painted))))
    await settled(driver)
    assert project.painter.composed - composed == touched <= 10
    assert (on_screen(driver, stroke) == exact(project, stroke)).all()
