"""The exact picture, tile by tile and level by level, for the canvas: composited in threads, kept until it changes."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from typing import TYPE_CHECKING

from nanodesk.document.damage import damage
from nanodesk.document.geometry import Rect, Size
from nanodesk.document.tiles import TILE
from nanodesk.editor.flattening import alone
from nanodesk.editor.signal import Signal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from nanodesk.document.change import Change
    from nanodesk.document.document import Document
    from nanodesk.document.identity import LayerId
    from nanodesk.document.tiles import TileGrid
    from nanodesk.editor.editor import Editor
    from nanodesk.editor.pixel_store import Block, PixelStore
    from nanodesk.editor.work import Work

Place = tuple[int, int]
Key = tuple[int, int, int]

CACHE_BYTES = 384 * 1024 * 1024
"""What composited tiles may take before the longest unused are let go."""


class Painter:
    """Shows the editor's document; premultiplied BGRA in the document's profile.

    Attributes:
        damaged: this part of the document, or all of it where there is none, must be drawn anew.
        composed: how many document tiles were composited so far.
    """

    def __init__(self, editor: Editor, pixels: PixelStore, work: Work) -> None:
        self._editor = editor
        self._pixels = pixels
        self._work = work
        self._tiles: OrderedDict[Key, Block] = OrderedDict()
        self._bytes = 0
        self._version = 0
        self._damages: deque[tuple[int, Rect | None]] = deque(maxlen=256)
        self._small: OrderedDict[tuple[str, Size], Block] = OrderedDict()
        self.composed = 0
        self.damaged: Signal[Rect | None] = Signal()
        self._disconnect = editor.changed.connect(self._changed)

    def close(self) -> None:
        """Follow the editor no more, and let go of every tile."""
        self._disconnect()
        self._tiles.clear()
        self._small.clear()

    def _changed(self, change: Change) -> None:
        if not change.touches_document:
            return
        part = damage(change, self._editor.document)
        if part is not None and part.empty:
            return
        self._version += 1
        self._damages.append((self._version, part))
        if part is None:
            self._tiles.clear()
            self._bytes = 0
        else:
            for key in [key for key in self._tiles if not covered(key).intersected(part).empty]:
                self._bytes -= self._tiles.pop(key).nbytes
        self.damaged.emit(part)

    def cached(self, level: int, column: int, row: int) -> Block | None:
        """That tile, when it is up to date; it covers `256 * 2**level` document pixels each way."""
        tile = self._tiles.get((level, column, row))
        if tile is not None:
            self._tiles.move_to_end((level, column, row))
        return tile

    async def tiles(self, level: int, places: Sequence[Place]) -> AsyncIterator[tuple[Place, Block]]:
        """Each of the tiles as soon as it is ready; closing the iterator stops the rest."""
        waiting = {asyncio.ensure_future(self._tile((level, *place))): place for place in places}
        try:
            pending = set(waiting)
            while pending:
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    yield waiting[task], task.result()
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    async def _tile(self, key: Key) -> Block:
        while True:
            known = self.cached(*key)
            if known is not None:
                return known
            version = self._version
            made = await self._work.canvas(self._composed, self._editor.document, key, {})
            self.composed += sum(1 for one in made if one[0] == 0)
            for one, block in made.items():
                if one[0] > 0 or one == key:
                    self._keep(one, block, version)
            if not self._stale(key, version):
                return made[key]

    def _stale(self, key: Key, version: int) -> bool:
        if self._version == version:
            return False
        if not self._damages or self._damages[0][0] > version + 1:
            return True
        rect = covered(key)
        since = (part for number, part in self._damages if number > version)
        return any(part is None or not part.intersected(rect).empty for part in since)

    def _keep(self, key: Key, block: Block, version: int) -> None:
        if self._stale(key, version) or key in self._tiles:
            return
        self._tiles[key] = block
        self._bytes += block.nbytes
        while self._bytes > CACHE_BYTES and len(self._tiles) > 1:
            self._bytes -= self._tiles.popitem(last=False)[1].nbytes

    def _composed(self, document: Document, key: Key, made: dict[Key, Block]) -> dict[Key, Block]:
        """The tile and those it was made from, in a thread; finer tiles that are up to date are used as they are."""
        from nanodesk.imaging.painter import halved, paint_rect

        level, column, row = key
        rect = covered(key).intersected(document.rect)
        if level == 0:
            made[key] = paint_rect(document, self._pixels.tile, rect, premultiplied=True)
            return made
        parts: list[Block | None] = []
        for down in (0, 1):
            for across in (0, 1):
                child = (level - 1, 2 * column + across, 2 * row + down)
                if covered(child).intersected(document.rect).empty:
                    parts.append(None)
                    continue
                known = self._tiles.get(child)
                parts.append(self._composed(document, child, made)[child] if known is None else known)
        made[key] = halved(parts[0], parts[1], parts[2], parts[3])
        return made

    async def rendered(self, document: Document, rect: Rect, level: int) -> Block:
        """Any document value, within a rectangle of it, at a mip level; nothing is kept."""
        return await self._work.canvas(self._rendered, document, rect.intersected(document.rect), level)

    def _rendered(self, document: Document, rect: Rect, level: int) -> Block:
        from nanodesk.imaging.painter import halved, paint_rect

        block = paint_rect(document, self._pixels.tile, rect, premultiplied=True)
        for _ in range(level):
            block = halved(block, None, None, None)
        return block

    async def thumbnail(self, layer_id: LayerId, max_size: Size) -> Block:
        """A layer by itself, small: straight BGRA that fits into `max_size`."""
        document = self._editor.document
        layer = document.layer(layer_id)
        if layer.grid is not None:
            return await self.picture_thumbnail(layer.grid, max_size)
        return await self._work.canvas(self._document_thumbnail, alone(document, layer_id), max_size)

    async def mask_thumbnail(self, layer_id: LayerId, max_size: Size) -> Block | None:
        """A layer's mask, small (h, w); none where it has no mask."""
        mask = self._editor.document.layer(layer_id).mask
        return None if mask is None else await self.picture_thumbnail(mask.grid, max_size)

    async def picture_thumbnail(self, grid: TileGrid, max_size: Size) -> Block:
        """A stored picture or mask, small; kept for the next time."""
        key = (grid.id, max_size)
        known = self._small.get(key)
        if known is None:
            known = await self._work.canvas(self._grid_thumbnail, grid, max_size)
            self._small[key] = known
            while len(self._small) > 512:
                self._small.popitem(last=False)
        return known

    async def document_thumbnail(self, max_size: Size) -> Block:
        """The whole document, small: straight BGRA."""
        return await self._work.canvas(self._document_thumbnail, self._editor.document, max_size)

    def _grid_thumbnail(self, grid: TileGrid, max_size: Size) -> Block:
        from nanodesk.imaging.thumbnail import grid_thumbnail

        return grid_thumbnail(grid, self._pixels.tile, max_size)

    def _document_thumbnail(self, document: Document, max_size: Size) -> Block:
        from nanodesk.imaging.thumbnail import document_thumbnail

        return document_thumbnail(document, self._pixels.tile, max_size)

    def colour_at(self, x: int, y: int) -> tuple[int, int, int, int] | None:
        """Red, green, blue and alpha (0 to 255) of a document pixel, from the finest tile at hand; none without one."""
        if x < 0 or y < 0 or x >= self._editor.document.size.width or y >= self._editor.document.size.height:
            return None
        for level in range(12):
            edge = TILE << level
            tile = self._tiles.get((level, x // edge, y // edge))
            if tile is not None:
                return _straight(tile, (x % edge) >> level, (y % edge) >> level)
        return None

    async def pick(self, x: int, y: int) -> LayerId | None:
        """The top-most visible layer that shows at a document pixel."""
        return await self._work.canvas(self._picked, self._editor.document, x, y)

    def _picked(self, document: Document, x: int, y: int) -> LayerId | None:
        from nanodesk.imaging.painter import paint_rect

        point = Rect(x, y, 1, 1).intersected(document.rect)
        if point.empty:
            return None
        for layer, _ in document.walk():
            if layer.grid is None or not document.shown(layer.id) or layer.opacity == 0:
                continue
            if int(paint_rect(alone(document, layer.id), self._pixels.tile, point, premultiplied=True)[0, 0, 3]) > 0:
                return layer.id
        return None


def covered(key: Key) -> Rect:
    """The document pixels that a tile of some level stands for, beyond the canvas too."""
    level, column, row = key
    edge = TILE << level
    return Rect(column * edge, row * edge, edge, edge)


def _straight(tile: Block, x: int, y: int) -> tuple[int, int, int, int]:
    y, x = min(y, tile.shape[0] - 1), min(x, tile.shape[1] - 1)
    blue, green, red, alpha = (int(value) for value in tile[y, x])
    if alpha == 0:
        return (0, 0, 0, 0)
    return (*(min(255, (value * 255 + alpha // 2) // alpha) for value in (red, green, blue)), alpha)  # type: ignore[return-value]  # three and one
