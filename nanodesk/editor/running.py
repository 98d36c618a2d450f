"""One run from request to candidates: the events of an engine become values of the queue."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from nanodesk.document.candidate import Candidate
from nanodesk.document.geometry import Size
from nanodesk.document.identity import CandidateId, RunId, new_id
from nanodesk.document.run import Charged, Remedy, Run, RunState, Usage
from nanodesk.editor.candidates import as_mask, placed, taken_in
from nanodesk.editor.errors import (
    EditNotUnderstoodError,
    IntakeError,
    KeyMissingError,
    RunError,
    RunRefusedError,
    RunServiceError,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from nanodesk.document.candidate import CandidateOperation
    from nanodesk.document.document import Document
    from nanodesk.document.journal import JournalEntry
    from nanodesk.editor.capture import Capture
    from nanodesk.editor.engine_list import EngineList
    from nanodesk.editor.intake import Decoder
    from nanodesk.editor.journal import Journal
    from nanodesk.editor.pixel_store import Block, PixelStore
    from nanodesk.editor.spending import Spending
    from nanodesk.editor.work import Work
    from nanodesk.engines.base import CandidateOffered, EditRequest, Event, Offer, ReplyReceived
    from nanodesk.engines.errors import EngineError


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


@dataclass(frozen=True, slots=True)
class _Base:
    """What answers are put on.

    Attributes:
        pixels: what exact answers are compared with; none where that makes no sense.
        size: of the canvas; an answer that belongs nowhere in particular goes to its middle.
    """

    pixels: Block | None
    size: Size
    profile: bytes | None


class Runner:
    """Runs requests, one at a time for each engine of this machine, several for those that only wait."""

    def __init__(self, engines: EngineList, pixels: PixelStore, decoder: Decoder, work: Work) -> None:
        self._engines = engines
        self._pixels = pixels
        self._decoder = decoder
        self._work = work
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
            exact = capture.options.fit and request.base is not None and not engine.info.generative
            base = _Base(
                request.base.pixels if exact and request.base is not None else None,
                capture.document.size,
                request.profile,
            )
            events: AsyncGenerator[Event] = engine.run(request)  # type: ignore[assignment]
            unread: list[str] = []
            async with aclosing(events):
                async for event in events:
                    await self._take(event, request, queue, base, unread)
            if unread and not queue.runs[capture.run].candidates:
                raise RunRefusedError(f"{unread[0]} It was charged.", charged=Charged.YES, remedy=Remedy.RUN_AGAIN)

    async def _take(self, event: Event, request: EditRequest, queue: Queue, base: _Base, unread: list[str]) -> None:
        from nanodesk.engines.base import CandidateOffered, Note, Progress, ReplyReceived, Sending, UsageReported

        run = queue.runs[request.run]
        match event:
            case Progress(fraction=fraction, message=message):
                queue.update(run.id, progress=fraction, message=message)
            case Note(message=message, edit=edit) if edit >= 0:
                queue.update(run.id, edit_messages=(*run.edit_messages, (edit, message)))
            case Note(message=message):
                queue.update(run.id, notes=(*run.notes, message))
            case Sending():
                await queue.journal.sent(run.id, run.engine, event)
            case ReplyReceived():
                await _received(event, run.id, queue)
            case UsageReported(usage=usage, model=model):
                queue.spending.spend(run, usage.cost)
                queue.update(run.id, usage=usage, answered_by=model or run.answered_by)
            case CandidateOffered():
                await self._offered(event, run, queue, base, unread)

    async def _offered(self, offered: CandidateOffered, run: Run, queue: Queue, base: _Base, unread: list[str]) -> None:
        try:
            candidate = await self._candidate(offered, run, base)
        except IntakeError as error:
            unread.append(str(error))
            queue.update(run.id, notes=(*queue.runs[run.id].notes, str(error)))
            return
        queue.offer(candidate)
        if offered.reply is not None:
            await queue.journal.taken(run.id, offered.reply)

    async def _candidate(self, offered: CandidateOffered, run: Run, base: _Base) -> Candidate:
        operations: list[CandidateOperation] = []
        exact = base.pixels
        for offer in offered.offers:
            decoded = await self._decoded(offer, run, base)
            operations.append(await self._work.pixels(taken_in, decoded, exact, self._pixels))
            exact = None  # what follows stands on the operation before it, not on the base
        return Candidate(
            CandidateId(new_id()),
            run.id,
            tuple(operations),
            run.base,
            words=offered.words,
            thoughts=offered.thoughts,
            reply=offered.reply,
        )

    async def _decoded(self, offer: Offer, run: Run, base: _Base) -> Offer:
        from nanodesk.engines.base import EncodedPicture, OfferedPicture

        if not isinstance(offer, OfferedPicture):
            return offer
        if isinstance(offer.picture, EncodedPicture):
            block = await self._decoder.block(offer.picture.data, "The picture in the answer", base.profile)
            offer = replace(offer, picture=block)
            offer = await self._work.pixels(placed, offer, base.size)
        if isinstance(offer.mask, EncodedPicture):
            assert not isinstance(offer.picture, EncodedPicture)
            height, width = offer.picture.shape[:2]
            grey = await self._decoder.picture(offer.mask.data, "The mask in the answer")
            mask = await self._work.pixels(as_mask, grey.pixels, Size(width, height))
            offer = replace(offer, mask=mask)
        return offer if offer.name else replace(offer, name=_name_of(run))

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
            found = []
            for event in events:
                if isinstance(event, UsageReported):
                    usage = event.usage
                elif isinstance(event, CandidateOffered):
                    found.append(await self._candidate(event, run, _Base(None, document.size, document.profile)))
        except Exception as error:  # noqa: BLE001 - whatever a reply holds, the project opens
            failure = failure_of(error)
            return Recovered(usage=usage, message=str(failure), charged=failure.charged)
        return Recovered(tuple(found), usage)


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


def _name_of(run: Run) -> str:
    """What a layer is called whose engine gave it no name: the first sentence of its run."""
    name = " ".join(run.edits[0].instruction.split()) if run.edits else "Answer"
    return name if len(name) <= 60 else name[:59].rstrip() + "…"


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
