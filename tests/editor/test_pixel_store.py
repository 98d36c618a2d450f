import numpy as np
import pytest

from nanodesk.document.geometry import Rect, Size
from nanodesk.document.tiles import TileGrid, TileId
from nanodesk.editor.pixel_store import PixelStore
from tests.editor.scripted import picture


def test_a_picture_comes_back_as_it_went_in():
    store = PixelStore()
    block = picture(700, 513)
    assert np.array_equal(store.block(store.add(block)), block)


def test_equal_tiles_are_stored_once():
    store = PixelStore()
    store.add(picture())
    added = store.added
    store.add(picture().copy())
    assert store.added == added


def test_a_stroke_on_a_large_layer_takes_in_only_the_tiles_under_it():
    store = PixelStore()
    rng = np.random.default_rng(1)
    grid = store.add(rng.integers(0, 256, (3000, 4000, 4), np.uint8))
    added = store.added
    rect = Rect(1000, 1000, 900, 90)
    touched = len(list(grid.under(rect)))
    painted = store.paint(grid, rect, np.full((90, 900, 4), 255, np.uint8))
    assert store.added - added == touched
    apart = [n for n, (a, b) in enumerate(zip(grid.tiles, painted.tiles, strict=True)) if a != b]
    assert len(apart) == touched


def test_cold_tiles_are_packed_and_read_back_exactly():
    store = PixelStore()
    block = picture(600, 600)
    grid = store.add(block)
    store.cool(hot=set())
    assert store.packed_bytes > 0
    assert np.array_equal(store.block(grid), block)


def test_tiles_on_disk_take_no_memory_and_are_read_when_needed():
    store = PixelStore()
    block = picture(600, 600)
    grid = store.add(block)
    disk = {tile: store.packed(tile) for tile in grid.ids()}
    read = []

    def reader(tile):
        read.append(tile)
        return disk[tile]

    store.reads_from(reader)
    store.now_on_disk(disk)
    store.cool(hot=set())
    assert store.packed_bytes == 0
    assert np.array_equal(store.block(grid), block)
    assert set(read) == grid.ids()


def test_a_tile_nobody_has_is_an_error():
    store = PixelStore()
    with pytest.raises(KeyError):
        store.tile(TileId("00" * 32))


def test_an_empty_picture_needs_no_tile():
    store = PixelStore()
    grid = store.add(np.zeros((300, 300, 4), np.uint8))
    assert grid == TileGrid.blank(Size(300, 300))
    assert store.added == 0
