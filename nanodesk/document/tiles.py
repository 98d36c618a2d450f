"""The grid of immutable tiles that a picture consists of: its identity, without its bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

from nanodesk.document.geometry import Rect, Size

if TYPE_CHECKING:
    from collections.abc import Iterator

TILE = 256
"""Edge of a tile in pixels; tiles of the last column and row have what is left."""

TileId = NewType("TileId", str)
"""SHA-256 of a tile's shape and raw bytes, hexadecimal."""

PixelsId = NewType("PixelsId", str)
"""SHA-256 of a grid: its size, channels and tile ids, hexadecimal."""


class TileKind(StrEnum):
    """What a painter may assume of a tile; a wholly transparent one is not stored at all."""

    OPAQUE = "opaque"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Tile:
    """One stored tile."""

    id: TileId
    kind: TileKind


def _divided_up(length: int) -> int:
    return -(-length // TILE)


@dataclass(frozen=True, slots=True)
class TileGrid:
    """A picture as tiles, row by row; `None` where it is transparent (a mask: where it hides all).

    Attributes:
        size: the picture's size in pixels.
        channels: 4 for BGRA with straight alpha, 1 for a mask; 8 bits each.
        tiles: `columns * rows` entries, row-major.
        id: identity of the picture: equal ids mean equal pixels.
    """

    size: Size
    channels: int
    tiles: tuple[Tile | None, ...] = field(repr=False)
    id: PixelsId = field(init=False)

    def __post_init__(self) -> None:
        if self.channels not in (1, 4):
            raise ValueError("A picture has four channels, a mask has one.")
        if len(self.tiles) != self.columns * self.rows:
            raise ValueError("The number of tiles does not fit the size of the picture.")
        digest = hashlib.sha256(f"{self.size.width} {self.size.height} {self.channels}".encode())
        for tile in self.tiles:
            digest.update(b"-" if tile is None else tile.id.encode())
        object.__setattr__(self, "id", PixelsId(digest.hexdigest()))

    @staticmethod
    def blank(size: Size, channels: int = 4) -> TileGrid:
        """A wholly transparent picture, or a mask that hides everything."""
        count = _divided_up(size.width) * _divided_up(size.height)
        return TileGrid(size, channels, (None,) * count)

    @property
    def columns(self) -> int:
        """Tiles in a row."""
        return _divided_up(self.size.width)

    @property
    def rows(self) -> int:
        """Tiles in a column."""
        return _divided_up(self.size.height)

    def at(self, column: int, row: int) -> Tile | None:
        """The tile at that place of the grid."""
        return self.tiles[row * self.columns + column]

    def rect(self, column: int, row: int) -> Rect:
        """The pixels that the tile at that place covers."""
        x, y = column * TILE, row * TILE
        return Rect(x, y, min(TILE, self.size.width - x), min(TILE, self.size.height - y))

    def under(self, rect: Rect) -> Iterator[tuple[int, int]]:
        """Column and row of each place that `rect` (in the picture's own pixels) touches."""
        part = rect.intersected(Rect(0, 0, self.size.width, self.size.height))
        if part.empty:
            return
        for row in range(part.y // TILE, _divided_up(part.bottom)):
            for column in range(part.x // TILE, _divided_up(part.right)):
                yield column, row

    def replaced(self, changes: dict[tuple[int, int], Tile | None]) -> TileGrid:
        """The same grid with other tiles at the given (column, row) places."""
        tiles = list(self.tiles)
        for (column, row), tile in changes.items():
            tiles[row * self.columns + column] = tile
        return TileGrid(self.size, self.channels, tuple(tiles))

    def ids(self) -> set[TileId]:
        """The stored tiles it consists of, each once."""
        return {tile.id for tile in self.tiles if tile is not None}
