import cv2
import numpy as np
import pytest

from nanodesk.imaging.filters import background_blur, cut_out, gaussian_blur, mix, over_colour, unsharp_mask
from nanodesk.resources import resource_path


def photo():
    picture = cv2.imread(str(resource_path("samples", "coffee.jpg")))
    assert picture is not None
    return np.ascontiguousarray(np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)]))


def detail(block):
    return float(cv2.Laplacian(cv2.cvtColor(block, cv2.COLOR_BGRA2GRAY), cv2.CV_64F).var())


@pytest.mark.parametrize("sigma", [0.8, 3.0, 4.0, 9.0, 31.0])
def test_a_blur_is_the_gaussian_within_a_255th(sigma):
    block = photo()
    exact = cv2.GaussianBlur(block.astype(np.float64), (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    apart = np.abs(gaussian_blur(block, sigma) - exact)
    inner = apart[40:-40, 40:-40]
    assert inner.max() <= (1.5 if sigma < 8 else 2.5)
    assert apart.mean() < 0.6


def test_blur_and_sharpness_grow_with_strength():
    block = photo()
    blurred = [detail(gaussian_blur(block, sigma)) for sigma in (0.0, 0.6, 1.5, 4.0, 12.0)]
    assert blurred == sorted(blurred, reverse=True)
    sharp = [detail(unsharp_mask(block, amount, 1.0)) for amount in (0.0, 0.3, 0.8, 2.0)]
    assert sharp == sorted(sharp)
    assert len(set(sharp)) == 4


@pytest.mark.parametrize("sigma", [2.0, 12.0])
def test_hidden_colour_does_not_bleed_into_what_shows(sigma):
    block = np.zeros((60, 60, 4), np.uint8)
    block[:, :30] = (0, 0, 255, 255)
    block[:, 30:] = (255, 255, 0, 0)  # cyan under alpha 0
    result = gaussian_blur(block, sigma)
    shown = result[result[..., 3] > 8]
    assert shown[:, 2].min() >= 250
    assert shown[:, :2].max() <= 5
    assert 0 < result[30, 30, 3] < 255


def test_sharpening_keeps_alpha_and_hidden_pixels():
    block = photo()
    block[:50, :, 3] = 0
    block[50:80, :, 3] = 99
    result = unsharp_mask(block, 1.5, 1.2)
    assert np.array_equal(result[..., 3], block[..., 3])
    assert np.array_equal(result[:50], block[:50])


def subject_of(block):
    mask = np.zeros(block.shape[:2], np.uint8)
    cv2.ellipse(mask, (300, 190), (160, 150), 0, 0, 360, (255.0,), -1)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), 2), np.uint8)


def test_the_subject_stays_byte_for_byte_when_the_background_is_blurred():
    block = photo()
    mask = subject_of(block)
    result = background_blur(block, mask, 15)
    assert np.array_equal(result[mask == 255], block[mask == 255])
    assert np.array_equal(result[..., 3], block[..., 3])
    assert detail(np.where((mask == 0)[..., None], result, 0)) < detail(np.where((mask == 0)[..., None], block, 0))


def test_the_subject_does_not_glow_into_the_blurred_background():
    block = np.full((200, 200, 4), (40, 40, 40, 255), np.uint8)
    mask = np.zeros((200, 200), np.uint8)
    mask[60:140, 60:140] = 255
    block[mask > 0] = (255, 255, 255, 255)
    result = background_blur(block, mask, 10)
    assert np.abs(result[mask == 0][:, :3].astype(int) - 40).max() <= 1
    naive = gaussian_blur(block, 10)
    assert naive[100, 55, 0] > 100


def test_mixing_is_exact_where_the_mask_is_all_or_nothing():
    rng = np.random.default_rng(3)
    base, result = (rng.integers(0, 256, (300, 40, 4), np.uint8) for _ in range(2))
    mask = rng.choice(np.array([0, 255, 128], np.uint8), (300, 40))
    mixed = mix(base, result, mask)
    assert np.array_equal(mixed[mask == 0], base[mask == 0])
    assert np.array_equal(mixed[mask == 255], result[mask == 255])


def test_mixing_halves_opaque_colours():
    base, result = np.full((4, 4, 4), 255, np.uint8), np.full((4, 4, 4), 255, np.uint8)
    base[..., :3], result[..., :3] = 10, 110
    mixed = mix(base, result, np.full((4, 4), 51, np.uint8))
    assert (mixed[..., :3] == 30).all()
    assert (mixed[..., 3] == 255).all()


def test_mixing_weighs_colour_by_alpha():
    base = np.full((1, 1, 4), (0, 0, 200, 255), np.uint8)
    result = np.full((1, 1, 4), (255, 255, 0, 0), np.uint8)
    assert mix(base, result, np.full((1, 1), 128, np.uint8))[0, 0].tolist() == [0, 0, 200, 127]


def test_mixing_needs_one_size():
    block = photo()
    with pytest.raises(ValueError, match="own size"):
        mix(block, block, np.zeros((3, 3), np.uint8))


def test_a_cut_out_takes_no_rim_of_the_background_along():
    block = np.full((120, 120, 4), (0, 255, 0, 255), np.uint8)
    mask = np.zeros((120, 120), np.uint8)
    mask[30:90, 30:90] = 255
    mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), 1.2), np.uint8)
    share = mask[..., None] / 255
    block[..., :3] = np.rint(np.array([20, 20, 200]) * share + np.array([0, 255, 0]) * (1 - share))
    cut = cut_out(block, mask)
    assert np.array_equal(cut[..., 3], mask)
    shown = cut[mask > 20]
    assert np.abs(shown[:, :3].astype(int) - [20, 20, 200]).max() <= 12


def test_a_cut_out_on_a_colour_is_opaque():
    block = photo()
    block[..., 3] = subject_of(block)
    result = over_colour(block, (255, 128, 0))
    assert (result[..., 3] == 255).all()
    assert result[0, 0].tolist() == [255, 128, 0, 255]
    assert np.array_equal(result[190, 300, :3], block[190, 300, :3])


@pytest.mark.parametrize("shape", [(1, 1, 4), (1, 7, 4), (300, 2, 4)])
def test_tiny_pictures_survive(shape):
    block = np.full(shape, 90, np.uint8)
    mask = np.full(shape[:2], 128, np.uint8)
    for result in (
        gaussian_blur(block, 40),
        unsharp_mask(block, 1, 1),
        background_blur(block, mask, 40),
        cut_out(block, mask),
    ):
        assert result.shape == shape
