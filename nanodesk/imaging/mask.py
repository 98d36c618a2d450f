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


_WIDTHS = 12
"""So many widths a stroke under changing pressure is drawn in."""


def pressed_stroke(
    points: Sequence[tuple[float, float]], pressures: Sequence[float], size: float, hardness: float
) -> tuple[Rect, Block]:
    """Coverage of one stroke whose width follows the pressure of the pen, 0 to 1 for each point; see `stroke`."""
    widths = [max(1, round(min(1.0, max(0.0, one)) * _WIDTHS)) for one in pressures]
    if len(set(widths)) <= 1:
        return stroke(points, size * (widths[0] if widths else _WIDTHS) / _WIDTHS, hardness)
    whole = stroke_rect(points, size)
    cover = np.zeros((whole.height, whole.width), np.uint8)
    start = 0
    for place in range(1, len(points) + 1):
        if place < len(points) and widths[place] == widths[start]:
            continue
        # Each part begins where the one before ended, so that nothing shows between them.
        part = points[max(0, start - 1) : place]
        rect, drawn = stroke(part, size * widths[start] / _WIDTHS, hardness)
        y, x = rect.y - whole.y, rect.x - whole.x
        under = cover[y : y + rect.height, x : x + rect.width]
        np.maximum(under, drawn, out=under)
        start = place
    return whole, cover


def painted(mask: Block, cover: Block, opacity: float, *, erase: bool) -> Block:
    """A mask with a stroke's coverage of the same shape painted onto it, or erased from it.

    Args:
        opacity: 0 to 1: how far the stroke takes the mask towards all or nothing.
    """
    amount = cover.astype(np.float32) * np.float32(min(1.0, max(0.0, opacity)) / 255)
    old = mask.astype(np.float32)
    new = old * (1 - amount) if erase else old + (255 - old) * amount
    return np.rint(new).astype(np.uint8)


def refined(mask: Block, guide: Block, radius: int) -> Block:
    """A mask (h, w) whose edge follows the edges of a picture (h, w, 4).

    Within `radius` pixels of the old edge each pixel is placed between the mean colours of what is surely shown and
    surely hidden nearby, as in sampling-based matting (Wang and Cohen 2007); where those two look alike, the old mask
    holds.
    """
    import cv2

    radius = max(1, radius)
    inside, outside = grow(mask, -radius) > 250, grow(mask, radius) < 5
    picture = guide[:, :, :3].astype(np.float32) * np.float32(1 / 255)
    shown, hidden = _mean_around(picture, inside, 3 * radius), _mean_around(picture, outside, 3 * radius)
    way = shown - hidden
    length = np.einsum("ijk,ijk->ij", way, way)
    share = np.einsum("ijk,ijk->ij", picture - hidden, way) / np.maximum(length, 1e-6)
    share = np.clip((share - 0.15) / 0.7, 0, 1)
    share = cv2.GaussianBlur(share.astype(np.float32), (0, 0), 0.6)
    told = length / (length + np.float32(0.06**2))
    value = told * share + (1 - told) * mask.astype(np.float32) / 255
    found = np.rint(np.clip(value, 0, 1) * 255).astype(np.uint8)
    return np.where(inside, np.uint8(255), np.where(outside, np.uint8(0), found))


def _mean_around(picture: NDArray[np.float32], where: NDArray[np.bool_], reach: int) -> NDArray[np.float32]:
    """The mean colour of the marked pixels around each pixel; their mean over all where there are none near."""
    import cv2

    weight = where.astype(np.float32)
    window = (2 * reach + 1, 2 * reach + 1)
    near = cv2.blur(weight, window, borderType=cv2.BORDER_REFLECT)
    total = cv2.blur(picture * weight[:, :, None], window, borderType=cv2.BORDER_REFLECT)
    marked = picture[where]
    overall = marked.mean(axis=0) if len(marked) else np.full(3, 0.5, np.float32)
    mean = total / np.maximum(near, 1e-6)[:, :, None]
    return np.asarray(np.where((near > 1e-4)[:, :, None], mean, overall), np.float32)
