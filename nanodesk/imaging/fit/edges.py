"""Edge tools of a mask: grow, shrink, feather, draw to the subject."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nanodesk.imaging.mask import feather, grow

Block = NDArray[np.uint8]


def edge(mask: Block, grow_px: int = 0, feather_px: float = 0.0) -> Block:
    """A mask (h, w) wider or narrower (negative) by so many pixels, then feathered; fresh.

    Feathering goes outwards only when there is nothing to lose: what was wholly covered stays so where `grow_px` made
    room for it, and nothing further out than twice `feather_px` becomes part of it.
    """
    result = grow(mask, grow_px)
    if feather_px <= 0:
        return result
    soft = feather(result, feather_px)
    reach = grow(result, max(1, round(2 * feather_px)))
    return np.where(reach > 0, soft, 0).astype(np.uint8)


def refine_to_subject(mask: Block, subject: Block, reach_px: int = 12) -> Block:
    """The mask's outline drawn to that of a subject (h, w) wherever it runs within `reach_px` of it; fresh.

    Further away the mask stays as it was, so that a change outside the subject is not lost.
    """
    import cv2

    outline = cv2.morphologyEx((subject >= 128).astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    near = grow(np.asarray(outline, np.uint8) * np.uint8(255), reach_px) > 0
    touched = near & (grow(mask, reach_px) > 0)
    return np.where(touched, np.where(grow(mask, reach_px) > 0, subject, 0), mask).astype(np.uint8)
