"""Halves, thirds and quarters of a picture: “top-third”."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.geometry import Rect, Size

if TYPE_CHECKING:
    from nanodesk.engines.base import Block

_FEATHER = 0.04
"""How soft the edge of a half or third is, as a share of the picture."""


def part_of(target: str, size: Size) -> Rect:
    """The rectangle that a half, third or quarter covers."""
    side, _, part = target.partition("-")
    share = {"half": 2, "third": 3, "quarter": 4}[part]
    width, height = max(1, size.width // share), max(1, size.height // share)
    match side:
        case "top":
            return Rect(0, 0, size.width, height)
        case "bottom":
            return Rect(0, size.height - height, size.width, height)
        case "left":
            return Rect(0, 0, width, size.height)
    return Rect(size.width - width, 0, width, size.height)


def area_mask(target: str, size: Size) -> Block:
    """A half, third or quarter as a mask (h, w) that fades out beyond its edge."""
    import numpy as np

    part = part_of(target, size)
    upright = target.startswith(("top", "bottom"))
    length = size.height if upright else size.width
    places = np.arange(length) + 0.5
    first, last = (part.y, part.bottom) if upright else (part.x, part.right)
    away = np.maximum(np.maximum(first - places, places - last), 0)
    cover = np.rint(np.clip(1 - away / max(1.0, _FEATHER * length), 0, 1) * 255).astype(np.uint8)
    plane = cover[:, None] if upright else cover[None]
    return np.ascontiguousarray(np.broadcast_to(plane, (size.height, size.width)))
