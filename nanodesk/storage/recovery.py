"""Unsaved work, on disk at once: one recovery file for each open project, in the user's state folder.

It is a project file of the same schema that holds what the project file has not got yet. A lock tells whether its owner
lives; one whose owner is gone is an orphan, to be restored at the next start.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path

from nanodesk.storage.errors import StorageError
from nanodesk.storage.lock import FileLock
from nanodesk.storage.project_file import ProjectFile

SUFFIX = ".recovery"


@dataclass(frozen=True, slots=True)
class Orphan:
    """A recovery file whose owner is gone.

    Attributes:
        project_path: the project it belongs to; none for untitled work.
        base_change_id: which save of that project it stands on.
        modified: seconds since 1970.
    """

    path: Path
    project_path: Path | None
    name: str
    base_change_id: str
    modified: float


class RecoveryFile:
    """The recovery file of one open project, and the lock that says its owner lives."""

    def __init__(self, file: ProjectFile, lock: FileLock) -> None:
        self.file = file
        self._lock = lock

    @staticmethod
    def create(folder: Path, project_path: Path | None, name: str, base_change_id: str = "") -> RecoveryFile:
        """A new one in `folder`.

        Raises:
            StorageError: when it cannot be written.
        """
        path = folder / f"{uuid.uuid4().hex}{SUFFIX}"
        lock = FileLock(_lock_path(path))
        lock.acquire()
        try:
            file = ProjectFile.create(path)
        except BaseException:
            lock.release()
            raise
        where = "" if project_path is None else str(project_path)
        file.set_meta(project_path=where, project_name=name, base_change_id=base_change_id)
        return RecoveryFile(file, lock)

    @staticmethod
    def claim(orphan: Orphan) -> RecoveryFile | None:
        """Take over an orphan; none when somebody else was quicker.

        Raises:
            StorageError: when it cannot be read; it stays where it is.
        """
        lock = FileLock(_lock_path(orphan.path))
        if not lock.acquire():
            return None
        try:
            return RecoveryFile(ProjectFile.open(orphan.path), lock)
        except BaseException:
            lock.release()
            raise

    def close(self) -> None:
        """Leave it for the next start."""
        self.file.close()
        self._lock.release()

    def discard(self) -> None:
        """Its work is saved, or not wanted: remove it."""
        self.file.close()
        self.file.path.unlink(missing_ok=True)
        self._lock.release()


def _lock_path(path: Path) -> Path:
    return path.with_suffix(".lock")


def orphans(folder: Path) -> list[Orphan]:
    """The recovery files whose owner is gone, oldest first; those that cannot be read are left alone."""
    found: list[Orphan] = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        lock = FileLock(_lock_path(path))
        if not lock.acquire():
            continue
        try:
            orphan = _described(path)
        finally:
            lock.release()
        if orphan is not None:
            found.append(orphan)
    return sorted(found, key=lambda one: one.modified)


def _described(path: Path) -> Orphan | None:
    try:
        file = ProjectFile.open(path, read_only=False)
    except StorageError:
        return None
    try:
        if not file.rows("SELECT 1 FROM steps LIMIT 1"):
            return None
        where = file.meta("project_path") or ""
        name = file.meta("project_name") or "Untitled"
        base = file.meta("base_change_id") or ""
        return Orphan(path, Path(where) if where else None, name, base, path.stat().st_mtime)
    except StorageError:
        return None
    finally:
        file.close()
