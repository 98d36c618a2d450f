import numpy as np
import pytest

from nanodesk.document.geometry import Point, Rect
from nanodesk.imaging.text import TextStyle, render_text
from nanodesk.resources import resource_path

FONTS = resource_path("fonts")
AREA = Rect(0, 0, 800, 600)


def drawn(words, area=AREA, **style):
    return render_text(words, TextStyle(**style), area, FONTS)


def box(block, offset):
    return Rect(offset.x, offset.y, block.shape[1], block.shape[0])


@pytest.mark.parametrize(
    "place",
    ["top", "bottom", "left", "right", "centre", "top-left", "top-right", "bottom-left", "bottom-right"],
)
def test_words_stand_where_they_should(place):
    block, offset, style = drawn("HELLO", place=place)
    rect = box(block, offset)
    assert AREA.contains(rect)
    middle = Point(rect.x + rect.width // 2, rect.y + rect.height // 2)
    assert ("left" in place) == (middle.x < 300)
    assert ("right" in place) == (middle.x > 500)
    assert ("top" in place) == (middle.y < 200)
    assert ("bottom" in place) == (middle.y > 400)
    assert dict(style)["place"] == place


def test_the_rendering_is_just_as_large_as_the_words_and_of_their_colour():
    block, _, _ = drawn("Hi", colour="#ff8000")
    assert block.shape[2] == 4
    assert (block[..., :3] == (0, 128, 255)).all()
    alpha = block[..., 3]
    assert alpha.max() == 255
    assert all(edge.any() for edge in (alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]))
    assert ((alpha > 0) & (alpha < 255)).any(), "edges are smooth"


def test_long_words_are_broken_into_lines_that_fit():
    words = "The quick brown fox jumps over the lazy dog and then sleeps in the warm sun for the whole afternoon"
    block, offset, style = drawn(words, size_px=60)
    assert AREA.contains(box(block, offset))
    lines = str(dict(style)["lines"]).split("\n")
    assert len(lines) > 1
    assert " ".join(lines) == words


def test_one_word_too_wide_becomes_smaller():
    block, offset, style = drawn("Donaudampfschifffahrtsgesellschaft" * 2, size_px=200)
    assert AREA.contains(box(block, offset))
    assert float(dict(style)["size_px"]) < 200


def test_line_breaks_are_kept():
    _, _, style = drawn("one\ntwo")
    assert dict(style)["lines"] == "one\ntwo"


def test_larger_scale_and_weight_show():
    small, _, _ = drawn("Sale")
    large, _, _ = drawn("Sale", scale=2.0)
    thin, _, _ = drawn("Sale", weight=400)
    assert large.shape[0] > 1.8 * small.shape[0]
    assert thin[..., 3].astype(int).sum() < small[..., 3].astype(int).sum()


def test_it_stands_in_the_area_it_is_given():
    area = Rect(500, 100, 200, 150)
    block, offset, _ = drawn("HELLO", area=area, place="centre")
    assert area.contains(box(block, offset))


@pytest.mark.parametrize("words", ["", "  ", "\n"])
def test_nothing_to_draw_is_an_error(words):
    with pytest.raises(ValueError, match="words"):
        drawn(words)


@pytest.mark.parametrize("words", ["Größe", "Café crème", "50 % — “quoted”", "A", "x" * 3000, "\u202e\x07tab\tend"])
def test_any_words_can_be_drawn(words):
    block, _, _ = drawn(words)
    assert block.dtype == np.uint8
    assert block[..., 3].any()


def test_an_outline_lies_round_the_letters_in_its_colour():
    without, _, _ = drawn("HO", size_px=80)
    block, _, style = drawn("HO", size_px=80, colour="#ffffff", outline_colour="#ff0000", outline=0.1)
    assert block.shape[0] >= without.shape[0] + 12
    assert dict(style)["outline_px"] == 8.0
    opaque = block[block[..., 3] == 255]
    red, white = (opaque[:, :3] == (0, 0, 255)).all(axis=1), (opaque[:, :3] == 255).all(axis=1)
    assert red.sum() > 500
    assert white.sum() > 500
    rim = block[[0, -1]].reshape(-1, 4)
    assert (rim[rim[:, 3] > 0][:, 1] < 8).all(), "the outermost ink is the outline's"


def test_a_shadow_falls_to_the_lower_right_and_is_soft():
    plain, _, _ = drawn("I", size_px=120)
    block, _, style = drawn("I", size_px=120, shadow=True)
    assert dict(style)["shadow"] is True
    assert block.shape[0] > plain.shape[0]
    assert block.shape[1] > plain.shape[1]
    dark = (block[..., :3].max(axis=2) < 60) & (block[..., 3] > 0)
    assert dark.any()
    assert block[dark][:, 3].max() <= 160


def test_words_can_fill_the_width():
    small, _, _ = drawn("WIDE")
    block, offset, style = drawn("WIDE", fit="width")
    assert block.shape[1] > 0.85 * AREA.width
    assert block.shape[1] > 2 * small.shape[1]
    assert AREA.contains(box(block, offset))
    assert dict(style)["fit"] == "width"


def test_without_wrapping_a_line_becomes_smaller_instead():
    words = "The quick brown fox jumps over the lazy dog and then sleeps"
    _, _, wrapped = drawn(words, size_px=60)
    _, _, whole = drawn(words, size_px=60, wrap=False)
    assert "\n" not in str(dict(whole)["lines"])
    assert float(dict(whole)["size_px"]) < float(dict(wrapped)["size_px"])


def test_opacity_and_alignment_are_kept_in_the_style():
    block, _, style = drawn("one\ntwo words", opacity=0.4, align="left")
    assert block[..., 3].max() == 102
    assert dict(style)["align"] == "left"
    ink = [int(np.flatnonzero(rows.any(axis=0))[0]) for rows in (block[: block.shape[0] // 3, :, 3], block[-20:, :, 3])]
    assert abs(ink[0] - ink[1]) < 8
