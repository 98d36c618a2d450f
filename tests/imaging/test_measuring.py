from pathlib import Path

import cv2
import numpy as np
import pytest

from nanodesk.document.geometry import Rect
from nanodesk.document.layer import Adjustment, AdjustmentStep
from nanodesk.imaging.adjust import apply
from nanodesk.imaging.measuring import UnclearError, dominant, light, margins, tilt, tones
from nanodesk.imaging.sky import NoSkyError, sky_mask
from nanodesk.resources import resource_path


def loaded(path):
    picture = cv2.imread(str(path))
    assert picture is not None
    return np.ascontiguousarray(np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)]))


def plain(colour, shape=(60, 90)):
    return np.full((*shape, 4), (*colour, 255), np.uint8)


def test_tones_are_the_ends_of_what_is_there():
    block = plain((0, 0, 0), (100, 100))
    block[..., :3] = np.linspace(40, 200, 10000).reshape(100, 100, 1)
    black, white = tones(block)
    assert abs(black - 40) <= 2
    assert abs(white - 200) <= 2


def test_a_few_odd_pixels_are_no_black_point():
    block = plain((100, 100, 100), (200, 200))
    block[0, :5, :3] = 0
    assert tones(block)[0] == 100


@pytest.mark.parametrize("gains", [(1.15, 1.0, 0.8), (0.85, 1.0, 1.25)])
def test_a_cast_over_a_grey_chart_is_found_and_taken_away(gains):
    grey = np.random.default_rng(4).integers(40, 180, (80, 80, 1))
    cast = np.clip(grey * np.array(gains[::-1]), 0, 255).astype(np.uint8)
    block = np.ascontiguousarray(np.dstack([cast, np.full((80, 80), 255, np.uint8)]))
    red, green, blue = light(block)
    step = AdjustmentStep("white-balance", (("red", red), ("green", green), ("blue", blue)))
    got = apply(Adjustment((step,)), block)[..., :3].astype(float)
    before, after = (np.ptp(pixels.reshape(-1, 3).mean(axis=0)) for pixels in (block[..., :3].astype(float), got))
    assert after < 0.2 * before


def test_a_picture_without_light_has_no_cast():
    with pytest.raises(UnclearError):
        light(plain((0, 0, 0)))


@pytest.mark.parametrize("degrees", [-6.0, -1.5, 2.0, 8.0])
def test_the_tilt_of_level_lines_is_found(degrees):
    block = plain((90, 120, 150), (400, 600))
    for y in range(60, 400, 70):
        cv2.line(block, (-200, y), (800, y), (240.0, 240.0, 240.0, 255.0), 5, cv2.LINE_AA)
    matrix = cv2.getRotationMatrix2D((300, 200), -degrees, 1.0)
    turned = cv2.warpAffine(block, matrix, (600, 400), borderMode=cv2.BORDER_REPLICATE)
    assert tilt(np.asarray(turned, np.uint8)) == pytest.approx(-degrees, abs=0.3)


def test_a_picture_without_lines_has_no_tilt():
    with pytest.raises(UnclearError):
        tilt(plain((90, 90, 90)))
    with pytest.raises(UnclearError):
        tilt(loaded(resource_path("samples", "cat.jpg")))


def test_margins_are_found():
    block = plain((255, 255, 255), (100, 140))
    block[20:70, 30:120, :3] = 60
    assert margins(block) == Rect(30, 20, 90, 50)
    assert margins(plain((7, 7, 7))) == Rect(0, 0, 90, 60)
    clear = np.zeros((50, 50, 4), np.uint8)
    clear[10:20, 5:45] = (1, 2, 3, 255)
    assert margins(clear) == Rect(5, 10, 40, 10)


def test_the_colour_that_covers_most_is_found():
    block = plain((200, 40, 30))
    block[:20, :, :3] = (10, 240, 250)
    assert dominant(block) == "#1e28c8"
    with pytest.raises(UnclearError):
        dominant(np.zeros((5, 5, 4), np.uint8))


def test_the_sky_is_found_and_the_rocket_is_not_sky():
    block = loaded(Path(__file__).parents[1] / "engines" / "pictures" / "rocket.jpg")
    mask = sky_mask(block)
    assert mask[5:60, 80:240].mean() > 250
    assert mask[90:140, 158:162].mean() < 60
    assert mask[212:, 150:170].mean() < 5


@pytest.mark.parametrize("name", ["coffee.jpg", "cat.jpg"])
def test_indoors_there_is_no_sky(name):
    with pytest.raises(NoSkyError):
        sky_mask(loaded(resource_path("samples", name)))
