from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest

from nanodesk.imaging.subject import NoSubjectError, guided_coefficients, subject_mask
from nanodesk.resources import resource_path

MODEL = resource_path("models", "u2netp.onnx")


def photo(name):
    picture = cv2.imread(str(resource_path("samples", f"{name}.jpg")))
    assert picture is not None
    return np.ascontiguousarray(np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)]))


def test_the_astronaut_is_found_and_the_wall_is_not():
    block = photo("astronaut")
    mask = subject_mask(block, MODEL)
    assert mask.shape == block.shape[:2]
    assert mask.dtype == np.uint8
    assert mask[110, 220] == 255  # her face
    assert mask[400, 200] == 255  # her suit
    assert mask[60, 300] == 0  # the wall
    assert mask[150, 410] == 0  # the rocket


def test_the_cup_is_found_at_another_size_and_shape():
    block = photo("coffee")
    large = cv2.resize(block, (1300, 700), interpolation=cv2.INTER_CUBIC)
    mask = subject_mask(large, MODEL)
    assert mask.shape == (700, 1300)
    assert mask[330, 620] == 255
    assert mask[10, 10] == mask[690, 20] == 0


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (180, 120, 60)])
def test_an_empty_picture_has_no_subject(colour):
    block = np.full((300, 400, 4), (*colour, 255), np.uint8)
    with pytest.raises(NoSubjectError):
        subject_mask(block, MODEL)


def test_a_missing_model_is_said_so(tmp_path):
    with pytest.raises(OSError, match=r"none\.onnx"):
        subject_mask(photo("cat"), tmp_path / "none.onnx")


def test_two_threads_may_ask_at_once():
    block = photo("coffee")[::2, ::2]
    block = np.ascontiguousarray(block)
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda _: subject_mask(block, MODEL), range(2))
    assert np.array_equal(one, other)


def test_the_guided_filter_snaps_a_soft_mask_to_an_edge():
    guide = np.zeros((80, 80, 3), np.float32)
    guide[:, 40:] = 1
    mask = np.asarray(cv2.GaussianBlur((guide[..., 0]).copy(), (0, 0), 4), np.float32)
    slope, offset = guided_coefficients(guide, mask, 8, 1e-4)
    refined = (guide * slope).sum(axis=2) + offset
    assert refined[40, 41] - refined[40, 38] > 2 * (mask[40, 41] - mask[40, 38])
    assert refined[40, 10] < 0.02
    assert refined[40, 70] > 0.98
