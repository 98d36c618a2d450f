"""Reading a whole file to see what of it is damaged: SQLite's own check, then the hash of every blob.

It has a connection of its own, so that nobody waits for it, and it can be called off.
"""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.document.tiles import TileId
from nanodesk.storage.connection import connect, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_BLOBS = {"tiles": "id", "preview": "rowid", "replies": "rowid"}
"""The tables with a hash beside each blob, and the column they are looked up by."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is wrong with a file.

    Attributes:
        structure: SQLite's words on its own pages; empty when they are in order.
        tiles: the tiles whose bytes are not what was written.
        others: how many other blobs are damaged: previews, replies.
    """

    structure: str = ""
    tiles: frozenset[TileId] = frozenset()
    others: int = 0

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.structure or self.tiles or self.others)


def look_over(path: Path, *, stop: Callable[[], bool] = lambda: False) -> Found:
    """Read all of a file.

    Args:
        stop: asked again and again; when it says so, what was found so far is given.

    Raises:
        StorageError: when it cannot be opened or read at all.
    """
    opened = connect(path, read_only=True, broken=True)
    connection = opened.connection
    try:
        connection.set_progress_handler(lambda: int(stop()), 50_000)
        with told(path, writing=False):
            return _found(connection, stop)
    finally:
        connection.close()


def _found(connection: sqlite3.Connection, stop: Callable[[], bool]) -> Found:
    structure = ""
    tiles: set[TileId] = set()
    others = 0
    try:
        (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        structure = "" if said == "ok" else str(said)
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        for table in [one for one in _BLOBS if one in tables]:
            for name in _damaged(connection, table):
                if table == "tiles" and isinstance(name, bytes):
                    tiles.add(TileId(name.hex()))
                else:
                    others += 1
                if stop():
                    break
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_INTERRUPT:
            raise
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        structure = structure or "a page cannot be read"
    return Found(structure, frozenset(tiles), others)


def _damaged(connection: sqlite3.Connection, table: str) -> Iterator[object]:
    """What names each damaged blob of a table, one by one, so that a page that is gone does not hide the rest."""
    key = _BLOBS[table]
    for name in [row[0] for row in connection.execute(f"SELECT {key} FROM {table}")]:
        try:
            row = connection.execute(f"SELECT data, hash FROM {table} WHERE {key} = ?", (name,)).fetchone()
        except sqlite3.OperationalError:
            raise
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            row = None
        if row is None or not isinstance(row[0], bytes) or hashlib.sha256(row[0]).digest() != row[1]:
            yield name
