"""How a project is kept: every step in the recovery file at once, everything in the project file at a save."""

from __future__ import annotations

import asyncio
import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from nanodesk.document.change import Change, apply
from nanodesk.document.identity import StepId
from nanodesk.editor.disk import DiskStatus
from nanodesk.editor.errors import LockedProjectError, NewerProjectError, OpenError, SaveError
from nanodesk.editor.pending import Pending
from nanodesk.editor.previews import previews
from nanodesk.editor.signal import Signal
from nanodesk.storage import errors as storage_errors
from nanodesk.storage.batch import Batch, Opened, Preview, StepRecord
from nanodesk.storage.lock import FileLock
from nanodesk.storage.project_file import ProjectFile, save_new
from nanodesk.storage.reading import ProjectReader
from nanodesk.storage.recovery import Orphan, RecoveryFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nanodesk.document.history import Step
    from nanodesk.document.identity import CandidateId, RunId
    from nanodesk.document.state import State
    from nanodesk.document.tiles import TileId
    from nanodesk.editor.editor import Editor
    from nanodesk.editor.pixel_store import PixelStore
    from nanodesk.editor.run_queue import RunQueue

P = ParamSpec("P")
R = TypeVar("R")


class Keeping:
    """The files behind one project. Everything slow happens in one writing thread, in order.

    Attributes:
        status_changed: name, path, unsaved work or the state of the disk is otherwise than before.
        disk_status, disk_message: whether everything acknowledged is on disk, and the same in words.
        read_only: why the project cannot be saved in place; empty when it can.
        read_note: what was found when it was opened, as a plain sentence.
    """

    def __init__(self, editor: Editor, runs: RunQueue, pixels: PixelStore, locks: Path) -> None:
        """Files whose owners are told by locks in the folder `locks`."""
        self._editor = editor
        self._runs = runs
        self._pixels = pixels
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="disk")
        self._for_recovery = Pending()
        self._for_project = Pending()
        self._flushing: asyncio.Task[None] | None = None
        self._file: ProjectFile | None = None
        self._lock: FileLock | None = None
        self._recovery: RecoveryFile | None = None
        self._folder: Path | None = None
        self._locks = locks
        self._name = "Untitled"
        self.path: Path | None = None
        self.read_only = ""
        self.read_note = ""
        self.disk_status = DiskStatus.ON_DISK
        self.disk_message = "All work is on disk"
        self.status_changed: Signal[()] = Signal()
        self._ends = [
            editor.recorded.connect(self._recorded),
            editor.stood.connect(self._stood),
            runs.changed.connect(self._run_changed),
            runs.candidate_changed.connect(self._candidate_changed),
        ]

    @property
    def name(self) -> str:
        """The file's name without its ending, or what an untitled project is called."""
        return self.path.stem if self.path is not None else self._name

    @property
    def modified(self) -> bool:
        """Whether there is work that the project file does not hold."""
        return not self._for_project.empty

    # What happens in the editor

    def _recorded(self, step: Step, change: Change, amended: bool) -> None:
        del amended
        record = StepRecord(step, change, self._editor.state)
        self._for_recovery.step(record)
        self._for_project.step(record)
        self._changed()

    def _stood(self, step_id: StepId) -> None:
        del step_id
        self._for_recovery.stood()
        self._for_project.stood()
        self._changed()

    def _run_changed(self, run_id: RunId) -> None:
        run = self._runs.runs[run_id]
        self._for_recovery.run(run)
        self._for_project.run(run)
        self._changed()

    def _candidate_changed(self, candidate_id: CandidateId) -> None:
        candidate = self._runs.candidates[candidate_id]
        self._for_recovery.candidate(candidate)
        self._for_project.candidate(candidate)
        self._changed()

    def _changed(self) -> None:
        self.status_changed.emit()
        if self._folder is not None and (self._flushing is None or self._flushing.done()):
            self._flushing = asyncio.get_running_loop().create_task(self._flush(), name="write recovery")

    # The recovery file

    async def _flush(self) -> None:
        """Write what waits, again and again until nothing does."""
        await asyncio.sleep(0)
        while not self._for_recovery.empty:
            self._say(DiskStatus.WRITING, "Writing…")
            batch, kept = self._for_recovery.taken(self._editor.history, self._pixels.packed)
            try:
                added = await self._in_writer(self._write_recovery, batch)
            except storage_errors.StorageError as error:
                self._for_recovery.again(kept)
                self._say(DiskStatus.FAILED, f"Not on disk: {error}")
                return
            self._pixels.now_on_disk(added)
        self._say(DiskStatus.ON_DISK, "All work is on disk")

    def _write_recovery(self, batch: Batch) -> set[TileId]:
        if self._recovery is None:
            if self._folder is None:
                return set()
            base = "" if self._file is None else self._file.change_id
            self._recovery = RecoveryFile.create(self._folder, self.path, self._name, base)
            if self._file is None:
                batch = self._whole_if_untitled(batch)
            self._look_up()
        return self._recovery.file.write(batch)

    def _whole_if_untitled(self, batch: Batch) -> Batch:
        """The first batch of untitled work begins at the root of the history."""
        root = self._editor.history.root
        if any(record.step.id == root for record in batch.steps):
            return batch
        record = StepRecord(self._editor.history.step(root), Change(), self._editor.start)
        return Batch(
            batch.packed,
            batch.current,
            batch.visited,
            (record, *batch.steps),
            batch.runs,
            batch.candidates,
            batch.previews,
        )

    def _say(self, status: DiskStatus, message: str) -> None:
        if (status, message) != (self.disk_status, self.disk_message):
            self.disk_status, self.disk_message = status, message
            self.status_changed.emit()

    async def _in_writer(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, lambda: function(*args, **kwargs))

    def _look_up(self) -> None:
        """Have tiles and changes that are not in memory read from the files there are."""
        files = [self._recovery.file] if self._recovery is not None else []
        files += [self._file] if self._file is not None else []
        reader = ProjectReader(files)
        self._pixels.reads_from(reader.tile_data)
        self._editor.reads_changes_from(reader.change_of)

    # Opening

    def start(self, name: str, recovery: Path | None) -> None:
        """Keep new, untitled work; in the folder `recovery`, or nowhere."""
        self._name = name
        self._folder = recovery

    async def open(self, path: Path, recovery: Path | None, *, read_only: bool = False) -> None:
        """Take over what a project file holds.

        Raises:
            OpenError: of the kind that says why not; the file is untouched.
        """
        self._folder = None if read_only else recovery
        try:
            opened = await self._in_writer(self._opened, path, read_only, recovery is not None)
        except storage_errors.StorageError as error:
            raise _open_error(error) from None
        self.path = path
        self._take_over(opened)

    def _opened(self, path: Path, read_only: bool, may_read_only: bool) -> Opened:
        if not read_only:
            self._take_lock(path, may_read_only)
        self._file = ProjectFile.open(path, read_only=read_only or bool(self.read_only))
        reader = ProjectReader([self._file])
        opened = reader.read()
        self._pixels.now_on_disk(reader.known_tiles())
        self._look_up()
        return opened

    def _take_lock(self, path: Path, may_read_only: bool) -> None:
        lock = FileLock(_lock_of(path, self._locks))
        if lock.acquire():
            self._lock = lock
        elif may_read_only:
            self.read_only = f"“{path.name}” is open in another window; save under another name to keep changes."
        else:
            raise storage_errors.LockedProjectError(
                f"“{path.name}” is open in a Nanodesk window; close it there first."
            )

    def _take_over(self, opened: Opened) -> None:
        self._editor.take_over(opened.state, opened.history)
        self._runs.remember(opened.runs, opened.candidates)
        self.status_changed.emit()

    async def restore(self, orphan: Orphan, recovery: Path) -> bool:
        """Take over work that was never saved; false when somebody else has.

        Raises:
            OpenError: when it cannot be read; the recovery file stays where it is.
        """
        try:
            opened = await self._in_writer(self._restored, orphan)
        except storage_errors.StorageError as error:
            raise _open_error(error) from None
        if opened is None:
            return False
        self._name, self._folder = orphan.name, recovery
        self.path = orphan.project_path
        self._take_over(opened)
        self._take_unsaved(opened)
        return True

    def _restored(self, orphan: Orphan) -> Opened | None:
        claimed = RecoveryFile.claim(orphan)
        if claimed is None:
            return None
        self._recovery = claimed
        files = [claimed.file]
        if orphan.project_path is not None:
            self._take_lock(orphan.project_path, may_read_only=True)
            self._file = ProjectFile.open(orphan.project_path, read_only=bool(self.read_only))
            files.append(self._file)
        reader = ProjectReader(files)
        opened = reader.read()
        self._pixels.now_on_disk(reader.known_tiles())
        self._look_up()
        return opened

    def _take_unsaved(self, opened: Opened) -> None:
        """What the recovery file holds is what the project file has not got."""
        if self._recovery is None:
            return
        rows = self._recovery.file.rows("SELECT id FROM steps ORDER BY seq")
        states = states_of(self._editor)
        for (step_id,) in rows:
            step = opened.history.step(StepId(str(step_id)))
            self._for_project.step(StepRecord(step, self._editor.change_of(step.id), states[step.id]))
        for run in opened.runs:
            self._for_project.run(run)
        for candidate in opened.candidates:
            self._for_project.candidate(candidate)
        self._for_project.stood()

    # Saving

    async def save(self) -> None:
        """Write what is new into the project file.

        Raises:
            SaveError: when there is no file yet, or it cannot be written; the work stays in the recovery file.
        """
        if self.path is None or self._file is None:
            raise SaveError("The project has no file yet; choose a name for it.")
        if self.read_only:
            raise SaveError(self.read_only)
        shown = await self._in_writer(previews, self._editor.document, self._pixels)
        batch, kept = self._for_project.taken(self._editor.history, self._pixels.packed, shown)
        try:
            added = await self._in_writer(self._file.write, batch)
        except storage_errors.StorageError as error:
            self._for_project.again(kept)
            self.status_changed.emit()
            raise SaveError(str(error)) from None
        self._pixels.now_on_disk(added)
        await self._in_writer(self._saved)
        self.status_changed.emit()

    def _saved(self) -> None:
        """The project file holds everything: the recovery file has done its work."""
        if self._for_project.empty and self._recovery is not None:
            done, self._recovery = self._recovery, None
            self._look_up()
            done.discard()

    async def save_as(self, path: Path) -> None:
        """Write the whole project to a new file, checked before it takes the name, and keep it there from now on.

        Raises:
            SaveError: when it cannot be written; what was there before is untouched.
        """
        if path == self.path and self._file is not None and not self.read_only:
            await self.save()
            return
        shown = await self._in_writer(previews, self._editor.document, self._pixels)
        _, kept = self._for_project.taken(self._editor.history, self._pixels.packed)
        try:
            batch = await self._in_writer(self._whole, shown)
            await self._in_writer(self._moved_to, path, batch)
        except storage_errors.StorageError as error:
            self._for_project.again(kept)
            self.status_changed.emit()
            raise SaveError(str(error)) from None
        self.path, self.read_only = path, ""
        await self._in_writer(self._saved)
        self.status_changed.emit()

    def _whole(self, shown: tuple[Preview, ...]) -> Batch:
        editor, runs = self._editor, self._runs
        history, states = editor.history, states_of(editor)
        records = [StepRecord(step, editor.change_or_none(step.id), states[step.id]) for step in history.steps.values()]
        return Batch(
            self._pixels.packed,
            history.current,
            dict(history.visited),
            records,
            tuple(runs.runs.values()),
            tuple(runs.candidates.values()),
            shown,
        )

    def _moved_to(self, path: Path, batch: Batch) -> None:
        lock = FileLock(_lock_of(path, self._locks))
        if not lock.acquire():
            raise storage_errors.LockedProjectError(f"“{path.name}” is open in another window; choose another name.")
        try:
            save_new(path, batch)
            file = ProjectFile.open(path)
        except BaseException:
            lock.release()
            raise
        old, self._file = self._file, file
        old_lock, self._lock = self._lock, lock
        reader = ProjectReader([file])
        self._pixels.now_on_disk(reader.known_tiles())
        self._look_up()
        if old is not None:
            old.close()
        if old_lock is not None:
            old_lock.release()

    def file_tiles(self) -> set[TileId]:
        """The tiles that the project file holds; none before the first save."""
        return set() if self._file is None else self._file.known_tiles()

    async def flushed(self) -> None:
        """Wait until everything that waits is in the recovery file, or could not be written."""
        if self._flushing is not None:
            await asyncio.gather(self._flushing, return_exceptions=True)

    async def close(self, *, discard: bool = False) -> None:
        """Let go of the files; unsaved work stays in the recovery file unless it is to be discarded."""
        for end in self._ends:
            end()
        await self.flushed()
        await self._in_writer(self._closed, discard or not self.modified)
        self._writer.shutdown(wait=True)

    def _closed(self, discard: bool) -> None:
        if self._recovery is not None:
            self._recovery.discard() if discard else self._recovery.close()
        if self._file is not None:
            self._file.close()
        if self._lock is not None:
            self._lock.release()


def states_of(editor: Editor) -> dict[StepId, State]:
    """The state after each step, parents first; values are shared between them."""
    history = editor.history
    states = {history.root: editor.state_at(history.root)}
    for step in history.steps.values():
        if step.parent is not None:
            states[step.id] = apply(states[step.parent], editor.change_of(step.id))
    return states


def _lock_of(path: Path, locks: Path) -> Path:
    name = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:32]
    return locks / f"{name}.lock"


def _open_error(error: storage_errors.StorageError) -> OpenError:
    match error:
        case storage_errors.NewerVersionError():
            return NewerProjectError(str(error))
        case storage_errors.LockedProjectError():
            return LockedProjectError(str(error))
    return OpenError(str(error))
