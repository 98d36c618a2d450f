"""How many model passes stand between each pixel and its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from nanodesk.document.geometry import Rect

Block = NDArray[np.uint8]


def fresh(height: int, width: int) -> Block:
    """The wear (h, w) of a picture no model has touched: all 0."""
    return np.zeros((height, width), np.uint8)


def worn(wear: Block, mask: Block, rect: Rect, seen: Block | None = None) -> Block:
    """The wear after a fitted layer is laid over it; fresh.

    Args:
        wear: (h, w), passes of what lies below.
        mask: (rect's height, rect's width), the layer's mask; any part of a pixel counts.
        seen: (h, w), wear of the picture that the model was given, where it is not what lies below.
    """
    source = wear if seen is None else seen
    result = wear.copy()
    rows, columns = slice(rect.y, rect.bottom), slice(rect.x, rect.right)
    older = np.minimum(source[rows, columns], 254) + np.uint8(1)
    below = result[rows, columns]
    # Half of one pixel in another: the more worn of the two is what the eye may meet.
    result[rows, columns] = np.where(mask == 255, older, np.where(mask > 0, np.maximum(older, below), below))
    return result


def meter(wear: Block) -> tuple[float, int]:
    """Mean passes over the picture and the most anywhere."""
    return (float(wear.mean()), int(wear.max())) if wear.size else (0.0, 0)
