"""Tidying up: after a failure that is being told already, and after a writer that was killed."""

from __future__ import annotations

import glob
import sqlite3
import time
import uuid
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


_FORGOTTEN_S = 600.0


def beside(path: Path) -> Path:
    """A name in the same folder for a file that is to take the place of another when it is whole."""
    return path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")


def sweep(path: Path) -> None:
    """Remove what writers left beside a file when they were killed; what was written to lately may have an owner."""
    with ignored():
        for left in path.parent.glob(f".{glob.escape(path.name)}.????????.part*"):
            if time.time() - left.stat().st_mtime > _FORGOTTEN_S:
                remove([left])
