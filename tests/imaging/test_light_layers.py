import numpy as np
import pytest

from nanodesk.document.blend import BlendMode
from nanodesk.document.geometry import Point
from nanodesk.imaging.light_layers import glow, gradient, grain, vignette
from nanodesk.imaging.overlay import laid_over


def plain(value, shape=(120, 160)):
    return np.full((*shape, 4), (value, value, value, 255), np.uint8)


def test_grain_is_grey_even_and_the_same_every_time():
    one, other = grain((200, 300), 0.5), grain((200, 300), 0.5)
    assert np.array_equal(one, other)
    assert np.ptp(one[..., :3].astype(int), axis=2).max() == 0
    assert one[..., 0].mean() == pytest.approx(127.5, abs=0.5)
    assert one[..., 0].std() == pytest.approx(20, rel=0.05)
    assert (one[..., 3] == 255).all()


def test_rows_and_columns_of_grain_have_nothing_to_do_with_each_other():
    noise = grain((256, 256), 1.0)[..., 0].astype(float) - 127.5
    noise /= noise.std()
    for shifted in (np.roll(noise, 1, 0), np.roll(noise, 1, 1), np.roll(noise, 7, 0)):
        assert abs(float((noise * shifted).mean())) < 0.02


def test_larger_grains_are_larger_and_as_strong():
    fine, coarse = (grain((300, 300), 0.6, size=size)[..., 0].astype(float) for size in (1, 3))
    assert np.abs(np.diff(coarse)).mean() < 0.5 * np.abs(np.diff(fine)).mean()
    assert coarse.std() == pytest.approx(fine.std(), rel=0.25)


@pytest.mark.parametrize("value", [0, 60, 128, 200, 255])
def test_grain_moves_no_tone_and_leaves_black_and_white(value):
    shown = laid_over(plain(value), grain((120, 160), 0.5), Point(), BlendMode.OVERLAY)
    assert shown[..., 1].mean() == pytest.approx(value, abs=0.8)
    assert (shown[..., 1].std() > 3) == (value not in {0, 255})


def test_a_vignette_is_clear_in_the_middle_and_as_strong_as_asked_in_the_corners():
    layer = vignette((301, 401), 0.6)
    cover = layer[..., 3].astype(float)
    assert cover[150, 200] == 0
    assert cover[0, 0] == pytest.approx(0.6 * 255 * (1 - 3 * (1 / 12) ** 2 + 2 * (1 / 12) ** 3), abs=3)
    for flipped in (cover[::-1], cover[:, ::-1]):
        assert np.abs(cover - flipped).max() <= 1, "dithered by no more than a step"
    assert (layer[..., :3] == 0).all()
    assert (np.diff(cover[150, 200:].reshape(-1, 3).mean(axis=1)) >= -1).all()


def test_a_vignette_shows_no_rings():
    cover = vignette((400, 400), 0.3)[..., 3].astype(int)
    edges = np.abs(np.diff(cover[200]))
    assert edges.max() <= 2
    along = cover[200, 330:360]
    assert len(np.unique(along)) > 3
    runs = np.diff(np.flatnonzero(np.diff(along)))
    assert runs.min() <= 2, "levels alternate where they meet"


def test_a_white_vignette_is_white():
    assert (vignette((40, 50), 1.0, (255, 255, 255))[..., :3] == 255).all()


def test_glow_spreads_light_and_leaves_the_dark_dark():
    block = plain(10, (101, 101))
    block[45:56, 45:56, :3] = 250
    shown = laid_over(block, glow(block, 0.8, 8), Point(), BlendMode.SCREEN)
    assert int(shown[50, 62, 0]) > 20
    assert int(shown[5, 5, 0]) <= 12
    assert (shown >= block).all()


def test_glow_keeps_alpha():
    block = plain(200)
    block[:60, :, 3] = 0
    assert np.array_equal(glow(block, 0.5, 5)[..., 3], block[..., 3])


@pytest.mark.parametrize("degrees", [0, 90, 45])
def test_a_gradient_runs_straight_from_one_colour_to_the_other(degrees):
    first, last = (200, 40, 10), (20, 220, 250)
    block = gradient((90, 120), first, last, degrees).astype(float)
    down, across = np.mgrid[0:90, 0:120]
    x, y = (across + 0.5) / 120 - 0.5, (down + 0.5) / 90 - 0.5
    angle = np.radians(degrees)
    part = (x * np.sin(angle) + y * np.cos(angle)) / (abs(np.sin(angle)) + abs(np.cos(angle))) + 0.5
    wanted = np.array(first) + (np.array(last) - np.array(first)) * part[..., None]
    assert np.abs(block[..., :3] - wanted).max() <= 1
    assert (block[..., 3] == 255).all()
