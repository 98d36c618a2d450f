"""Unsaved work, on disk at once: one recovery file for each open project, in the user's state folder.

It is a project file of the same schema that holds what the project file has not got yet. A lock tells whether its owner
lives; one whose owner is gone is an orphan, to be restored at the next start.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from nanodesk.storage.connection import told
from nanodesk.storage.errors import DamagedProjectError, StorageError, readable
from nanodesk.storage.lock import FileLock
from nanodesk.storage.project_file import ProjectFile
from nanodesk.storage.tidying import remove

if TYPE_CHECKING:
    from collections.abc import Callable

SUFFIX = ".recovery"
COPY_SUFFIX = ".base"
ASIDE_SUFFIX = ".unreadable"

_MOST_LOOKED_AT = 50

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Orphan:
    """A recovery file whose owner is gone.

    Attributes:
        project_path: the project it belongs to; none for untitled work.
        base_change_id: which save of that project it stands on.
        modified: seconds since 1970.
        base_copy: the name of the copy of that save beside it; empty where none was made.
    """

    path: Path
    project_path: Path | None
    name: str
    base_change_id: str
    modified: float
    base_copy: str = ""


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
        lock = FileLock(lock_path(path))
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
        """Take over an orphan; none when somebody else was quicker. A damaged one is only read from.

        Raises:
            StorageError: when it cannot be read at all; it stays where it is.
        """
        lock = FileLock(lock_path(orphan.path))
        with told(orphan.path, writing=True):
            if not lock.acquire():
                return None
        try:
            try:
                file = ProjectFile.open(orphan.path)
            except DamagedProjectError:
                file = ProjectFile.open_broken(orphan.path)
        except BaseException:
            lock.release()
            raise
        if not file.read_only:
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


def lock_path(path: Path) -> Path:
    """Where the lock of a recovery file or copy lies."""
    return path.with_name(path.name + ".lock") if path.suffix == COPY_SUFFIX else path.with_suffix(".lock")


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


def project_of(orphan: Orphan) -> Path | None:
    """Where the project of an orphan lies now: at its place, or under another name in the same folder."""
    path = orphan.project_path
    if path is None:
        return None
    if path.exists() or not orphan.base_change_id:
        return path if path.exists() else None
    try:
        others = sorted(path.parent.glob(f"*{path.suffix}"))[:_MOST_LOOKED_AT]
    except OSError:
        return None
    return next((other for other in others if _change_of(other) == orphan.base_change_id), None)


def _change_of(path: Path) -> str:
    try:
        file = ProjectFile.open(path, read_only=True)
    except StorageError:
        return ""
    try:
        return file.change_id
    finally:
        file.close()


def orphans(folder: Path) -> list[Orphan]:
    """The recovery files whose owner is gone, oldest first; copies of projects that nobody needs go with them."""
    found: list[Orphan] = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        orphan = _if_free(path, lambda path=path: _described(path))  # type: ignore[misc]  # bound now
        if orphan is not None:
            found.append(orphan)
    wanted = {one.base_copy for one in found}
    for copy in folder.glob(f"*{COPY_SUFFIX}"):
        if copy.name not in wanted:
            _if_free(copy, lambda copy=copy: remove([copy]))  # type: ignore[misc]  # bound now
    return sorted(found, key=lambda one: one.modified)


def _if_free(path: Path, look: Callable[[], T]) -> T | None:
    """Look at a file whose owner is gone; none where its owner lives."""
    lock = FileLock(lock_path(path))
    try:
        if not lock.acquire():
            return None
    except OSError:
        return None
    try:
        return look()
    finally:
        lock.release()


def set_aside(orphan: Orphan) -> Path | None:
    """Give an orphan that cannot be read another name, so that it is not tried again; none when that fails."""
    aside = orphan.path.with_suffix(ASIDE_SUFFIX)
    try:
        return orphan.path.replace(aside)
    except OSError:
        return None


def _described(path: Path) -> Orphan | None:
    try:
        file = ProjectFile.open(path, read_only=False)
    except StorageError:
        return _unread(path)
    try:
        if file.meta("current") is None:
            path.unlink(missing_ok=True)  # its owner died before there was any work; to undo is work too
            return None
        name = file.meta("project_name") or "Untitled"
        base, copy = file.meta("base_change_id") or "", file.meta("base_copy") or ""
        return Orphan(path, _path_of(file.meta("project_path") or ""), name, base, path.stat().st_mtime, copy)
    except (StorageError, OSError):
        return _unread(path)
    finally:
        file.close()


def _unread(path: Path) -> Orphan | None:
    """One that cannot be read as it should be: what it holds is salvaged, or it is named."""
    try:
        found = path.stat()
    except OSError:
        return None
    return Orphan(path, None, "unsaved work", "", found.st_mtime) if found.st_size else None
