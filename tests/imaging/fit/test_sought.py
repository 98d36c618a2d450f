"""Places that a fine texture leads astray are looked for round about."""

import cv2
import numpy as np

from nanodesk.imaging.fit.flow import sought
from nanodesk.imaging.fit.plane import plane_of
from tests.fit_cases.photos import photo

STILL = np.array([[1.0, 0, 0], [0, 1, 0]])
CELLS = (16, 22)


def grained(shift):
    """A picture of stripes finer than the shift and of grain, and the same with its right half moved."""
    edge = (480, 640)
    random = np.random.default_rng(6)
    stripes = 0.5 + 0.25 * np.sin(np.arange(edge[1]) * 2 * np.pi / 7) + np.zeros((edge[0], 1))
    fine = cv2.GaussianBlur(random.standard_normal(edge).astype(np.float32), (0, 0), 1.6)
    picture = np.clip(stripes + 0.08 * fine / fine.std(), 0, 1)
    moved = picture.copy()
    moved[:, 320:] = np.roll(picture, shift, axis=1)[:, 320:]
    return tuple(
        np.dstack([np.repeat((one * 255).astype(np.uint8)[:, :, None], 3, axis=2), np.full(edge, 255, np.uint8)])
        for one in (picture, moved)
    )


def test_a_half_that_moved_by_more_than_its_stripes_is_found():
    base, answer = grained(6)
    step = sought(plane_of(base, answer), STILL, np.zeros((*CELLS, 2), np.float32), (400, 300))
    assert abs(float(np.median(step[4:-4, 15:19, 0])) - 6) < 2
    assert abs(float(np.median(step[4:-4, 3:7, 0]))) < 1


def test_nothing_moves_where_all_is_alike():
    base, _ = grained(0)
    step = sought(plane_of(base, base), STILL, np.zeros((*CELLS, 2), np.float32), (400, 300))
    assert not step.any()


def test_an_edit_moves_nothing():
    base, _ = grained(0)
    answer = base.copy()
    other = np.rint(photo("coffee", 640)[:300, :300] * 255).astype(np.uint8)
    answer[100:400, 200:500, :3] = other
    step = sought(plane_of(base, answer), STILL, np.zeros((*CELLS, 2), np.float32), (400, 300))
    assert not step.any()
