"""The files that an open project is read from: the blocking side, for the writing thread alone.

What is read comes from the newest that has it: the recovery file, then what was salvaged or copied, then the project.
"""

from __future__ import annotations

import contextlib
import hashlib
from typing import TYPE_CHECKING

from nanodesk.storage import errors as storage_errors
from nanodesk.storage.lock import FileLock

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from nanodesk.document.change import Change
    from nanodesk.document.identity import RunId, StepId
    from nanodesk.document.tiles import TileId
    from nanodesk.editor.editor import Editor
    from nanodesk.editor.pixel_store import PixelStore
    from nanodesk.storage.base_copy import BaseCopy
    from nanodesk.storage.batch import Opened, Preview
    from nanodesk.storage.project_file import ProjectFile
    from nanodesk.storage.reading import ProjectReader
    from nanodesk.storage.recovery import Orphan, RecoveryFile
    from nanodesk.storage.salvage import Salvaged


class OpenFiles:
    """Opens and restores; the editor and the pixel store read from what is open here.

    Attributes:
        read_only: why the project cannot be saved in place; empty when it can.
        whole_only: a save writes a whole new file, since this one is not ours to change, or lies where it may go away.
        fragile: what kind of place it lies in, where its disk may go away; empty in an ordinary place.
        preview: the picture as it was saved, for the screen; none where there is none.
        salvaged: how many steps were lost; none where nothing had to be salvaged.
    """

    def __init__(self, editor: Editor, pixels: PixelStore, locks: Path) -> None:
        """Files whose owners are told by locks in the folder `locks`."""
        self._editor = editor
        self._pixels = pixels
        self._locks = locks
        self._file: ProjectFile | None = None
        self._lock: FileLock | None = None
        self._recovery: RecoveryFile | None = None
        self._spent: RecoveryFile | None = None
        self._copy: BaseCopy | None = None
        self._beneath: list[ProjectFile] = []
        self._changes: Mapping[StepId, Change] = {}
        self._reader: ProjectReader | None = None
        self.read_only = ""
        self.whole_only = False
        self.fragile = ""
        self.preview: Preview | None = None
        self.salvaged: int | None = None

    @property
    def saved(self) -> bool:
        """Whether there is a project file."""
        return self._file is not None

    def tiles(self) -> set[TileId]:
        """The tiles that the project file holds; none before the first save."""
        return set() if self._file is None else self._file.known_tiles()

    def _files(self) -> list[ProjectFile]:
        newest = [one.file for one in (self._recovery, self._spent, self._copy) if one is not None]
        return [*newest, *self._beneath, *([] if self._file is None else [self._file])]

    def _look_up(self) -> ProjectReader:
        """Have tiles and changes that are not in memory read from the files there are."""
        from nanodesk.storage.reading import ProjectReader

        reader = ProjectReader(self._files(), shapes=self._pixels.shapes, changes=self._changes)
        self._reader = reader
        self._pixels.reads_from(reader.tile_data)
        self._editor.reads_changes_from(reader.change_of)
        return reader

    def _read(self) -> Opened:
        reader = self._look_up()
        opened = reader.read()
        self._pixels.now_on_disk(reader.known_tiles())
        return opened

    def _salvage(self) -> Opened:
        """What the files that are open here still hold; it belongs to no project file from now on."""
        from nanodesk.storage.salvage import salvage

        found: Salvaged = salvage(self._files(), self._pixels.shapes)
        self._changes, self.salvaged = found.changes, found.lost_steps
        self._stand_alone()
        with contextlib.suppress(storage_errors.StorageError):
            self._pixels.now_on_disk(self._look_up().known_tiles())
        return found.opened

    def _stand_alone(self) -> None:
        """Belong to no project file; what is open is only read from, and a recovery file that is there is spent."""
        if self._file is not None:
            self._beneath.append(self._file)
            self._file = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None
        self._spent, self._recovery = self._recovery, None
        self.read_only = self.fragile = ""
        self.whole_only = False

    # Opening

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
        try:
            self._file = ProjectFile.open(path, read_only=read_only or bool(self.read_only))
            self.preview = self._file.preview("screen")
            opened = self._read()
        except storage_errors.DamagedProjectError as fault:
            return self._open_broken(path, fault)
        self._take_place()
        if self._file.read_only and not (self._file.strange or read_only or self.read_only):
            self.read_only = f"“{path.name}” cannot be written where it lies; save under another name to keep changes."
        return opened

    def _take_place(self) -> None:
        """See what kind of file the project's is, and where it lies."""
        from nanodesk.storage.places import fragile

        if self._file is not None:
            self.fragile = fragile(self._file.path)
            self.whole_only = self._file.strange or bool(self.fragile)

    def _open_broken(self, path: Path, fault: storage_errors.DamagedProjectError) -> Opened:
        from nanodesk.storage.project_file import ProjectFile

        if self._file is not None:
            self._file.close()
        self._file = None
        try:
            self._file = ProjectFile.open_broken(path)
            return self._salvage()
        except storage_errors.StorageError:
            raise fault from None

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
        name = hashlib.sha256(str(path.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:32]
        return self._locks / f"{name}.lock"

    # Restoring

    def restore(self, orphan: Orphan) -> Opened | None:
        """What an orphan holds, on top of its project; none when somebody else has claimed it.

        Where the project is gone, or is not the one the work was done on, `project_path` is none afterwards, and the
        work stands by itself.

        Raises:
            StorageError: when it cannot be read; it stays where it is.
        """
        from nanodesk.storage.recovery import RecoveryFile

        self._recovery = RecoveryFile.claim(orphan)
        if self._recovery is None:
            return None
        try:
            return self._on_its_project(orphan) or self._by_itself(orphan)
        except BaseException:
            for left in (self._recovery, self._spent):
                if left is None:
                    continue
                left.close()  # not ours any more: closing this project must not take it away
            self._recovery = self._spent = None
            raise

    @property
    def project_path(self) -> Path | None:
        """The project file that is open; none where there is none."""
        return None if self._file is None else self._file.path

    def _on_its_project(self, orphan: Orphan) -> Opened | None:
        """The work on top of the project it was done on, also where that has another name now."""
        from nanodesk.storage.project_file import ProjectFile
        from nanodesk.storage.recovery import project_of

        if orphan.project_path is None:
            try:
                return self._read()
            except storage_errors.DamagedProjectError:
                return None
        path = project_of(orphan)
        if path is None:
            return None
        try:
            self._take_lock(path, may_read_only=True)
            self._file = ProjectFile.open(path, read_only=bool(self.read_only))
            opened = self._read()
        except storage_errors.StorageError:
            return None
        self._take_place()
        return opened

    def _by_itself(self, orphan: Orphan) -> Opened:
        """The work without its project, or with the copy that was made of it."""
        from nanodesk.storage.base_copy import BaseCopy

        self._copy = BaseCopy.left_by(orphan)
        if self._copy is not None and self._file is None:
            try:
                opened = self._read()
            except storage_errors.DamagedProjectError:
                return self._salvage()
            self._stand_alone()
            self._look_up()
            self.salvaged = 0
            return opened
        return self._salvage()

    def recovered_steps(self) -> list[str]:
        """The ids of the steps in the recovery file, oldest first."""
        if self._recovery is None:
            return []
        return [str(step_id) for (step_id,) in self._recovery.file.rows("SELECT id FROM steps ORDER BY seq")]

    def take_copy(self, copy: BaseCopy) -> None:
        """Read from a copy of the project from now on, since the project itself may go away."""
        self._copy = copy
        if self._recovery is not None:
            copy.known_to(self._recovery.file)
        self._look_up()

    def reply(self, run: RunId, reply: int) -> bytes | None:
        """The body of a reply; none where no file has it whole."""
        try:
            return None if self._reader is None else self._reader.reply(run, reply)
        except storage_errors.StorageError:
            return None
