"""Selections as masks, and masks as selections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.selection import LassoSelection, MaskSelection, RectangleSelection, Selection

if TYPE_CHECKING:
    from nanodesk.editor.pixel_store import Block, PixelStore


def mask_of(selection: Selection, size: Size, pixels: PixelStore) -> Block:
    """A selection as a mask (height, width) of the whole document: 255 selected, soft edges between; slow."""
    import numpy as np

    from nanodesk.imaging.mask import feather, invert, polygon_mask, rectangle_mask

    match selection.shape:
        case RectangleSelection(rect=rect):
            mask = rectangle_mask(size, rect)
        case LassoSelection(points=points):
            mask = polygon_mask(size, points)
        case MaskSelection(grid=grid, offset=offset):
            mask = np.zeros((size.height, size.width), np.uint8)
            _put(mask, pixels.block(grid), offset)
    if selection.feather > 0:
        mask = feather(mask, selection.feather)
    return invert(mask) if selection.inverted else mask


def _put(mask: Block, part: Block, offset: Point) -> None:
    height, width = mask.shape[:2]
    placed = Rect(offset.x, offset.y, part.shape[1], part.shape[0])
    seen = placed.intersected(Rect(0, 0, width, height))
    if not seen.empty:
        inner = seen.translated(Point(-offset.x, -offset.y))
        mask[seen.y : seen.bottom, seen.x : seen.right] = part[inner.y : inner.bottom, inner.x : inner.right]
