"""A private copy of a project that lies where it may go away: what is read later is read from the copy."""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import closing
from typing import TYPE_CHECKING

from nanodesk.storage.connection import connect, told
from nanodesk.storage.errors import StorageError
from nanodesk.storage.lock import FileLock
from nanodesk.storage.project_file import ProjectFile
from nanodesk.storage.recovery import COPY_SUFFIX, Orphan, lock_path
from nanodesk.storage.tidying import remove

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_PAGES = 64
"""Pages copied between two looks at whether to go on: 1 MB."""


class _StoppedError(Exception):
    """The copy is not wanted any more."""


class BaseCopy:
    """The copy of one save of a project, beside the recovery files, and the lock that says its owner lives."""

    def __init__(self, file: ProjectFile, lock: FileLock) -> None:
        self.file = file
        self._lock = lock

    @staticmethod
    def make(project: Path, folder: Path, stop: Callable[[], bool]) -> BaseCopy | None:
        """Copy a project into `folder`; none when it was called off.

        Raises:
            StorageError: when it cannot be read, or the copy not be written.
        """
        path = folder / f"{uuid.uuid4().hex}{COPY_SUFFIX}"
        lock = FileLock(lock_path(path))
        with told(path, writing=True):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock.acquire()
        try:
            _copy(project, path, stop)
            return BaseCopy(ProjectFile.open(path, read_only=True), lock)
        except _StoppedError:
            _remove(path, lock)
            return None
        except BaseException:
            _remove(path, lock)
            raise

    @staticmethod
    def left_by(orphan: Orphan) -> BaseCopy | None:
        """The copy that the work of an orphan was done on; none where there is none, or it is damaged."""
        path = orphan.path.parent / orphan.base_copy
        if path.suffix != COPY_SUFFIX or path.name != orphan.base_copy:
            return None
        lock = FileLock(lock_path(path))
        try:
            if not path.exists() or not lock.acquire():
                return None
            return BaseCopy(ProjectFile.open(path, read_only=True), lock)
        except (StorageError, OSError):
            lock.release()
            return None

    def known_to(self, recovery: ProjectFile) -> None:
        """Have a recovery file name this copy, so that it is found after a crash.

        Raises:
            StorageError: when that cannot be written.
        """
        recovery.set_meta(base_copy=self.file.path.name)

    def close(self) -> None:
        """Leave it for the next start."""
        self.file.close()
        self._lock.release()

    def discard(self) -> None:
        """Nobody needs it any more."""
        self.file.close()
        _remove(self.file.path, self._lock)


def _copy(project: Path, path: Path, stop: Callable[[], bool]) -> None:
    def go_on(status: int, remaining: int, total: int) -> None:
        del status, remaining, total
        if stop():
            raise _StoppedError

    opened = connect(project, read_only=True, broken=True)
    with closing(opened.connection) as source, told(path, writing=True), closing(sqlite3.connect(path)) as target:
        source.backup(target, pages=_PAGES, progress=go_on, sleep=0.0)


def _remove(path: Path, lock: FileLock) -> None:
    remove((path, path.with_name(path.name + "-journal")))
    lock.release()
