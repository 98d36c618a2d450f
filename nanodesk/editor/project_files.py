"""The project file and the recovery file behind one project: writing, in the writing thread alone."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.change import Change
from nanodesk.document.identity import StepId
from nanodesk.editor.open_files import OpenFiles
from nanodesk.storage import errors as storage_errors
from nanodesk.storage.batch import Batch, StepRecord
from nanodesk.storage.lock import FileLock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nanodesk.document.tiles import TileGrid, TileId


class ProjectFiles(OpenFiles):
    """Writes and closes what is open."""

    def write_recovery(self, batch: Batch, folder: Path, path: Path | None, name: str) -> set[TileId]:
        """Write a batch into the recovery file, which is made when it is first needed; the tiles that were new.

        Raises:
            StorageError: when it cannot be written; what was there is as it was.
        """
        from nanodesk.storage.recovery import RecoveryFile

        if self._recovery is None:
            base = "" if self._file is None else self._file.change_id
            self._recovery = RecoveryFile.create(folder, path, name, base)
            if self._copy is not None:
                self._copy.known_to(self._recovery.file)
            self._look_up()
            if self._file is None:
                batch = self._from_the_root(batch)
        added = self._recovery.file.write(self.looking_up(batch))
        if self._spent is not None:
            self._let_go_of_spent()
        return added

    def _let_go_of_spent(self) -> None:
        """The new recovery file holds what the old one did."""
        spent, self._spent = self._spent, None
        self._look_up()
        if spent is not None:
            spent.discard()

    def _from_the_root(self, batch: Batch) -> Batch:
        """The first batch of untitled work begins at the root of the history."""
        root = self._editor.history.step(self._editor.history.root)
        if any(record.step.id == root.id for record in batch.steps):
            return batch
        return replace(batch, steps=(StepRecord(root, Change(), self._editor.start), *batch.steps))

    def looking_up(self, batch: Batch) -> Batch:
        """The batch with a way to what content of later versions names."""
        reader = self._reader
        return batch if reader is None else replace(batch, grid=reader.grid_or_none, profile=reader.profile_or_none)

    def account(self) -> tuple[int, list[tuple[object, ...]], dict[str, int]]:
        """The project file's size, its tiles with their bytes, and the bytes of other tables by name.

        Raises:
            StorageError: when it cannot be read.
        """
        file = self._file
        if file is None:
            return 0, [], {}
        sums = {"replies": "sum(length(data))", "preview": "sum(length(data))", "grids": "sum(length(tiles))"}
        sums |= dict.fromkeys(("changes", "key_frames", "runs", "candidates", "journal"), "sum(length(value))")
        others = {name: file.rows(f"SELECT {what} FROM {name}")[0][0] for name, what in sums.items()}
        free = file.rows("PRAGMA freelist_count")[0][0]
        sizes = {name: value for name, value in {**others, "free": free}.items() if isinstance(value, int)}
        return file.path.stat().st_size, file.rows("SELECT id, length(data) FROM tiles"), sizes

    def grids(self) -> Iterator[TileGrid]:
        """Every picture and mask that the project file holds whole."""
        if self._file is not None and self._reader is not None:
            for (name,) in self._file.rows("SELECT id FROM grids"):
                grid = self._reader.grid_or_none(name.hex()) if isinstance(name, bytes) else None
                if grid is not None:
                    yield grid

    def write_project(self, batch: Batch) -> set[TileId]:
        """Write a batch into the project file; the tiles that were new.

        Raises:
            StorageError: when it cannot be written; the file is as it was.
        """
        if self._file is None:
            raise storage_errors.CannotWriteError("The project has no file yet; choose a name for it.")
        return self._file.write(self.looking_up(batch))

    def write_in_place(self, batch: Batch) -> None:
        """Write what is beside the steps into the project file, which stays where it stands in its history.

        Raises:
            StorageError: when it cannot be written; the file is as it was.
        """
        if self._file is not None:
            current = self._file.meta("current")
            self._file.write(replace(self.looking_up(batch), current=StepId(current or batch.current), visited={}))

    def write_whole(self, path: Path, batch: Batch) -> None:
        """Write the whole project to a file of that name, and keep it there from now on.

        Raises:
            ChangedOutsideError: when it is the project's own file, and another program has changed that.
            StorageError: when it cannot be written; what was there before is untouched.
        """
        from nanodesk.storage.project_file import ProjectFile
        from nanodesk.storage.saving import save_new

        own = self._file is not None and not self.read_only and path == self._file.path
        lock = self._lock if own else None
        if lock is None:
            lock = FileLock(self._lock_of(path))
            if not lock.acquire():
                raise storage_errors.LockedProjectError(
                    f"“{path.name}” is open in another window; choose another name."
                )
        try:
            save_new(path, self.looking_up(batch), still=self._last_look if own else None)
            file = ProjectFile.open(path)
        except BaseException:
            if not own:
                lock.release()
            elif os.name == "nt" and self._file is not None:
                self._file = ProjectFile.open(path)  # it was closed so that it could be replaced
            raise
        self._let_go_of_project(keep=lock)
        self._file, self._lock, self.read_only, self._changes = file, lock, "", {}
        self._take_place()
        self._pixels.now_on_disk(self._look_up().known_tiles())
        self._let_go_of_sources()

    def _last_look(self) -> None:
        """Just before the project's own file is replaced."""
        if self._file is not None:
            self._file.check_unchanged()
            if os.name == "nt":
                self._file.close()  # an open file cannot be replaced there

    def _let_go_of_project(self, keep: FileLock | None = None) -> None:
        if self._file is not None:
            self._file.close()
        if self._lock is not None and self._lock is not keep:
            self._lock.release()
        self._file = self._lock = None

    def _let_go_of_sources(self) -> None:
        """Nothing needs to be read any more from what the project was salvaged from, or copied to."""
        for file in self._beneath:
            file.close()
        self._beneath.clear()
        if self._copy is not None:
            self._copy.discard()
            self._copy = None
        if self._spent is not None:
            self._spent.discard()
            self._spent = None
        self._look_up()

    def drop_recovery(self) -> None:
        """The project file holds everything: the recovery file has done its work."""
        done, self._recovery = self._recovery, None
        if done is not None:
            self._look_up()
            done.discard()

    def close(self, *, discard: bool) -> None:
        """Let go of the files; the recovery file stays for the next start unless it is to be discarded."""
        left = [one for one in (self._recovery, self._spent) if one is not None]
        for recovery in left:
            recovery.discard() if discard else recovery.close()
        for file in self._beneath:
            file.close()
        if self._copy is not None:
            self._copy.discard() if discard or not left else self._copy.close()
        self._let_go_of_project()
