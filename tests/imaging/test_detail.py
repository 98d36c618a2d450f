import cv2
import numpy as np
import pytest

from nanodesk.imaging.detail import clarified, denoised, disc, guided, lens_blur, line, motion_blur, pixelated
from nanodesk.resources import resource_path


def photo(rows=300):
    picture = cv2.imread(str(resource_path("samples", "coffee.jpg")))
    assert picture is not None
    return np.ascontiguousarray(np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)])[:rows])


def driven(task):
    """The picture of a task, and the shares it told."""
    told = []
    while True:
        try:
            told.append(next(task))
        except StopIteration as end:
            assert told == sorted(told)
            assert not told or told[-1] == 1
            return end.value, told


@pytest.mark.parametrize("radius", [0.5, 1.0, 3.5, 8.0])
def test_a_disc_is_round_and_adds_up(radius):
    kernel = disc(radius)
    assert kernel.sum() == pytest.approx(1, abs=1e-5)
    assert np.array_equal(kernel, kernel.T)
    assert np.array_equal(kernel, kernel[::-1])
    area = 1 / kernel.max()
    assert area == pytest.approx(np.pi * (radius + 0.0) ** 2, rel=0.25) or radius <= 1


@pytest.mark.parametrize(("degrees", "wide", "high"), [(0, 21, 1), (90, 1, 21), (45, 15, 15)])
def test_a_line_points_the_way_it_should(degrees, wide, high):
    kernel = line(20, degrees)
    assert kernel.sum() == pytest.approx(1, abs=1e-5)
    rows, columns = np.nonzero(kernel > 0.01)
    assert abs(np.ptp(columns) + 1 - wide) <= 2
    assert abs(np.ptp(rows) + 1 - high) <= 2
    if degrees == 45:
        assert np.corrcoef(rows, columns)[0, 1] < -0.9, "it rises to the right"


def test_a_lens_blur_is_the_average_over_the_disc():
    block = photo(120)
    got, _ = driven(lens_blur(block, 4))
    exact = cv2.filter2D(block.astype(np.float64), -1, disc(4).astype(np.float64), borderType=cv2.BORDER_REPLICATE)
    assert np.abs(got - exact).max() <= 1


def test_bands_leave_no_seams():
    block = np.tile(photo(), (3, 1, 1))
    got, told = driven(motion_blur(block, 31, 70))
    assert len(told) > 2
    exact = cv2.filter2D(block, -1, line(31, 70), borderType=cv2.BORDER_REPLICATE)
    assert np.abs(got.astype(int) - exact).max() <= 1


def test_what_is_weighed_out_does_not_bleed_in():
    block = np.full((80, 80, 4), (0, 0, 255, 255), np.uint8)
    block[:, 40:, :3] = (255, 0, 0)
    weight = np.zeros((80, 80), np.uint8)
    weight[:, :40] = 255
    got, _ = driven(lens_blur(block, 6, weight))
    assert np.abs(got[:, :40].astype(int) - (0, 0, 255, 255)).max() <= 1
    assert (got[:, 60:] == block[:, 60:]).all(), "nothing of any weight is near"


def test_transparency_is_blurred_with_the_picture():
    block = np.zeros((60, 60, 4), np.uint8)
    block[:, :30] = (10, 200, 30, 255)
    got, _ = driven(lens_blur(block, 5))
    assert 40 < got[30, 30, 3] < 220
    assert np.abs(got[30, 30, :3].astype(int) - (10, 200, 30)).max() <= 2


def test_denoising_takes_noise_and_leaves_edges():
    clean = np.full((160, 160, 4), (90, 90, 90, 255), np.uint8)
    clean[:, 80:, :3] = 200
    noise = np.random.default_rng(1).normal(0, 8, (160, 160, 3))
    noisy = clean.copy()
    noisy[..., :3] = np.clip(clean[..., :3] + noise, 0, 255)
    got, _ = driven(denoised(noisy, 0.6))
    flat = (slice(20, 140), slice(10, 60))
    assert got[flat][..., 1].std() < 0.45 * noisy[flat][..., 1].std()
    step = got[60:100, :, 1].astype(float).mean(axis=0)
    assert step[88] - step[71] > 95
    assert np.abs(step[10:70] - 90).max() < 4, "no halo"


def test_more_denoising_leaves_less_noise_and_alpha_stays():
    block = photo(100)
    block[:30, :, 3] = 90
    detail = []
    for amount in (0.0, 0.2, 0.5, 1.0):
        got, _ = driven(denoised(block, amount))
        detail.append(float(cv2.Laplacian(got[..., 1], cv2.CV_64F).var()))
        assert np.array_equal(got[..., 3], block[..., 3])
    assert detail == sorted(detail, reverse=True)


def test_the_guided_filter_is_the_linear_model_of_its_windows():
    rng = np.random.default_rng(2)
    guide, values = rng.random((24, 24), np.float32), rng.random((24, 24), np.float32)
    radius, epsilon = 2, 0.01
    padded_guide, padded_values = (np.pad(plane, 2 * radius, mode="symmetric") for plane in (guide, values))
    slopes, offsets = np.zeros((28, 28)), np.zeros((28, 28))
    for y in range(28):
        for x in range(28):
            g, v = (plane[y : y + 5, x : x + 5].astype(float) for plane in (padded_guide, padded_values))
            slopes[y, x] = ((g * v).mean() - g.mean() * v.mean()) / (g.var() + epsilon)
            offsets[y, x] = v.mean() - slopes[y, x] * g.mean()
    wanted = np.zeros((24, 24))
    for y in range(24):
        for x in range(24):
            wanted[y, x] = slopes[y : y + 5, x : x + 5].mean() * guide[y, x] + offsets[y : y + 5, x : x + 5].mean()
    inner = (slice(4, -4), slice(4, -4))
    assert guided(guide, values, radius, epsilon)[inner] == pytest.approx(wanted[inner], abs=1e-4)


def test_clarity_grows_with_its_amount_and_turns_round():
    block = photo()
    spread = []
    for amount in (-0.8, 0.0, 0.4, 1.0):
        got, _ = driven(clarified(block, amount))
        spread.append(float(cv2.Laplacian(cv2.GaussianBlur(got[..., 1], (0, 0), 3), cv2.CV_64F).std()))
        assert np.array_equal(got[..., 3], block[..., 3])
    assert spread == sorted(spread)
    assert np.array_equal(driven(clarified(block, 0.0))[0], block)


def test_clarity_draws_no_halo_at_a_strong_edge():
    block = np.full((200, 300, 4), (60, 60, 60, 255), np.uint8)
    block[:, 150:, :3] = 190
    got = driven(clarified(block, 1.0))[0][100, :, 1].astype(int)
    assert np.abs(got - block[100, :, 1]).max() <= 14


@pytest.mark.parametrize("size", [2, 7, 40])
def test_pixels_are_the_averages_of_squares(size):
    block = photo(101)[:, :83]
    got = pixelated(block, size)
    part = block[size : 2 * size, :size] if 2 * size <= 101 else block[:size, :size]
    where = (size, 0) if 2 * size <= 101 else (0, 0)
    assert got.shape == block.shape
    assert np.abs(got[where] - part.reshape(-1, 4).mean(axis=0)).max() <= 1
    square = got[where[0] : where[0] + size, :size].reshape(-1, 4)
    assert (square == square[0]).all()


def test_pixels_weigh_colour_by_alpha():
    block = np.zeros((8, 8, 4), np.uint8)
    block[:, :4] = (0, 0, 250, 255)
    block[:, 4:] = (250, 250, 0, 0)
    got = pixelated(block, 8)
    assert np.abs(got[3, 3].astype(int) - (0, 0, 250, 128)).max() <= 1
