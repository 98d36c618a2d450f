"""The photographs that the fit cases may stand on are what their README says, and come as they were taken."""

import re

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.fit_cases.photos import PHOTOS, REAL, photo

ROW = re.compile(r"^\| `(\w+)\.jpg` \|[^|]+\| (\d+) × (\d+) \| [^|]+ \| (?:CC0|public domain)[^|]* \| [^|]+ \|$", re.M)
ROWS = ROW.findall((PHOTOS / "README.md").read_text("utf-8"))
TOLD = {name: (int(width), int(height)) for name, width, height in ROWS}
MOST_BYTES = 500_000


def test_every_photograph_is_told_of():
    assert set(TOLD) == set(REAL) == {path.stem for path in PHOTOS.glob("*.jpg")}


@pytest.mark.parametrize("name", REAL)
def test_a_stored_photograph_is_srgb_without_metadata(name):
    path = PHOTOS / f"{name}.jpg"
    assert path.stat().st_size < MOST_BYTES
    with Image.open(path) as picture:
        picture.load()
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", TOLD[name])
        # JFIF's own header, the one segment that is there, says how large and how dense; no profile means sRGB.
        assert set(picture.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert not picture.getexif()


@pytest.mark.parametrize("name", REAL)
def test_a_real_photograph_is_cut_and_not_enlarged(name):
    read = cv2.imread(str(PHOTOS / f"{name}.jpg"))
    assert read is not None
    stored = read.astype(np.float32) / 255
    longer = max(stored.shape[:2])
    np.testing.assert_array_equal(photo(name, 4000), stored)

    cut = photo(name, 900)
    assert cut.dtype == np.float32
    assert max(cut.shape[:2]) == 900
    assert not cut.flags.writeable
    top, left = ((whole - part) // 2 for whole, part in zip(stored.shape[:2], cut.shape[:2], strict=True))
    np.testing.assert_array_equal(cut, stored[top : top + cut.shape[0], left : left + cut.shape[1]])

    half = photo(name, longer // 2)
    assert max(half.shape[:2]) == longer // 2
    np.testing.assert_allclose(half[0, 0], stored[:2, :2].mean(axis=(0, 1)), atol=1e-6)
