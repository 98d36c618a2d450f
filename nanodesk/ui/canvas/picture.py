"""A document on its way to the screen: asks for the tiles in sight and keeps the old ones until the new are there."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Protocol, cast

from nanodesk.document.geometry import Rect, Size
from nanodesk.document.tiles import TILE
from nanodesk.ui import tasks
from nanodesk.ui.canvas.tile_cache import CachedTile, Cut, Key, Place, TileCache, covered, nearest_first, places_under
from nanodesk.ui.qt_images import ScreenColours, image_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from nanodesk.document.document import Document
    from nanodesk.ui.canvas.viewport import Viewport

    Block = NDArray[np.uint8]


class Paints(Protocol):
    """What the canvas asks of the editor's painter."""

    def tiles(self, level: int, places: Sequence[Place]) -> AsyncIterator[tuple[Place, Block]]:
        """Each tile, premultiplied BGRA, as it is ready."""
        ...

    async def rendered(self, document: Document, rect: Rect, level: int) -> Block:
        """A part of any document, premultiplied BGRA, at a mip level."""
        ...

    def colour_at(self, x: int, y: int) -> tuple[int, int, int, int] | None:
        """Red, green, blue and alpha of a document pixel."""
        ...


class FrozenSource:
    """Tiles of one frozen document, through the painter."""

    def __init__(self, painter: Paints, document: Document) -> None:
        self._painter = painter
        self.document = document

    async def _rendered(self, rect: Rect, level: int) -> Block:
        return await self._painter.rendered(self.document, rect, level)

    async def tiles(self, level: int, places: Sequence[Place]) -> AsyncGenerator[tuple[Place, Block]]:
        """Each tile in the order asked for, two under way at a time."""
        waiting = list(places)
        under_way: list[tuple[Place, asyncio.Task[Block]]] = []
        try:
            while waiting or under_way:
                while waiting and len(under_way) < 2:
                    place = waiting.pop(0)
                    rect = covered((level, *place)).intersected(self.document.rect)
                    made = asyncio.create_task(self._rendered(rect, level))
                    under_way.append((place, made))
                place, made = under_way[0]
                block = await made
                under_way.pop(0)
                yield place, block
        finally:
            for _, made in under_way:
                made.cancel()
            await asyncio.gather(*(made for _, made in under_way), return_exceptions=True)


class Picture:
    """The tiles of one source for one canvas.

    Attributes:
        source: the painter itself, for the editor's document, or a `FrozenSource`; none where what it began with is
            all there is.
        document_size: of what the source shows.
        settled: called when every tile in sight is there and up to date.
    """

    def __init__(
        self, source: Paints | FrozenSource | None, size: Size, profile: bytes | None, arrived: Callable[[Rect], None]
    ) -> None:
        self.source = source
        self.document_size = size
        self.settled: Callable[[], None] = lambda: None
        self._colours = ScreenColours(profile)
        self._arrived = arrived
        self._cache = TileCache()
        self._batches: dict[asyncio.Task[None], set[Key]] = {}
        self._in_sight: set[Key] = set()
        self._damaged_meanwhile: set[Key] = set()
        self._failed: set[Key] = set()
        self._viewport: Viewport | None = None

    def resembles(self, size: Size, profile: bytes | None) -> bool:
        """Whether tiles of such a document can stand beside those at hand."""
        return size == self.document_size and profile == self._colours.profile

    def replaced(self, source: Paints | FrozenSource, size: Size, profile: bytes | None) -> None:
        """Show another source; what is at hand is shown until its tiles have come."""
        self.source = source
        if not self.resembles(size, profile):
            self._cache.clear()
            self.stop()
        self.document_size = size
        self._colours = ScreenColours(profile)

    def begin_with(self, level: int, block: Block) -> None:
        """Show a small picture of the whole document, straight BGRA at a level, until its tiles have come."""
        if len(self._cache):
            return
        for column, row in places_under(Rect(0, 0, self.document_size.width, self.document_size.height), level):
            piece = block[row * TILE : (row + 1) * TILE, column * TILE : (column + 1) * TILE]
            if piece.size:
                opaque = bool((piece[..., 3] == 255).all())
                image = self._colours.applied(image_of(piece, opaque=opaque))
                self._cache.put((level, column, row), CachedTile(image, opaque, stale=True))
        self._arrived(Rect(0, 0, self.document_size.width, self.document_size.height))

    def damage(self, rect: Rect | None) -> None:
        """A part of the document, or all of it, is no longer what the tiles show."""
        self._cache.damage(rect)
        self._failed.clear()
        for keys in self._batches.values():
            self._damaged_meanwhile |= {key for key in keys if rect is None or not covered(key).intersected(rect).empty}

    def request(self, viewport: Viewport) -> None:
        """Ask for the tiles in sight that are not there or out of date; those under way are waited for."""
        self._viewport = viewport
        if self.source is None:
            return
        visible = viewport.visible()
        self._in_sight = {(viewport.level, *place) for place in places_under(visible, viewport.level)}
        for task, keys in list(self._batches.items()):
            if not keys & (self._in_sight | self._overview()):
                task.cancel()
                del self._batches[task]
        missing = [key for key in self._in_sight if not self._cache.fresh(key)]
        if missing:
            self._ask([key for key in missing if key not in self._failed])
        else:
            self._settle()

    def _ask(self, keys: list[Key]) -> None:
        under_way = set[Key]().union(*self._batches.values())
        new = [key for key in keys if key not in under_way]
        if new and self._viewport is not None:
            level = new[0][0]
            places = nearest_first((key[1:] for key in new), self._viewport, level)
            self._batches[tasks.spawn(self._fetch(level, places))] = set(new)

    async def _fetch(self, level: int, places: list[Place]) -> None:
        task = asyncio.current_task()
        assert self.source is not None
        try:
            made = cast("AsyncGenerator[tuple[Place, Block]]", self.source.tiles(level, places))
            async with aclosing(made) as tiles:
                async for place, block in tiles:
                    self._take(task, (level, *place), block)
        except Exception:
            # Told once by the task's owner; asking again for a tile that cannot be made would never end.
            self._failed.update((level, *place) for place in places)
            raise
        finally:
            if task is not None:
                self._batches.pop(task, None)
        if self._viewport is not None:
            self.request(self._viewport)

    def _take(self, task: asyncio.Task[None] | None, key: Key, block: Block) -> None:
        opaque = bool((block[..., 3] == 255).all())
        image = self._colours.applied(image_of(block, premultiplied=True, opaque=opaque))
        self._cache.put(key, CachedTile(image, opaque, key in self._damaged_meanwhile), len(self._in_sight))
        self._damaged_meanwhile.discard(key)
        if task is not None and task in self._batches:
            self._batches[task].discard(key)
        self._arrived(covered(key))

    def _settle(self) -> None:
        overview = self._overview()
        self._cache.drop_stale(overview)
        self.settled()
        # Something to show at once where a pan leads. It may be out of date: that is better than a hole, and making
        # it anew after each stroke would composite what the stroke did not touch.
        if not isinstance(self.source, FrozenSource):
            self._ask([key for key in overview if self._cache.get(key) is None and key not in self._failed])

    def _overview(self) -> set[Key]:
        """The whole document in at most four coarse tiles; none where all of it is in sight anyway."""
        longest = max(self.document_size.width, self.document_size.height)
        level = 0
        while longest > 2 * TILE << level:
            level += 1
        whole = Rect(0, 0, self.document_size.width, self.document_size.height)
        if self._viewport is None or level <= self._viewport.level or self._viewport.visible() == whole:
            return set()
        return {(level, *place) for place in places_under(whole, level)}

    @property
    def complete(self) -> bool:
        """Whether every tile in sight is there and up to date."""
        return bool(self._in_sight) and all(self._cache.fresh(key) for key in self._in_sight)

    def cuts(self, rect: Rect, level: int) -> Iterator[Cut]:
        """What to paint, piece by piece, for a rectangle of the document."""
        document = Rect(0, 0, self.document_size.width, self.document_size.height)
        for place in places_under(rect.intersected(document), level):
            yield from self._cache.cuts((level, *place), document)

    def colour_at(self, x: int, y: int) -> tuple[int, int, int, int] | None:
        """Red, green, blue and alpha of a document pixel as the finest tile in sight shows it; none before it came."""
        whole = Rect(0, 0, self.document_size.width, self.document_size.height)
        if Rect(x, y, 1, 1).intersected(whole).empty or self._viewport is None:
            return None
        level = self._viewport.level
        edge = TILE << level
        tile = self._cache.get((level, x // edge, y // edge))
        if tile is None:
            return None
        colour = tile.image.pixelColor((x % edge) >> level, (y % edge) >> level)
        return colour.red(), colour.green(), colour.blue(), colour.alpha()

    def stop(self) -> None:
        """Ask for nothing more; tiles under way are dropped."""
        for task in self._batches:
            task.cancel()
        self._batches.clear()
        self._damaged_meanwhile.clear()
        self._failed.clear()

    def close(self) -> None:
        """Stop, and let go of every tile."""
        self.stop()
        self._cache.clear()
        self._in_sight.clear()
        self._viewport = None
        self.settled = lambda: None
