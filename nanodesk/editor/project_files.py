"""The project file and the recovery file behind one project: the blocking side, for the writing thread alone."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.change import Change
from nanodesk.document.identity import StepId
from nanodesk.storage import errors as storage_errors
from nanodesk.storage.batch import Batch, Opened, StepRecord
from nanodesk.storage.lock import FileLock

if TYPE_CHECKING:
    from pathlib import Path

    from nanodesk.document.identity import RunId
    from nanodesk.document.tiles import TileId
    from nanodesk.editor.editor import Editor
    from nanodesk.editor.pixel_store import PixelStore
    from nanodesk.storage.project_file import ProjectFile
    from nanodesk.storage.reading import ProjectReader
    from nanodesk.storage.recovery import Orphan, RecoveryFile


class ProjectFiles:
    """Opens, writes and closes; the editor and the pixel store read from what is open here.

    Attributes:
        read_only: why the project cannot be saved in place; empty when it can.
    """

    def __init__(self, editor: Editor, pixels: PixelStore, locks: Path) -> None:
        """Files whose owners are told by locks in the folder `locks`."""
        self._editor = editor
        self._pixels = pixels
        self._locks = locks
        self._file: ProjectFile | None = None
        self._lock: FileLock | None = None
        self._recovery: RecoveryFile | None = None
        self._reader: ProjectReader | None = None
        self.read_only = ""

    @property
    def saved(self) -> bool:
        """Whether there is a project file."""
        return self._file is not None

    def tiles(self) -> set[TileId]:
        """The tiles that the project file holds; none before the first save."""
        return set() if self._file is None else self._file.known_tiles()

    def _files(self) -> list[ProjectFile]:
        recovery = [self._recovery.file] if self._recovery is not None else []
        return recovery + ([self._file] if self._file is not None else [])

    def _look_up(self) -> ProjectReader:
        """Have tiles and changes that are not in memory read from the files there are."""
        from nanodesk.storage.reading import ProjectReader

        reader = ProjectReader(self._files())
        self._reader = reader
        self._pixels.reads_from(reader.tile_data)
        self._editor.reads_changes_from(reader.change_of)
        return reader

    def _read(self) -> Opened:
        reader = self._look_up()
        opened = reader.read()
        self._pixels.now_on_disk(reader.known_tiles())
        return opened

    def open(self, path: Path, *, read_only: bool, may_read_only: bool) -> Opened:
        """What a project file holds.

        Args:
            read_only: do not claim the file.
            may_read_only: when somebody else has it, read it all the same.

        Raises:
            StorageError: of the kind that says why not; the file is untouched.
        """
        from nanodesk.storage.project_file import ProjectFile

        if not read_only:
            self._take_lock(path, may_read_only=may_read_only)
        self._file = ProjectFile.open(path, read_only=read_only or bool(self.read_only))
        return self._read()

    def _take_lock(self, path: Path, *, may_read_only: bool) -> None:
        lock = FileLock(self._lock_of(path))
        if lock.acquire():
            self._lock = lock
        elif may_read_only:
            self.read_only = f"“{path.name}” is open in another window; save under another name to keep changes."
        else:
            raise storage_errors.LockedProjectError(
                f"“{path.name}” is open in a Nanodesk window; close it there first."
            )

    def _lock_of(self, path: Path) -> Path:
        name = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:32]
        return self._locks / f"{name}.lock"

    def restore(self, orphan: Orphan) -> Opened | None:
        """What an orphan holds, on top of its project; none when somebody else has claimed it.

        Raises:
            StorageError: when it cannot be read; it stays where it is.
        """
        from nanodesk.storage.project_file import ProjectFile
        from nanodesk.storage.recovery import RecoveryFile

        self._recovery = RecoveryFile.claim(orphan)
        if self._recovery is None:
            return None
        try:
            if orphan.project_path is not None:
                self._take_lock(orphan.project_path, may_read_only=True)
                self._file = ProjectFile.open(orphan.project_path, read_only=bool(self.read_only))
            return self._read()
        except BaseException:
            self._recovery.close()  # not ours any more: closing this project must not take it away
            self._recovery = None
            raise

    def recovered_steps(self) -> list[str]:
        """The ids of the steps in the recovery file, oldest first."""
        if self._recovery is None:
            return []
        return [str(step_id) for (step_id,) in self._recovery.file.rows("SELECT id FROM steps ORDER BY seq")]

    def reply(self, run: RunId, reply: int) -> bytes | None:
        """The body of a reply; none where no file has it whole."""
        try:
            return None if self._reader is None else self._reader.reply(run, reply)
        except storage_errors.StorageError:
            return None

    def write_recovery(self, batch: Batch, folder: Path, path: Path | None, name: str) -> set[TileId]:
        """Write a batch into the recovery file, which is made when it is first needed; the tiles that were new.

        Raises:
            StorageError: when it cannot be written; what was there is as it was.
        """
        from nanodesk.storage.recovery import RecoveryFile

        if self._recovery is None:
            base = "" if self._file is None else self._file.change_id
            self._recovery = RecoveryFile.create(folder, path, name, base)
            self._look_up()
            if self._file is None:
                batch = self._from_the_root(batch)
        return self._recovery.file.write(batch)

    def _from_the_root(self, batch: Batch) -> Batch:
        """The first batch of untitled work begins at the root of the history."""
        root = self._editor.history.step(self._editor.history.root)
        if any(record.step.id == root.id for record in batch.steps):
            return batch
        return replace(batch, steps=(StepRecord(root, Change(), self._editor.start), *batch.steps))

    def write_project(self, batch: Batch) -> set[TileId]:
        """Write a batch into the project file; the tiles that were new.

        Raises:
            StorageError: when it cannot be written; the file is as it was.
        """
        if self._file is None:
            raise storage_errors.CannotWriteError("The project has no file yet; choose a name for it.")
        return self._file.write(batch)

    def write_answers(self, batch: Batch) -> None:
        """Write what runs brought into the project file, which stays where it stands in its history.

        Raises:
            StorageError: when it cannot be written; the file is as it was.
        """
        if self._file is not None:
            current = self._file.meta("current")
            self._file.write(replace(batch, current=StepId(current or batch.current), visited={}))

    def write_whole(self, path: Path, batch: Batch) -> None:
        """Write the whole project to a file of that name, and keep it there from now on.

        Raises:
            StorageError: when it cannot be written; what was there before is untouched.
        """
        from nanodesk.storage.project_file import ProjectFile
        from nanodesk.storage.saving import save_new

        lock = FileLock(self._lock_of(path))
        if not lock.acquire():
            raise storage_errors.LockedProjectError(f"“{path.name}” is open in another window; choose another name.")
        try:
            save_new(path, batch)
            file = ProjectFile.open(path)
        except BaseException:
            lock.release()
            raise
        self._let_go_of_project()
        self._file, self._lock, self.read_only = file, lock, ""
        self._pixels.now_on_disk(self._look_up().known_tiles())

    def _let_go_of_project(self) -> None:
        if self._file is not None:
            self._file.close()
        if self._lock is not None:
            self._lock.release()
        self._file = self._lock = None

    def drop_recovery(self) -> None:
        """The project file holds everything: the recovery file has done its work."""
        done, self._recovery = self._recovery, None
        if done is not None:
            self._look_up()
            done.discard()

    def close(self, *, discard: bool) -> None:
        """Let go of the files; the recovery file stays for the next start unless it is to be discarded."""
        if self._recovery is not None:
            self._recovery.discard() if discard else self._recovery.close()
        self._let_go_of_project()
