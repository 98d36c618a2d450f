"""A project that is opened shows what it looked like when it was saved, until its layers are read."""

import asyncio

import numpy as np

from nanodesk.document.geometry import Rect, Size
from nanodesk.ui.canvas.picture import Picture
from tests.ui.canvas.fakes import FakePainter, FakeProject, layer_of
from tests.ui.canvas.test_tiles import colour

SIZE = Size(1600, 1200)


def green(width, height):
    block = np.zeros((height, width, 4), np.uint8)
    block[...] = (0, 200, 0, 255)
    return block


async def test_the_saved_picture_is_shown_until_the_tiles_have_come(qloop, opened):
    project = FakeProject(layer_of("red", SIZE), size=SIZE)
    project.painter.gate = asyncio.Event()
    driver = opened(project)
    driver.canvas.begin_with(2, green(400, 300))
    await asyncio.sleep(0.05)
    middle = driver.canvas.width() // 2, driver.canvas.height() // 2
    assert colour(driver, *middle) == (0, 200, 0)
    project.painter.gate.set()
    await driver.quiet()
    assert colour(driver, *middle) == (30, 30, 220)


async def test_what_comes_too_late_is_not_shown(qloop, opened):
    project = FakeProject(layer_of("red", SIZE), size=SIZE)
    driver = opened(project)
    await driver.quiet()
    driver.canvas.begin_with(2, green(400, 300))
    middle = driver.canvas.width() // 2, driver.canvas.height() // 2
    assert colour(driver, *middle) == (30, 30, 220)


def test_a_small_picture_of_another_shape_leaves_a_gap_and_does_no_harm(qapp):
    project = FakeProject(layer_of("red", SIZE), size=SIZE)
    arrived: list[Rect] = []
    picture = Picture(FakePainter(project.editor), SIZE, None, arrived.append)
    picture.begin_with(1, green(300, 100))
    assert len(arrived) == 1
    assert len(list(picture.cuts(project.editor.document.rect, 1))) == 2
    picture.close()
