import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nanodesk.document.geometry import Rect
from nanodesk.document.tiles import TileKind
from nanodesk.imaging.tiling import assemble, paint, split


def noise(seed, width, height):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 4), np.uint8)


def test_a_picture_is_split_without_copying_and_put_together_again():
    block = noise(1, 700, 300)
    grid, tiles = split(block)
    assert (grid.columns, grid.rows) == (3, 2)
    assert all(np.shares_memory(tile, block) and not tile.flags.writeable for tile in tiles.values())
    assert np.array_equal(assemble(grid, tiles.__getitem__), block)


def test_tiles_know_whether_they_are_empty_opaque_or_mixed():
    block = noise(2, 768, 256)
    block[:, :256, 3] = 0
    block[:, 256:512, 3] = 255
    grid, _ = split(block)
    assert grid.at(0, 0) is None
    kinds = [tile.kind for tile in grid.tiles if tile is not None]
    assert kinds == [TileKind.OPAQUE, TileKind.MIXED]


def test_masks_are_pictures_of_one_channel():
    mask = np.zeros((300, 300), np.uint8)
    mask[:10] = 255
    grid, tiles = split(mask)
    assert grid.channels == 1
    assert np.array_equal(assemble(grid, tiles.__getitem__), mask)


def test_other_arrays_are_refused():
    with pytest.raises(ValueError, match="four channels"):
        split(np.zeros((4, 4, 3), np.uint8))


@settings(max_examples=40, deadline=None)
@given(st.integers(-50, 600), st.integers(-50, 600), st.integers(1, 400), st.integers(1, 400))
def test_painting_changes_the_rectangle_and_only_its_tiles(x, y, width, height):
    block = noise(3, 600, 520)
    grid, tiles = split(block)
    rect = Rect(x, y, width, height)
    patch = noise(4, width, height)
    painted, new = paint(grid, tiles.__getitem__, rect, patch)
    expected = block.copy()
    seen = rect.intersected(Rect(0, 0, 600, 520))
    if not seen.empty:
        expected[seen.y : seen.bottom, seen.x : seen.right] = patch[
            seen.y - y : seen.bottom - y, seen.x - x : seen.right - x
        ]
    assert np.array_equal(assemble(painted, {**tiles, **new}.__getitem__), expected)
    touched = set(grid.under(rect))
    for row in range(grid.rows):
        for column in range(grid.columns):
            if (column, row) not in touched:
                assert painted.at(column, row) == grid.at(column, row)
    assert len(new) <= len(touched)
