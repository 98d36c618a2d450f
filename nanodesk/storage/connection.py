"""Opening SQLite files: our own to write, anybody's to read."""

from __future__ import annotations

import errno
import sqlite3
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
)
from nanodesk.storage.schema import APPLICATION_ID, VERSION, foreign_objects

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MAGIC = b"SQLite format 3\x00"
_DEADLINE_S = 20.0
_MAX_VALUE = 256 * 1024 * 1024


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
    _check_head(path)
    mode = "ro" if read_only else "rw"
    with told(path, writing=False):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}", uri=True, check_same_thread=False, isolation_level=None
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


def _check_head(path: Path) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except FileNotFoundError:
        raise CannotReadError(f"“{path.name}” is not there.") from None
    except OSError as error:
        raise CannotReadError(f"“{path.name}” could not be read ({error.strerror or 'input error'}).") from None
    if len(head) == 100 and head[:16] == _MAGIC:
        return
    if head[:16] == _MAGIC:
        raise DamagedProjectError(f"“{path.name}” is cut off and cannot be opened; a copy of it may be whole.")
    raise NotAProjectError(f"“{path.name}” is not a Nanodesk project.")


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
        raise NotAProjectError(f"“{path.name}” is not a Nanodesk project.")
    if version > VERSION:
        raise NewerVersionError(
            f"“{path.name}” was written by a newer version of Nanodesk (file version {version}, this one reads"
            f" {VERSION}); update Nanodesk to open it."
        )
    odd = foreign_objects(connection)
    if version < 1 or odd:
        raise DamagedProjectError(f"“{path.name}” holds things that a Nanodesk project does not; it was not opened.")
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
        return LockedProjectError(f"“{path.name}” is in use by another program; close it there and try again.")
    if primary == sqlite3.SQLITE_FULL or getattr(error, "errno", None) in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
        return CannotWriteError(f"“{path.name}” could not be written: the disk is full. The work is not lost.")
    if writing:
        return CannotWriteError(
            f"“{path.name}” could not be written here ({_why(error)}); choose another place. The work is not lost."
        )
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or isinstance(error, sqlite3.DatabaseError):
        return DamagedProjectError(f"“{path.name}” is damaged and cannot be opened as a whole.")
    return CannotReadError(f"“{path.name}” could not be read ({_why(error)}).")


def _why(error: Exception) -> str:
    if isinstance(error, OSError):
        return (error.strerror or "input or output error").lower()
    name = str(getattr(error, "sqlite_errorname", ""))
    known = {
        "SQLITE_READONLY": "it is read-only",
        "SQLITE_CANTOPEN": "the folder cannot be written",
        "SQLITE_IOERR": "input or output error",
    }
    return next((why for start, why in known.items() if name.startswith(start)), "the file does not answer")
