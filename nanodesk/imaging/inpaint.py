"""Filling a hole from what is round it: PatchMatch (Barnes et al. 2009) in a crop, Telea (2004) for thin marks."""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from nanodesk.document.geometry import Rect

Block = NDArray[np.uint8]

_THIN = 0.006
"""Half the width of a thin mark, as a share of the picture's longer edge; at least 3 px."""
_LARGEST = 640
"""The longest edge of the crop that PatchMatch works on."""
_PATCH = 3
_lock = threading.Lock()


class InpaintMissingError(Exception):
    """The library for filling larger holes is not there on this computer."""


def is_thin(mask: Block) -> bool:
    """Whether a mask (h, w) is made of thin marks: wires, scratches, spots."""
    import cv2

    away = cv2.distanceTransform((mask > 0).astype(np.uint8), cv2.DIST_L2, 3)
    return bool(float(away.max()) <= max(3.0, _THIN * max(mask.shape)))


def filled(block: Block, mask: Block) -> Block:
    """A picture (h, w, 4) with what the mask (h, w) shows filled in; fresh, unchanged where the mask is 0.

    The hole is what the mask shows at all, so that no rim of the old content is taken for its surroundings; the
    filling is mixed in by the mask. Larger holes are filled in a crop reduced to 640 px.

    Raises:
        InpaintMissingError: when PatchMatch is needed and not there.
        ValueError: when the mask shows nothing, or everything.
    """
    from nanodesk.imaging.filters import mix

    crop = _surroundings(mask)
    area = (slice(crop.y, crop.bottom), slice(crop.x, crop.right))
    part, hole = np.ascontiguousarray(block[area]), np.ascontiguousarray(mask[area])
    if not hole.any() or bool((hole > 0).all()):
        raise ValueError("A hole needs surroundings.")
    colours = np.ascontiguousarray(part[:, :, :3])
    new = _telea(colours, hole) if is_thin(hole) else _patched(colours, hole)
    result = block.copy()
    opaque = np.dstack([new, np.full(hole.shape, 255, np.uint8)])
    result[area] = mix(part, opaque, hole)
    return result


def _surroundings(mask: Block) -> Rect:
    """The rectangle round a mask with as much again on each side, at least 32 px."""
    import cv2

    x, y, width, height = cv2.boundingRect(mask)
    room = max(32, max(width, height))
    whole = Rect(0, 0, mask.shape[1], mask.shape[0])
    return Rect(x - room, y - room, width + 2 * room, height + 2 * room).intersected(whole)


def _telea(colours: Block, hole: Block) -> Block:
    import cv2

    return np.asarray(cv2.inpaint(colours, (hole > 0).astype(np.uint8), 5, cv2.INPAINT_TELEA), np.uint8)


def _patched(colours: Block, hole: Block) -> Block:
    import cv2

    try:
        import patchmatch
    except ImportError:
        raise InpaintMissingError from None
    if not patchmatch.patchmatch_available:
        raise InpaintMissingError
    height, width = hole.shape
    scale = min(1.0, _LARGEST / max(height, width))
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    small = np.ascontiguousarray(cv2.resize(colours, size, interpolation=cv2.INTER_AREA))
    gone = np.asarray(cv2.resize(hole, size, interpolation=cv2.INTER_AREA) > 0, np.uint8) * 255
    with _lock:  # the search keeps its seed for the whole process
        patchmatch.set_random_seed(1)
        new = np.asarray(patchmatch.inpaint(small, gone, patch_size=_PATCH), np.uint8)
    if scale == 1.0:
        return new
    return np.asarray(cv2.resize(new, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)
