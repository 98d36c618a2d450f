"""Looks: cubes against a reference in floats, the files against their recipes, and golden pictures."""

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from nanodesk.document.layer import Adjustment, AdjustmentStep
from nanodesk.imaging.adjust import apply
from nanodesk.imaging.look import LookError, looked, looks, read_cube
from nanodesk.resources import resource_path

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "looks"


def photo():
    picture = cv2.imread(str(resource_path("samples", "astronaut.jpg")))
    assert picture is not None
    small = cv2.resize(picture, (128, 128), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(np.dstack([small, np.full(small.shape[:2], 255, np.uint8)]))


def through(cube, colours):
    """Trilinear interpolation in float64, colour by colour: red, green, blue from 0 to 1."""
    size = len(cube)
    result = []
    for colour in colours:
        place = colour * (size - 1)
        low = np.minimum(place.astype(int), size - 2)
        part = place - low
        value = np.zeros(3)
        for corner in range(8):
            step = np.array([corner & 1, corner >> 1 & 1, corner >> 2 & 1])
            share = np.prod(np.where(step, part, 1 - part))
            red, green, blue = low + step
            value += share * cube[blue, green, red]
        result.append(value)
    return np.array(result)


def test_there_are_the_looks_that_designers_ask_for():
    assert {"1980s-film", "faded", "teal-orange", "noir", "cross-process"} <= set(looks())
    assert len(looks()) >= 10


@pytest.mark.parametrize("name", looks())
@pytest.mark.parametrize("amount", [1.0, 0.4])
def test_a_look_is_its_cube_between_its_points(name, amount):
    block = np.random.default_rng(5).integers(0, 256, (4, 10, 4), np.uint8)
    got = looked(block, name, amount)
    colours = block[..., 2::-1].reshape(-1, 3) / 255
    wanted = colours + (through(read_cube(resource_path("looks", f"{name}.cube")), colours) - colours) * amount
    assert np.abs(got[..., 2::-1].reshape(-1, 3) - wanted * 255).max() <= 1.01
    assert np.array_equal(got[..., 3], block[..., 3])


def test_none_of_a_look_is_the_picture():
    assert np.abs(looked(photo(), "noir", 0.0).astype(int) - photo()).max() <= 1


@pytest.mark.parametrize("name", looks())
def test_a_look_is_smooth(name):
    """Neighbouring levels stay neighbours: no step that a sky would show as a band."""
    grey = np.ascontiguousarray(np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 4, axis=2))
    got = looked(grey, name, 1.0)[0, :, :3].astype(int)
    assert np.abs(np.diff(got, axis=0)).max() <= 4


@pytest.mark.parametrize("name", looks())
def test_a_file_is_what_its_recipe_makes(name, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    import make_looks

    assert resource_path("looks", f"{name}.cube").read_text(encoding="utf-8") == make_looks.text(name)
    assert set(make_looks.RECIPES) == set(looks())
    sys.modules.pop("make_looks")


@pytest.mark.parametrize("name", looks())
def test_a_look_looks_as_it_did(name):
    golden = cv2.imread(str(GOLDEN / f"{name}.png"))
    assert golden is not None, "write it with tests/golden/write_looks.py and look at it"
    assert np.abs(looked(photo(), name, 1.0)[..., :3].astype(int) - golden).max() <= 1


def test_a_look_that_is_not_there_changes_nothing_in_a_document_and_is_named_elsewhere():
    block = photo()
    step = AdjustmentStep("look", (("name", "sunny"), ("amount", 100)))
    assert np.array_equal(apply(Adjustment((step,)), block), block)
    with pytest.raises(LookError, match="sunny"):
        looked(block, "sunny", 1.0)


@pytest.mark.parametrize("text", ["", "LUT_3D_SIZE 1\n0 0 0\n", "LUT_3D_SIZE 2\n0 0 0\n", "LUT_3D_SIZE x\n"])
def test_a_damaged_cube_is_an_error_of_its_own(text, tmp_path):
    path = tmp_path / "odd.cube"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LookError, match="odd"):
        read_cube(path)
    with pytest.raises(LookError, match="none"):
        read_cube(tmp_path / "none.cube")
