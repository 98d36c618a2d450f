"""What a project file is made of, what of it nobody needs, and dropping just what is asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.change import Change, diff
from nanodesk.document.history import Step
from nanodesk.document.identity import StepId, new_id
from nanodesk.document.state import State
from nanodesk.document.tiles import TileId
from nanodesk.editor.account import Account, Moment, account, branches, discarded, users, without
from nanodesk.editor.errors import SaveError
from nanodesk.editor.previews import previews
from nanodesk.editor.whole import Leaving
from nanodesk.storage.batch import Batch, StepRecord
from nanodesk.storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from nanodesk.document.document import Document
    from nanodesk.document.tiles import TileGrid
    from nanodesk.editor.editor import Editor
    from nanodesk.editor.keeping import Keeping
    from nanodesk.editor.pixel_store import PixelStore
    from nanodesk.editor.run_queue import RunQueue
    from nanodesk.editor.work import Work


class Housekeeping:
    """For one project; belongs to the loop's thread."""

    def __init__(self, editor: Editor, runs: RunQueue, pixels: PixelStore, keeping: Keeping, work: Work) -> None:
        self._editor = editor
        self._runs = runs
        self._pixels = pixels
        self._keeping = keeping
        self._work = work

    def _moment(self) -> Moment:
        editor, runs = self._editor, self._runs
        replies = {
            run: sum(entry.reply_bytes for entry in runs.journal.of_run(run))
            for run in runs.runs
            if not runs.journal.waiting_for_answer(run)
        }
        values = tuple(runs.candidates.values()), tuple(runs.runs.values()), replies
        return Moment(editor.history, editor.state, editor.start, editor.change_or_none, *values)

    async def account(self) -> Account:
        """What the project file is made of, as it was last saved.

        Raises:
            SaveError: when it cannot be read.
        """
        await self._keeping.renewal.finished()
        moment = self._moment()
        try:
            size, rows, others = await self._keeping.in_writer(self._keeping.files.account)
            tiles = {TileId(row[0].hex()): row[1] for row in rows if isinstance(row[0], bytes)}
            sizes = {tile: length for tile, length in tiles.items() if isinstance(length, int)}
            return await self._work.pixels(account, moment, size, sizes, others)
        except StorageError as error:
            raise SaveError(str(error)) from None

    async def compact(self, names: Collection[str]) -> int:
        """Drop what is named in the account, and nothing else; by how many bytes the file has become smaller.

        Raises:
            SaveError: when the file cannot be written; it is as it was, and so is the project.
        """
        wanted = frozenset(names)
        await self._keeping.renewal.finished()
        before = (await self._keeping.in_writer(self._keeping.files.account))[0]
        leaving = await self._work.pixels(self._leaving, wanted, self._moment())
        history = self._editor.history
        dropped = {step for one in branches(history) if f"branch {one.first.id}" in wanted for step in one.steps}
        gone = [one.id for one in self._runs.candidates.values() if discarded(one) and f"discarded {one.run}" in wanted]
        self._editor.take_history(without(history, dropped))
        take_back = self._runs.forget(gone)
        try:
            await self._keeping.rewrite(leaving)
        except SaveError:
            take_back()
            now = self._editor.history
            steps, visited = {**history.steps, **now.steps}, {**history.visited, **now.visited}
            self._editor.take_history(replace(now, steps=steps, visited=visited))
            raise
        return max(0, before - (await self._keeping.in_writer(self._keeping.files.account))[0])

    def _leaving(self, names: frozenset[str], moment: Moment) -> Leaving:
        replies = frozenset(key for key in self._runs.journal.entries if f"replies {key[0]}" in names)
        grids: tuple[TileGrid, ...] = ()
        if "left over" not in names:
            used = set[TileId]().union(*users(moment).values())
            grids = tuple(grid for grid in self._keeping.files.grids() if grid.ids() - used)
        return Leaving(replies, grids)

    async def slim_copy(self, path: Path) -> int:
        """Write the picture with its layers, and nothing of how it came about, to another file; its size in bytes.

        Neither history nor sentences, references, answers and replies go along.

        Raises:
            SaveError: when it cannot be written; what was there before is untouched.
        """
        if path == self._keeping.path:
            raise SaveError("A slim copy needs a name of its own: the project keeps its history.")
        steps = self._editor.history.steps
        times = steps[self._editor.history.root].created, steps[self._editor.history.current].created
        try:
            return await self._work.pixels(self._write_slim, path, State(_for_sending(self._editor.document)), times)
        except StorageError as error:
            raise SaveError(str(error)) from None

    def _write_slim(self, path: Path, state: State, times: tuple[float, float]) -> int:
        from nanodesk.storage.saving import save_new

        root = Step(StepId(new_id()), None, "New document", times[0])
        step = Step(StepId(new_id()), root.id, "Slim copy", times[1])
        records = (StepRecord(root, Change(), State()), StepRecord(step, diff(State(), state), state))
        batch = Batch(self._pixels.packed, step.id, {root.id: step.id}, records)
        save_new(path, replace(self._keeping.files.looking_up(batch), previews=previews(state.document, self._pixels)))
        return path.stat().st_size


def _for_sending(document: Document) -> Document:
    """The layers with what made them, without the words, names and costs of it and where a photo was taken."""
    layers = {
        layer_id: layer
        if layer.provenance is None
        else replace(
            layer,
            provenance=replace(
                layer.provenance,
                run=None,
                instructions=(),
                references=(),
                duration_s=None,
                cost=None,
                candidate=None,
                base=None,
                exif=None,
            ),
        )
        for layer_id, layer in document.layers.items()
    }
    return replace(document, layers=layers)
