"""Pictures as tiles: splitting, painting into, and putting together; only the tiles concerned are touched."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nanodesk.document.geometry import Rect, Size
from nanodesk.document.tiles import Tile, TileGrid, TileId, TileKind

Block = NDArray[np.uint8]
Lookup = Callable[[TileId], Block]


def tile_id(tile: Block) -> TileId:
    """SHA-256 over the tile's shape and raw bytes, hexadecimal."""
    digest = hashlib.sha256(repr(tile.shape).encode())
    digest.update(np.ascontiguousarray(tile).data)
    return TileId(digest.hexdigest())


def describe(tile: Block) -> Tile | None:
    """Identity and kind of a tile's pixels; none when it is wholly transparent, or hides all as a mask."""
    alpha = tile[:, :, 3] if tile.ndim == 3 else tile
    lowest = int(alpha.min())
    if lowest == 255:
        return Tile(tile_id(tile), TileKind.OPAQUE)
    if lowest == 0 and not alpha.any():
        return None
    return Tile(tile_id(tile), TileKind.MIXED)


def split(block: Block) -> tuple[TileGrid, dict[TileId, Block]]:
    """A picture (h, w, 4) or a mask (h, w) as a grid, and its stored tiles as read-only views of the block.

    The block must not be written to afterwards.

    Raises:
        ValueError: for an array of another shape or type.
    """
    if block.dtype != np.uint8 or not (block.ndim == 2 or (block.ndim == 3 and block.shape[2] == 4)):
        raise ValueError("A picture has four channels of 8 bits, a mask has one.")
    block = np.ascontiguousarray(block)
    size = Size(block.shape[1], block.shape[0])
    blank = TileGrid.blank(size, 4 if block.ndim == 3 else 1)
    found: dict[TileId, Block] = {}
    tiles: dict[tuple[int, int], Tile | None] = {}
    for row in range(blank.rows):
        for column in range(blank.columns):
            rect = blank.rect(column, row)
            view = block[rect.y : rect.bottom, rect.x : rect.right]
            tiles[column, row] = _kept(view, found)
    return blank.replaced(tiles), found


def _kept(pixels: Block, found: dict[TileId, Block]) -> Tile | None:
    tile = describe(pixels)
    if tile is not None and tile.id not in found:
        view = pixels.view()
        view.flags.writeable = False
        found[tile.id] = view
    return tile


def paint(grid: TileGrid, lookup: Lookup, rect: Rect, patch: Block) -> tuple[TileGrid, dict[TileId, Block]]:
    """The picture with `patch` (of the size of `rect`) put in place of the pixels there.

    Only the tiles under `rect` are looked up, copied and hashed; what lies beyond the picture is left out.
    """
    bounds = Rect(0, 0, grid.size.width, grid.size.height)
    found: dict[TileId, Block] = {}
    tiles: dict[tuple[int, int], Tile | None] = {}
    for column, row in grid.under(rect):
        place = grid.rect(column, row)
        part = place.intersected(rect).intersected(bounds)
        new = patch[part.y - rect.y : part.bottom - rect.y, part.x - rect.x : part.right - rect.x]
        old = grid.at(column, row)
        if part == place:
            pixels = np.ascontiguousarray(new).copy()
        else:
            pixels = _blank(place.size, grid.channels) if old is None else lookup(old.id).copy()
            pixels[part.y - place.y : part.bottom - place.y, part.x - place.x : part.right - place.x] = new
        tiles[column, row] = _kept(pixels, found)
    return grid.replaced(tiles), found


def _blank(size: Size, channels: int) -> Block:
    shape = (size.height, size.width, 4) if channels == 4 else (size.height, size.width)
    return np.zeros(shape, np.uint8)


def assemble(grid: TileGrid, lookup: Lookup, rect: Rect | None = None) -> Block:
    """The picture, or the part of it in `rect` (transparent beyond its edges), as one contiguous array."""
    part = Rect(0, 0, grid.size.width, grid.size.height) if rect is None else rect
    block = _blank(part.size, grid.channels)
    for column, row in grid.under(part):
        tile = grid.at(column, row)
        if tile is None:
            continue
        place = grid.rect(column, row)
        seen = place.intersected(part)
        pixels = lookup(tile.id)[seen.y - place.y : seen.bottom - place.y, seen.x - place.x : seen.right - place.x]
        block[seen.y - part.y : seen.bottom - part.y, seen.x - part.x : seen.right - part.x] = pixels
    return block
