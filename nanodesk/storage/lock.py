"""A lock that ends with the process that holds it, also when that is killed."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class FileLock:
    """An exclusive lock on a small file of its own; what is locked is up to the caller."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def acquire(self) -> bool:
        """Take the lock; false when another process, or this one elsewhere, has it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            file = self._path.open("ab")
            if not _locked(file):
                file.close()
                return False
            if _is_at(file, self._path):
                self._file = file
                return True
            file.close()  # its last owner removed the file while we waited: a lock on it would be worth nothing

    def release(self) -> None:
        """Let go of the lock and remove its file."""
        if self._file is not None:
            if sys.platform == "win32":
                self._file.close()  # an open file cannot be removed there
                with contextlib.suppress(OSError):
                    self._path.unlink()
            else:
                self._path.unlink(missing_ok=True)
                self._file.close()
            self._file = None


def _is_at(file: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _locked(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
