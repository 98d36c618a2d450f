"""Opening SQLite files: our own to write, anybody's to read."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nanodesk.storage.errors import (
    CannotReadError,
    CannotWriteError,
    DamagedProjectError,
    LockedProjectError,
    NewerVersionError,
    NotAProjectError,
    StorageError,
    called,
)
from nanodesk.storage.schema import APPLICATION_ID, VERSION, foreign_objects

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE_S = 5.0
"""How long another program may keep the file for itself before we say so."""

_MAGIC = b"SQLite format 3\x00"
_DEADLINE_S = 20.0
_MAX_VALUE = 256 * 1024 * 1024
_REASONS = {
    errno.ENOENT: "the folder is not there",
    errno.ENOTDIR: "what should be its folder is a file",
    errno.EISDIR: "a folder has that name",
    errno.EEXIST: "there is a file of that name",
    errno.EACCES: "it may not be read or written",
    errno.EPERM: "it may not be read or written",
    errno.EROFS: "the disk may only be read",
    errno.ENAMETOOLONG: "the name is too long",
}
_UNREADABLE = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM)


def looks_like_project(path: Path) -> bool:
    """Whether a file begins as ours do; false when it cannot be read."""
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError:
        return False
    return head[:16] == _MAGIC and head[68:72] == APPLICATION_ID.to_bytes(4, "big")


def connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """A guarded connection to a project that has been looked at.

    Raises:
        StorageError: of the kind that says why it cannot be opened; the file is untouched.
    """
    with told(path, writing=False):
        if not stat.S_ISREG(path.stat().st_mode):
            raise NotAProjectError(f"{called(path)} is not a Nanodesk project.")
        if read_only and _left_in_the_middle(path):
            _guarded(path, read_only=False).close()
        return _guarded(path, read_only=read_only)


def _left_in_the_middle(path: Path) -> bool:
    """Whether a writer was killed: then SQLite must roll back, which a reader may not, before anything can be read."""
    journal = path.with_name(path.name + "-journal")
    try:
        return journal.stat().st_size > 0 and os.access(path, os.W_OK)
    except OSError:
        return False


def _guarded(path: Path, *, read_only: bool) -> sqlite3.Connection:
    mode = "ro" if read_only else "rw"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        timeout=PATIENCE_S,
        uri=True,
        check_same_thread=False,
        isolation_level=None,
    )
    try:
        _guard(connection)
        _check(connection, path)
        if not read_only:
            connection.execute("PRAGMA journal_mode = TRUNCATE")
            connection.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def _guard(connection: sqlite3.Connection) -> None:
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 0)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    deadline = time.monotonic() + _DEADLINE_S
    connection.set_progress_handler(lambda: int(time.monotonic() > deadline), 100_000)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA mmap_size = 0")


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """Whose file it is, and whether its tables are ours and nothing else."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID:
        raise NotAProjectError(f"{called(path)} is not a Nanodesk project.")
    if version > VERSION:
        raise NewerVersionError(
            f"{called(path)} was written by a newer version of Nanodesk (file version {version}, this one reads"
            f" {VERSION}); update Nanodesk to open it."
        )
    if version < 1 or foreign_objects(connection, version):
        raise DamagedProjectError(f"{called(path)} holds things that a Nanodesk project does not; it was not opened.")
    connection.set_progress_handler(None, 0)


@contextmanager
def told(path: Path, *, writing: bool) -> Iterator[None]:
    """Turn what SQLite and the system raise into sentences that name the file."""
    try:
        yield
    except StorageError:
        raise
    except (sqlite3.Error, OSError) as error:
        raise _sentence(path, error, writing=writing) from None


def _sentence(path: Path, error: Exception, *, writing: bool) -> StorageError:
    code = getattr(error, "sqlite_errorcode", None)
    primary = None if code is None else code & 0xFF
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LockedProjectError(f"{called(path)} is in use by another program; close it there and try again.")
    if primary == sqlite3.SQLITE_FULL or getattr(error, "errno", None) in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
        return CannotWriteError(f"{called(path)} could not be written: the disk is full. The work is not lost.")
    if writing:
        return CannotWriteError(
            f"{called(path)} could not be written here ({_why(error)}); choose another place. The work is not lost."
        )
    return _unread(path, error, primary)


def _unread(path: Path, error: Exception, primary: int | None) -> StorageError:
    if isinstance(error, FileNotFoundError):
        return CannotReadError(f"{called(path)} is not there.")
    if isinstance(error, sqlite3.ProgrammingError):
        return CannotReadError(f"{called(path)} was closed before it could be read.")
    if primary == sqlite3.SQLITE_NOTADB and not _begins_as_sqlite(path):
        return NotAProjectError(f"{called(path)} is not a Nanodesk project.")
    if primary not in _UNREADABLE and isinstance(error, sqlite3.DatabaseError):
        return DamagedProjectError(f"{called(path)} is damaged and cannot be opened as a whole.")
    return CannotReadError(f"{called(path)} could not be read ({_why(error)}).")


def _begins_as_sqlite(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(16) == _MAGIC
    except OSError:
        return False


def _why(error: Exception) -> str:
    if isinstance(error, OSError):
        return _REASONS.get(error.errno or 0, "the disk reported an error")
    name = str(getattr(error, "sqlite_errorname", ""))
    known = {
        "SQLITE_READONLY": "it is read-only",
        "SQLITE_CANTOPEN": "the file or its folder does not let us",
        "SQLITE_IOERR": "the disk reported an error",
    }
    return next((why for start, why in known.items() if name.startswith(start)), "the file does not answer")
