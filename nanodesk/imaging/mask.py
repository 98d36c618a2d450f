"""Masks (h, w), 0 to 255: from shapes, softened, grown, combined, and brushed."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nanodesk.document.geometry import Rect, Size

if TYPE_CHECKING:
    from collections.abc import Sequence

Block = NDArray[np.uint8]

_SHIFT = 4
"""Bits after the point in the corners given to the polygon filler: sixteenths of a pixel."""


class Combine(StrEnum):
    """How a new mask meets the one there is."""

    UNION = "union"
    SUBTRACT = "subtract"
    INTERSECT = "intersect"


def rectangle_mask(size: Size, rect: Rect) -> Block:
    """255 within a rectangle, 0 elsewhere."""
    mask = np.zeros((size.height, size.width), np.uint8)
    seen = rect.intersected(Rect(0, 0, size.width, size.height))
    mask[seen.y : seen.bottom, seen.x : seen.right] = 255
    return mask


def polygon_mask(size: Size, points: Sequence[tuple[float, float]]) -> Block:
    """255 within a closed outline by the even-odd rule, 0 outside, antialiased at the edge.

    Points are edges of pixels: (0, 0) is the top left corner of the first pixel. Fewer than three enclose nothing.
    """
    import cv2

    mask = np.zeros((size.height, size.width), np.uint8)
    if len(points) < 3:
        return mask
    corners = (np.asarray(points, np.float64) - 0.5) * (1 << _SHIFT)
    limit = float(1 << 26)
    fixed = np.rint(np.clip(corners, -limit, limit)).astype(np.int32)
    cv2.fillPoly(mask, [fixed.reshape(-1, 1, 2)], (255.0,), lineType=cv2.LINE_AA, shift=_SHIFT)
    return mask


def feather(mask: Block, sigma: float) -> Block:
    """A soft edge: a Gaussian of that standard deviation in pixels; beyond the picture it goes on as at the edge."""
    import cv2

    if sigma <= 0:
        return mask.copy()
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE), np.uint8)


def invert(mask: Block) -> Block:
    """What was hidden shows, and the other way round."""
    return 255 - mask


def grow(mask: Block, pixels: int) -> Block:
    """Wider by so many pixels each way, round at corners; narrower for a negative number."""
    import cv2

    if pixels == 0:
        return mask.copy()
    reach = 2 * abs(pixels) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    grown = cv2.dilate(mask, disc) if pixels > 0 else cv2.erode(mask, disc)
    return np.asarray(grown, np.uint8)


def combine(mask: Block, other: Block, how: Combine) -> Block:
    """Two masks of one size as one."""
    match how:
        case Combine.UNION:
            return np.maximum(mask, other)
        case Combine.SUBTRACT:
            return np.minimum(mask, 255 - other)
        case Combine.INTERSECT:
            return np.minimum(mask, other)


def stroke_rect(points: Sequence[tuple[float, float]], size: float) -> Rect:
    """The rectangle that a brush stroke through the points can touch; `size` is the brush's diameter in pixels."""
    xs = [x for x, _ in points]
    ys = [y for _, y in points]
    reach = size / 2 + 1
    left, top = int(np.floor(min(xs) - reach)), int(np.floor(min(ys) - reach))
    return Rect(left, top, int(np.ceil(max(xs) + reach)) - left, int(np.ceil(max(ys) + reach)) - top)


def stroke(points: Sequence[tuple[float, float]], size: float, hardness: float) -> tuple[Rect, Block]:
    """Coverage (h, w) of one brush stroke through the points, and the rectangle it lies in.

    Args:
        size: the brush's diameter in pixels.
        hardness: 0 to 1: the share of the radius that is wholly covered; it falls off smoothly from there.
    """
    import cv2

    rect = stroke_rect(points, size)
    line = np.full((rect.height, rect.width), 255, np.uint8)
    fixed = np.rint((np.asarray(points, np.float64) - (rect.x + 0.5, rect.y + 0.5)) * (1 << _SHIFT)).astype(np.int32)
    if len(points) == 1:
        fixed = np.repeat(fixed, 2, axis=0)
    cv2.polylines(line, [fixed.reshape(-1, 1, 2)], False, (0.0,), 1, cv2.LINE_8, _SHIFT)
    away = np.asarray(cv2.distanceTransform(line, cv2.DIST_L2, 5), np.float32)
    radius = max(0.5, size / 2)
    inner = radius * min(1.0, max(0.0, hardness))
    soft = np.clip((radius - away) / max(1.0, radius - inner), 0, 1)
    return rect, np.rint(soft * soft * (3 - 2 * soft) * 255).astype(np.uint8)
