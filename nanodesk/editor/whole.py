"""A whole project as one batch: every step with its state, every run, candidate and reply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.editor.opening import states_of
from nanodesk.storage.batch import Batch, StepRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nanodesk.document.history import History
    from nanodesk.document.identity import RunId
    from nanodesk.document.journal import JournalEntry
    from nanodesk.document.state import State
    from nanodesk.document.tiles import TileGrid
    from nanodesk.editor.editor import Editor
    from nanodesk.editor.pixel_store import PixelStore
    from nanodesk.editor.run_queue import RunQueue
    from nanodesk.storage.batch import Preview, Reply


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a whole file is to hold otherwise than the project does.

    Attributes:
        replies: of these, the bodies are left out.
        grids: pictures that go along although nothing names them.
    """

    replies: frozenset[tuple[RunId, int]] = frozenset()
    grids: tuple[TileGrid, ...] = ()


NOTHING = Leaving()


def whole_batch(
    editor: Editor,
    runs: RunQueue,
    pixels: PixelStore,
    kept: Callable[[JournalEntry], Reply],
    moment: tuple[History, State, Sequence[Preview]],
    leaving: Leaving = NOTHING,
) -> Batch:
    """Everything, as it was at a moment; every step of a long history is read again from where it lies. Slow."""
    history, state, shown = moment
    states = states_of(history, state, editor.change_or_none)
    entries = tuple(runs.journal.entries.values())
    return Batch(
        pixels.packed,
        history.current,
        dict(history.visited),
        [StepRecord(step, editor.change_or_none(step.id), states[step.id]) for step in history.steps.values()],
        tuple(runs.runs.values()),
        tuple(runs.candidates.values()),
        shown,
        entries,
        [kept(entry) for entry in entries if (entry.run, entry.reply) not in leaving.replies],
        grids=leaving.grids,
    )
