import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nanodesk.document.candidate import Turn
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.imaging.difference import difference
from nanodesk.imaging.mask import (
    Combine,
    combine,
    feather,
    grow,
    invert,
    polygon_mask,
    rectangle_mask,
    stroke,
)
from nanodesk.imaging.resample import resize, rotate, turn
from nanodesk.imaging.thumbnail import fitted, grid_thumbnail
from nanodesk.imaging.tiling import split


def noise(seed, width, height):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 4), np.uint8)


def test_four_quarter_turns_and_two_flips_give_the_picture_back():
    block = noise(1, 31, 20)
    turned = block
    for _ in range(4):
        turned = turn(turned, Turn.ROTATE_90)
    assert np.array_equal(turned, block)
    assert np.array_equal(turn(turn(block, Turn.ROTATE_90), Turn.ROTATE_270), block)
    for flip in (Turn.FLIP_HORIZONTAL, Turn.FLIP_VERTICAL, Turn.ROTATE_180):
        assert np.array_equal(turn(turn(block, flip), flip), block)


def test_a_quarter_turn_is_clockwise():
    block = noise(2, 3, 2)
    assert np.array_equal(turn(block, Turn.ROTATE_90)[0, -1], block[0, 0])


def test_resizing_brings_no_colour_from_under_transparency():
    block = np.zeros((64, 64, 4), np.uint8)
    block[...] = (0, 255, 0, 0)
    block[:, 32:] = (200, 10, 10, 255)
    for size in (Size(20, 20), Size(150, 150)):
        small = resize(block, size)
        seen = small[..., 3] > 20
        # Lanczos may overshoot at the edge; what must not be seen is the green below the transparent half.
        assert small[seen][:, 1].max() <= 12


def test_resizing_keeps_an_even_colour_and_refuses_nothing():
    block = np.full((40, 50, 4), (10, 120, 240, 255), np.uint8)
    assert np.abs(resize(block, Size(333, 111)).astype(int) - (10, 120, 240, 255)).max() <= 1
    with pytest.raises(ValueError, match="at least one pixel"):
        resize(block, Size(0, 4))


def test_rotating_by_a_quarter_agrees_with_turning():
    block = noise(3, 40, 40)
    block[..., 3] = 255
    rotated, place = rotate(block, 90, about=(20.0, 20.0), offset=Point(5, 6))
    assert place == Point(5, 6)
    assert np.abs(rotated.astype(int) - turn(block, Turn.ROTATE_90)).max() <= 1


def test_rotating_makes_room_for_the_corners():
    block = np.full((100, 100, 4), 255, np.uint8)
    rotated, place = rotate(block, 45, about=(50.0, 50.0), offset=Point(0, 0))
    assert rotated.shape[0] in (141, 142, 143)
    assert place.x in (-20, -21, -22)
    assert rotated[0, 0, 3] == 0
    assert rotated[rotated.shape[0] // 2, rotated.shape[1] // 2, 3] == 255


def test_masks_of_shapes():
    size = Size(40, 30)
    box = rectangle_mask(size, Rect(-5, 10, 20, 10))
    assert box.sum() == 15 * 10 * 255
    lasso = polygon_mask(size, [(0, 0), (40, 0), (40, 15), (0, 15)])
    assert lasso[7].min() == 255
    assert lasso[20].max() == 0
    assert polygon_mask(size, [(1, 1), (2, 2)]).max() == 0
    assert np.array_equal(invert(invert(lasso)), lasso)


def test_masks_grow_soften_and_combine():
    size = Size(60, 60)
    box = rectangle_mask(size, Rect(20, 20, 20, 20))
    assert grow(box, 3)[30, 17] == 255
    assert grow(box, -3)[30, 21] == 0
    soft = feather(box, 4)
    assert 0 < soft[30, 18] < 255
    other = rectangle_mask(size, Rect(30, 0, 30, 60))
    assert combine(box, other, Combine.UNION)[5, 50] == 255
    assert combine(box, other, Combine.SUBTRACT)[30, 35] == 0
    assert combine(box, other, Combine.INTERSECT)[30, 25] == 0


def test_a_brush_is_full_in_the_middle_and_gone_beyond_its_radius():
    rect, mask = stroke([(50.0, 50.0), (90.0, 50.0)], 20, 0.5)
    assert mask[round(50 - rect.y), round(70 - rect.x)] == 255
    assert mask[0].max() == 0
    assert rect.width <= 64


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 3000), st.integers(1, 3000))
def test_thumbnails_fit_and_keep_their_shape(width, height):
    size = fitted(Size(width, height), Size(52, 40))
    assert size.width <= 52
    assert size.height <= 40
    assert not size.empty


def test_a_thumbnail_is_an_average():
    block = np.full((1500, 1200, 4), (0, 0, 0, 255), np.uint8)
    block[::2, :, :3] = 200
    grid, tiles = split(block)
    small = grid_thumbnail(grid, tiles.__getitem__, Size(60, 60))
    assert small.shape == (60, 48, 4)
    assert np.abs(small[..., :3].astype(int) - 100).max() <= 2


def test_a_difference_is_exact_and_ignores_hidden_colour():
    block = noise(5, 300, 300)
    other = block.copy()
    other[10, 20, 1] ^= 1
    block[0, 0] = (1, 2, 3, 0)
    other[0, 0] = (9, 9, 9, 0)
    block[10, 20, 3] = other[10, 20, 3] = 200
    mask = difference(block, other)
    assert np.argwhere(mask).tolist() == [[10, 20]]
    with pytest.raises(ValueError, match="one size"):
        difference(block, other[:10])
