"""From an earlier version's tables to this one's, on a copy that takes the file's place when it is proved."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from nanodesk.storage import schema
from nanodesk.storage.errors import DamagedProjectError, called
from nanodesk.storage.tidying import beside, sweep

if TYPE_CHECKING:
    from pathlib import Path

STEPS: dict[int, tuple[str, ...]] = {
    1: (schema.TABLES["journal"], schema.TABLES["replies"]),
}
"""What makes a file of each version one of the next."""


def migrate(path: Path) -> None:
    """Bring a file to the newest version; it is as it was when that fails.

    Raises:
        DamagedProjectError: when the copy is not what it should be.
        sqlite3.Error, OSError: when it cannot be read or written.
    """
    sweep(path)
    copy = beside(path)
    try:
        old = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        with closing(old), closing(sqlite3.connect(copy, isolation_level=None)) as new:
            old.backup(new)
            _bring(new, path)
        with suppress(OSError):
            copy.chmod(stat.S_IMODE(path.stat().st_mode))
        with copy.open("rb+") as file:
            os.fsync(file.fileno())
        copy.replace(path)
    finally:
        for left in (copy, copy.with_name(copy.name + "-journal")):
            left.unlink(missing_ok=True)


def _bring(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA trusted_schema = OFF")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.execute("BEGIN IMMEDIATE")
    for at in range(version, schema.VERSION):
        for statement in STEPS[at]:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {schema.VERSION}")
    connection.execute("COMMIT")
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok" or schema.foreign_objects(connection) or schema.unlike_ours(connection):
        raise DamagedProjectError(f"{called(path)} is damaged and cannot be opened as a whole.")
