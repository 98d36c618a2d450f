"""Writing the rows of a batch; what the file has already costs a look-up, or nothing."""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING

from nanodesk.storage.errors import DamagedTileError, readable
from nanodesk.storage.grid_rows import to_row
from nanodesk.storage.replies import packed_reply
from nanodesk.storage.values import Encoder

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Set

    from nanodesk.document.identity import StepId
    from nanodesk.document.tiles import TileId
    from nanodesk.storage.batch import Batch

KEY_FRAME_EVERY = 50
"""Steps of a line between two key frames: how many changes are applied, at most, when a project is opened."""

PACK_AHEAD = 64 * 1024 * 1024
"""Bytes of packed tiles that are kept in memory before the transaction begins; the rest is packed within it."""

_log = logging.getLogger(__name__)


class BatchWriter:
    """Writes one batch in three legs: what to write is looked up, tiles are packed, the rows are put in.

    Only the first and the last use the connection, so that others can read while tiles are being packed.

    Attributes:
        added: the tiles that were new to the file.
    """

    def __init__(self, connection: sqlite3.Connection, batch: Batch, beneath: Set[TileId]) -> None:
        """A writer to a file; the tiles `beneath` lie in the project that a recovery file belongs to."""
        self._connection = connection
        self._batch = batch
        self._encoder = Encoder(batch.grid, batch.profile)
        self._steps: list[tuple[object, ...]] = []
        self._changes: list[tuple[str, str]] = []
        self._key_frames: list[tuple[str, str]] = []
        self._runs = [(run.id, run.number, self._encoder.text(run)) for run in batch.runs]
        self._candidates = [(one.id, one.run, self._encoder.text(one)) for one in batch.candidates]
        self._journal = [(one.run, one.reply, self._encoder.text(one)) for one in batch.journal]
        self._look_up_steps()
        for grid in batch.grids:
            self._encoder.grids.setdefault(grid.id, grid)
        self._grids = [grid for grid in self._encoder.grids.values() if not self._has("grids", grid.id)]
        wanted = {tile_id: None for grid in self._grids for tile_id in grid.ids() if tile_id not in beneath}
        self._wanted = [tile_id for tile_id in wanted if not self._has("tiles", tile_id)]
        self._packed: dict[TileId, bytes | None] = {}
        self.added: set[TileId] = set()

    def _look_up_steps(self) -> None:
        depths: dict[StepId | None, int] = {}
        for record in self._batch.steps:
            step, encoder = record.step, self._encoder
            parent = depths.get(step.parent, self._depth(step.parent))
            # Without a parent here it is the root, or the first step of a recovery file: a key frame is due.
            depth = depths[step.id] = 0 if parent is None else parent + 1
            provenance = None if step.provenance is None else encoder.text(step.provenance)
            row = (step.id, step.parent, readable(step.label), step.created, depth, int(step.document), provenance)
            self._steps.append(row)
            self._changes.append((step.id, encoder.text(record.change)))
            if depth % KEY_FRAME_EVERY == 0:
                self._key_frames.append((step.id, encoder.text(record.state)))

    def _depth(self, step_id: StepId | None) -> int | None:
        row = self._connection.execute("SELECT depth FROM steps WHERE id = ?", (step_id,)).fetchone()
        return row[0] if row is not None and isinstance(row[0], int) else None

    def _has(self, table: str, name: str) -> bool:
        row = self._connection.execute(f"SELECT 1 FROM {table} WHERE id = ?", (bytes.fromhex(name),)).fetchone()
        return row is not None

    def pack(self) -> None:
        """Pack the tiles that are new to the file, as far as memory is to be spent on it."""
        size = 0
        for tile_id in self._wanted:
            data = self._packed[tile_id] = self._bytes_of(tile_id)
            size += len(data or b"")
            if size > PACK_AHEAD:
                return

    def _bytes_of(self, tile_id: TileId) -> bytes | None:
        try:
            return self._batch.packed(tile_id)
        except (DamagedTileError, KeyError):
            # It is lost already; refusing to write the rest would lose that too.
            _log.warning("A damaged part of a picture was left out of the file.")
            return None

    def write(self, visited: Mapping[StepId, StepId], change: str) -> None:
        """Put the rows in, within a transaction; `visited` are the branches that are otherwise than in the file."""
        many = self._connection.executemany
        many(
            "INSERT INTO steps (id, parent, label, created, depth, document, provenance) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET label = excluded.label, document = excluded.document",
            self._steps,
        )
        many("INSERT OR REPLACE INTO changes VALUES (?, ?)", self._changes)
        many("INSERT OR REPLACE INTO key_frames VALUES (?, ?)", self._key_frames)
        many("INSERT OR REPLACE INTO visited VALUES (?, ?)", visited.items())
        replacing = "ON CONFLICT (id) DO UPDATE SET value = excluded.value"
        many(f"INSERT INTO runs VALUES (?, ?, ?) {replacing}", self._runs)
        many(f"INSERT INTO candidates VALUES (?, ?, ?) {replacing}", self._candidates)
        many(f"INSERT INTO journal VALUES (?, ?, ?) {replacing.replace('(id)', '(run, reply)')}", self._journal)
        self._write_replies()
        self._write_pictures()
        facts = (("change_id", change), ("current", self._batch.current))
        many("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts)

    def _write_replies(self) -> None:
        for one in self._batch.replies:
            known = self._connection.execute(
                "SELECT 1 FROM replies WHERE run = ? AND reply = ?", (one.run, one.reply)
            ).fetchone()
            body = None if known is not None else one.load()
            if body is not None:
                row = (one.run, one.reply, *packed_reply(body))
                self._connection.execute("INSERT INTO replies VALUES (?, ?, ?, ?)", row)

    def _write_pictures(self) -> None:
        connection = self._connection
        for name, data in self._encoder.profiles.items():
            connection.execute("INSERT OR IGNORE INTO profiles VALUES (?, ?)", (bytes.fromhex(name), data))
        for tile_id in self._wanted:
            packed = self._packed.pop(tile_id) if tile_id in self._packed else self._bytes_of(tile_id)
            if packed is not None:
                row = (bytes.fromhex(tile_id), packed, hashlib.sha256(packed).digest())
                connection.execute("INSERT OR IGNORE INTO tiles VALUES (?, ?, ?)", row)
                self.added.add(tile_id)
        connection.executemany("INSERT OR IGNORE INTO grids VALUES (?, ?, ?, ?, ?)", map(to_row, self._grids))
        for one in self._batch.previews:
            picture = (one.kind, one.mime, one.width, one.height, one.data, hashlib.sha256(one.data).digest())
            connection.execute("INSERT OR REPLACE INTO preview VALUES (?, ?, ?, ?, ?, ?)", picture)
