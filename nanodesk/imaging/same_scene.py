"""Whether two small pictures are likely two versions of one: a quick look, not a registration."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Block = NDArray[np.uint8]
Floats = NDArray[np.float32]

SIDE = 96
"""Both are looked at in so many pixels a side, whatever their shapes."""
_FIELDS = 6
_REACH = 5
"""How far a field may have moved, in pixels of that size: 5 %."""
_TEXTURE = 0.012
"""The deviation of luma (0 to 1) from which a field has something to be found by."""
_ALIKE = 0.75
"""The correlation from which a field counts as found."""
LIKELY = 0.25
"""The share of fields found from which it is likely: a new background leaves 0.36, other photographs reach 0.15."""
_FLAT = 0.05
"""The difference of luma up to which two pictures without any texture are taken for the same."""


def same_scene(one: Block, other: Block) -> float:
    """The share, 0 to 1, of what can be recognised in one (h, w, 4) that is found at about its place in the other.

    Normalised cross-correlation of fields, each within a small reach: tone, softness and small shifts do not matter.
    """
    import cv2

    luma = _luma(one), _luma(other)
    detail = _detail(luma[0]), _detail(luma[1])
    step = (SIDE - 2 * _REACH) // _FIELDS
    found, told = 0, 0
    for row in range(_FIELDS):
        for column in range(_FIELDS):
            top, left = _REACH + row * step, _REACH + column * step
            field = detail[0][top : top + step, left : left + step]
            round_it = detail[1][top - _REACH : top + step + _REACH, left - _REACH : left + step + _REACH]
            if float(field.std()) < _TEXTURE:
                continue
            told += 1
            matched = cv2.matchTemplate(round_it, np.ascontiguousarray(field), cv2.TM_CCOEFF_NORMED)
            found += float(np.nan_to_num(matched).max()) >= _ALIKE
    if not told:
        return float(abs(float(luma[0].mean() - luma[1].mean())) < _FLAT)
    return found / told


def _luma(picture: Block) -> Floats:
    """A square of grey, 0 to 1; what is transparent is black."""
    import cv2

    small = cv2.resize(np.ascontiguousarray(picture), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_BGRA2GRAY).astype(np.float32)
    shown = small[:, :, 3].astype(np.float32) / 255
    return np.ascontiguousarray(grey * shown / 255, np.float32)


def _detail(luma: Floats) -> Floats:
    """Without slow gradients, as of skies and vignettes, which look alike everywhere, and without the finest grain."""
    import cv2

    return np.asarray(cv2.GaussianBlur(luma, (0, 0), 0.8) - cv2.GaussianBlur(luma, (0, 0), 5.0), np.float32)
