"""Tidying up after a failure that is being told already."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


@contextmanager
def ignored() -> Iterator[None]:
    """Go on when the disk or SQLite says no."""
    try:
        yield
    except (sqlite3.Error, OSError):
        return


def remove(paths: Iterable[Path]) -> None:
    """Remove files, those that are there and can be removed."""
    for path in paths:
        with ignored():
            path.unlink(missing_ok=True)
