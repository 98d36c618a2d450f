"""Writing the rows of a batch; what the file has already costs a look-up, or nothing."""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING

from nanodesk.storage.errors import DamagedTileError, readable
from nanodesk.storage.grid_rows import to_row
from nanodesk.storage.values import Encoder

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Set

    from nanodesk.document.identity import StepId
    from nanodesk.document.tiles import TileGrid, TileId
    from nanodesk.storage.batch import Batch, StepRecord

KEY_FRAME_EVERY = 50
"""Steps of a line between two key frames: how many changes are applied, at most, when a project is opened."""

_log = logging.getLogger(__name__)


class BatchWriter:
    """Writes one batch within a transaction that the caller has begun.

    Attributes:
        added: the tiles that were new to the file.
    """

    def __init__(self, connection: sqlite3.Connection, beneath: Set[TileId]) -> None:
        """A writer to a file; the tiles `beneath` lie in the project that a recovery file belongs to."""
        self._connection = connection
        self._beneath = beneath
        self._encoder = Encoder()
        self.added: set[TileId] = set()

    def write(self, batch: Batch, visited: Mapping[StepId, StepId], change: str) -> None:
        """Write everything; of the branches last visited, those in `visited` are otherwise than in the file."""
        for record in batch.steps:
            self._step(record)
        self._connection.executemany("INSERT OR REPLACE INTO visited VALUES (?, ?)", visited.items())
        self._runs(batch)
        for name, data in self._encoder.profiles.items():
            self._connection.execute("INSERT OR IGNORE INTO profiles VALUES (?, ?)", (bytes.fromhex(name), data))
        for grid in self._encoder.grids.values():
            self._grid(grid, batch.packed)
        for one in batch.previews:
            row = (one.kind, one.mime, one.width, one.height, one.data, hashlib.sha256(one.data).digest())
            self._connection.execute("INSERT OR REPLACE INTO preview VALUES (?, ?, ?, ?, ?, ?)", row)
        facts = (("change_id", change), ("current", batch.current))
        self._connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts)

    def _step(self, record: StepRecord) -> None:
        step, connection, encoder = record.step, self._connection, self._encoder
        parent = connection.execute("SELECT depth FROM steps WHERE id = ?", (step.parent,)).fetchone()
        # The root, or the first step of a recovery file: a key frame is due.
        depth = parent[0] + 1 if parent and isinstance(parent[0], int) else 0
        provenance = None if step.provenance is None else encoder.text(step.provenance)
        connection.execute(
            "INSERT INTO steps (id, parent, label, created, depth, document, provenance) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET label = excluded.label, document = excluded.document",
            (step.id, step.parent, readable(step.label), step.created, depth, int(step.document), provenance),
        )
        connection.execute("INSERT OR REPLACE INTO changes VALUES (?, ?)", (step.id, encoder.text(record.change)))
        if depth % KEY_FRAME_EVERY == 0:
            connection.execute("INSERT OR REPLACE INTO key_frames VALUES (?, ?)", (step.id, encoder.text(record.state)))

    def _runs(self, batch: Batch) -> None:
        for run in batch.runs:
            self._connection.execute(
                "INSERT INTO runs VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET value = excluded.value",
                (run.id, run.number, self._encoder.text(run)),
            )
        for one in batch.candidates:
            self._connection.execute(
                "INSERT INTO candidates VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET value = excluded.value",
                (one.id, one.run, self._encoder.text(one)),
            )

    def _grid(self, grid: TileGrid, packed: Callable[[TileId], bytes]) -> None:
        key = bytes.fromhex(grid.id)
        if self._connection.execute("SELECT 1 FROM grids WHERE id = ?", (key,)).fetchone() is not None:
            return  # its tiles came in the same transaction
        for tile_id in grid.ids() - self.added - self._beneath:
            self._tile(tile_id, packed)
        self._connection.execute("INSERT INTO grids VALUES (?, ?, ?, ?, ?)", to_row(grid))

    def _tile(self, tile_id: TileId, packed: Callable[[TileId], bytes]) -> None:
        key = bytes.fromhex(tile_id)
        if self._connection.execute("SELECT 1 FROM tiles WHERE id = ?", (key,)).fetchone() is not None:
            return
        try:
            data = packed(tile_id)
        except (DamagedTileError, KeyError):
            # It is lost already; refusing to write the rest would lose that too.
            _log.warning("A damaged part of a picture was left out of the file.")
            return
        self._connection.execute("INSERT INTO tiles VALUES (?, ?, ?)", (key, data, hashlib.sha256(data).digest()))
        self.added.add(tile_id)
