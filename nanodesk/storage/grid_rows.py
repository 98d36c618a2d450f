"""Grids of tiles as rows: 33 bytes for each place."""

from __future__ import annotations

from nanodesk.document.geometry import Size
from nanodesk.document.tiles import PixelsId, Tile, TileGrid, TileId, TileKind
from nanodesk.storage.errors import DamagedProjectError

_NUMBER = {TileKind.OPAQUE: 1, TileKind.MIXED: 2}
_KIND = {number: kind for kind, number in _NUMBER.items()}
_ENTRY = 33
_MAX_EDGE = 1_000_000


def to_row(grid: TileGrid) -> tuple[bytes, int, int, int, bytes]:
    """A grid as the columns of its table."""
    entries = [
        bytes(_ENTRY) if tile is None else bytes([_NUMBER[tile.kind]]) + bytes.fromhex(tile.id) for tile in grid.tiles
    ]
    return bytes.fromhex(grid.id), grid.size.width, grid.size.height, grid.channels, b"".join(entries)


def from_row(row: tuple[object, ...], expected: PixelsId) -> TileGrid:
    """The grid of a row without its id.

    Raises:
        DamagedProjectError: when the row is no grid, or another one.
    """
    try:
        width, height, channels, data = row
        grid = _grid(width, height, channels, data)
    except (TypeError, ValueError, KeyError):
        raise DamagedProjectError("A picture of the project is damaged.") from None
    if grid.id != expected:
        raise DamagedProjectError("A picture of the project is damaged.")
    return grid


def _grid(width: object, height: object, channels: object, data: object) -> TileGrid:
    if not (isinstance(width, int) and isinstance(height, int) and isinstance(channels, int)):
        raise TypeError("numbers expected")
    if not isinstance(data, bytes) or max(width, height) > _MAX_EDGE or len(data) % _ENTRY:
        raise TypeError("bytes expected")
    entries = [data[start : start + _ENTRY] for start in range(0, len(data), _ENTRY)]
    tiles = tuple(None if entry[0] == 0 else Tile(TileId(entry[1:].hex()), _KIND[entry[0]]) for entry in entries)
    return TileGrid(Size(width, height), channels, tiles)
