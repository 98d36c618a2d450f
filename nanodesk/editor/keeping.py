"""How a project is kept: every step in the recovery file at once, everything in the project file at a save."""

from __future__ import annotations

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from nanodesk.document.identity import RunId, StepId
from nanodesk.editor.condition import Condition
from nanodesk.editor.damage_words import alone_note, salvage_note
from nanodesk.editor.disk import DiskStatus
from nanodesk.editor.errors import SaveError
from nanodesk.editor.hot_tiles import hot_tiles
from nanodesk.editor.opening import fault_words, open_error, states_of
from nanodesk.editor.pending import Pending
from nanodesk.editor.previews import first_sight
from nanodesk.editor.project_files import ProjectFiles
from nanodesk.editor.renewing import Renewal
from nanodesk.editor.retrying import Retry
from nanodesk.editor.signal import Signal
from nanodesk.editor.whole import NOTHING, Leaving, whole_batch
from nanodesk.storage import errors as storage_errors
from nanodesk.storage.batch import Opened, Preview, Reply, StepRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from nanodesk.document.change import Change
    from nanodesk.document.history import History, Step
    from nanodesk.document.identity import CandidateId
    from nanodesk.document.journal import JournalEntry
    from nanodesk.document.state import State
    from nanodesk.editor.editor import Editor
    from nanodesk.editor.pixel_store import Block, PixelStore
    from nanodesk.editor.run_queue import RunQueue
    from nanodesk.storage.base_copy import BaseCopy
    from nanodesk.storage.recovery import Orphan

P = ParamSpec("P")
R = TypeVar("R")


class Keeping:
    """The files behind one project. Everything slow happens in one writing thread, in order.

    Attributes:
        path: the project file; none before the first save.
        status_changed: name, path, unsaved work or the state of the disk is otherwise than before.
        disk_status, disk_message: whether everything acknowledged is on disk, and the same in words.
        condition: whether the project is whole, and what was found.
        first_sight: what an opened project looked like when it was saved, for the canvas; see `previews.first_sight`.
        files: the blocking side; for the writing thread.
        renewal: what follows a save.
        retry: when a write of the recovery file that failed is tried again.
    """

    def __init__(self, editor: Editor, runs: RunQueue, pixels: PixelStore, locks: Path) -> None:
        """Files whose owners are told by locks in the folder `locks`."""
        self._editor = editor
        self._runs = runs
        self._pixels = pixels
        self.files = ProjectFiles(editor, pixels, locks)
        self.first_sight: tuple[int, Block] | None = None
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="disk")
        self._for_recovery = Pending()
        self._for_project = Pending()
        self._flushing: asyncio.Task[None] | None = None
        self.retry = Retry(self._write_soon)
        self._saving = False
        self._folder: Path | None = None
        self._journal_folder: Path | None = None
        self._name = "Untitled"
        self.path: Path | None = None
        self.disk_status = DiskStatus.ON_DISK
        self.disk_message = "All work is on disk"
        self.status_changed: Signal[()] = Signal()
        self.condition = Condition(editor, pixels, self._take_copy)
        self.renewal = Renewal(editor, pixels, self.files, self.condition.inspection)
        self._ends = [
            editor.recorded.connect(self._recorded),
            editor.stood.connect(self._stood),
            runs.changed.connect(self._run_changed),
            runs.candidate_changed.connect(self._candidate_changed),
            self.condition.noted.connect(lambda _: self.status_changed.emit()),
            self.condition.broken.connect(self._broken),
        ]
        runs.journal.kept_by(self)

    @property
    def name(self) -> str:
        """The file's name without its ending, or what an untitled project is called."""
        return self.path.stem if self.path is not None else self._name

    @property
    def modified(self) -> bool:
        """Whether there is work that the project file does not hold."""
        return self._saving or not self._for_project.empty

    @property
    def read_only(self) -> str:
        """Why the project cannot be saved in place; empty when it can."""
        return self.files.read_only

    # What happens in the editor

    def _recorded(self, step: Step, change: Change, _: bool) -> None:
        record = StepRecord(step, change, self._editor.state)
        self._each(lambda pending: pending.step(record))

    def _stood(self, _: StepId) -> None:
        self._each(Pending.stood)

    def _run_changed(self, run_id: RunId) -> None:
        self._each(lambda pending: pending.run(self._runs.runs[run_id]))

    def _candidate_changed(self, candidate_id: CandidateId) -> None:
        self._each(lambda pending: pending.candidate(self._runs.candidates[candidate_id]))

    def _each(self, note: Callable[[Pending], None]) -> None:
        note(self._for_recovery)
        note(self._for_project)
        if self._folder is not None:  # from now on until its commit has returned, this one is not on disk
            self.disk_status, self.disk_message = DiskStatus.WRITING, "Writing…"
        self.status_changed.emit()
        self._write_soon()

    def _write_soon(self) -> None:
        if self._folder is not None and (self._flushing is None or self._flushing.done()):
            self._flushing = asyncio.get_running_loop().create_task(self._flush(), name="write recovery")

    # The journal

    async def put_down(self, entry: JournalEntry, body: bytes | None = None) -> str:
        """Write an entry of the journal, and a reply; why it is not on disk, empty when it is."""
        run, number = entry.run, entry.reply
        if body is not None:
            self._for_recovery.reply(Reply(run, number, lambda: body))
            self._for_project.reply(Reply(run, number, lambda: self.files.reply(run, number)))
        self._folder = self._folder or self._journal_folder
        self._each(lambda pending: pending.entry(entry))
        if self._folder is None:
            return ""
        await self.flushed()
        return self.retry.fault

    def reply(self, run: RunId, reply: int) -> bytes | None:
        """The body of a reply; none where it is not there any more. Blocks."""
        return self.files.reply(run, reply)

    # The recovery file

    async def _flush(self) -> None:
        """Write what waits, again and again until nothing does, also not what came while tiles were packed."""
        await asyncio.sleep(0)
        while not self._for_recovery.empty and self._folder is not None:
            if not await self._write_recovery(self._folder):
                return
            if self._for_recovery.empty:
                self._say(DiskStatus.ON_DISK, "All work is on disk")
                await self.in_writer(self._pixels.cool, hot_tiles(self._editor, self._pixels.shapes))

    async def _write_recovery(self, folder: Path) -> bool:
        batch, kept = self._for_recovery.taken(self._editor.history, self._pixels.packed)
        try:
            added = await self.in_writer(self.files.write_recovery, batch, folder, self.path, self.name)
        except Exception as error:  # noqa: BLE001 - whatever stops the disk must be seen in the window
            self._for_recovery.again(kept)
            self._say(DiskStatus.FAILED, self.retry.failed(fault_words(error)))
            return False
        self.retry.stop()
        self._pixels.now_on_disk(added)
        return True

    def _say(self, status: DiskStatus, message: str) -> None:
        if (status, message) != (self.disk_status, self.disk_message):
            self.disk_status, self.disk_message = status, message
            self.status_changed.emit()

    async def in_writer(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Have something done in the writing thread, after what waits there."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, lambda: function(*args, **kwargs))

    # Opening

    def journals_in(self, folder: Path | None) -> None:
        """Have runs that leave this computer kept in that folder where nothing else is kept."""
        self._journal_folder = folder

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
            opened = await self.in_writer(
                self.files.open, path, read_only=read_only, may_read_only=recovery is not None
            )
        except storage_errors.StorageError as error:
            raise open_error(error) from None
        if self.files.salvaged is not None:
            await self._stand_alone(opened, path.stem, salvage_note(path.name, self.files.salvaged))
            return
        self.path = path
        self.first_sight = await self.in_writer(first_sight, self.files.preview, opened.state.document.size)
        self._take_over(opened)
        self._look_over()

    def _look_over(self) -> None:
        """In the background, where there is a window: is the file whole, and will it stay where it is."""
        if self.path is not None and self._folder is not None and self.files.saved:
            self.condition.look_over(self.path, self._folder if self.files.fragile else None)

    async def _take_copy(self, copy: BaseCopy) -> None:
        await self.in_writer(self.files.take_copy, copy)

    def _broken(self) -> None:
        """Nothing is written into a file that is broken: a new one takes its place."""
        self.files.whole_only = True

    @property
    def read_note(self) -> str:
        """What was found when the project was opened or looked over, as a plain sentence."""
        return self.condition.sentence

    async def _stand_alone(self, opened: Opened, name: str, note: str) -> None:
        """Be new, untitled work: what was read is written into a recovery file of its own."""
        self.path, self._name = None, name if name.startswith("Recovered ") else f"Recovered {name}"
        self._take_over(opened)
        states = await self._states_of(opened)
        for step in opened.history.steps.values():
            record = StepRecord(step, self._editor.change_or_none(step.id), states[step.id])
            self._each(lambda pending, record=record: pending.step(record))  # type: ignore[misc]  # bound now
        self._each(lambda pending: pending.answers(opened, self._kept))
        self.condition.note(note)

    def _take_over(self, opened: Opened) -> None:
        self.condition.begin(self.name)
        self._editor.take_over(opened.state, opened.history)
        self._runs.journal.remember(opened.journal)
        self._runs.remember(opened.runs, opened.candidates)
        self.status_changed.emit()

    async def restore(self, orphan: Orphan, recovery: Path) -> bool:
        """Take over work that was never saved; false when somebody else has.

        Raises:
            OpenError: when it cannot be read; the recovery file stays where it is.
        """
        try:
            opened = await self.in_writer(self.files.restore, orphan)
        except storage_errors.StorageError as error:
            raise open_error(error) from None
        if opened is None:
            return False
        self._name, self._folder, self.path = orphan.name, recovery, self.files.project_path
        if self.files.salvaged is not None:
            known = orphan.project_path is None
            note = (salvage_note if known else alone_note)(orphan.name, self.files.salvaged)
            await self._stand_alone(opened, orphan.name, note)
            return True
        self._take_over(opened)
        await self._take_unsaved(opened, await self.in_writer(self.files.recovered_steps))
        self._look_over()
        return True

    async def _take_unsaved(self, opened: Opened, steps: list[str]) -> None:
        """What the recovery file holds is what the project file has not got."""
        states = await self._states_of(opened)
        for name in steps:
            step = opened.history.step(StepId(name))
            self._for_project.step(StepRecord(step, self._editor.change_or_none(step.id), states[step.id]))
        self._for_project.answers(opened, self._kept)
        self._for_project.stood()

    async def _states_of(self, opened: Opened) -> dict[StepId, State]:
        return await self.in_writer(states_of, opened.history, opened.state, self._editor.change_or_none)

    # Saving

    async def save(self) -> None:
        """Write what is new into the project file.

        Raises:
            SaveError: when there is no file yet, or it cannot be written; the work stays in the recovery file.
        """
        if self.path is None or not self.files.saved:
            raise SaveError("The project has no file yet; choose a name for it.")
        if self.read_only:
            raise SaveError(self.read_only)
        await self._save_to(None if not self.files.whole_only else self.path)

    async def rewrite(self, leaving: Leaving) -> None:
        """Put a new, whole file in the project file's place, without what is leaving.

        Raises:
            SaveError: when it cannot be written; the file is as it was.
        """
        if self.path is None or self.read_only:
            raise SaveError(self.read_only or "The project has no file yet; choose a name for it.")
        await self._save_to(self.path, leaving)

    async def _save_to(self, whole: Path | None, leaving: Leaving = NOTHING) -> None:
        """Write what is new into the project file, or the whole project to a new one of that name."""
        await self.renewal.rest()
        document = self._editor.document
        shown = () if whole is None else await self.in_writer(self.renewal.previews.of, document)
        try:
            batch, kept = self._for_project.taken(self._editor.history, self._pixels.packed)
            if whole is None:
                document = self._editor.document
                self._pixels.now_on_disk(await self._written(kept, self.files.write_project, batch))
            else:
                moment = (self._editor.history, self._editor.state, shown)
                await self._written(kept, self._write_whole, whole, moment, leaving)
                self.path = whole
            await self._saved()
        finally:
            self.renewal.begin(document if whole is None else None, self.in_writer)
        if whole is not None:
            self._look_over()

    async def save_as(self, path: Path) -> None:
        """Write the whole project to a new file, checked before it takes the name, and keep it there from now on.

        Raises:
            SaveError: when it cannot be written; what was there before is untouched.
        """
        if path == self.path and self.files.saved and not self.read_only:
            await self.save()
            return
        await self._save_to(path)

    async def _written(self, kept: Pending, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        self._saving = True
        try:
            return await self.in_writer(function, *args, **kwargs)
        except BaseException as error:
            self._for_project.again(kept)
            self._saving = False
            self.status_changed.emit()
            if isinstance(error, storage_errors.StorageError):
                raise SaveError(str(error), elsewhere=True) from None
            raise

    async def _saved(self) -> None:
        await self.flushed()
        if self._for_project.empty:
            self._for_recovery.without_steps()  # those that it could not take are in the project file now
            if self._for_recovery.empty:
                self.retry.stop()
                self._say(DiskStatus.ON_DISK, "All work is on disk")
            await self.in_writer(self.files.drop_recovery)
        self._saving = False
        self.status_changed.emit()

    def _write_whole(self, path: Path, moment: tuple[History, State, Sequence[Preview]], leaving: Leaving) -> None:
        """In the writing thread."""
        self.files.write_whole(path, whole_batch(self._editor, self._runs, self._pixels, self._kept, moment, leaving))

    def _kept(self, entry: JournalEntry) -> Reply:
        return Reply(entry.run, entry.reply, lambda: self.files.reply(entry.run, entry.reply))

    async def flushed(self) -> None:
        """Wait until everything that waits is in the recovery file, or could not be written."""
        if self._flushing is not None:
            await asyncio.wait([self._flushing])  # who waits may be cancelled; the writing must not be

    async def close(self, *, discard: bool = False) -> None:
        """Let go of the files; unsaved work stays in the recovery file unless it is to be discarded."""
        for end in self._ends:
            end()
        await self.renewal.rest()
        await self.condition.inspection.close()
        await self.flushed()
        self.retry.stop()
        if discard:
            await self._keep_answers()
        await self.in_writer(self.files.close, discard=discard or not self.modified)
        self._writer.shutdown(wait=True)

    async def _keep_answers(self) -> None:
        """What runs brought is paid for: it goes into the project even when all else is thrown away."""
        if not self.files.saved or self.read_only or not self._for_project.has_answers:
            return
        self._for_project.without_steps()
        batch, _ = self._for_project.taken(self._editor.history, self._pixels.packed)
        with contextlib.suppress(storage_errors.StorageError):
            await self.in_writer(self.files.write_in_place, batch)
