"""Small pairs of a base and an answer for tests of single stages."""

from functools import lru_cache

import cv2
import numpy as np

from tests.fit_cases.photos import photo

EDGE = 480


@lru_cache(maxsize=4)
def base(name: str = "astronaut", edge: int = EDGE) -> np.ndarray:
    """(h, w, 4) BGRA, opaque."""
    picture = np.rint(photo(name, edge) * 255).astype(np.uint8)
    block = np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)])
    block.setflags(write=False)
    return block


def spotted(block: np.ndarray, *spots: tuple[int, int, int], colour=(40, 200, 230)) -> np.ndarray:
    """A fresh block with discs (x, y, radius) in it."""
    picture = block[:, :, :3].copy()
    for x, y, radius in spots:
        cv2.circle(picture, (x, y), radius, colour, -1, cv2.LINE_AA)
    return np.dstack([picture, block[:, :, 3]])


def redrawn(block: np.ndarray, *, shift=(0.0, 0.0), scale=1.0, turn_deg=0.0, size=None, seed=1) -> np.ndarray:
    """As a model gives it back: moved, at another size, a little noisy and tinted."""
    height, width = block.shape[:2]
    out = size or (width, height)
    matrix = cv2.getRotationMatrix2D((width / 2 - 0.5, height / 2 - 0.5), turn_deg, scale)
    matrix[:, 2] += shift
    moved = cv2.warpAffine(block, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
    moved = cv2.resize(moved, out, interpolation=cv2.INTER_AREA)
    noisy = moved[:, :, :3] * np.array([0.98, 1.0, 1.02]) + np.random.default_rng(seed).normal(0, 1.2, (*out[::-1], 3))
    return np.dstack([np.clip(np.rint(noisy), 0, 255).astype(np.uint8), moved[:, :, 3]])
