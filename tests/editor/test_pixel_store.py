import numpy as np
import pytest

from nanodesk.document.geometry import Rect, Size
from nanodesk.document.tiles import TileGrid, TileId
from nanodesk.editor.pixel_store import PixelStore
from nanodesk.storage.errors import CannotReadError, DamagedTileError
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


def test_tiles_on_disk_take_no_memory_and_are_read_when_needed(monkeypatch):
    monkeypatch.setattr("nanodesk.editor.pixel_store.PACKED_BYTES", 0)
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


def test_what_was_packed_lately_is_kept_within_bounds(monkeypatch):
    monkeypatch.setattr("nanodesk.editor.pixel_store.PACKED_BYTES", 20_000)
    store = PixelStore()
    rng = np.random.default_rng(3)
    grid = store.add(rng.integers(0, 256, (256, 256 * 4, 4), np.uint8))
    store.cool(hot=set())
    assert store.packed_bytes > 20_000  # nowhere else yet
    store.reads_from({tile: store.packed(tile) for tile in grid.ids()}.__getitem__)
    store.now_on_disk(grid.ids())
    assert store.packed_bytes <= 20_000
    assert store.raw_bytes == 0


def tile_at(grid, column, row):
    tile = grid.at(column, row)
    assert tile is not None
    return tile.id


def damaged_store(tell=lambda: None):
    """A picture of four tiles on disk, one of which is damaged, and its grid."""
    store, other = PixelStore(), PixelStore()
    block = picture(300, 300)
    grid = other.add(block)
    disk = {tile: other.packed(tile) for tile in grid.ids()}
    spoiled = tile_at(grid, 1, 0)
    store.shapes.update(other.shapes)

    def read(tile):
        if tile == spoiled:
            raise DamagedTileError("A part of a picture is damaged.")
        return disk[tile]

    store.reads_from(read)
    store.tells_damage(tell)
    return store, grid, block, spoiled


def test_a_damaged_tile_is_a_hatch_and_the_rest_of_the_layer_is_shown():
    told = []
    store, grid, block, spoiled = damaged_store(lambda: told.append(1))
    shown = store.block(grid)
    assert np.array_equal(shown[:, :256], block[:, :256])
    assert np.array_equal(shown[256:], block[256:])
    assert not np.array_equal(shown[:256, 256:], block[:256, 256:])
    assert shown[:256, 256:].shape == (256, 44, 4)
    assert store.damaged == {spoiled}
    store.block(grid)
    assert told == [1]
    with pytest.raises(DamagedTileError):
        store.packed(spoiled)


def test_what_is_not_the_tile_it_says_it_is_counts_as_damaged():
    store, other = PixelStore(), PixelStore()
    one, two = other.add(picture(value=1)), other.add(picture(value=2))
    store.shapes.update(other.shapes)
    store.reads_from(lambda tile: other.packed(tile_at(two, 0, 0)))
    shown = store.tile(tile_at(one, 0, 0))
    assert shown.shape == (256, 256, 4)
    assert not np.array_equal(shown, other.tile(tile_at(two, 0, 0)))
    assert store.damaged == {tile_at(one, 0, 0)}
    store.reads_from(lambda tile: b"rubbish")
    assert store.tile(tile_at(two, 1, 1)).shape == (14, 44, 4)


def test_a_mask_that_is_damaged_hides_nothing():
    store = PixelStore()
    grid = store.add(np.full((40, 40), 9, np.uint8))
    shapes = dict(store.shapes)
    store = PixelStore()
    store.shapes.update(shapes)
    store.reads_from(lambda tile: b"")
    assert (store.block(grid) == 255).all()


def test_a_disk_that_is_away_is_asked_again():
    store, other = PixelStore(), PixelStore()
    grid = other.add(picture())
    store.shapes.update(other.shapes)
    there: list[int] = []

    def read(tile):
        if not there:
            raise CannotReadError("The disk is not there.")
        return other.packed(tile)

    store.reads_from(read)
    hatched = store.block(grid)
    there.append(1)
    assert np.array_equal(store.block(grid), picture())
    assert not np.array_equal(hatched, picture())
    assert store.damaged == frozenset()


def test_a_file_closed_while_it_is_read_is_followed_to_the_next():
    store, other = PixelStore(), PixelStore()
    grid = other.add(picture())

    def closing(tile):
        store.reads_from(other.packed)
        raise CannotReadError("“old” was closed before it could be read.")

    store.reads_from(closing)
    assert np.array_equal(store.block(grid), picture())
