import sys

import cv2
import numpy as np
import pytest

from nanodesk.imaging.inpaint import InpaintMissingError, filled, is_thin


def bricks():
    """A wall of bricks: what a filling can be held against."""
    down, across = np.mgrid[0:240, 0:320]
    row = down // 16
    mortar = (down % 16 < 2) | ((across + (row % 2) * 16) % 32 < 2)
    grey = np.where(mortar, 200, 110).astype(np.uint8)
    return np.ascontiguousarray(np.dstack([grey // 2, grey - 20, grey, np.full_like(grey, 255)]))


def hole(shape, radius):
    mask = np.zeros(shape, np.uint8)
    cv2.circle(mask, (160, 120), radius, 255.0, -1)
    return mask


def test_a_hole_in_a_texture_gets_the_texture_and_nothing_else_moves():
    block = bricks()
    mask = hole(block.shape[:2], 22)
    damaged = block.copy()
    damaged[mask > 0] = (255, 0, 255, 255)
    got = filled(damaged, mask)
    assert np.array_equal(got[mask == 0], damaged[mask == 0])
    inside = got[mask > 0].astype(float)
    assert np.abs(inside.mean(axis=0) - block[mask > 0].mean(axis=0)).max() < 12
    assert inside[:, 1].std() > 15, "it has the texture's contrast, and is no smear"
    assert not (inside[:, :3] == (255, 0, 255)).all(axis=1).any()


def test_the_same_hole_is_filled_the_same_way_every_time():
    block = bricks()
    mask = hole(block.shape[:2], 15)
    assert np.array_equal(filled(block, mask), filled(block, mask))


def test_a_thin_mark_goes_without_the_library(monkeypatch):
    monkeypatch.setitem(sys.modules, "patchmatch", None)
    block = np.full((200, 300, 4), (120, 140, 160, 255), np.uint8)
    mask = np.zeros((200, 300), np.uint8)
    cv2.line(mask, (10, 10), (280, 190), (255.0,), 3)
    assert is_thin(mask)
    scratched = block.copy()
    scratched[mask > 0] = (0, 0, 0, 255)
    assert np.abs(filled(scratched, mask).astype(int) - block).max() <= 2


def test_a_larger_hole_without_the_library_is_an_error_of_its_own(monkeypatch):
    monkeypatch.setitem(sys.modules, "patchmatch", None)
    assert not is_thin(hole((240, 320), 22))
    with pytest.raises(InpaintMissingError):
        filled(bricks(), hole((240, 320), 22))


def test_a_soft_mask_mixes_the_filling_in():
    block = bricks()
    mask = cv2.GaussianBlur(hole(block.shape[:2], 15), (0, 0), 3)
    got = filled(block, np.asarray(mask, np.uint8))
    assert np.array_equal(got[mask == 0], block[mask == 0])


def test_a_large_crop_is_worked_on_reduced():
    block = np.tile(bricks(), (5, 5, 1))
    mask = np.zeros(block.shape[:2], np.uint8)
    cv2.circle(mask, (800, 600), 260, (255.0,), -1)
    got = filled(block, mask)
    assert np.array_equal(got[mask == 0], block[mask == 0])
    assert np.abs(got[mask > 0].mean(axis=0) - block[mask > 0].mean(axis=0)).max() < 15


@pytest.mark.parametrize("value", [0, 255])
def test_a_hole_needs_an_edge(value):
    with pytest.raises(ValueError, match="surroundings"):
        filled(bricks(), np.full((240, 320), value, np.uint8))
