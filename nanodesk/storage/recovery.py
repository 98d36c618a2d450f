"""Unsaved work, on disk at once: one recovery file for each open project, in the user's state folder.

It is a project file of the same schema that holds what the project file has not got yet. A lock tells whether its owner
lives; one whose owner is gone is an orphan, to be restored at the next start.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from pathlib import Path

from nanodesk.storage.connection import told
from nanodesk.storage.errors import StorageError, readable
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
        with told(path, writing=True):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds pictures that nobody else is to see
            lock.acquire()
        try:
            file = ProjectFile.create(path)
        except BaseException:
            lock.release()
            raise
        recovery = RecoveryFile(file, lock)
        try:
            where = _written(project_path)
            file.set_meta(project_path=where, project_name=readable(name), base_change_id=base_change_id)
            _lie_on(file, project_path, base_change_id)
        except BaseException:
            recovery.discard()
            raise
        return recovery

    @staticmethod
    def claim(orphan: Orphan) -> RecoveryFile | None:
        """Take over an orphan; none when somebody else was quicker.

        Raises:
            StorageError: when it cannot be read; it stays where it is.
        """
        lock = FileLock(_lock_path(orphan.path))
        with told(orphan.path, writing=True):
            if not lock.acquire():
                return None
        try:
            file = ProjectFile.open(orphan.path)
        except BaseException:
            lock.release()
            raise
        _lie_on(file, orphan.project_path, orphan.base_change_id)
        return RecoveryFile(file, lock)

    def close(self) -> None:
        """Leave it for the next start."""
        self.file.close()
        self._lock.release()

    def discard(self) -> None:
        """Its work is saved, or not wanted: remove it."""
        self.file.close()
        with told(self.file.path, writing=True):
            self.file.path.unlink(missing_ok=True)
        self._lock.release()


def _lock_path(path: Path) -> Path:
    return path.with_suffix(".lock")


def _written(project_path: Path | None) -> str:
    """A path as JSON: it need not be Unicode."""
    return "" if project_path is None else json.dumps(str(project_path))


def _path_of(text: str) -> Path | None:
    try:
        path = json.loads(text) if text else None
    except ValueError:
        return None
    return Path(path) if isinstance(path, str) else None


def _lie_on(file: ProjectFile, project_path: Path | None, base_change_id: str) -> None:
    """Have what the project holds at this very save not written again."""
    if project_path is None or not base_change_id:
        return
    try:
        project = ProjectFile.open(project_path, read_only=True)
    except StorageError:
        return  # then all of it is written: a copy too many does no harm
    try:
        if project.change_id == base_change_id:
            file.lies_on(project.known_tiles(), project.visited())
    finally:
        project.close()


def orphans(folder: Path) -> list[Orphan]:
    """The recovery files whose owner is gone, oldest first; those that cannot be read are left alone."""
    found: list[Orphan] = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        lock = FileLock(_lock_path(path))
        try:
            if not lock.acquire():
                continue
        except OSError:
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
        if not file.rows("SELECT 1 FROM steps UNION ALL SELECT 1 FROM runs LIMIT 1"):
            path.unlink(missing_ok=True)  # its owner died before there was any work
            return None
        name = file.meta("project_name") or "Untitled"
        base = file.meta("base_change_id") or ""
        return Orphan(path, _path_of(file.meta("project_path") or ""), name, base, path.stat().st_mtime)
    except (StorageError, OSError):
        return None
    finally:
        file.close()
