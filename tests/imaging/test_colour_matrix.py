"""Matrices, ranges and two-stage operations against float64 references and a colour chart."""

import colorsys
import itertools

import numpy as np
import pytest

from nanodesk.document.layer import Adjustment, AdjustmentStep
from nanodesk.imaging import tonal_range
from nanodesk.imaging.adjust import apply
from nanodesk.imaging.colour_matrix import colour_of, rotation

LUMA = np.array([0.0722, 0.7152, 0.2126])


def adjusted(block, operation, **values):
    named = {key.rstrip("_"): value for key, value in values.items()}
    return apply(Adjustment((AdjustmentStep(operation, tuple(named.items())),)), block)


def chart():
    """Every colour of an even grid, with every alpha."""
    grid = np.array(list(itertools.product(range(0, 256, 51), repeat=3)), np.uint8)
    alpha = (np.arange(len(grid)) % 256).astype(np.uint8)[:, None]
    return np.ascontiguousarray(np.hstack([grid, alpha])[None])


def hue_chart():
    """The hue circle in steps of a degree, fully saturated and bright."""
    rows = [[round(255 * part) for part in colorsys.hsv_to_rgb(degree / 360, 1, 1)][::-1] for degree in range(360)]
    return np.ascontiguousarray(np.array([[*row, 255] for row in rows], np.uint8)[None])


def compared(operation, reference, **values):
    block = chart()
    got = adjusted(block, operation, **values)
    colours = block[0, :, :3].astype(np.float64)
    assert np.abs(got[0, :, :3] - np.clip(reference(colours), 0, 255)).max() <= 0.51
    assert np.array_equal(got[..., 3], block[..., 3])


@pytest.mark.parametrize("amount", [-100, -30, 40, 100])
def test_saturation(amount):
    compared(
        "saturation",
        lambda c: (c @ LUMA)[:, None] + (c - (c @ LUMA)[:, None]) * (1 + amount / 100),
        amount=amount,
    )


@pytest.mark.parametrize(
    ("name", "weights"), [("red", (0.05, 0.2, 0.75)), ("green", (0.12, 0.76, 0.12)), ("", (0.0722, 0.7152, 0.2126))]
)
def test_black_and_white_behind_a_filter(name, weights):
    compared("black-and-white", lambda c: np.repeat((c @ weights)[:, None], 3, axis=1), amount=100, filter=name)


def test_sepia():
    compared("sepia", lambda c: c + ((c @ LUMA)[:, None] * [0.72, 0.91, 1.07] - c) * 0.8, amount=80)


def test_a_tint_is_luma_in_a_colour():
    colour = np.array([0xC0, 0x80, 0x40]) / 255
    compared(
        "colourise",
        lambda c: c + ((c @ LUMA)[:, None] * (colour / (colour @ LUMA)) - c) * 0.5,
        amount=50,
        colour="#4080c0",
    )


def test_duotone_is_a_straight_line_between_two_colours():
    dark, light = np.array([0x40, 0x20, 0x00]), np.array([0xA0, 0xE0, 0xFF])
    block = chart()
    got = adjusted(block, "duotone", dark="#002040", light="#ffe0a0")[0, :, :3]
    luma = np.rint(block[0, :, :3] @ LUMA)[:, None] / 255
    assert np.abs(got - (dark + (light - dark) * luma)).max() <= 1.01


@pytest.mark.parametrize("percent", [20, 50, 80])
def test_threshold_parts_luma(percent):
    block = chart()
    got = adjusted(block, "threshold", percent=percent)[0, :, :3]
    luma = block[0, :, :3] @ LUMA
    sure = np.abs(luma - percent * 2.55) > 0.6
    assert set(np.unique(got)) == {0, 255}
    assert np.array_equal(got[sure, 0] == 255, luma[sure] > percent * 2.55)


@pytest.mark.parametrize("degrees", [15, 90, 180, -120])
def test_hue_is_a_rotation_about_grey_that_keeps_luma(degrees):
    matrix = rotation(degrees)
    assert matrix @ np.ones(3) == pytest.approx(np.ones(3))
    assert LUMA @ matrix == pytest.approx(LUMA)
    assert rotation(-degrees) @ matrix == pytest.approx(np.eye(3))
    assert rotation(degrees / 3) @ rotation(degrees * 2 / 3) == pytest.approx(matrix)


def test_hue_is_the_standard_matrix_of_filter_effects():
    # The matrix for a quarter turn of hueRotate, red first, to the three digits that the standard gives.
    standard = np.array([[-0.0, 0.0, 1.0], [0.356, 0.855, -0.211], [-0.574, 1.430, 0.144]])
    ours = rotation(90)[::-1, ::-1]
    assert ours[0] == pytest.approx(standard[0], abs=0.006)
    assert ours[2] == pytest.approx(standard[2], abs=0.006)


def test_hues_there_and_back():
    block = np.random.default_rng(3).integers(90, 166, (20, 30, 4), np.uint8)
    there = adjusted(block, "hue", degrees=70)
    back = adjusted(there, "hue", degrees=-70)
    assert np.abs(back.astype(int) - block).max() <= 3
    assert np.abs(there.astype(int) - block).mean() > 5


@pytest.mark.parametrize(
    ("name", "wanted"), [("reds", "#1f5fd0"), ("oranges", "#2a9d4a"), ("blues", "#f5d000"), ("greens", "#808080")]
)
def test_a_colour_becomes_another(name, wanted):
    source = tonal_range.centre_of(name)
    block = np.array([[[*(int(source[place : place + 2], 16) for place in (5, 3, 1)), 255]]], np.uint8)
    got = adjusted(block, "recolour", range=name, from_=source, colour=wanted)[0, 0, :3] / 255
    target = colour_of(wanted)
    chroma, expected = got - got @ LUMA, target - target @ LUMA
    if np.linalg.norm(expected) < 0.03:
        assert np.linalg.norm(chroma) < 0.05
    else:
        assert chroma @ expected / np.linalg.norm(chroma) / np.linalg.norm(expected) > 0.9


def test_recolouring_leaves_every_other_colour_alone():
    block = hue_chart()
    source = tonal_range.centre_of("reds")
    got = adjusted(block, "recolour", range="reds", from_=source, colour="#1f5fd0")
    moved = np.abs(got.astype(int) - block)[0].max(axis=1)
    assert (moved[40:320] <= 1).all()
    assert (moved[:8] > 40).all()


def test_vibrance_moves_pale_colours_more_than_strong_ones():
    pale, strong = (np.full((1, 1, 4), (*colour, 255), np.uint8) for colour in ((110, 120, 130), (20, 60, 240)))
    gains = []
    for block in (pale, strong):
        after = adjusted(block, "vibrance", amount=60)[0, 0, :3].astype(float)
        gains.append(np.ptp(after) / np.ptp(block[0, 0, :3].astype(float)))
    assert gains[0] > 1.4
    assert gains[1] < 1.2


@pytest.mark.parametrize("name", tonal_range.COLOURS)
def test_a_colour_range_holds_its_part_of_the_circle_and_no_other(name):
    weight = tonal_range.weight(hue_chart(), name)[0]
    inside = weight > 0.99
    assert 15 <= inside.sum() <= 100
    assert weight.min() == 0
    assert (weight > 0).sum() < 135


def test_every_hue_belongs_to_some_range():
    together = sum(tonal_range.weight(hue_chart(), name)[0] for name in tonal_range.COLOURS)
    assert together.min() > 0.45


def test_greys_belong_to_no_colour():
    grey = np.ascontiguousarray(np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 4, axis=2))
    assert max(tonal_range.weight(grey, name).max() for name in tonal_range.COLOURS) == 0


def test_tones_add_up_to_everything():
    grey = np.ascontiguousarray(np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 4, axis=2))
    parts = {name: tonal_range.weight(grey, name)[0] for name in tonal_range.TONES}
    assert sum(parts.values()) == pytest.approx(np.ones(256), abs=1e-6)
    assert parts["shadows"][:38].min() == 1
    assert parts["highlights"][218:].min() == 1
    assert parts["midtones"][120:136].min() > 0.95
    assert (np.diff(parts["shadows"]) <= 0).all()


def test_the_rest_of_a_range_is_the_rest():
    block = chart()
    assert tonal_range.weight(block, "not-reds") == pytest.approx(1 - tonal_range.weight(block, "reds"))


def test_a_range_limits_any_step_and_keeps_what_lies_outside_byte_for_byte():
    block = hue_chart()
    got = adjusted(block, "brightness", amount=-60, range="blues")
    outside = tonal_range.weight(block, "blues")[0] == 0
    assert np.array_equal(got[0, outside], block[0, outside])
    assert got[0, 225, :3].sum() < block[0, 225, :3].sum() - 10


def test_a_range_of_a_newer_version_is_left_out():
    block = chart()
    assert np.array_equal(adjusted(block, "invert", range="skin"), adjusted(block, "invert"))


@pytest.mark.parametrize("code", ["", "red", "#12", "#zzzzzz", 7])
def test_an_odd_colour_of_a_damaged_file_is_grey(code):
    assert colour_of(code) == pytest.approx(np.full(3, 128 / 255))
