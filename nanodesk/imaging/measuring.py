"""What a picture says of itself: its darkest and brightest tones, the colour of its light, its tilt, its margins."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nanodesk.document.geometry import Rect

Block = NDArray[np.uint8]

_SHARE = 0.002
"""Of the pixels, at each end, that do not count as darkest or brightest."""
_EDGE = 1024


class UnclearError(Exception):
    """The picture does not say it clearly."""


def tones(block: Block) -> tuple[int, int]:
    """The luma that is black and the luma that is white, 0 to 255, but for a five-hundredth at each end."""
    import cv2

    grey = cv2.cvtColor(_reduced(block), cv2.COLOR_BGRA2GRAY)
    low, high = np.quantile(grey, [_SHARE, 1 - _SHARE])
    return int(low), int(high)


def light(block: Block) -> tuple[float, float, float]:
    """Gains of linear red, green and blue that make the picture's light neutral; luminance is kept.

    Shades of grey (Finlayson and Trezzi 2004) with the Minkowski norm of 6, without what is clipped.
    """
    from nanodesk.imaging.curves import LUMA, decoded

    colours = _reduced(block).reshape(-1, 4)
    seen = colours[(colours[:, 3] > 0) & (colours[:, :3].max(axis=1) < 250) & (colours[:, :3].max(axis=1) > 8)]
    if len(seen) < 16:
        raise UnclearError
    linear = decoded(seen[:, :3] / 255)
    norm = np.mean(linear**6, axis=0) ** (1 / 6)
    gain = np.clip(norm.mean() / np.maximum(norm, 1e-4), 0.5, 2.0)
    gain /= gain @ np.array(LUMA)
    blue, green, red = (round(float(value), 4) for value in gain)
    return red, green, blue


def tilt(block: Block) -> float:
    """By how many degrees, clockwise, a picture must be turned for its long lines to be level and upright; to ±15°.

    The length-weighted median of straight segments (Hough 1962, as Matas et al. 2000) that are nearly level or upright.

    Raises:
        UnclearError: when there are too few of them, or they do not agree.
    """
    import cv2

    grey = cv2.cvtColor(_reduced(block), cv2.COLOR_BGRA2GRAY)
    edges = cv2.Canny(cv2.GaussianBlur(grey, (0, 0), 1.2), 40, 120)
    shortest = max(grey.shape) / 12
    found = cv2.HoughLinesP(edges, 1, np.pi / 1440, 50, minLineLength=shortest, maxLineGap=4)
    if found is None:
        raise UnclearError
    x1, y1, x2, y2 = np.asarray(found, np.float64).reshape(-1, 4).T
    angle = np.degrees(np.arctan2(y2 - y1, x2 - x1))
    lean = (angle + 45) % 90 - 45
    length = np.hypot(x2 - x1, y2 - y1)
    near = np.abs(lean) <= 15
    if length[near].sum() < 1.5 * max(grey.shape):
        raise UnclearError
    order = np.argsort(lean[near])
    values, weights = lean[near][order], length[near][order]
    middle = float(values[np.searchsorted(np.cumsum(weights), weights.sum() / 2)])
    agreed = weights[np.abs(values - middle) < 1.0].sum()
    if agreed < 0.5 * weights.sum():
        raise UnclearError
    return round(-middle, 2)


def margins(block: Block) -> Rect:
    """What is left of a picture without its plain or transparent margins; all of it where there are none."""
    import cv2

    height, width = block.shape[:2]
    whole = Rect(0, 0, width, height)
    corner = block[0, 0].astype(np.int16)
    away = np.abs(block.astype(np.int16) - corner).max(axis=2)
    if corner[3] == 0:
        away = block[:, :, 3].astype(np.int16)
    x, y, wide, high = cv2.boundingRect((away > 10).astype(np.uint8))
    return Rect(x, y, wide, high) if wide and high else whole


def dominant(block: Block) -> str:
    """The colour that covers most of a picture, as `#rrggbb`: the middle of the fullest cell of a coarse grid.

    Raises:
        UnclearError: when nothing can be seen.
    """
    colours = _reduced(block).reshape(-1, 4)
    seen = colours[colours[:, 3] > 127][:, :3].astype(np.int32)
    if not len(seen):
        raise UnclearError
    cells = (seen >> 5) @ np.array([64, 8, 1])
    fullest = np.bincount(cells).argmax()
    blue, green, red = np.median(seen[cells == fullest], axis=0).astype(int)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _reduced(block: Block) -> Block:
    import cv2

    height, width = block.shape[:2]
    scale = min(1.0, _EDGE / max(height, width, 1))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(block, size, interpolation=cv2.INTER_AREA), np.uint8)
