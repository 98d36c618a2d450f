"""The tiles of one project: raw while they are in use, packed when they have gone cold, in the file at last."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy as np
    from numpy.typing import NDArray

    from nanodesk.document.geometry import Rect
    from nanodesk.document.tiles import TileGrid, TileId

    Block = NDArray[np.uint8]

WARM_TILES = 512
"""Raw tiles kept after they were unpacked for a reader: 128 MB at most."""


class PixelStore:
    """Every tile of a project, looked up by its id from any thread.

    Attributes:
        added: how many tiles were taken in so far; what a change allocated is the difference.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._raw: dict[TileId, Block] = {}
        self._warm: OrderedDict[TileId, Block] = OrderedDict()
        self._packed: dict[TileId, bytes] = {}
        self._on_disk: set[TileId] = set()
        self._read: Callable[[TileId], bytes] | None = None
        self.added = 0

    def reads_from(self, read: Callable[[TileId], bytes]) -> None:
        """Have the packed bytes of tiles on disk looked up by `read`, in any thread, when they are needed."""
        with self._lock:
            self._read = read

    def now_on_disk(self, tiles: Iterable[TileId]) -> None:
        """Tiles whose commit has returned: their packed bytes need no memory any more."""
        with self._lock:
            for tile in tiles:
                self._on_disk.add(tile)
                self._packed.pop(tile, None)

    def add(self, block: Block) -> TileGrid:
        """Take in a picture (h, w, 4) or a mask (h, w); the block must not be written to afterwards."""
        from nanodesk.imaging.tiling import split

        grid, tiles = split(block)
        self._take(tiles)
        return grid

    def paint(self, grid: TileGrid, rect: Rect, patch: Block) -> TileGrid:
        """The picture with the pixels of `rect` replaced by `patch`; touches the tiles under it and no others."""
        from nanodesk.imaging.tiling import paint

        painted, tiles = paint(grid, self.tile, rect, patch)
        self._take(tiles)
        return painted

    def _take(self, tiles: dict[TileId, Block]) -> None:
        with self._lock:
            for tile_id, tile in tiles.items():
                if tile_id not in self._raw:
                    self._raw[tile_id] = tile
                    self.added += 1

    def tile(self, tile_id: TileId) -> Block:
        """The raw pixels of a tile, read-only.

        Raises:
            KeyError: when the project has no such tile.
            Exception: of the reader, when the file's copy is damaged.
        """
        with self._lock:
            raw = self._raw.get(tile_id)
            if raw is not None:
                return raw
            warm = self._warm.get(tile_id)
            if warm is not None:
                self._warm.move_to_end(tile_id)
                return warm
            packed = self._packed.get(tile_id)
        return self._unpacked(tile_id, packed)

    def _unpacked(self, tile_id: TileId, packed: bytes | None) -> Block:
        from nanodesk.imaging.tile_codec import unpack

        if packed is None:
            packed = self._from_disk(tile_id)
        tile = unpack(packed)
        tile.flags.writeable = False
        with self._lock:
            self._warm[tile_id] = tile
            while len(self._warm) > WARM_TILES:
                self._warm.popitem(last=False)
        return tile

    def _from_disk(self, tile_id: TileId) -> bytes:
        if self._read is None:
            raise KeyError(tile_id)
        return self._read(tile_id)

    def block(self, grid: TileGrid, rect: Rect | None = None) -> Block:
        """The whole picture, or the part of it in `rect`, as one contiguous array."""
        from nanodesk.imaging.tiling import assemble

        return assemble(grid, self.tile, rect)

    def packed(self, tile_id: TileId) -> bytes:
        """The packed bytes of a tile, for the file; packs it now where that has not been done."""
        from nanodesk.imaging.tile_codec import pack

        with self._lock:
            known = self._packed.get(tile_id)
            raw = self._raw.get(tile_id)
            if raw is None:
                raw = self._warm.get(tile_id)
        if known is not None:
            return known
        return self._from_disk(tile_id) if raw is None else pack(raw)

    def cool(self, hot: set[TileId]) -> None:
        """Pack what is raw and not in `hot`; drop what the disk holds anyway. For a worker thread."""
        from nanodesk.imaging.tile_codec import pack

        with self._lock:
            cold = [(tile_id, tile) for tile_id, tile in self._raw.items() if tile_id not in hot]
        for tile_id, tile in cold:
            with self._lock:
                safe = tile_id in self._on_disk or tile_id in self._packed
            packed = None if safe else pack(tile)
            with self._lock:
                if packed is not None and tile_id not in self._on_disk:
                    self._packed[tile_id] = packed
                self._raw.pop(tile_id, None)

    def forget(self) -> None:
        """Let go of everything, when the project is closed."""
        with self._lock:
            self._raw.clear()
            self._warm.clear()
            self._packed.clear()
            self._read = None

    @property
    def raw_bytes(self) -> int:
        """Memory that raw tiles take, each counted by itself."""
        with self._lock:
            return sum(tile.nbytes for tile in self._raw.values()) + sum(tile.nbytes for tile in self._warm.values())

    @property
    def packed_bytes(self) -> int:
        """Memory that packed tiles take."""
        with self._lock:
            return sum(len(data) for data in self._packed.values())
