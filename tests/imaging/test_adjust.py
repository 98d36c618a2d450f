import itertools

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nanodesk.document.layer import Adjustment, AdjustmentStep
from nanodesk.imaging.adjust import apply, knows
from nanodesk.resources import resource_path

SIGNED = ("brightness", "contrast", "saturation", "warmth")
EVERY = (*SIGNED, "exposure", "black-and-white", "sepia", "invert")


def photo():
    picture = cv2.imread(str(resource_path("samples", "astronaut.jpg")))
    assert picture is not None
    picture = picture[::4, ::4]
    block = np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)])
    block[:20, :, 3] = 0
    block[20:40, :, 3] = 77
    return np.ascontiguousarray(block)


def adjusted(block, operation, **values):
    return apply(Adjustment((AdjustmentStep(operation, tuple(values.items())),)), block)


def brightness(block):
    return float(block[..., :3].mean())


def spread(block):
    return float(cv2.cvtColor(block, cv2.COLOR_BGRA2GRAY).std())


def colourfulness(block):
    colours = block[..., :3].astype(int)
    return float((colours.max(axis=2) - colours.min(axis=2)).mean())


def warmth(block):
    return float(block[..., 2].mean() - block[..., 0].mean())


MEASURES = {"brightness": brightness, "contrast": spread, "saturation": colourfulness, "warmth": warmth}


@pytest.mark.parametrize("operation", SIGNED)
def test_more_is_more_and_less_is_less(operation):
    block = photo()
    measured = [MEASURES[operation](adjusted(block, operation, amount=a)) for a in (-100, -60, -12, 0, 12, 60, 100)]
    assert measured == sorted(measured)
    assert all(b - a > 0.5 for a, b in itertools.pairwise(measured))


def test_exposure_doubles_light():
    grey = np.full((2, 2, 4), (100, 100, 100, 255), np.uint8)
    light = ((100 / 255 + 0.055) / 1.055) ** 2.4
    expected = 255 * (1.055 * (2 * light) ** (1 / 2.4) - 0.055)
    assert abs(int(adjusted(grey, "exposure", stops=1.0)[0, 0, 0]) - expected) <= 0.5
    assert brightness(adjusted(photo(), "exposure", stops=-1.0)) < brightness(photo())


def test_black_and_white_has_no_colour_and_keeps_luma():
    block = photo()
    grey = adjusted(block, "black-and-white", amount=100)
    assert colourfulness(grey) == 0
    luma = block[..., :3] @ np.array([0.0722, 0.7152, 0.2126])
    assert np.abs(grey[..., 1] - luma).max() <= 0.51


def test_sepia_is_brown():
    toned = adjusted(photo(), "sepia", amount=100)[..., :3].reshape(-1, 3).mean(axis=0)
    assert toned[2] > toned[1] > toned[0]


def test_inverting_twice_is_nothing():
    block = photo()
    assert np.array_equal(adjusted(adjusted(block, "invert"), "invert"), block)


@pytest.mark.parametrize("operation", EVERY)
@pytest.mark.parametrize("amount", [-100, -30, 40, 100])
def test_alpha_is_kept_and_the_input_untouched(operation, amount):
    block = photo()
    before = block.copy()
    result = adjusted(block, operation, amount=amount, stops=amount / 50)
    assert np.array_equal(result[..., 3], block[..., 3])
    assert np.array_equal(block, before)
    assert not np.shares_memory(result, block)
    assert result.dtype == np.uint8
    assert result.flags["C_CONTIGUOUS"]


@pytest.mark.parametrize("operation", SIGNED)
def test_an_amount_of_nothing_changes_nothing(operation):
    assert np.array_equal(adjusted(photo(), operation, amount=0), photo())


@pytest.mark.parametrize("operation", ["brightness", "contrast"])
@pytest.mark.parametrize("amount", [-60, 30, 100])
def test_a_curve_never_turns_back_and_white_and_black_stay(operation, amount):
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 4, axis=2)
    curve = adjusted(ramp, operation, amount=amount)[0, :, 0].astype(int)
    assert (np.diff(curve) >= 0).all()
    assert (operation == "contrast" and amount < 0) or (curve[0], curve[-1]) == (0, 255)


def test_warmth_keeps_the_luminance_of_grey():
    grey = np.full((1, 1, 4), (120, 120, 120, 255), np.uint8)
    warm = adjusted(grey, "warmth", amount=50)[0, 0, :3] / 255
    light = np.where(warm <= 0.04045, warm / 12.92, ((warm + 0.055) / 1.055) ** 2.4)
    assert light @ [0.0722, 0.7152, 0.2126] == pytest.approx(((120 / 255 + 0.055) / 1.055) ** 2.4, abs=0.004)


def test_several_steps_are_done_in_order():
    block = photo()
    steps = (AdjustmentStep("saturation", (("amount", -40),)), AdjustmentStep("warmth", (("amount", 30),)))
    one_by_one = block
    for step in steps:
        one_by_one = apply(Adjustment((step,)), one_by_one)
    assert np.array_equal(apply(Adjustment(steps), block), one_by_one)
    assert not np.array_equal(apply(Adjustment(steps[::-1]), block), one_by_one)


def test_curves_after_each_other_are_rounded_once():
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 4, axis=2)
    there = AdjustmentStep("brightness", (("amount", 80),))
    back = AdjustmentStep("brightness", (("amount", -80),))
    assert np.array_equal(apply(Adjustment((there, back)), ramp), ramp)


def test_a_step_of_a_newer_version_is_left_out():
    block = photo()
    steps = (AdjustmentStep("glow", (("amount", 3),)), AdjustmentStep("invert"))
    assert np.array_equal(apply(Adjustment(steps), block), adjusted(block, "invert"))
    assert np.array_equal(adjusted(block, "glow"), block)
    assert not knows("glow")
    assert all(knows(name) for name in EVERY)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(EVERY), st.floats(allow_nan=False), st.integers(0, 2**32 - 1))
def test_a_part_comes_out_as_in_the_whole(operation, amount, seed):
    block = np.random.default_rng(seed).integers(0, 256, (9, 13, 4), np.uint8)
    whole = adjusted(block, operation, amount=amount, stops=amount)
    assert np.array_equal(adjusted(block[2:5, 3:9], operation, amount=amount, stops=amount), whole[2:5, 3:9])


@pytest.mark.parametrize("value", ["strong", True, float("nan")])
def test_odd_parameters_of_a_damaged_file_do_no_harm(value):
    assert adjusted(photo(), "brightness", amount=value).shape == photo().shape
