"""One project file, open: reading by parts, writing what is new in one transaction.

- `ProjectFile.create(path)`, `ProjectFile.open(path, read_only=…)` give an open file; `close()` leaves one file.
- `file.preview(kind)` is the merged picture or the thumbnail, to be shown before anything else is read.
- `reading.ProjectReader([file])`, or `([recovery, file])`: history, state, runs, candidates; the rest when needed.
- `file.write(batch)` writes all or nothing, at the cost of what is new.
- `saving.save_new(path, batch)` writes a whole file beside, checks it and puts it in place.
- `integrity.look_over(path, …)` reads all of it and names what is damaged.

All calls block; any thread may make them. Only one thread at a time should write.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import threading
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nanodesk.document.identity import StepId
from nanodesk.document.tiles import PixelsId, TileGrid, TileId
from nanodesk.storage import schema
from nanodesk.storage.connection import READ_S, Guarded, connect, looks_like_project, told
from nanodesk.storage.errors import (
    CannotWriteError,
    ChangedOutsideError,
    DamagedProjectError,
    DamagedTileError,
    StorageError,
    called,
)
from nanodesk.storage.grid_rows import from_row
from nanodesk.storage.migrations import migrate
from nanodesk.storage.replies import unpacked_reply
from nanodesk.storage.tidying import ignored, remove
from nanodesk.storage.writing import BatchWriter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from nanodesk.storage.batch import Batch, Preview

__all__ = ["ProjectFile", "looks_like_project"]

_LIST_S = 3 * READ_S


class ProjectFile:
    """One SQLite file of our schema.

    Attributes:
        strange: it is not just as we write it, and so is only read; a whole file of ours may take its place.
        version: of its schema.
    """

    def __init__(self, path: Path, opened: Guarded, *, read_only: bool) -> None:
        self.path = path
        self.strange = opened.strange
        self.read_only = read_only or opened.strange
        self._connection = opened.connection
        self._deadline = opened.deadline
        self._lock = threading.RLock()
        self._identity = _identity(path)
        self.version = schema.version_of(self._connection)
        self._seen = self._data_version()
        self._known_change: str | None = None
        with contextlib.suppress(DamagedProjectError):  # of a broken file the rest is still wanted
            self._known_change = self.meta("change_id")
        self._beneath: set[TileId] = set()
        self._visited: dict[StepId, StepId] | None = None  # read when first needed

    @staticmethod
    def create(path: Path) -> ProjectFile:
        """A new, empty file; one that is there already is refused.

        Raises:
            StorageError: when it cannot be written.
        """
        with told(path, writing=True):
            path.open("xb").close()
            try:
                _make(path)
            except BaseException:
                remove((path, path.with_name(path.name + "-journal")))
                raise
        return ProjectFile.open(path)

    @staticmethod
    def open(path: Path, *, read_only: bool = False) -> ProjectFile:
        """An existing file.

        Raises:
            StorageError: of the kind that says why not; the file is untouched.
        """
        read_only = read_only or not _may_be_written(path)
        opened = connect(path, read_only=read_only)
        try:
            old = schema.version_of(opened.connection) < schema.VERSION
            if old and not read_only and not opened.strange:
                opened.connection.close()
                try:
                    migrate(path)
                except (OSError, sqlite3.Error):
                    read_only = True  # it can be read as it is, where it cannot be written
                opened = connect(path, read_only=read_only)
            return ProjectFile(path, opened, read_only=read_only)
        except BaseException:
            opened.connection.close()
            raise

    @staticmethod
    def open_broken(path: Path) -> ProjectFile:
        """What is left of a file whose tables need not be whole; to read only.

        Raises:
            StorageError: when nothing of it can be read.
        """
        return ProjectFile(path, connect(path, read_only=True, broken=True), read_only=True)

    def close(self) -> None:
        """Close it, leaving one file and nothing beside it."""
        with self._lock:
            if not self.read_only:
                with ignored():
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
            self._deadline.within(READ_S)
            row: tuple[object, ...] | None = self._connection.execute(query, arguments).fetchone()
            return row

    def rows(self, query: str, arguments: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
        """All rows of a query."""
        with self._lock, told(self.path, writing=False):
            self._deadline.within(_LIST_S)
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
        if not (isinstance(width, int) and isinstance(height, int)):
            return None
        return Preview(kind, str(mime), width, height, data)

    def known_tiles(self) -> set[TileId]:
        """The tiles that the file holds."""
        return {TileId(row[0].hex()) for row in self.rows("SELECT id FROM tiles") if isinstance(row[0], bytes)}

    def tile_data(self, tile_id: TileId) -> bytes | None:
        """The packed bytes of a tile; none when the file has none of that id.

        Raises:
            DamagedTileError: when they are not what was written.
        """
        row = self._one("SELECT data, hash FROM tiles WHERE id = ?", (bytes.fromhex(tile_id),))
        if row is None:
            return None
        if not isinstance(row[0], bytes) or hashlib.sha256(str_bytes(row[0])).digest() != row[1]:
            raise DamagedTileError(f"A part of a picture in {called(self.path)} is damaged.")
        return str_bytes(row[0])

    def grid(self, grid_id: str) -> TileGrid | None:
        """A stored grid; none when the file has none of that id."""
        row = self._one("SELECT width, height, channels, tiles FROM grids WHERE id = ?", (bytes.fromhex(grid_id),))
        return None if row is None else from_row(row, PixelsId(grid_id))

    def profile(self, name: str) -> bytes | None:
        """A stored colour profile."""
        row = self._one("SELECT data FROM profiles WHERE hash = ?", (bytes.fromhex(name),))
        return None if row is None else str_bytes(row[0])

    def reply(self, run: str, reply: int) -> bytes | None:
        """The body of a reply; none when the file has none of that number.

        Raises:
            DamagedProjectError: when it is not what was written.
        """
        if self.version < schema.SINCE["replies"]:
            return None
        row = self._one("SELECT data, hash FROM replies WHERE run = ? AND reply = ?", (run, reply))
        return None if row is None else unpacked_reply(str_bytes(row[0]), str_bytes(row[1]), self.path)

    def journal(self) -> list[tuple[object, ...]]:
        """What left this computer: run, reply, value."""
        if self.version < schema.SINCE["journal"]:
            return []
        return self.rows("SELECT run, reply, value FROM journal ORDER BY run, reply")

    def value_of(self, table: str, step_id: StepId) -> str | None:
        """The JSON of a step's change or key frame; `table` is one of those two."""
        if table not in ("changes", "key_frames"):
            raise ValueError(table)
        row = self._one(f"SELECT value FROM {table} WHERE step = ?", (step_id,))
        return None if row is None else str(row[0])

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock, told(self.path, writing=True):
            self._deadline.off()
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException as fault:
                with ignored():
                    self._connection.execute("ROLLBACK")
                if not isinstance(fault, ChangedOutsideError):
                    with contextlib.suppress(StorageError):
                        self._seen = self._data_version()  # to roll back counts as another's change
                raise

    def lies_on(self, tiles: set[TileId], visited: Mapping[StepId, StepId]) -> None:
        """What the project beneath a recovery file holds already, and what therefore is not written again."""
        self._beneath = tiles
        self._visited = {**visited, **self._visited_rows()}

    def visited(self) -> dict[StepId, StepId]:
        """For a step, the child that redo goes to."""
        with self._lock:
            if self._visited is None:
                self._visited = self._visited_rows()
            return dict(self._visited)

    def _visited_rows(self) -> dict[StepId, StepId]:
        return {StepId(str(step)): StepId(str(child)) for step, child in self.rows("SELECT step, child FROM visited")}

    def write(self, batch: Batch) -> set[TileId]:
        """Write a batch, all or nothing; the tiles that were new to the file.

        Raises:
            ChangedOutsideError: when another program wrote the file since we read it.
            StorageError: when it cannot be written; the file is as it was.
        """
        visited = self.visited()
        fresh = {step: child for step, child in batch.visited.items() if visited.get(step) != child}
        change = uuid.uuid4().hex
        with self._lock, told(self.path, writing=True):
            writer = BatchWriter(self._connection, batch, self._beneath)
        writer.pack()
        with self._transaction():
            self.check_unchanged()
            self._deadline.off()
            writer.write(fresh, change)
        self._known_change = change
        self._visited = {**visited, **fresh}
        return writer.added

    def check_unchanged(self) -> None:
        """Look whether the file is what it was when we last read or wrote it.

        Raises:
            ChangedOutsideError: when another program wrote it, or put another file in its place.
            CannotWriteError: when it is not there any more.
        """
        identity = _identity(self.path)
        if identity is None:
            raise CannotWriteError(
                f"{called(self.path)} is no longer there; save under another name. The work is not lost."
            )
        row = self._one("SELECT value FROM meta WHERE key = 'change_id'")
        known = self._known_change if row is None else row[0]
        if known != self._known_change or identity != self._identity or self._data_version() != self._seen:
            raise ChangedOutsideError(
                f"{called(self.path)} was changed by another program since it was opened; save under another name"
                " to keep both."
            )

    def _data_version(self) -> int:
        """A number that is another one when some other connection has written the file."""
        row = self._one("PRAGMA data_version")
        return row[0] if row is not None and isinstance(row[0], int) else 0


def _make(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        schema.create(connection)
    finally:
        connection.close()


def str_bytes(value: object) -> bytes:
    """A column that must hold bytes."""
    if not isinstance(value, bytes):
        raise DamagedProjectError("A part of the project is of another kind than it should be.")
    return value


def _may_be_written(path: Path) -> bool:
    """Whether the system lets us write a file, and a journal beside it; true of one that is not there."""
    return not path.exists() or (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file lies under that name now; none when none does."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
