"""One picture laid over another, in bands, so that floats of a large picture never lie in memory as a whole."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nanodesk.document.blend import BlendMode
from nanodesk.document.geometry import Point, Rect
from nanodesk.imaging.alpha import alpha_of, from_floats, to_floats
from nanodesk.imaging.composite import over, weight_of

Block = NDArray[np.uint8]

_BAND = 256


def laid_over(
    picture: Block,
    layer: Block,
    offset: Point,
    mode: BlendMode = BlendMode.NORMAL,
    mask: Block | None = None,
) -> Block:
    """A picture (h, w, 4) with a layer over it, as the painter would show them; fresh.

    Args:
        offset: of the layer's top left corner in the picture.
        mask: (h, w) of the layer's size.
    """
    result = picture.copy()
    placed = Rect(offset.x, offset.y, layer.shape[1], layer.shape[0])
    seen = Rect(0, 0, picture.shape[1], picture.shape[0]).intersected(placed)
    if seen.empty:
        return result
    for top in range(seen.y, seen.bottom, _BAND):
        bottom = min(seen.bottom, top + _BAND)
        own = (slice(top - offset.y, bottom - offset.y), slice(seen.x - offset.x, seen.right - offset.x))
        source = np.ascontiguousarray(layer[own])
        limit = None if mask is None else np.ascontiguousarray(mask[own])
        weight = weight_of(alpha_of(source), 1.0, limit)
        if not weight.any():
            continue
        part = np.ascontiguousarray(result[top:bottom, seen.x : seen.right])
        result[top:bottom, seen.x : seen.right] = from_floats(over(to_floats(part), source, weight, mode))
    return result
