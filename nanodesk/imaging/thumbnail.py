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
    strips = [
        _reduced(assemble(grid, lookup, strip), grid.size, max_size) for strip in _strips(grid.size) if not strip.empty
    ]
    return _joined(strips, fitted(grid.size, max_size), grid.channels)


def document_thumbnail(document: Document, lookup: Lookup, max_size: Size) -> Block:
    """All that is visible, reduced to fit into `max_size`: straight BGRA."""
    strips = [
        _reduced(paint_rect(document, lookup, strip), document.size, max_size) for strip in _strips(document.size)
    ]
    return _joined(strips, fitted(document.size, max_size), 4)


def _strips(size: Size) -> list[Rect]:
    return [Rect(0, top, size.width, min(_STRIP, size.height - top)) for top in range(0, size.height, _STRIP)]


def _reduced(strip: Block, size: Size, max_size: Size) -> Block:
    """A strip at about twice the size wanted: few bytes are kept, and the last reduction is still exact enough."""
    wanted = fitted(size, Size(2 * max_size.width, 2 * max_size.height))
    height = max(1, round(strip.shape[0] * wanted.height / max(1, size.height)))
    return resize(strip, Size(wanted.width, height))


def _joined(strips: list[Block], size: Size, channels: int) -> Block:
    if not strips:
        return np.zeros((1, 1, 4) if channels == 4 else (1, 1), np.uint8)
    return resize(np.ascontiguousarray(np.concatenate(strips)), size)
