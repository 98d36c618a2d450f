"""Which parts of a change are too strong to be chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from nanodesk.imaging.fit.plane import Floats

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]

_STRONG, _SURE = 12.0, 16.0
"""Delta E, and times its noise, that the mean over some pixels does not reach by registration or compression."""
_ALONE_STRONG, _ALONE_SURE = 3.0, 10.0
"""Both of them, where nothing else is found: one faint change may be all that was asked for."""
_LARGE, _LARGE_STRONG, _LARGE_SURE = 0.003, 2.0, 4.0
"""The same for most of a part of such a share of the picture: chance makes nothing so large."""
_ASKED_SURE = 4.0
"""Times its noise, where it was asked for."""
_SHARE, _LEAST, _ENOUGH = 0.05, 3, 400
"""The share of a part that must be so, at least and at most so many pixels."""


def convincing(changed: Flags, evidence: Floats, inside: Flags, wanted: Flags | None = None) -> Flags:
    """The connected parts of a change (h, w) that are too strong to be chance; a lone faint one is enough.

    Args:
        evidence: (h, w, 2), delta E averaged over some pixels, and the same in times its own noise.
        inside: where both pictures are; elsewhere nothing is known.
        wanted: where a change was asked for.
    """
    strength, ratio = evidence[:, :, 0] * inside, evidence[:, :, 1] * inside
    asked = np.zeros_like(changed) if wanted is None else wanted & (ratio > _ASKED_SURE)
    certain = _with(changed, (strength > _STRONG) | (ratio > _SURE) | asked)
    if certain.any():
        return certain
    faint = _with(changed, (strength > _ALONE_STRONG) & (ratio > _ALONE_SURE))
    return faint | _mostly(changed, (strength > _LARGE_STRONG) & (ratio > _LARGE_SURE))


def _with(changed: Flags, clear: Flags) -> Flags:
    """The parts with enough pixels that are clear."""
    labels, areas, having = _counted(changed, clear)
    kept = having >= np.clip(_SHARE * areas, _LEAST, _ENOUGH)
    kept[0] = False
    return np.asarray(kept[labels], np.bool_)


def _mostly(changed: Flags, clear: Flags) -> Flags:
    """The large parts most of which is clear."""
    labels, areas, having = _counted(changed, clear)
    kept = (having >= 0.5 * areas) & (areas >= _LARGE * changed.size)
    kept[0] = False
    return np.asarray(kept[labels], np.bool_)


def _counted(changed: Flags, clear: Flags) -> tuple[Numbers, Numbers, Numbers]:
    """The number (h, w) of the part each place belongs to; by number its pixels, and those of them that are clear."""
    import cv2

    count, labels = cv2.connectedComponents(changed.astype(np.uint8), connectivity=8)
    areas = np.bincount(labels.ravel(), minlength=count)
    return np.asarray(labels, np.int64), areas, np.bincount(labels[clear & changed], minlength=count)
