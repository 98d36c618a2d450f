"""Answers that nobody has looked at are kept as they came; each is fitted when somebody first wants to see it.

What a fit takes of memory and time is so spent on what is looked at, however many answers a run brings.
"""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from nanodesk.document.candidate import AddLayer
from nanodesk.document.fingerprint import fingerprint
from nanodesk.editor.errors import RunError
from nanodesk.editor.fitting import base_on, fitted, layer_of
from nanodesk.editor.run_base import base_in_history
from nanodesk.editor.signal import Signal
from nanodesk.storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nanodesk.document.candidate import Candidate
    from nanodesk.document.document import Document
    from nanodesk.document.edit import Edit
    from nanodesk.document.identity import CandidateId, RunId
    from nanodesk.document.run import Run
    from nanodesk.editor.editor import Editor
    from nanodesk.editor.pixel_store import PixelStore
    from nanodesk.editor.work import Work


@dataclass(eq=False, slots=True)
class _Fit:
    """One that is under way.

    Attributes:
        asking: how many wait for it; when the last has gone it is called off.
        task: ends with the fitted answer, with why there is none, or with none where it was called off.
    """

    asking: int = 0
    called_off: threading.Event = field(default_factory=threading.Event)
    task: asyncio.Task[Candidate | RunError | None] | None = None


class FirstLook:
    """Fits the answers of one project, one at a time, each once however many ask; belongs to the loop's thread.

    Attributes:
        changed: the fit of a candidate has begun or ended.
    """

    def __init__(
        self,
        editor: Editor,
        pixels: PixelStore,
        work: Work,
        runs: Mapping[RunId, Run],
        candidates: Mapping[CandidateId, Candidate],
        amend: Callable[[Candidate], None],
    ) -> None:
        """Follow runs and candidates; what was fitted is handed to `amend`."""
        self._editor = editor
        self._pixels = pixels
        self._work = work
        self._runs = runs
        self._candidates = candidates
        self._amend = amend
        self._bases: dict[RunId, Document] = {}
        self._fits: dict[CandidateId, _Fit] = {}
        self._tasks: set[asyncio.Task[Candidate | RunError | None]] = set()
        self._turn = asyncio.Lock()
        self.changed: Signal[CandidateId] = Signal()

    def made_on(self, run: RunId, document: Document) -> None:
        """Remember what a run was made on: that it is found again without the history."""
        self._bases[run] = document

    def over(self, run: RunId) -> None:
        """A run brings nothing more: what it was made on is let go when all of its answers are fitted."""
        if not any(one.unfitted for one in self._candidates.values() if one.run == run):
            self._bases.pop(run, None)

    def fitting(self, candidate_id: CandidateId) -> bool:
        """Whether a candidate is being fitted now."""
        return candidate_id in self._fits

    async def ready(self, candidate_id: CandidateId) -> Candidate:
        """A candidate that can be shown and taken: fitted now, if nobody has looked at it before.

        Who is cancelled asks no more; when nobody does, the fit is called off, and the candidate waits on as it came.

        Raises:
            RunError: when it cannot be fitted; it waits on, and can be tried again.
        """
        candidate = self._candidates[candidate_id]
        if not candidate.unfitted:
            return candidate
        fit = self._fits.get(candidate_id) or self._begun(candidate_id)
        assert fit.task is not None
        fit.asking += 1
        try:
            found = await asyncio.shield(fit.task)
        finally:
            fit.asking -= 1
            if fit.asking == 0 and not fit.task.done():
                self._end(candidate_id, fit)
        if isinstance(found, RunError):
            raise RunError(str(found)) from None
        if found is None:
            raise asyncio.CancelledError("The fit was called off.")
        return found

    def _begun(self, candidate_id: CandidateId) -> _Fit:
        fit = self._fits[candidate_id] = _Fit()
        fit.task = asyncio.get_running_loop().create_task(self._do(candidate_id, fit), name="fit an answer")
        self._tasks.add(fit.task)
        fit.task.add_done_callback(self._tasks.discard)
        self.changed.emit(candidate_id)
        return fit

    def _end(self, candidate_id: CandidateId, fit: _Fit) -> None:
        fit.called_off.set()
        if self._fits.get(candidate_id) is fit:
            del self._fits[candidate_id]
            self.changed.emit(candidate_id)

    def call_off(self, candidate_id: CandidateId) -> None:
        """Nobody wants to see a candidate any more; those who still ask are cancelled."""
        fit = self._fits.get(candidate_id)
        if fit is not None:
            self._end(candidate_id, fit)

    async def stop(self) -> None:
        """Call off what is under way, and wait until it has ended."""
        for candidate_id in list(self._fits):
            self.call_off(candidate_id)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _do(self, candidate_id: CandidateId, fit: _Fit) -> Candidate | RunError | None:
        try:
            async with self._turn:  # two at once would take the memory of two
                candidate = self._candidates.get(candidate_id)
                if fit.called_off.is_set() or candidate is None:
                    return None
                if not candidate.unfitted:
                    return candidate  # one that was called off had come to its end all the same
                made = self._making(candidate)
                return self._taken(await self._work.pixels(made, fit.called_off.is_set))
        except Exception as error:  # noqa: BLE001 - whatever a fit stumbles over, the answer stays as it came
            return None if fit.called_off.is_set() else _failure_of(error)
        finally:
            self._end(candidate_id, fit)

    def _taken(self, made: Candidate) -> Candidate | None:
        """What was made, in a candidate that may be kept or discarded by now; none where it has gone."""
        now = self._candidates.get(made.id)
        if now is None or not now.unfitted:
            return now
        now = replace(now, operations=made.operations, fit=made.fit, base=made.base)
        self._amend(now)
        if not self._runs[now.run].state.active:
            self.over(now.run)
        return now

    def _making(self, candidate: Candidate) -> Callable[[Callable[[], bool]], Candidate]:
        """All that a thread needs, frozen now: what it gives is the candidate with its fit."""
        run, history, state = self._runs[candidate.run], self._editor.history, self._editor.state
        base, waiting = self._bases.get(candidate.run), candidate.fit
        assert waiting is not None

        def made(cancelled: Callable[[], bool]) -> Candidate:
            if not self._pixels.sound(waiting.answer):
                raise RunError("A part of this answer is damaged in the project file, or cannot be read now.")
            under = base
            if under is None:
                under = base_in_history(run, history, state, self._editor.change_or_none) or state.document
            return self._fitted(candidate, run.edits, under, cancelled)

        return made

    def _fitted(
        self, candidate: Candidate, edits: Sequence[Edit], under: Document, cancelled: Callable[[], bool]
    ) -> Candidate:
        waiting = candidate.fit
        assert waiting is not None
        if under.size.empty:
            raise RunError("There is no picture to fit this answer to: undo to the one it was made on.")
        frame, clip = waiting.frame, waiting.clip
        if clip is not None and not under.rect.contains(clip):
            frame = clip = None  # of a picture that is not there any more
        fit = fitted(
            base_on(under, edits, self._pixels, toned=waiting.toned),  # not held any longer than that
            waiting.answer,
            self._pixels,
            frame=frame,
            clip=clip,
            cancelled=cancelled,
        )
        layer = layer_of(fit, waiting.name, under.size, self._pixels)
        others = tuple(one for one in candidate.operations if not isinstance(one, AddLayer))
        return replace(candidate, operations=(*others, layer), fit=fit, base=fingerprint(under))


def _failure_of(error: Exception) -> RunError:
    """Why an answer could not be fitted, in one plain sentence."""
    if isinstance(error, RunError):
        return error
    if isinstance(error, StorageError):
        return RunError(f"This answer could not be fitted. {error}")
    if isinstance(error, MemoryError):
        return RunError("There is not enough memory to fit this answer; it is kept as it came. Try again later.")
    kind = type(error).__name__
    return RunError(f"This answer could not be fitted by a fault of ours ({kind}); it is kept as it came.")
