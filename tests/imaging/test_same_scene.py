from itertools import permutations

import cv2
import numpy as np
import pytest

from nanodesk.imaging.same_scene import LIKELY, same_scene
from tests.fit_cases.editing import KINDS, edited
from tests.fit_cases.photos import NAMES, photo


def block(picture):
    whole = np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(whole, cv2.COLOR_BGR2BGRA), np.uint8)


def handed_back(picture):
    """Smaller, moved, warmer, and through a JPEG."""
    small = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    moved = np.array([[1.0, 0.0, 0.02 * small.shape[1]], [0.0, 1.0, -0.01 * small.shape[0]]])
    small = cv2.warpAffine(small, moved, small.shape[1::-1], borderMode=cv2.BORDER_REFLECT) * [0.96, 1.0, 1.04]
    _, data = cv2.imencode(".jpg", np.clip(small * 255, 0, 255), [cv2.IMWRITE_JPEG_QUALITY, 80])
    read = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert read is not None
    return np.asarray(read, np.float32) / 255


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["astronaut", "coffee", "cat"])
def test_an_edited_picture_is_known_again(name, kind):
    picture = photo(name, 512)
    assert same_scene(block(picture), block(handed_back(edited(picture, kind, 3)))) >= LIKELY


def test_other_pictures_are_not_taken_for_it():
    blocks = {name: block(photo(name, 512)) for name in NAMES}
    for one, other in permutations(NAMES, 2):
        assert same_scene(blocks[one], blocks[other]) < LIKELY, (one, other)


def test_without_any_texture_the_tone_decides():
    flat = np.full((80, 120, 4), 255, np.uint8)
    dark = flat.copy()
    dark[..., :3] = 40
    assert same_scene(flat, flat) == 1
    assert same_scene(flat, dark) == 0
    clear = flat.copy()
    clear[..., 3] = 0
    assert same_scene(clear, flat) == 0
