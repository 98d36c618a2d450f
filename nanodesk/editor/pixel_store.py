"""The tiles of one project: raw while they are in use, packed when they have gone cold, in the file at last."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from nanodesk.storage.errors import CannotReadError, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy as np
    from numpy.typing import NDArray

    from nanodesk.document.geometry import Rect
    from nanodesk.document.tiles import TileGrid, TileId

    Block = NDArray[np.uint8]
    Read = Callable[[TileId], bytes]

WARM_TILES = 512
"""Raw tiles kept after they were unpacked for a reader: 128 MB at most."""

PACKED_BYTES = 64 * 1024 * 1024
"""Packed tiles kept in memory although the disk holds them too: undoing further back need not wait for it."""


class PixelStore:
    """Every tile of a project, looked up by its id from any thread.

    A tile whose bytes are damaged is shown as a hatch, so that the rest of its layer can be.

    Attributes:
        added: how many tiles were taken in so far; what a change allocated is the difference.
        shapes: of every tile that is known, so that what is read can be looked at before it is believed.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._raw: dict[TileId, Block] = {}
        self._warm: OrderedDict[TileId, Block] = OrderedDict()
        self._packed: OrderedDict[TileId, bytes] = OrderedDict()
        self._on_disk: set[TileId] = set()
        self._damaged: set[TileId] = set()
        self._read: Read | None = None
        self._on_damage: Callable[[], None] | None = None
        self.added = 0
        self.shapes: dict[TileId, tuple[int, ...]] = {}

    def reads_from(self, read: Read) -> None:
        """Have the packed bytes of tiles on disk looked up by `read`, in any thread, when they are needed."""
        with self._lock:
            self._read = read

    def tells_damage(self, tell: Callable[[], None]) -> None:
        """Have `tell` called, in any thread, when a tile turns out to be damaged."""
        self._on_damage = tell

    @property
    def damaged(self) -> frozenset[TileId]:
        """The tiles known to be damaged."""
        with self._lock:
            return frozenset(self._damaged)

    def mark_damaged(self, tiles: Iterable[TileId]) -> None:
        """Tiles whose bytes on disk are not what was written; those in memory are whole."""
        with self._lock:
            new = {tile for tile in tiles if tile not in self._raw and tile not in self._packed} - self._damaged
            self._damaged |= new
        if new and self._on_damage is not None:
            self._on_damage()

    def now_on_disk(self, tiles: Iterable[TileId]) -> None:
        """Tiles whose commit has returned: memory need not hold their packed bytes any more."""
        with self._lock:
            self._on_disk.update(tiles)
            self._trim()

    def _trim(self) -> None:
        """Let go of packed tiles that the disk holds, the longest unused first, down to what they may take."""
        size = sum(len(data) for data in self._packed.values())
        for tile in [tile for tile in self._packed if tile in self._on_disk]:
            if size <= PACKED_BYTES:
                return
            size -= len(self._packed.pop(tile))

    def add(self, block: Block) -> TileGrid:
        """Take in a picture (h, w, 4) or a mask (h, w); the block must not be written to afterwards."""
        from nanodesk.imaging.tiling import split

        grid, tiles = split(block)
        self._take(tiles)
        return grid

    def add_packed(self, block: Block) -> TileGrid:
        """The same for a picture that nobody looks at for now: it takes its packed bytes and no raw ones; slow."""
        from nanodesk.imaging.tile_codec import pack
        from nanodesk.imaging.tiling import split

        grid, tiles = split(block)
        for tile_id, tile in tiles.items():
            with self._lock:
                known = tile_id in self._raw or tile_id in self._packed or tile_id in self._on_disk
            if known:
                continue
            packed = pack(tile)
            with self._lock:
                self._packed[tile_id] = packed
                self.shapes[tile_id] = tile.shape
                self.added += 1
        return grid

    def sound(self, grid: TileGrid) -> bool:
        """Whether all of a picture can be read now, so that no part of it would be a hatch; slow."""
        try:
            for tile_id in grid.ids():
                self.packed(tile_id)
        except (KeyError, StorageError):
            return False
        return not grid.ids() & self.damaged

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
                    self.shapes[tile_id] = tile.shape
                    self.added += 1

    def tile(self, tile_id: TileId) -> Block:
        """The raw pixels of a tile, read-only; a hatch where its bytes are damaged or cannot be read.

        Raises:
            KeyError: when the project has no such tile.
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
            if packed is not None:
                self._packed.move_to_end(tile_id)
        return self._unpacked(tile_id, packed)

    def _unpacked(self, tile_id: TileId, packed: bytes | None) -> Block:
        from nanodesk.imaging import tiling
        from nanodesk.imaging.codec_errors import DamagedTileError
        from nanodesk.imaging.tile_codec import unpack

        try:
            tile = unpack(self._from_disk(tile_id) if packed is None else packed)
            if tiling.tile_id(tile) != tile_id or tile.shape != self.shapes.setdefault(tile_id, tile.shape):
                raise DamagedTileError("A stored part of the picture is another one.")
        except CannotReadError:
            return self._hatch(tile_id)  # it may be there again the next time
        except (StorageError, DamagedTileError):
            self.mark_damaged([tile_id])
            return self._hatch(tile_id)
        tile.flags.writeable = False
        with self._lock:
            self._warm[tile_id] = tile
            while len(self._warm) > WARM_TILES:
                self._warm.popitem(last=False)
        return tile

    def _hatch(self, tile_id: TileId) -> Block:
        from nanodesk.imaging.hatch import hatch

        return hatch(self.shapes.get(tile_id, (256, 256, 4)))

    def _from_disk(self, tile_id: TileId) -> bytes:
        read = self._read
        while read is not None:
            try:
                return read(tile_id)
            except CannotReadError:
                if read is self._read:
                    raise
                read = self._read  # the file was closed under our hands, and another has taken its place
        raise KeyError(tile_id)

    def block(self, grid: TileGrid, rect: Rect | None = None) -> Block:
        """The whole picture, or the part of it in `rect`, as one contiguous array."""
        from nanodesk.imaging.tiling import assemble

        return assemble(grid, self.tile, rect)

    def packed(self, tile_id: TileId) -> bytes:
        """The packed bytes of a tile, for the file; packs it now where that has not been done.

        Raises:
            KeyError: when the project has no such tile.
            StorageError: when it is on disk and cannot be read, or is damaged.
        """
        from nanodesk.imaging.tile_codec import pack

        with self._lock:
            known = self._packed.get(tile_id)
            raw = self._raw.get(tile_id)
            if raw is None:
                raw = self._warm.get(tile_id)
        if known is not None:
            return known
        if raw is None:
            return self._from_disk(tile_id)
        packed = pack(raw)
        with self._lock:
            self._packed[tile_id] = packed
        return packed

    def cool(self, hot: set[TileId]) -> None:
        """Pack what is raw and not in `hot`; drop what the disk holds anyway. For a worker thread."""
        with self._lock:
            cold = [tile_id for tile_id in self._raw if tile_id not in hot]
        for tile_id in cold:
            with self._lock:
                safe = tile_id in self._on_disk
            if not safe:
                self.packed(tile_id)
            with self._lock:
                self._raw.pop(tile_id, None)
        with self._lock:
            self._trim()

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
