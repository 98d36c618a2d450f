"""One project file, open: reading by parts, writing what is new in one transaction.

`ProjectFile.create(path)` makes a new one, `ProjectFile.open(path)` opens one; `write(batch)` costs what the batch
holds; `save_new(path, batch)` writes a whole file beside, checks it, and puts it in place. All calls block; any thread
may make them. `reading.ProjectReader` reads a project out of one file, or out of a recovery file on top of one.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nanodesk.document.tiles import PixelsId, TileGrid, TileId
from nanodesk.storage import schema
from nanodesk.storage.connection import connect, looks_like_project, told
from nanodesk.storage.errors import ChangedOutsideError, DamagedProjectError, DamagedTileError
from nanodesk.storage.grid_rows import from_row, to_row
from nanodesk.storage.values import Encoder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from nanodesk.document.identity import StepId
    from nanodesk.storage.batch import Batch, Preview, StepRecord

__all__ = ["ProjectFile", "looks_like_project", "save_new"]

KEY_FRAME_EVERY = 50
"""Steps of a line between two key frames: how many changes are applied, at most, when a project is opened."""


class ProjectFile:
    """One SQLite file of our schema."""

    def __init__(self, path: Path, connection: sqlite3.Connection, *, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self._connection = connection
        self._lock = threading.RLock()
        self._identity = _identity(path)
        self._known_change = self.meta("change_id")

    @staticmethod
    def create(path: Path) -> ProjectFile:
        """A new, empty file; one that is there already is refused.

        Raises:
            StorageError: when it cannot be written.
        """
        with told(path, writing=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.open("xb").close()
            connection = sqlite3.connect(path, isolation_level=None)
            try:
                schema.create(connection)
                connection.execute("INSERT INTO meta VALUES ('change_id', ?)", (uuid.uuid4().hex,))
            finally:
                connection.close()
        return ProjectFile.open(path)

    @staticmethod
    def open(path: Path, *, read_only: bool = False) -> ProjectFile:
        """An existing file.

        Raises:
            StorageError: of the kind that says why not; the file is untouched.
        """
        return ProjectFile(path, connect(path, read_only=read_only), read_only=read_only)

    def close(self) -> None:
        """Close it, leaving one file and nothing beside it."""
        with self._lock:
            if not self.read_only:
                with _ignored():
                    self._connection.execute("PRAGMA journal_mode = DELETE")
            self._connection.close()

    def meta(self, key: str) -> str | None:
        """A fact about the file."""
        row = self._one("SELECT value FROM meta WHERE key = ?", (key,))
        return None if row is None else str(row[0])

    def set_meta(self, **values: str) -> None:
        """Write facts about the file."""
        with self._transaction():
            self._connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    def _one(self, query: str, arguments: tuple[object, ...] = ()) -> tuple[object, ...] | None:
        with self._lock, told(self.path, writing=False):
            row: tuple[object, ...] | None = self._connection.execute(query, arguments).fetchone()
            return row

    def rows(self, query: str, arguments: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
        """All rows of a query."""
        with self._lock, told(self.path, writing=False):
            return list(self._connection.execute(query, arguments))

    @property
    def change_id(self) -> str:
        """What the file is called at this very save."""
        return self._known_change or ""

    def preview(self, kind: str) -> Preview | None:
        """The merged preview or the thumbnail; none when there is none, or it is damaged."""
        from nanodesk.storage.batch import Preview

        row = self._one("SELECT mime, width, height, data, hash FROM preview WHERE kind = ?", (kind,))
        if row is None:
            return None
        mime, width, height, data, digest = row
        if not isinstance(data, bytes) or hashlib.sha256(data).digest() != digest:
            return None
        return Preview(kind, str(mime), int(str(width)), int(str(height)), data)

    def known_tiles(self) -> set[TileId]:
        """The tiles that the file holds."""
        return {TileId(str_bytes(row[0]).hex()) for row in self.rows("SELECT id FROM tiles")}

    def has_tile(self, tile_id: TileId) -> bool:
        """Whether the file holds a tile."""
        return self._one("SELECT 1 FROM tiles WHERE id = ?", (bytes.fromhex(tile_id),)) is not None

    def tile_data(self, tile_id: TileId) -> bytes:
        """The packed bytes of a tile.

        Raises:
            DamagedTileError: when they are not what was written, or are not there.
        """
        row = self._one("SELECT data, hash FROM tiles WHERE id = ?", (bytes.fromhex(tile_id),))
        if row is None or hashlib.sha256(str_bytes(row[0])).digest() != row[1]:
            raise DamagedTileError(f"A part of a picture in “{self.path.name}” is damaged.")
        return str_bytes(row[0])

    def grid(self, grid_id: str) -> TileGrid | None:
        """A stored grid; none when the file has none of that id."""
        row = self._one("SELECT width, height, channels, tiles FROM grids WHERE id = ?", (bytes.fromhex(grid_id),))
        return None if row is None else from_row(row, PixelsId(grid_id))

    def profile(self, name: str) -> bytes | None:
        """A stored colour profile."""
        row = self._one("SELECT data FROM profiles WHERE hash = ?", (bytes.fromhex(name),))
        return None if row is None else str_bytes(row[0])

    def value_of(self, table: str, step_id: StepId) -> str | None:
        """The JSON of a step's change or key frame; `table` is one of those two."""
        if table not in ("changes", "key_frames"):
            raise ValueError(table)
        row = self._one(f"SELECT value FROM {table} WHERE step = ?", (step_id,))
        return None if row is None else str(row[0])

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock, told(self.path, writing=True):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                with _ignored():
                    self._connection.execute("ROLLBACK")
                raise

    def write(self, batch: Batch) -> set[TileId]:
        """Write a batch, all or nothing; the tiles that were new to the file.

        Raises:
            ChangedOutsideError: when another program wrote the file since we read it.
            StorageError: when it cannot be written; the file is as it was.
        """
        encoder = Encoder()
        change = uuid.uuid4().hex
        with self._transaction():
            self._check_unchanged()
            for record in batch.steps:
                self._write_step(record, encoder)
            for run in batch.runs:
                values = (run.id, run.number, encoder.text(run))
                self._connection.execute("INSERT OR REPLACE INTO runs VALUES (?, ?, ?)", values)
            for one in batch.candidates:
                self._connection.execute(
                    "INSERT OR REPLACE INTO candidates VALUES (?, ?, ?)", (one.id, one.run, encoder.text(one))
                )
            added = self._write_pictures(encoder, batch)
            self._write_facts(batch, encoder, change)
        self._known_change = change
        return added

    def _check_unchanged(self) -> None:
        (found,) = self._connection.execute("SELECT value FROM meta WHERE key = 'change_id'").fetchone()
        if found != self._known_change or _identity(self.path) != self._identity:
            raise ChangedOutsideError(
                f"“{self.path.name}” was changed by another program since it was opened; save under another name"
                " to keep both."
            )

    def _write_step(self, record: StepRecord, encoder: Encoder) -> None:
        step, connection = record.step, self._connection
        parent = connection.execute("SELECT depth FROM steps WHERE id = ?", (step.parent,)).fetchone()
        depth = parent[0] + 1 if parent else 0  # the root, or the first step of a recovery file: a key frame is due
        provenance = None if step.provenance is None else encoder.text(step.provenance)
        connection.execute(
            "INSERT INTO steps (id, parent, label, created, depth, document, provenance) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET label = excluded.label, document = excluded.document",
            (step.id, step.parent, step.label, step.created, depth, int(step.document), provenance),
        )
        connection.execute("INSERT OR REPLACE INTO changes VALUES (?, ?)", (step.id, encoder.text(record.change)))
        if depth % KEY_FRAME_EVERY == 0:
            connection.execute("INSERT OR REPLACE INTO key_frames VALUES (?, ?)", (step.id, encoder.text(record.state)))

    def _write_pictures(self, encoder: Encoder, batch: Batch) -> set[TileId]:
        added: set[TileId] = set()
        for name, data in encoder.profiles.items():
            self._connection.execute("INSERT OR IGNORE INTO profiles VALUES (?, ?)", (bytes.fromhex(name), data))
        for grid in encoder.grids.values():
            row = self._connection.execute("SELECT 1 FROM grids WHERE id = ?", (bytes.fromhex(grid.id),)).fetchone()
            if row is None:
                self._connection.execute("INSERT INTO grids VALUES (?, ?, ?, ?, ?)", to_row(grid))
            for tile_id in grid.ids() - added:
                if self._write_tile(tile_id, batch):
                    added.add(tile_id)
        return added

    def _write_tile(self, tile_id: TileId, batch: Batch) -> bool:
        key = bytes.fromhex(tile_id)
        if self._connection.execute("SELECT 1 FROM tiles WHERE id = ?", (key,)).fetchone() is not None:
            return False
        data = batch.packed(tile_id)
        digest = hashlib.sha256(data).digest()
        self._connection.execute("INSERT INTO tiles VALUES (?, ?, ?)", (key, data, digest))
        return True

    def _write_facts(self, batch: Batch, encoder: Encoder, change: str) -> None:
        facts = {"change_id": change, "current": batch.current, "visited": encoder.text(batch.visited)}
        self._connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts.items())
        for one in batch.previews:
            row = (one.kind, one.mime, one.width, one.height, one.data, hashlib.sha256(one.data).digest())
            self._connection.execute("INSERT OR REPLACE INTO preview VALUES (?, ?, ?, ?, ?, ?)", row)

    def quick_check(self) -> None:
        """Look whether the file is whole.

        Raises:
            DamagedProjectError: when it is not.
        """
        row = self._one("PRAGMA quick_check(1)")
        if row is None or row[0] != "ok":
            raise DamagedProjectError(f"“{self.path.name}” is damaged.")


def str_bytes(value: object) -> bytes:
    """A column that must hold bytes."""
    if not isinstance(value, bytes):
        raise DamagedProjectError("A part of the project is of another kind than it should be.")
    return value


def save_new(path: Path, batch: Batch) -> None:
    """Write a whole project: a new file beside, looked at, then put in place; the old one survives every failure.

    Raises:
        StorageError: when it cannot be written.
    """
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        file = ProjectFile.create(beside)
        try:
            file.write(batch)
            file.quick_check()
        finally:
            file.close()
        with told(path, writing=True):
            _put_in_place(beside, path)
    finally:
        _remove((beside, beside.with_name(beside.name + "-journal")))


def _put_in_place(beside: Path, path: Path) -> None:
    with beside.open("rb+") as file:
        os.fsync(file.fileno())
    beside.replace(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        with _ignored():
            path.unlink(missing_ok=True)


@contextmanager
def _ignored() -> Iterator[None]:
    """For tidying up after a failure that is being told already."""
    try:
        yield
    except (sqlite3.Error, OSError):
        return


def _identity(path: Path) -> tuple[int, int]:
    """Which file lies under that name now."""
    with told(path, writing=False):
        found = path.stat()
    return found.st_dev, found.st_ino
