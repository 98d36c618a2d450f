"""One run from request to candidates: the events of an engine become values of the queue."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from nanodesk.document.candidate import Candidate
from nanodesk.document.identity import CandidateId, RunId, new_id
from nanodesk.document.run import Run, RunState
from nanodesk.editor.candidates import taken_in
from nanodesk.editor.errors import (
    EditNotUnderstoodError,
    KeyMissingError,
    RunError,
    RunRefusedError,
    RunServiceError,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from nanodesk.document.candidate import CandidateOperation
    from nanodesk.editor.capture import Capture
    from nanodesk.editor.engine_list import EngineList
    from nanodesk.editor.intake import Decoder
    from nanodesk.editor.pixel_store import PixelStore
    from nanodesk.editor.work import Work
    from nanodesk.engines.base import CandidateOffered, EditRequest, Event, Offer
    from nanodesk.engines.errors import EngineError


class Queue(Protocol):
    """What a run tells of itself."""

    @property
    def runs(self) -> Mapping[RunId, Run]:
        """Every run by its id."""

    def update(self, run_id: RunId, **changes: object) -> None:
        """Change a run's values while it is under way."""

    def offer(self, candidate: Candidate) -> None:
        """Take in an answer."""


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
            request = await self._work.pixels(capture.request, self._pixels)
            events: AsyncGenerator[Event] = engine.run(request)  # type: ignore[assignment]
            async with aclosing(events):
                async for event in events:
                    await self._take(event, request, queue, fit=capture.options.fit)

    async def _take(self, event: Event, request: EditRequest, queue: Queue, *, fit: bool) -> None:
        from nanodesk.engines.base import CandidateOffered, Note, Progress, UsageReported

        run = queue.runs[request.run]
        match event:
            case Progress(fraction=fraction, message=message):
                queue.update(run.id, progress=fraction, message=message)
            case Note(message=message, edit=edit) if edit >= 0:
                queue.update(run.id, edit_messages=(*run.edit_messages, (edit, message)))
            case Note(message=message):
                queue.update(run.id, notes=(*run.notes, message))
            case UsageReported(usage=usage, model=model):
                queue.update(run.id, usage=usage, model=model or run.model)
            case CandidateOffered():
                queue.offer(await self._candidate(event, request, run, fit=fit))

    async def _candidate(self, offered: CandidateOffered, request: EditRequest, run: Run, *, fit: bool) -> Candidate:
        operations: list[CandidateOperation] = []
        base = request.base.pixels if fit and request.base is not None else None
        for offer in offered.offers:
            decoded = await self._decoded(offer, request.profile)
            operations.append(await self._work.pixels(taken_in, decoded, base, self._pixels))
            base = None  # what follows stands on the operation before it, not on the base
        return Candidate(CandidateId(new_id()), run.id, tuple(operations), run.base, words=offered.words)

    async def _decoded(self, offer: Offer, profile: bytes | None) -> Offer:
        from nanodesk.engines.base import EncodedPicture, OfferedPicture

        if isinstance(offer, OfferedPicture) and isinstance(offer.picture, EncodedPicture):
            block = await self._decoder.block(offer.picture.data, "the answer", profile)
            return replace(offer, picture=block)
        return offer


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
