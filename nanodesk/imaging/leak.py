"""A picture of what an answer changed: a tint for what is shown, another for what was dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable

Block = NDArray[np.uint8]

KEPT = (143, 207, 111)
DROPPED = (94, 163, 240)
"""Blue, green, red: the window's colours for good and for attention."""

_STRONG, _FAINT = 150, 70


def leak_tint(numbers: Block, outline: Block, kept: Iterable[int], marked: int = 0) -> Block:
    """A tint (h, w, 4) BGRA, straight alpha, to be laid over the picture.

    Args:
        numbers: (h, w), which island a pixel belongs to, 0 for none.
        outline: (h, w), the mask of all islands.
        kept: the islands that are shown.
        marked: one that is drawn stronger than the others; 0 for none.
    """
    shown = np.isin(numbers, np.array(sorted(kept), np.uint8))
    tint = np.empty((*numbers.shape, 4), np.uint8)
    tint[..., :3] = np.where(shown[..., None], np.array(KEPT, np.uint8), np.array(DROPPED, np.uint8))
    strength = np.where(numbers == marked, np.uint8(_STRONG), np.uint8(_FAINT)) if marked else np.uint8(110)
    tint[..., 3] = (outline.astype(np.uint16) * strength // 255).astype(np.uint8) * (numbers > 0)
    return tint
