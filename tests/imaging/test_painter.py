from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nanodesk.document.blend import BlendMode
from nanodesk.document.document import Document
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.identity import LayerId
from nanodesk.document.layer import Group, Layer, Mask, Pixels, Unknown
from nanodesk.imaging.painter import PaintingCancelledError, flatten, halved, paint_rect
from nanodesk.imaging.tiling import paint, split
from tests.imaging.reference import composite


class Tiles:
    """A lookup that counts."""

    def __init__(self):
        self.found = {}
        self.asked = []

    def __call__(self, tile_id):
        self.asked.append(tile_id)
        return self.found[tile_id]

    def grid(self, block):
        grid, tiles = split(block)
        self.found.update(tiles)
        return grid


def document(size, *layers, extra=()):
    every = {layer.id: layer for layer in (*layers, *extra)}
    return Document(Size(*size), layers=every, root=tuple(layer.id for layer in layers))


def layer(tiles, name, block, **values):
    return Layer(LayerId(name), name, Pixels(tiles.grid(block)), **values)


def noise(seed, width, height, alpha=None):
    block = np.random.default_rng(seed).integers(0, 256, (height, width, 4), np.uint8)
    if alpha is not None:
        block[..., 3] = alpha
    return block


def as_reference(pixel):
    blue, green, red, alpha = (int(value) / 255 for value in pixel)
    return red, green, blue, alpha


def apart(pixel, reference):
    """The largest difference of the premultiplied values, in 255ths."""
    red, green, blue, alpha = as_reference(pixel)
    ours = [red * alpha, green * alpha, blue * alpha, alpha]
    theirs = [*(c * reference[3] for c in reference[:3]), reference[3]]
    return 255 * max(abs(a - b) for a, b in zip(ours, theirs, strict=True))


@pytest.mark.parametrize("mode", list(BlendMode))
@pytest.mark.parametrize("opacity", [1.0, 0.6])
@pytest.mark.parametrize("opaque", [True, False])
def test_each_mode_is_within_one_255th_of_the_recommendation(mode, opacity, opaque):
    tiles = Tiles()
    below, above = noise(1, 20, 16, 255 if opaque else None), noise(2, 20, 16)
    below[0, 0], above[0, 0] = (0, 0, 0, 255), (255, 255, 255, 255)
    below[0, 1], above[0, 1] = (255, 255, 255, 255), (0, 0, 0, 255)
    below[0, 2], above[0, 2] = (128, 128, 128, 255), (128, 128, 128, 128)
    shown = document(
        (20, 16), layer(tiles, "below", below), layer(tiles, "above", above, blend_mode=mode, opacity=opacity)
    )
    result = flatten(shown, tiles)
    for y in range(16):
        for x in range(20):
            expected = composite(mode.value, as_reference(below[y, x]), as_reference(above[y, x]), opacity)
            assert apart(result[y, x], expected) <= 1.01, (mode, x, y)


def test_a_mask_limits_a_layer_and_its_outside_value_counts():
    tiles = Tiles()
    below, above = noise(3, 30, 30, 255), noise(4, 30, 30)
    mask = np.random.default_rng(5).integers(0, 256, (10, 10), np.uint8)
    for outside in (0, 255):
        top = layer(tiles, "above", above, mask=Mask(tiles.grid(mask), Point(5, 7), outside))
        result = flatten(document((30, 30), layer(tiles, "below", below), top), tiles)
        for y in range(30):
            for x in range(30):
                inside = 5 <= x < 15 and 7 <= y < 17
                weight = (mask[y - 7, x - 5] if inside else outside) / 255
                expected = composite("normal", as_reference(below[y, x]), as_reference(above[y, x]), weight)
                assert apart(result[y, x], expected) <= 1.01


def test_outside_the_mask_the_picture_is_byte_identical():
    tiles = Tiles()
    below = noise(6, 600, 300, 255)
    mask = np.zeros((300, 600), np.uint8)
    mask[100:200, 50:400] = 255
    top = layer(tiles, "above", noise(7, 600, 300, 255), mask=Mask(tiles.grid(mask)))
    result = flatten(document((600, 300), layer(tiles, "below", below), top), tiles)
    assert np.array_equal(result[mask == 0], below[mask == 0])


def test_one_picture_comes_through_byte_for_byte_with_its_alpha():
    tiles = Tiles()
    block = noise(8, 300, 280)
    assert np.array_equal(flatten(document((300, 280), layer(tiles, "one", block)), tiles), block)


def test_over_nothing_a_layer_keeps_its_own_colour():
    tiles = Tiles()
    block = noise(9, 64, 64)
    block[..., 3] = np.maximum(block[..., 3], 1)
    shown = document((64, 64), layer(tiles, "one", block, opacity=0.999))
    colours = flatten(shown, tiles)[..., :3].astype(int) - block[..., :3]
    assert np.abs(colours[block[..., 3] > 8]).max() <= 1


def test_a_group_is_composited_apart_and_then_blended():
    tiles = Tiles()
    below, one, two = noise(10, 16, 16, 255), noise(11, 16, 16), noise(12, 16, 16)
    first = layer(tiles, "one", one)
    second = layer(tiles, "two", two, blend_mode=BlendMode.MULTIPLY)
    group = Layer(LayerId("group"), "group", Group((first.id, second.id)), opacity=0.5, blend_mode=BlendMode.SCREEN)
    result = flatten(document((16, 16), layer(tiles, "below", below), group, extra=(first, second)), tiles)
    for y in range(16):
        for x in range(16):
            inner = composite("normal", (0, 0, 0, 0), as_reference(one[y, x]))
            inner = composite("multiply", inner, as_reference(two[y, x]))
            expected = composite("screen", as_reference(below[y, x]), inner, 0.5)
            assert apart(result[y, x], expected) <= 1.01


def test_twenty_layers_do_not_add_up_rounding():
    tiles = Tiles()
    blocks = [noise(20 + n, 12, 12, 255 if n == 0 else None) for n in range(20)]
    layers = [layer(tiles, str(n), block, opacity=0.7 if n else 1.0) for n, block in enumerate(blocks)]
    result = flatten(document((12, 12), *layers), tiles)
    for y in range(12):
        for x in range(12):
            expected = as_reference(blocks[0][y, x])
            for block in blocks[1:]:
                expected = composite("normal", expected, as_reference(block[y, x]), 0.7)
            assert apart(result[y, x], expected) <= 1.01


@settings(max_examples=40, deadline=None)
@given(
    x=st.integers(-300, 700),
    y=st.integers(-300, 700),
    rect=st.tuples(st.integers(-40, 500), st.integers(-40, 500), st.integers(1, 300), st.integers(1, 300)),
)
def test_any_rectangle_is_the_same_part_of_the_whole(x, y, rect):
    tiles = Tiles()
    shown = document(
        (512, 400),
        layer(tiles, "below", noise(30, 512, 400, 255)),
        layer(tiles, "above", noise(31, 300, 200), offset=Point(x, y)),
    )
    part = Rect(*rect)
    whole = flatten(shown, tiles, rect=Rect(-40, -40, 900, 900))
    cut = whole[part.y + 40 : part.bottom + 40, part.x + 40 : part.right + 40]
    seen = cut[..., 3] > 0  # colour hidden under alpha 0 is nobody's
    painted = paint_rect(shown, tiles, part)
    assert np.array_equal(painted[seen], cut[seen])
    assert np.array_equal(painted[..., 3], cut[..., 3])


def test_covered_and_empty_tiles_are_never_looked_up():
    tiles = Tiles()
    covered = layer(tiles, "covered", noise(40, 1024, 1024, 255))
    cover = layer(tiles, "cover", noise(41, 1024, 1024, 255))
    sparse = np.zeros((1024, 1024, 4), np.uint8)
    sparse[10:20, 10:20] = 200
    top = layer(tiles, "top", sparse)
    flatten(document((1024, 1024), covered, cover, top), tiles, threads=1)
    assert len(tiles.asked) == 16 + 1
    assert not set(tiles.asked) & covered.grid.ids()


def test_after_a_stroke_only_the_touched_tiles_are_painted_from_new_ones():
    tiles = Tiles()
    block = noise(42, 4000, 3000, 255)
    base = layer(tiles, "base", block)
    rect = Rect(1000, 1000, 900, 90)
    grid, new = paint(base.grid, tiles, rect, np.full((90, 900, 4), 255, np.uint8))
    assert len(new) == len(list(base.grid.under(rect)))
    tiles.found.update(new)
    tiles.asked.clear()
    painted = document((4000, 3000), replace(base, content=Pixels(grid)))
    paint_rect(painted, tiles, rect)
    assert len(tiles.asked) <= len(list(grid.under(rect)))


def test_hidden_unknown_and_empty_layers_paint_nothing():
    tiles = Tiles()
    base = layer(tiles, "base", noise(50, 40, 40, 255))
    hidden = layer(tiles, "hidden", noise(51, 40, 40, 255), visible=False)
    faded = layer(tiles, "faded", noise(52, 40, 40, 255), opacity=0.0)
    strange = Layer(LayerId("strange"), "strange", Unknown("hologram", "{}"))
    group = Layer(LayerId("group"), "group", Group(()))
    result = flatten(document((40, 40), base, hidden, faded, strange, group), tiles)
    assert np.array_equal(result, noise(50, 40, 40, 255))
    nothing = flatten(document((40, 40), strange), tiles)
    assert not nothing.any()


def test_a_picture_no_longer_wanted_is_given_up():
    tiles = Tiles()
    shown = document((1024, 1024), layer(tiles, "base", noise(60, 1024, 1024, 255)))
    with pytest.raises(PaintingCancelledError):
        flatten(shown, tiles, cancelled=lambda: True)


def test_a_mip_is_the_area_average_of_premultiplied_pixels():
    tiles = Tiles()
    block = noise(70, 512, 301)
    shown = document((512, 301), layer(tiles, "one", block))
    parts = [
        paint_rect(shown, tiles, Rect(x, y, 256, min(256, 301 - y)), premultiplied=True)
        for y in (0, 256)
        for x in (0, 256)
    ]
    small = halved(*parts)
    assert small.shape == (151, 256, 4)
    colour = block[:300].astype(np.float64)
    colour[..., :3] *= colour[..., 3:] / 255
    expected = colour.reshape(150, 2, 256, 2, 4).mean(axis=(1, 3))
    assert np.abs(small[:150] - expected).max() <= 1.01
