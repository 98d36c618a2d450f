"""What is shown in place of pixels that are lost: a hatch that nobody takes for a picture."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STRIPE = 16
_DARK, _LIGHT = (70, 60, 90, 255), (150, 130, 215, 255)
"""BGRA, straight alpha: two muted reds."""


@lru_cache(maxsize=16)
def hatch(shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Slanted stripes of a tile's shape, opaque, read-only; all shown (255) where the shape is that of a mask."""
    if len(shape) == 2:
        block = np.full(shape, 255, np.uint8)
    else:
        y, x = np.indices(shape[:2])
        light = ((x + y) // _STRIPE) % 2 == 1
        block = np.where(light[..., None], np.array(_LIGHT, np.uint8), np.array(_DARK, np.uint8))
    block.flags.writeable = False
    return block
