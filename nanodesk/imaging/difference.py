"""Where two pictures differ, exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Block = NDArray[np.uint8]


def difference(before: Block, after: Block) -> Block:
    """A mask (h, w), 255 where two BGRA pictures of one shape differ; hidden colour under alpha 0 does not count.

    Raises:
        ValueError: when their shapes differ.
    """
    if before.shape != after.shape:
        raise ValueError("Two pictures can be compared only when they have one size.")
    mask = np.empty(before.shape[:2], np.uint8)
    for top in range(0, before.shape[0], 256):
        band = slice(top, top + 256)
        one, other = np.ascontiguousarray(before[band]), np.ascontiguousarray(after[band])
        differs = np.not_equal(one.view(np.uint32), other.view(np.uint32))[:, :, 0]
        np.logical_and(differs, (one[:, :, 3] | other[:, :, 3]) > 0, out=differs)
        np.multiply(differs, np.uint8(255), out=mask[band], casting="unsafe")
    return mask
