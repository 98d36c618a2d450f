"""Asking a model what it sees in the document or in an answer; what it says is shown, and nothing follows by itself."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.advice import Advice, AdviceKind
from nanodesk.document.identity import RunId, new_id
from nanodesk.document.run import Remedy
from nanodesk.editor.errors import ConsentMissingError, RunError
from nanodesk.editor.running import failure_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from nanodesk.document.document import Document
    from nanodesk.document.identity import CandidateId
    from nanodesk.document.run import Run
    from nanodesk.editor.editor import Editor
    from nanodesk.editor.engine_list import EngineList
    from nanodesk.editor.pixel_store import Block, PixelStore
    from nanodesk.editor.planning import Outgoing
    from nanodesk.editor.run_queue import RunQueue
    from nanodesk.editor.work import Work
    from nanodesk.engines.advice import AdviceEvent, Adviser, Question


class Advising:
    """Questions on one project; belongs to the loop's thread."""

    def __init__(self, editor: Editor, pixels: PixelStore, engines: EngineList, runs: RunQueue, work: Work) -> None:
        self._editor = editor
        self._pixels = pixels
        self._engines = engines
        self._runs = runs
        self._work = work

    def engine(self) -> str:
        """The engine that can be asked; empty where there is none."""
        return next((info.id for info in self._engines.infos() if self._adviser(info.id) is not None), "")

    def why_not(self) -> str:
        """Why nothing can be asked now, as a plain sentence; empty when it can."""
        name = self.engine()
        if not name:
            return "No engine here can be asked what it sees."
        info = self._engines.chosen(name).info
        return "" if info.ready else info.reason

    def _adviser(self, name: str) -> Adviser | None:
        from nanodesk.engines.advice import Adviser

        engine = self._engines.chosen(name)
        return engine if isinstance(engine, Adviser) else None

    async def outgoing(self, kind: AdviceKind, candidate: CandidateId | None = None) -> Outgoing:
        """Exactly what a question would send.

        Raises:
            RunError: when it cannot be asked.
        """
        adviser = self._ready()
        question = await self._question(kind, candidate)
        return await self._work.pixels(adviser.advice_outgoing, question)

    def _ready(self) -> Adviser:
        name = self.engine()
        adviser = self._adviser(name) if name else None
        if adviser is None:
            raise RunError(self.why_not())
        info = self._engines.chosen(name).info
        if not info.ready:
            raise RunError(info.reason, remedy=Remedy.KEY if info.needs_key else Remedy.NONE)
        return adviser

    async def ask(self, kind: AdviceKind, candidate: CandidateId | None = None) -> Advice:
        """Ask, and wait for the answer; what leaves is in the journal, what it cost with today's spending.

        Args:
            candidate: for a comparison, the answer that is compared with what it was made on.

        Raises:
            ConsentMissingError: when nobody agreed yet that pictures go to that engine.
            RunError: when it cannot be asked, or there was no answer.
        """
        adviser = self._ready()
        name = self.engine()
        if not self._engines.consented(name):
            title = self._engines.chosen(name).info.name
            raise ConsentMissingError(f"Nobody agreed yet that pictures go to {title}.", name)
        question = await self._question(kind, candidate)
        try:
            advice = await self._answered(adviser, question, name)
        except RunError:
            raise
        except Exception as error:
            raise failure_of(error) from error
        if kind is AdviceKind.CHECK and candidate is not None:
            self._runs.judged(self._runs.candidates[candidate].run, advice.verdicts)
        return advice

    async def _answered(self, adviser: Adviser, question: Question, engine: str) -> Advice:
        from nanodesk.engines.advice import AdviceGiven
        from nanodesk.engines.base import NotTaken, ReplyReceived, Sending, UsageReported

        asking = RunId(new_id())
        journal, cost = self._runs.journal, None
        events: AsyncGenerator[AdviceEvent] = adviser.advise(question)  # type: ignore[assignment]  # a generator, which can be closed
        async with aclosing(events):
            async for event in events:
                match event:
                    case Sending():
                        await journal.sent(asking, engine, event)
                    case ReplyReceived():
                        await journal.received(asking, event)
                        await journal.taken(asking, event.reply)
                    case NotTaken(reply=reply):
                        await journal.not_taken(asking, reply)
                    case UsageReported(usage=usage):
                        cost = usage.cost
                    case AdviceGiven(advice=advice):
                        self._runs.spending.note(engine, asking, cost)
                        return advice
                    case _:
                        pass
        raise RunError("The model gave no answer. Ask again.", remedy=Remedy.RUN_AGAIN)

    async def _question(self, kind: AdviceKind, candidate: CandidateId | None) -> Question:
        from nanodesk.engines.advice import Question
        from nanodesk.engines.base import RequestPicture

        if kind.compares and candidate is None:
            raise RunError("There is no answer to compare with.")
        edits: tuple[str, ...] = ()
        before = after = self._editor.document
        if kind.compares and candidate is not None:
            before, after, edits = await self._compared(candidate)
        if after.size.empty:
            raise RunError("There is no picture to look at: drop one on the canvas first.")
        picture = RequestPicture(await self._flattened(after), "picture")
        question = Question(kind, picture, edits=edits, profile=after.profile)
        if kind.compares and not before.size.empty:
            return replace(question, before=RequestPicture(await self._flattened(before), "before"))
        return question

    async def _compared(self, candidate: CandidateId) -> tuple[Document, Document, tuple[str, ...]]:
        """The document before and after an answer: where it was accepted, or as it would be now."""
        run = self._runs.runs[self._runs.candidates[candidate].run]
        edits = tuple(edit.instruction for edit in run.edits)
        step = self._step_of(run)
        if step is None:
            return self._editor.document, await self._runs.preview(candidate), edits
        before, after = step
        return before, after, edits

    def _step_of(self, run: Run) -> tuple[Document, Document] | None:
        history = self._editor.history
        for step in history.steps.values():
            if step.provenance is not None and step.provenance.run == run.id and step.parent is not None:
                return self._editor.state_at(step.parent).document, self._editor.state_at(step.id).document
        return None

    async def _flattened(self, document: Document) -> Block:
        from nanodesk.imaging.painter import flatten

        return await self._work.pixels(flatten, document, self._pixels.tile)
