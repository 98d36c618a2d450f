"""The tiles at hand for the canvas: which are there, which are out of date, and what to show meanwhile."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.document.geometry import Rect
from nanodesk.document.tiles import TILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from PySide6.QtGui import QImage

    from nanodesk.ui.canvas.viewport import Viewport

Place = tuple[int, int]
Key = tuple[int, int, int]
"""Level, column, row."""

KEPT_TILES = 384
"""Tiles held beside those in sight: 100 MB at most."""


@dataclass(slots=True)
class CachedTile:
    """A tile as Qt sees it.

    Attributes:
        opaque: nothing behind it shows.
        stale: the document has changed there since; it is shown until the new one has come.
    """

    image: QImage
    opaque: bool
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece of some tile that stands for a part of the document.

    Attributes:
        source: the piece within the tile's image: left, top, width, height.
        part: the document pixels it is shown for.
    """

    tile: CachedTile
    source: tuple[float, float, float, float]
    part: Rect


def covered(key: Key) -> Rect:
    """The document pixels that a tile stands for, beyond the document's edge too."""
    level, column, row = key
    edge = TILE << level
    return Rect(column * edge, row * edge, edge, edge)


def places_under(rect: Rect, level: int) -> list[Place]:
    """Column and row of each tile of a level that a rectangle of the document touches."""
    if rect.empty:
        return []
    edge = TILE << level
    columns = range(rect.x // edge, -(-rect.right // edge))
    rows = range(rect.y // edge, -(-rect.bottom // edge))
    return [(column, row) for row in rows for column in columns]


def nearest_first(places: Iterable[Place], viewport: Viewport, level: int) -> list[Place]:
    """The places of a level in the order of their distance from the middle of the widget."""
    x, y = viewport.to_document(*viewport.centre)
    edge = TILE << level

    def distance(place: Place) -> float:
        return math.hypot((place[0] + 0.5) * edge - x, (place[1] + 0.5) * edge - y)

    return sorted(places, key=distance)


class TileCache:
    """Tiles of several levels, the longest unused let go first."""

    def __init__(self) -> None:
        self._tiles: OrderedDict[Key, CachedTile] = OrderedDict()

    def __len__(self) -> int:
        return len(self._tiles)

    def get(self, key: Key) -> CachedTile | None:
        """The tile at hand, stale or not."""
        tile = self._tiles.get(key)
        if tile is not None:
            self._tiles.move_to_end(key)
        return tile

    def put(self, key: Key, tile: CachedTile, in_sight: int = 0) -> None:
        """Keep a tile; `in_sight` more than the usual number are kept."""
        self._tiles[key] = tile
        self._tiles.move_to_end(key)
        while len(self._tiles) > KEPT_TILES + in_sight:
            self._tiles.popitem(last=False)

    def fresh(self, key: Key) -> bool:
        """Whether the tile is at hand and up to date."""
        tile = self._tiles.get(key)
        return tile is not None and not tile.stale

    def damage(self, rect: Rect | None) -> None:
        """Mark what a rectangle of the document touches, or everything, as out of date."""
        for key, tile in self._tiles.items():
            if rect is None or not covered(key).intersected(rect).empty:
                tile.stale = True

    def drop_stale(self, but: Iterable[Key] = ()) -> None:
        """Let go of tiles that are out of date, save those named."""
        kept = set(but)
        for key in [key for key, tile in self._tiles.items() if tile.stale and key not in kept]:
            del self._tiles[key]

    def clear(self) -> None:
        """Let go of everything."""
        self._tiles.clear()

    def cuts(self, key: Key, document: Rect) -> Iterator[Cut]:
        """What to paint at a place: its own tile, else pieces of coarser or finer ones that cover the same pixels."""
        part = covered(key).intersected(document)
        own = self.get(key)
        if own is not None:
            yield Cut(own, (0, 0, own.image.width(), own.image.height()), part_of(key, own))
            return
        coarser = self._coarser(key, part)
        if coarser is not None:
            yield coarser
        yield from self._finer(key, document)

    def _coarser(self, key: Key, part: Rect) -> Cut | None:
        level, column, row = key
        for up in range(1, 9):
            above = (level + up, column >> up, row >> up)
            tile = self._tiles.get(above)
            if tile is not None:
                scale, whole = 1 << above[0], covered(above)
                x, y = (part.x - whole.x) / scale, (part.y - whole.y) / scale
                return Cut(tile, (x, y, part.width / scale, part.height / scale), part)
        return None

    def _finer(self, key: Key, document: Rect) -> Iterator[Cut]:
        level, _column, _row = key
        for down in range(1, min(level, 2) + 1):
            for place in places_under(covered(key).intersected(document), level - down):
                below = (level - down, *place)
                tile = self._tiles.get(below)
                if tile is not None:
                    yield Cut(tile, (0, 0, tile.image.width(), tile.image.height()), part_of(below, tile))


def part_of(key: Key, tile: CachedTile) -> Rect:
    """The document pixels that a tile's image spans; at the edge of the document a coarse one reaches a little over."""
    whole, scale = covered(key), 1 << key[0]
    return Rect(whole.x, whole.y, tile.image.width() * scale, tile.image.height() * scale)
