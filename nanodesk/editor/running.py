"""One run from request to candidates: the events of an engine become values of the queue."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from nanodesk.document.geometry import Size
from nanodesk.document.run import Charged, Remedy, Run, RunState, Usage
from nanodesk.editor.answer_intake import AnswerBase, AnswerIntake
from nanodesk.editor.errors import (
    EditNotUnderstoodError,
    IntakeError,
    KeyMissingError,
    RunError,
    RunRefusedError,
    RunServiceError,
)
from nanodesk.editor.fitting import FitBase

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from nanodesk.document.candidate import Candidate
    from nanodesk.document.document import Document
    from nanodesk.document.edit import Edit
    from nanodesk.document.identity import RunId
    from nanodesk.document.journal import JournalEntry
    from nanodesk.editor.capture import Capture
    from nanodesk.editor.engine_list import EngineList
    from nanodesk.editor.intake import Decoder
    from nanodesk.editor.journal import Journal
    from nanodesk.editor.pixel_store import Block, PixelStore
    from nanodesk.editor.spending import Spending
    from nanodesk.editor.work import Work
    from nanodesk.engines.base import CandidateOffered, EditRequest, Event, ReplyReceived
    from nanodesk.engines.errors import EngineError
    from nanodesk.engines.outgoing import OutgoingPicture


class Queue(Protocol):
    """What a run tells of itself."""

    @property
    def runs(self) -> Mapping[RunId, Run]:
        """Every run by its id."""

    @property
    def journal(self) -> Journal:
        """What left this computer and what came back."""

    @property
    def spending(self) -> Spending:
        """What it cost."""

    def update(self, run_id: RunId, **changes: object) -> None:
        """Change a run's values while it is under way."""

    def offer(self, candidate: Candidate) -> None:
        """Take in an answer."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a reply held that came before the program ended; the message says why it holds nothing."""

    candidates: tuple[Candidate, ...] = ()
    usage: Usage = Usage()
    message: str = ""
    charged: Charged = Charged.YES


class Runner:
    """Runs requests, one at a time for each engine of this machine, several for those that only wait."""

    def __init__(self, engines: EngineList, pixels: PixelStore, decoder: Decoder, work: Work) -> None:
        self._engines = engines
        self._pixels = pixels
        self._work = work
        self._decoder = decoder
        self._answers = AnswerIntake(pixels, decoder, work)
        self._places: dict[str, asyncio.Semaphore] = {}

    async def run(self, capture: Capture, queue: Queue) -> None:
        """Do a run to its end.

        Raises:
            Exception: what the engine or the intake of its answer raised; see `failure_of`.
        """
        engine = self._engines.chosen(queue.runs[capture.run].engine)
        places = self._places.setdefault(engine.info.id, asyncio.Semaphore(4 if engine.info.sends else 1))
        async with places:
            queue.update(capture.run, state=RunState.RUNNING, started=time.time(), message="Preparing the picture")
            turns = await self._work.pixels(capture.turns, queue.journal)
            request = await self._work.pixels(capture.request, self._pixels, turns)
            base = _base_of(request, capture, generative=engine.info.generative, toned=self._toned(capture.edits))
            events: AsyncGenerator[Event] = engine.run(request)  # type: ignore[assignment]  # a generator, which can be closed
            unread: list[str] = []
            async with aclosing(events):
                async for event in events:
                    await self._take(event, request, queue, base, unread)
            if unread and not queue.runs[capture.run].candidates:
                raise RunRefusedError(f"{unread[0]} It was charged.", charged=Charged.YES, remedy=Remedy.RUN_AGAIN)

    def _toned(self, edits: Sequence[Edit]) -> bool:
        """Whether another tone or style of the whole picture was asked for, as far as it is understood here."""
        from nanodesk.editor.engine_list import ON_DEVICE
        from nanodesk.editor.intent import changes_everything

        understands = self._engines.named_or_none(ON_DEVICE)
        sentences = tuple(edit.instruction for edit in edits)
        return changes_everything(edits, () if understands is None else understands.plan(sentences).edits)

    async def _take(
        self, event: Event, request: EditRequest, queue: Queue, base: AnswerBase, unread: list[str]
    ) -> None:
        from nanodesk.engines.base import (
            CandidateOffered,
            Note,
            NotTaken,
            Progress,
            ReplyReceived,
            Sending,
            UsageReported,
        )

        run = queue.runs[request.run]
        match event:
            case Progress(fraction=fraction, message=message):
                queue.update(run.id, progress=fraction, message=message)
            case Note(message=message, edit=edit) if edit >= 0:
                queue.update(run.id, edit_messages=(*run.edit_messages, (edit, message)))
            case Note(message=message, missing=True):
                queue.update(run.id, notes=(*run.notes, message), missing=(*run.missing, message))
            case Note(message=message):
                queue.update(run.id, notes=(*run.notes, message))
            case Sending():
                await queue.journal.sent(run.id, run.engine, event)
            case NotTaken(reply=reply):
                await queue.journal.not_taken(run.id, reply)
            case ReplyReceived():
                await _received(event, run.id, queue)
            case UsageReported(usage=usage, model=model):
                queue.spending.spend(run, usage.cost)
                queue.update(run.id, usage=usage, answered_by=model or run.answered_by)
            case CandidateOffered():
                await self._offered(event, run, queue, base, unread)

    async def _offered(
        self, offered: CandidateOffered, run: Run, queue: Queue, base: AnswerBase, unread: list[str]
    ) -> None:
        fitting = base.at_once(run) is not None
        if fitting:
            queue.update(run.id, message="Finding what changed")
        try:
            candidate = await self._answers.candidate(offered, run, base)
        except IntakeError as error:
            unread.append(str(error))
            queue.update(run.id, notes=(*queue.runs[run.id].notes, str(error)))
            return
        queue.offer(candidate)
        if fitting and queue.runs[run.id].state.active:
            queue.update(run.id, message=run.message)
        if offered.reply is not None:
            await queue.journal.taken(run.id, offered.reply)

    async def seen(self, picture: OutgoingPicture, max_size: Size) -> Block:
        """A picture as it would be sent, small; see `RunQueue.seen`."""
        from nanodesk.imaging.resample import resize
        from nanodesk.imaging.thumbnail import fitted

        block = await self._decoder.block(picture.data, picture.name, None)
        size = fitted(Size(block.shape[1], block.shape[0]), max_size)
        return await self._work.pixels(resize, block, size)

    async def recovered(self, entry: JournalEntry, run: Run, journal: Journal, document: Document) -> Recovered:
        """What a kept reply holds, for a document; nothing is sent."""
        from nanodesk.engines.base import CandidateOffered, KeptReply, UsageReported

        usage = run.usage
        try:
            body = await self._work.pixels(journal.body, entry.run, entry.reply)
            if body is None:
                return Recovered(usage=usage, message="The answer of this run was kept and is damaged.")
            mask = await self._work.pixels(_selected, run, entry, document, self._pixels)
            kept = KeptReply(entry.reply, body, entry.model, entry.frame, entry.clip, entry.several, mask)
            events = await self._engines.chosen(entry.engine).recover(kept)
            base = _base_again(run, document, toned=self._toned(run.edits))
            found = []
            for event in events:
                if isinstance(event, UsageReported):  # of this reply alone; the run may have counted it, and others
                    usage = max(usage, event.usage, key=lambda one: one.cost or 0.0)
                elif isinstance(event, CandidateOffered):
                    found.append(await self._answers.candidate(event, run, base))
        except Exception as error:  # noqa: BLE001 - whatever a reply holds, the project opens
            failure = failure_of(error)
            return Recovered(usage=usage, message=str(failure), charged=failure.charged)
        return Recovered(tuple(found), usage)


def _base_of(request: EditRequest, capture: Capture, *, generative: bool, toned: bool) -> AnswerBase:
    """What the answers to a request are put on: exact ones are compared, redrawn ones fitted."""
    size, profile = capture.document.size, request.profile
    if not capture.options.fit or request.base is None:
        return AnswerBase(size, profile)
    pixels = request.base.pixels
    if not generative:
        return AnswerBase(size, profile, exact=pixels)
    masks = tuple(edit.mask for edit in request.edits)
    return AnswerBase(size, profile, fits=True, toned=toned, fit=FitBase(pixels, masks, toned))


def _base_again(run: Run, document: Document, *, toned: bool) -> AnswerBase:
    """The same for an answer of an earlier session: it waits until somebody looks at it."""
    fits = run.options.fit and not document.size.empty
    return AnswerBase(document.size, document.profile, fits=fits, toned=toned)


def _selected(run: Run, entry: JournalEntry, document: Document, pixels: PixelStore) -> Block | None:
    """The selections of a run's edits together, within the clip of a request; none for everywhere."""
    import numpy as np

    from nanodesk.editor.selecting import mask_of

    clip = entry.clip
    selections = [edit.selection for edit in run.edits]
    if clip is None or not selections or not document.rect.contains(clip):
        return None
    together: Block | None = None
    for selection in selections:
        if selection is None:
            return None
        mask = mask_of(selection, document.size, pixels)[clip.y : clip.bottom, clip.x : clip.right]
        together = mask if together is None else np.maximum(together, mask)
    return together


async def _received(reply: ReplyReceived, run: RunId, queue: Queue) -> None:
    """A reply that cannot be kept on disk is used all the same."""
    fault = await queue.journal.received(run, reply)
    if fault:
        queue.update(run, notes=(*queue.runs[run].notes, f"The answer is here and not yet on disk. {fault}"))


def failure_of(error: Exception) -> RunError:
    """The run's failure in one plain sentence, whatever was raised."""
    from nanodesk.engines.errors import EngineError, NotUnderstoodError

    match error:
        case RunError():
            return error
        case NotUnderstoodError(edit=edit, nearest=nearest):
            return EditNotUnderstoodError(str(error), edit, nearest)
        case EngineError():
            return _of_engine(error)
        case IntakeError():
            return RunRefusedError(str(error), charged=Charged.MAYBE, remedy=Remedy.RUN_AGAIN)
        case MemoryError():
            return RunError("There is not enough memory for this run; nothing was changed.")
    kind = type(error).__name__
    return RunError(f"The run failed by a fault of ours ({kind}); nothing was changed.")


def _of_engine(error: EngineError) -> RunError:
    from nanodesk.engines.errors import MissingKeyError, RefusedError, ServiceError

    kinds: tuple[tuple[type[EngineError], type[RunError]], ...] = (
        (RefusedError, RunRefusedError),
        (ServiceError, RunServiceError),
        (MissingKeyError, KeyMissingError),
    )
    kind = next((ours for theirs, ours in kinds if isinstance(error, theirs)), RunError)
    return kind(str(error), charged=error.charged, remedy=error.remedy, successor=error.successor, words=error.words)
