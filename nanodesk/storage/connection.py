"""Opening SQLite files: our own to write, anybody's to read."""

from __future__ import annotations

import errno
import math
import os
import sqlite3
import stat
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
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
from nanodesk.storage.schema import APPLICATION_ID, VERSION, foreign_objects, shaped_like_ours, unlike_ours

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE_S = 5.0
"""How long another program may keep the file for itself before we say so."""

_MAGIC = b"SQLite format 3\x00"
READ_S = 20.0
"""What a look into the file may take: a stranger's table can be made to have no end."""

_STEPS = 20_000
"""Instructions of SQLite between two looks at the clock."""

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


class Deadline:
    """Ends what SQLite is doing when its time is over; without a time it may go on."""

    def __init__(self) -> None:
        self._ends = math.inf

    def within(self, seconds: float) -> None:
        """From now on, so many seconds are left."""
        self._ends = time.monotonic() + seconds

    def off(self) -> None:
        """There is as much time as it takes."""
        self._ends = math.inf

    def passed(self) -> int:
        """What SQLite asks: other than 0 ends the statement."""
        return int(time.monotonic() > self._ends)


@dataclass(frozen=True, slots=True)
class Guarded:
    """A connection that has been looked at.

    Attributes:
        strange: it is readable, and yet not just as we write it: it may hold more than our tables, or be laid out
            otherwise. It is opened to read, and never written to.
    """

    connection: sqlite3.Connection
    deadline: Deadline = field(repr=False)
    strange: bool = False


def connect(path: Path, *, read_only: bool, broken: bool = False) -> Guarded:
    """A guarded connection to a project that has been looked at.

    Args:
        broken: take it even when tables of ours are missing or others than they should be; implies `read_only`.

    Raises:
        StorageError: of the kind that says why it cannot be opened; the file is untouched.
    """
    with told(path, writing=False):
        if not stat.S_ISREG(path.stat().st_mode):
            raise NotAProjectError(f"{called(path)} is not a Nanodesk project.")
        if _left_in_the_middle(path):
            _rolled_back(path)
        opened = _guarded(path, read_only=read_only or broken, broken=broken)
        if opened.strange and not read_only and not broken:
            opened.connection.close()
            opened = _guarded(path, read_only=True, broken=False)
        return opened


def _left_in_the_middle(path: Path) -> bool:
    """Whether a writer was killed: then SQLite must roll back, which a reader may not, before anything can be read."""
    journal = path.with_name(path.name + "-journal")
    try:
        return journal.stat().st_size > 0 and os.access(path, os.W_OK)
    except OSError:
        return False


def _rolled_back(path: Path) -> None:
    """Let SQLite put back what a killed writer left half done; it reads the schema and nothing else of the file."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", timeout=PATIENCE_S, uri=True)
    try:
        _guard(connection, Deadline(), read_only=True)
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    finally:
        connection.close()


def _guarded(path: Path, *, read_only: bool, broken: bool) -> Guarded:
    mode = "ro" if read_only else "rw"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        timeout=PATIENCE_S,
        uri=True,
        check_same_thread=False,
        isolation_level=None,
    )
    try:
        deadline = Deadline()
        _guard(connection, deadline, read_only=read_only)
        deadline.within(READ_S)
        strange = _strange(connection, path, broken=broken)
        deadline.off()
        if not read_only and not strange:
            connection.execute("PRAGMA journal_mode = TRUNCATE")
            connection.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()
        raise
    return Guarded(connection, deadline, strange)


def _guard(connection: sqlite3.Connection, deadline: Deadline, *, read_only: bool) -> None:
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 0)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.set_progress_handler(deadline.passed, _STEPS)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA mmap_size = 0")
    if read_only:
        connection.execute("PRAGMA query_only = ON")
    connection.set_authorizer(_allowed)


_WANTED = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_INSERT,
        sqlite3.SQLITE_UPDATE,
        sqlite3.SQLITE_DELETE,
        sqlite3.SQLITE_TRANSACTION,
        sqlite3.SQLITE_PRAGMA,
    }
)
_FUNCTIONS = frozenset({"count", "max", "min", "sum", "length", "instr", "substr", "coalesce", "total_changes"})


def _allowed(action: int, one: str | None, two: str | None, database: str | None, inner: str | None) -> int:
    """Whether SQLite may do what a statement needs: ours need little, and nothing from within a view or trigger."""
    del one, database
    function = action == sqlite3.SQLITE_FUNCTION and (two or "").lower() in _FUNCTIONS
    return sqlite3.SQLITE_OK if inner is None and (function or action in _WANTED) else sqlite3.SQLITE_DENY


def _strange(connection: sqlite3.Connection, path: Path, *, broken: bool) -> bool:
    """Whose file it is, whether our tables are there, and whether there is anything besides."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID:
        raise NotAProjectError(f"{called(path)} is not a Nanodesk project.")
    if version > VERSION:
        raise NewerVersionError(
            f"{called(path)} was written by a newer version of Nanodesk (file version {version}, this one reads"
            f" {VERSION}); update Nanodesk to open it."
        )
    if broken:
        return True
    if version < 1 or unlike_ours(connection, version):
        raise DamagedProjectError(f"{called(path)} lacks parts that a Nanodesk project has; it is damaged.")
    return bool(foreign_objects(connection, version)) or not shaped_like_ours(connection)


@contextmanager
def told(path: Path, *, writing: bool) -> Iterator[None]:
    """Turn what SQLite and the system raise into sentences that name the file."""
    try:
        yield
    except StorageError:
        raise
    except UnicodeDecodeError:  # a message of SQLite that quotes what is damaged
        raise DamagedProjectError(f"{called(path)} is damaged and cannot be opened as a whole.") from None
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
