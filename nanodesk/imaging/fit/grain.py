"""Grain and fine texture: measured in tiles of two pictures, and made anew."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nanodesk.imaging.fit.plane import blurred, luma

Floats = NDArray[np.float32]

_EDGE = 512
_QUIET_SHARE = 0.3
"""Of the tiles, those with the least fine structure tell the grain; the others have texture too."""
_KERNEL = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
_MOST_GAIN = 1.2
_MOST_GRAIN = 0.06


def noise_level(tiles: list[Floats]) -> Floats:
    """The grain's standard deviation: that of luma, then of B, G and R beyond it; each (h, w, 3) tile 0 to 1.

    Immerkær, "Fast noise variance estimation" (1996), with a median for the mean, over the quietest tiles.
    """
    levels = []
    for tile in tiles:
        grey = luma(tile)
        planes = [grey, *[np.ascontiguousarray(tile[:, :, channel]) - grey for channel in range(3)]]
        levels.append([_deviation(plane) for plane in planes])
    order = np.sort(np.array(levels, np.float32), axis=0)
    return np.asarray(order[int(len(order) * _QUIET_SHARE)], np.float32)


def _deviation(plane: Floats) -> float:
    import cv2

    rough = np.asarray(cv2.filter2D(plane, cv2.CV_32F, _KERNEL), np.float32)[1:-1, 1:-1]
    return 1.4826 * float(np.median(np.abs(rough))) / 6.0


def texture_gain(ours: list[Floats], theirs: list[Floats]) -> tuple[float, float]:
    """How much the second pictures must be sharpened to have the first's texture: amount and sigma in pixels.

    Only what both share counts: the part of the base's detail that follows the answer's, by least squares, so that
    grain is not taken for sharpness.
    """
    best = (0.0, 1.0)
    gained = 0.0
    for sigma in (0.8, 1.4, 2.4):
        along = across = before = after = 0.0
        for our, their in zip(ours, theirs, strict=True):
            one, other = luma(our), luma(their)
            detail = other - blurred(other, sigma)
            wanted = one - other
            along += float((detail * wanted).sum())
            across += float((detail * detail).sum())
            before += float((wanted * wanted).sum())
        if across <= 1e-9:
            continue
        amount = min(_MOST_GAIN, max(0.0, along / across))
        after = before - 2 * amount * along + amount * amount * across
        if before - after > gained:
            gained, best = before - after, (amount, sigma)
    return best


def grain_block(levels: Floats) -> Floats | None:
    """A square (512, 512, 3) of grain that can be laid side by side, the same each time; none where it is too faint."""
    levels = np.minimum(levels, _MOST_GRAIN)
    if float(levels.max()) < 0.0008:
        return None
    random = np.random.default_rng(20250926)
    grain = random.standard_normal((_EDGE, _EDGE, 4), np.float32) * levels[None, None, :]
    return np.asarray(grain[:, :, 1:] + grain[:, :, :1], np.float32)
