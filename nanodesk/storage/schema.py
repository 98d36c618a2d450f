"""The tables of a project file; `schema.md` beside this file explains them to people."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from nanodesk import __version__

if TYPE_CHECKING:
    import sqlite3

APPLICATION_ID = 0x4E414E4F
"""“NANO”: what tells our SQLite files from others."""

VERSION = 2
"""`user_version` of the newest schema that this program writes."""

PAGE_SIZE = 16384

_WRITER = f"nanodesk {__version__}"

TABLES: dict[str, str] = {
    "meta": "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "preview": "CREATE TABLE preview (kind TEXT PRIMARY KEY, mime TEXT NOT NULL, width INTEGER NOT NULL,"
    " height INTEGER NOT NULL, data BLOB NOT NULL, hash BLOB NOT NULL)",
    "tiles": "CREATE TABLE tiles (id BLOB PRIMARY KEY, data BLOB NOT NULL, hash BLOB NOT NULL)",
    "grids": "CREATE TABLE grids (id BLOB PRIMARY KEY, width INTEGER NOT NULL, height INTEGER NOT NULL,"
    " channels INTEGER NOT NULL, tiles BLOB NOT NULL)",
    "profiles": "CREATE TABLE profiles (hash BLOB PRIMARY KEY, data BLOB NOT NULL)",
    "steps": "CREATE TABLE steps (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, parent TEXT, label TEXT NOT NULL,"
    " created REAL NOT NULL, depth INTEGER NOT NULL, document INTEGER NOT NULL, provenance TEXT)",
    "changes": "CREATE TABLE changes (step TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "key_frames": "CREATE TABLE key_frames (step TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "visited": "CREATE TABLE visited (step TEXT PRIMARY KEY, child TEXT NOT NULL) WITHOUT ROWID",
    "runs": "CREATE TABLE runs (id TEXT PRIMARY KEY, number INTEGER NOT NULL, value TEXT NOT NULL)",
    "candidates": "CREATE TABLE candidates (id TEXT PRIMARY KEY, run TEXT NOT NULL, value TEXT NOT NULL)",
    "journal": "CREATE TABLE journal (run TEXT NOT NULL, reply INTEGER NOT NULL, value TEXT NOT NULL,"
    " PRIMARY KEY (run, reply)) WITHOUT ROWID",
    "replies": "CREATE TABLE replies (run TEXT NOT NULL, reply INTEGER NOT NULL, data BLOB NOT NULL,"
    " hash BLOB NOT NULL, PRIMARY KEY (run, reply))",
}
"""Every object of the schema; a file that holds anything else is not read."""

SINCE = {"journal": 2, "replies": 2}
"""The tables that came later, with the version that brought them."""


def create(connection: sqlite3.Connection) -> None:
    """Make the tables in an empty database, all or none; the connection must be in autocommit mode."""
    connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    for statement in TABLES.values():
        connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES ('change_id', ?), ('written_by', ?)", (uuid.uuid4().hex, _WRITER))
    connection.execute("COMMIT")


def _ours(version: int) -> dict[str, str]:
    return {name: sql for name, sql in TABLES.items() if SINCE.get(name, 1) <= version}


def foreign_objects(connection: sqlite3.Connection, version: int = VERSION) -> list[str]:
    """Names of what a file holds besides the tables of its version: more tables, triggers, views, indexes."""
    ours = _ours(version)
    odd = []
    for kind, name, sql in connection.execute("SELECT type, name, sql FROM sqlite_schema"):
        automatic = kind == "index" and sql is None and str(name).startswith("sqlite_autoindex_")
        if not automatic and (kind != "table" or name not in ours):
            odd.append(str(name))
    return odd


def unlike_ours(connection: sqlite3.Connection, version: int = VERSION) -> list[str]:
    """Names of the tables of a version that a file has not got, or has otherwise, to the letter."""
    found = dict(connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'"))
    return [name for name, sql in _ours(version).items() if found.get(name) != sql]


def shaped_like_ours(connection: sqlite3.Connection) -> bool:
    """Whether a file's pages are as this program lays them out."""
    wanted = {"page_size": PAGE_SIZE, "encoding": "UTF-8", "auto_vacuum": 0}
    return all(connection.execute(f"PRAGMA {name}").fetchone()[0] == value for name, value in wanted.items())


def version_of(connection: sqlite3.Connection) -> int:
    """The version of the schema that a file is of."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)
