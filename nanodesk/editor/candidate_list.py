"""The candidates of one project: what waits to be decided on, what they would look like, and the decisions."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, ParamSpec

from nanodesk.document.candidate import Candidate, CandidateState
from nanodesk.editor.as_it_came import as_it_came, on_screen, seen_in
from nanodesk.editor.candidates import applied, provenance_of
from nanodesk.editor.errors import RunError
from nanodesk.editor.first_look import FirstLook
from nanodesk.editor.signal import Signal
from nanodesk.editor.undone_answers import UndoneAnswers

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from nanodesk.document.document import Document
    from nanodesk.document.geometry import Size
    from nanodesk.document.history import Step
    from nanodesk.document.identity import CandidateId, RunId
    from nanodesk.document.run import Run
    from nanodesk.editor.editor import Editor
    from nanodesk.editor.engine_list import EngineList
    from nanodesk.editor.pixel_store import Block, PixelStore
    from nanodesk.editor.work import Work

P = ParamSpec("P")


class CandidateList:
    """What the runs have brought; belongs to the loop's thread.

    Attributes:
        candidates_changed: a candidate came, or its state is another.
        candidate_changed: the same with which one.
        accepted: a candidate has become a step.
        first_look: fits the answers that nobody has looked at yet, when somebody does.
    """

    def __init__(self, editor: Editor, pixels: PixelStore, engines: EngineList, work: Work) -> None:
        self._editor = editor
        self._pixels = pixels
        self._engines = engines
        self._work = work
        self._runs: dict[RunId, Run] = {}
        self._candidates: dict[CandidateId, Candidate] = {}
        self.candidates_changed: Signal[()] = Signal()
        self.candidate_changed: Signal[CandidateId] = Signal()
        self.accepted: Signal[CandidateId, Step] = Signal()
        self._undone = UndoneAnswers(editor, self._candidates, self._decide)
        self.accepted.connect(self._undone.accepted)
        self.first_look = FirstLook(editor, pixels, work, self._runs, self._candidates, self.amend)

    @property
    def candidates(self) -> Mapping[CandidateId, Candidate]:
        """Every candidate of the project, oldest first."""
        return MappingProxyType(self._candidates)

    def waiting(self) -> tuple[Candidate, ...]:
        """The candidates that nobody has decided on."""
        return tuple(one for one in self._candidates.values() if one.state is CandidateState.WAITING)

    async def preview(self, candidate_id: CandidateId) -> Document:
        """The document as it would be with a candidate, for showing in place; fitted first where it was not yet.

        Raises:
            RunError: when it cannot be fitted.
        """
        candidate = await self.first_look.ready(candidate_id)
        return await self._with(self._editor.document, (candidate,))

    async def as_it_came(self, candidate_id: CandidateId) -> tuple[int, Block]:
        """The document with an unfitted answer lying on it as it came, for the canvas until it is fitted.

        Returns:
            A level of the painter's tiles, and the picture at it: straight BGRA in the document's profile.

        Raises:
            RunError: when a part of it is damaged in the project file.
        """
        document, candidate = self._editor.document, self._candidates[candidate_id]
        level, size = on_screen(seen_in(document, candidate))
        return level, await self._seen(as_it_came, document, candidate, self._pixels, size)

    async def _seen(self, made: Callable[P, Block], *args: P.args, **kwargs: P.kwargs) -> Block:
        from nanodesk.imaging.codec_errors import CodecError

        try:
            return await self._work.pixels(made, *args, **kwargs)
        except (KeyError, CodecError):
            raise RunError("A part of this answer is damaged in the project file.") from None

    async def thumbnail(self, candidate_id: CandidateId, max_size: Size) -> Block:
        """The whole result of a candidate, small: BGRA (h, w, 4), in the document's profile; unfitted as it came.

        Raises:
            RunError: when a part of it is damaged in the project file.
        """
        from nanodesk.imaging.thumbnail import document_thumbnail, fitted

        document, candidate = self._editor.document, self._candidates[candidate_id]
        if candidate.unfitted:
            size = fitted(seen_in(document, candidate), max_size)
            return await self._seen(as_it_came, document, candidate, self._pixels, size)
        document = await self.preview(candidate_id)
        return await self._seen(document_thumbnail, document, self._pixels.tile, max_size)

    async def _with(self, document: Document, candidates: Sequence[Candidate]) -> Document:
        above = None
        for candidate in candidates:
            run = self._runs[candidate.run]
            provenance = provenance_of(run, generative=self._engines.is_generative(run.engine))
            place = above or run.above
            after = await self._work.pixels(applied, document, candidate, place, provenance, self._pixels)
            above = next((one for one in reversed(after.root) if one not in document.layers), above)
            document = after
        return document

    async def accept_when_ready(self, candidate_id: CandidateId) -> Step | None:
        """Apply a candidate as one step to the document as it is by then; fitted first where it was not yet.

        Raises:
            RunError: when it cannot be fitted; it waits on.
        """
        return await self._accept((self._candidates[candidate_id],))

    async def accept_all(self, run_id: RunId) -> Step | None:
        """Apply every waiting candidate of a run as layers above each other, as one step; the first one is lowest."""
        waiting = tuple(one for one in self.waiting() if one.run == run_id)
        return await self._accept(waiting) if waiting else None

    async def _accept(self, candidates: Sequence[Candidate]) -> Step | None:
        for one in candidates:
            await self.first_look.ready(one.id)
        candidates = [self._candidates[one.id] for one in candidates]
        while True:
            base = self._editor.document
            after = await self._with(base, candidates)
            if self._editor.document is base:
                break
        run = self._runs[candidates[0].run]
        provenance = provenance_of(run, generative=self._engines.is_generative(run.engine))
        step = self._editor.apply_document(label_of(run), lambda _: after, provenance=provenance)
        for candidate in candidates:
            self._decide(candidate.id, CandidateState.ACCEPTED)
            if step is not None:
                self.accepted.emit(candidate.id, step)
        return step

    def keep(self, candidate_id: CandidateId) -> None:
        """Take a candidate off the strip and keep it with its run."""
        self._decide(candidate_id, CandidateState.KEPT)

    def bring_back(self, candidate_id: CandidateId) -> None:
        """Put a candidate that was kept aside, discarded or accepted on the strip again."""
        self._undone.forget(candidate_id)
        self._decide(candidate_id, CandidateState.WAITING)

    def discard(self, candidate_id: CandidateId) -> None:
        """Take a candidate off the strip; it stays in the project until it is compacted."""
        self.first_look.call_off(candidate_id)
        self._decide(candidate_id, CandidateState.DISCARDED)

    def amend(self, candidate: Candidate) -> None:
        """A candidate shows other parts of its answer, or was fitted to another base."""
        self._candidates[candidate.id] = candidate
        self.candidate_changed.emit(candidate.id)
        self.candidates_changed.emit()

    def forget(self, candidate_ids: Collection[CandidateId]) -> Callable[[], None]:
        """Let go of candidates for good, as when the project is compacted; calling the result takes them back."""
        before, runs = dict(self._candidates), {one: self._runs[one] for one in self._runs}
        for candidate_id in candidate_ids:
            run = self._runs[self._candidates.pop(candidate_id).run]
            rest = tuple(one for one in run.candidates if one != candidate_id)
            self._runs[run.id] = replace(run, candidates=rest)
        self.candidates_changed.emit()

        def take_back() -> None:
            since = dict(self._candidates)
            self._candidates.clear()  # others hold on to this very mapping
            self._candidates.update({**before, **since})
            for candidate_id in candidate_ids:
                run = self._runs[before[candidate_id].run]
                late = [one for one in run.candidates if one not in runs[run.id].candidates]
                self._runs[run.id] = replace(run, candidates=(*runs[run.id].candidates, *late))
            self.candidates_changed.emit()

        return take_back

    def _decide(self, candidate_id: CandidateId, state: CandidateState) -> None:
        self._candidates[candidate_id] = replace(self._candidates[candidate_id], state=state)
        self.candidate_changed.emit(candidate_id)
        self.candidates_changed.emit()


def label_of(run: Run) -> str:
    """What the history calls the step of an accepted candidate: its sentences, shortened."""
    label = ", ".join(edit.instruction.strip() for edit in run.edits) or "Run"
    return label if len(label) <= 80 else label[:79].rstrip() + "…"
