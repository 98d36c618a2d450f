"""Small pictures of large ones: area averages, tile by tile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nanodesk.document.geometry import Rect, Size
from nanodesk.imaging.painter import paint_rect
from nanodesk.imaging.resample import resize
from nanodesk.imaging.tiling import Lookup, assemble

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.document.document import Document
    from nanodesk.document.tiles import TileGrid

Block = NDArray[np.uint8]

_STRIP = 512
"""Rows that are reduced at once."""


def fitted(size: Size, max_size: Size) -> Size:
    """The largest size of the same shape that fits; never larger than the picture itself."""
    factor = min(1.0, max_size.width / max(1, size.width), max_size.height / max(1, size.height))
    return Size(max(1, round(size.width * factor)), max(1, round(size.height * factor)))


def grid_thumbnail(grid: TileGrid, lookup: Lookup, max_size: Size) -> Block:
    """A stored picture (straight BGRA) or mask, reduced to fit into `max_size`."""
    return _reduced(grid.size, max_size, grid.channels, lambda strip: assemble(grid, lookup, strip))


def document_thumbnail(document: Document, lookup: Lookup, max_size: Size) -> Block:
    """All that is visible, reduced to fit into `max_size`: straight BGRA."""
    return _reduced(document.size, max_size, 4, lambda strip: paint_rect(document, lookup, strip))


def _reduced(size: Size, max_size: Size, channels: int, read: Callable[[Rect], Block]) -> Block:
    """Strip by strip by a whole factor to about twice the size wanted, then to that size."""
    if size.empty:
        return np.zeros((1, 1, 4) if channels == 4 else (1, 1), np.uint8)
    wanted = fitted(size, max_size)
    factor = max(1, min(size.width // (2 * wanted.width), size.height // (2 * wanted.height)))
    rows = factor * max(1, _STRIP // factor)
    strips = []
    for top in range(0, size.height, rows):
        strip = Rect(0, top, size.width, min(rows, size.height - top))
        small = Size(-(-size.width // factor), -(-strip.height // factor))
        strips.append(resize(read(strip), small))
    return resize(np.ascontiguousarray(np.concatenate(strips)), wanted)
