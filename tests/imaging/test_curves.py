"""Curves against their definitions, written out once more in plain floats, and against charts under coloured light."""

import math

import numpy as np
import pytest

from nanodesk.document.layer import Adjustment, AdjustmentStep
from nanodesk.imaging.adjust import apply, knows
from nanodesk.imaging.curves import CURVES, light_of


def adjusted(block, operation, **values):
    return apply(Adjustment((AdjustmentStep(operation, tuple(values.items())),)), block)


def ramp():
    return np.ascontiguousarray(np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 4, axis=2))


def linear(v):
    return v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4


def coded(light):
    light = min(1.0, max(0.0, light))
    return light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


DEFINITIONS = {
    ("brightness", 40): lambda v: v ** (2**-0.4),
    ("brightness", -40): lambda v: v ** (2**0.4),
    ("contrast", -30): lambda v: 0.5 + (v - 0.5) * 0.7,
    ("shadows", 50): lambda v: v + v * (1 - v) ** 2,
    ("shadows", -50): lambda v: v + (v ** (2**0.75) - v) * (1 - v) ** 2,
    ("highlights", -50): lambda v: v - (1 - v) * v**2,
    ("highlights", 50): lambda v: 1 - ((1 - v) + ((1 - v) ** (2**0.75) - (1 - v)) * v**2),
    ("midtones", 40): lambda v: v + (v ** (2**-0.4) - v) * 4 * v * (1 - v),
    ("blacks", 50): lambda v: v + 0.1 * (1 - v) ** 4,
    ("blacks", -50): lambda v: v - 0.1 * (1 - v) ** 4,
    ("whites", 50): lambda v: v + 0.1 * v**4,
    ("haze", 50): lambda v: v + (0.86 - v) * 0.3,
    ("haze", -50): lambda v: (v - 0.86 * 0.15) / 0.85,
    ("invert", 0): lambda v: 1 - v,
}


@pytest.mark.parametrize(("operation", "amount"), DEFINITIONS, ids=str)
def test_a_curve_is_what_its_definition_says(operation, amount):
    got = adjusted(ramp(), operation, amount=amount)[0, :, 1]
    wanted = [min(1.0, max(0.0, DEFINITIONS[operation, amount](v / 255))) * 255 for v in range(256)]
    assert np.abs(got - wanted).max() <= 0.5 + 1e-6


@pytest.mark.parametrize("stops", [-2.0, -0.5, 0.7, 3.0])
def test_exposure_multiplies_light(stops):
    got = adjusted(ramp(), "exposure", stops=stops)[0, :, 2]
    assert np.abs(got - [coded(linear(v / 255) * 2**stops) * 255 for v in range(256)]).max() <= 0.5 + 1e-6


@pytest.mark.parametrize("amount", [10, 30, 60, 100])
def test_contrast_has_its_slope_at_mid_grey_and_keeps_the_ends(amount):
    fine = np.array([[0.0] * 3, [0.499] * 3, [0.501] * 3, [1.0] * 3])
    curve = CURVES["contrast"](fine, {"amount": amount / 100})[:, 0]
    assert (curve[2] - curve[1]) / 0.002 == pytest.approx(1 + amount / 100, rel=1e-3)
    assert curve[0] == pytest.approx(0, abs=1e-9)
    assert curve[3] == pytest.approx(1)


MONOTONE = ("brightness", "contrast", "shadows", "highlights", "midtones", "blacks", "whites", "haze", "warmth", "tint")


@pytest.mark.parametrize("operation", MONOTONE)
def test_no_curve_ever_turns_back(operation):
    for amount in range(-100, 101, 10):
        got = adjusted(ramp(), operation, amount=amount)[0, :, :3].astype(int)
        assert (np.diff(got, axis=0) >= 0).all(), amount


@pytest.mark.parametrize("operation", ["shadows", "highlights", "midtones"])
def test_black_and_white_stay_where_tones_are_moved(operation):
    for amount in (-100, 100):
        got = adjusted(ramp(), operation, amount=amount)[0, :, 0]
        assert (got[0], got[-1]) == (0, 255)


def test_shadows_leave_the_highlights_and_highlights_the_shadows():
    assert np.abs(adjusted(ramp(), "shadows", amount=60)[0, 215:, 0].astype(int) - np.arange(215, 256)).max() <= 7
    assert np.abs(adjusted(ramp(), "highlights", amount=-60)[0, :41, 0].astype(int) - np.arange(41)).max() <= 7


@pytest.mark.parametrize(("operation", "amount"), [("shadows", 100), ("highlights", -100)])
def test_recovered_tones_are_not_torn_into_bands(operation, amount):
    got = adjusted(ramp(), operation, amount=amount)[0, :, 0].astype(int)
    assert np.diff(got).max() <= 3


def test_levels_stretch_and_gamma_bends():
    got = adjusted(ramp(), "levels", black=20, white=220, gamma=1.5)[0, :, 0]
    wanted = [255 * min(1.0, max(0.0, (v - 20) / 200)) ** (1 / 1.5) for v in range(256)]
    assert np.abs(got - wanted).max() <= 0.5 + 1e-6


@pytest.mark.parametrize("levels", [2, 3, 6, 16])
def test_posterising_gives_so_many_levels_and_the_nearest_of_them(levels):
    got = adjusted(ramp(), "posterise", levels=levels)[0, :, 0].astype(int)
    assert len(np.unique(got)) == levels
    even = np.rint(np.arange(levels) * 255 / (levels - 1)).astype(int)
    nearest = np.abs(np.arange(256)[:, None] - even[None]).min(axis=1)
    assert (np.abs(got - np.arange(256)) <= nearest + 1).all()


@pytest.mark.parametrize("operation", ["warmth", "tint"])
def test_a_light_keeps_the_luminance_of_grey(operation):
    grey = np.full((1, 1, 4), (110, 110, 110, 255), np.uint8)
    for amount in (-60, 60):
        blue, green, red = (linear(v / 255) for v in adjusted(grey, operation, amount=amount)[0, 0, :3])
        assert 0.2126 * red + 0.7152 * green + 0.0722 * blue == pytest.approx(linear(110 / 255), abs=0.003)


def test_tint_goes_from_green_to_magenta():
    grey = np.full((1, 1, 4), (128, 128, 128, 255), np.uint8)
    blue, green, red = adjusted(grey, "tint", amount=50)[0, 0, :3].astype(int)
    assert green > max(red, blue) + 10
    blue, green, red = adjusted(grey, "tint", amount=-50)[0, 0, :3].astype(int)
    assert green < min(red, blue) - 10


@pytest.mark.parametrize("kelvin", [2400, 3200, 4500, 9000, 15000])
def test_a_grey_chart_under_a_light_becomes_grey_again(kelvin):
    light = light_of(kelvin) / light_of(6504)
    patches = [0.03, 0.1, 0.2, 0.35]
    chart = np.array([[[*(round(coded(patch * part) * 255) for part in light), 255] for patch in patches]], np.uint8)
    assert np.ptp(chart[0, :, :3].astype(int), axis=1).max() > 15
    balanced = adjusted(chart, "white-balance", kelvin=kelvin)[0, :, :3].astype(int)
    unclipped = balanced[balanced.max(axis=1) < 255]
    assert len(unclipped) >= 3
    assert np.ptp(unclipped, axis=1).max() <= 8


def test_lights_run_from_red_to_blue():
    ratios = [light_of(kelvin)[0] / light_of(kelvin)[2] for kelvin in range(1700, 20001, 300)]
    assert (np.diff(ratios) > 0).all()
    assert light_of(6504)[2] == pytest.approx(1, abs=0.06)


def test_gains_act_on_linear_light():
    got = adjusted(ramp(), "white-balance", red=1.2, green=1.0, blue=0.7)[0]
    for channel, gain in ((0, 0.7), (1, 1.0), (2, 1.2)):
        wanted = [coded(linear(v / 255) * gain) * 255 for v in range(256)]
        assert np.abs(got[:, channel] - wanted).max() <= 0.5 + 1e-6


def test_removed_haze_undoes_what_an_even_veil_did():
    veiled = np.rint(ramp() * 0.85 + 0.86 * 255 * 0.15).astype(np.uint8)
    clear = adjusted(veiled, "haze", amount=-50)
    assert np.abs(clear[0, :, 0].astype(int) - np.arange(256)).max() <= 1


@pytest.mark.parametrize("operation", CURVES)
def test_odd_numbers_of_a_damaged_file_do_no_harm(operation):
    for value in (math.nan, math.inf, -1e300, "x", True):
        block = adjusted(ramp(), operation, amount=value, stops=value, levels=value, gamma=value, kelvin=value)
        assert block.shape == ramp().shape
    assert knows(operation)
