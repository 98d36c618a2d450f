"""The Gemini engine: one pass for the whole stack, several answers side by side, nothing sent twice by itself."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from nanodesk.document.run import Charged, Remedy
from nanodesk.engines.base import (
    CandidateOffered,
    Note,
    OfferedPicture,
    Outline,
    Plan,
    PlannedEdit,
    Progress,
    UsageReported,
)
from nanodesk.engines.errors import EngineError, MissingKeyError, ServiceError
from nanodesk.engines.gemini.models import catalogue
from nanodesk.engines.google.connection import Connection
from nanodesk.engines.info import EngineInfo

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from nanodesk.document.advice import Advice
    from nanodesk.document.geometry import Rect
    from nanodesk.engines.advice import AdviceEvent, Question
    from nanodesk.engines.base import Block, EditRequest, Event, KeptReply
    from nanodesk.engines.gemini.answer import Answer, AnsweredPicture
    from nanodesk.engines.gemini.asking import Line
    from nanodesk.engines.gemini.models import Catalogue, Listed, Model
    from nanodesk.engines.gemini.pricing import Counted
    from nanodesk.engines.gemini.request import Prepared
    from nanodesk.engines.google.connection import SecretText
    from nanodesk.engines.outgoing import Outgoing

ID = "gemini"
NAME = "Gemini"
_ANY = Outline()
_OTHER = Remedy.OTHER_MODEL
_WORSE = (Charged.NO, Charged.MAYBE, Charged.YES)


@dataclass
class _Tally:
    """What the requests of one run came to."""

    wanted: int
    counts: list[Counted] = field(default_factory=list)
    failures: list[EngineError] = field(default_factory=list)
    offered: int = 0


class GeminiEngine:
    """Google's generative picture models, with the user's own key."""

    def __init__(
        self,
        key: Callable[[], SecretText | None],
        connection: Callable[[], Connection] = Connection,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """An engine that asks for the key and the way when it needs them; both are quick and load nothing."""
        self._key = key
        self._connection = connection
        self._pause = pause
        self._live: list[Listed] = []
        self._versions: dict[str, str] = {}

    @property
    def table(self) -> Catalogue:
        """The models, as shipped and as the service listed them last."""
        return catalogue().with_live(self._live) if self._live else catalogue()

    @property
    def info(self) -> EngineInfo:
        """Ready as soon as there is a key."""
        key = self._key()
        reason = "" if key is not None else "Gemini needs a key of yours: enter it in the settings."
        models = tuple(model.info for model in self.table.models())
        return EngineInfo(ID, NAME, key is not None, True, True, reason, models, needs_key=key is None)

    def plan(self, instructions: tuple[str, ...], outline: Outline = _ANY) -> Plan:
        """Every sentence goes to the model as it is written; the price is an estimate."""
        from nanodesk.engines.gemini.framing import framing
        from nanodesk.engines.gemini.pricing import expected, wanted_candidates

        table, options = self.table, outline.options
        model = table.get(options.model)
        size = options.size if options.size in model.sizes else model.sizes[0]
        if not outline.canvas.empty:
            framed = framing(outline.canvas, outline.selected, options, model, table)
            size = framed.image_size or model.sizes[0]
        pictures = outline.references + (0 if outline.canvas.empty else 1)
        words = sum(map(len, instructions)) + 900
        estimate = expected(model, size, pictures, words)
        summary = f"Sent to {model.name} in these words"
        return Plan(
            ID,
            tuple(PlannedEdit(one, bool(one.strip()), summary) for one in instructions),
            sends=True,
            cost=None if estimate.cost is None else round(estimate.cost * wanted_candidates(options), 6),
            model=model.id,
            model_name=model.name,
            size=size,
            tokens=estimate.input_tokens,
            pictures=pictures,
            candidates=wanted_candidates(options),
            refusal=_refusal(model),
            successor=model.successor,
        )

    def outgoing(self, request: EditRequest) -> Outgoing:
        """Exactly what one request would send."""
        return self._prepared(request).outgoing

    def _prepared(self, request: EditRequest) -> Prepared:
        from nanodesk.engines.gemini.request import prepared

        table = self.table
        return prepared(request, table.get(request.options.model), table, self._connection().host)

    async def run(self, request: EditRequest) -> AsyncGenerator[Event]:
        """Send the stack once for each candidate wanted, at most so many at a time as the model takes.

        Raises:
            MissingKeyError: when there is no key, or it is not good.
            RefusedError: when the model refused, or sent no picture.
            ServiceError: when service, network or a time limit stood in the way.
        """
        from nanodesk.engines.gemini.asking import Line
        from nanodesk.engines.gemini.pricing import wanted_candidates
        from nanodesk.engines.google.outbox import Outbox

        key = self._key()
        if key is None:
            raise MissingKeyError(self.info.reason)
        yield Progress(None, "Preparing the pictures")
        prepared = await asyncio.to_thread(self._prepared, request)
        refusal = _refusal(prepared.model)
        if refusal:
            raise ServiceError(refusal, remedy=_OTHER, successor=prepared.model.successor)
        for note in _notes(request, prepared.model):
            yield Note(note)
        connection = self._connection()
        line = Line(
            connection,
            key,
            Outbox(),
            self._pause,
            request.turns,
            request.options.thinking,
            self._known_versions(connection),
        )
        tally = _Tally(wanted_candidates(request.options))
        places = asyncio.Semaphore(prepared.model.concurrency)
        tasks = [self._one(number, places, line, prepared, tally) for number in range(1, tally.wanted + 1)]
        async with aclosing(line.outbox.events(tasks)) as events:  # leaving this one ends that one at once
            async for event in events:
                yield event
        if tally.counts:
            self._versions[connection.url] = line.versions[0]
        if tally.failures and not tally.offered:
            raise max(tally.failures, key=lambda failure: _WORSE.index(failure.charged))

    def _known_versions(self, connection: Connection) -> list[str]:
        known = self._versions.get(connection.url)
        return (
            [known, *(one for one in connection.versions if one != known)]
            if known in connection.versions
            else list(connection.versions)
        )

    async def _one(self, number: int, places: asyncio.Semaphore, line: Line, prepared: Prepared, tally: _Tally) -> None:
        from nanodesk.engines.gemini.asking import asked

        async with places:
            try:
                reply, answer = await asked(line, prepared)
                await self._take(reply, answer, line, prepared, tally)
            except EngineError as error:
                tally.failures.append(error)
                if tally.wanted > 1:
                    sentence = f"Candidate {number} of {tally.wanted} did not come: {error}"
                    await line.outbox.put(Note(sentence, missing=True))

    async def _take(self, reply: int, answer: Answer, line: Line, prepared: Prepared, tally: _Tally) -> None:
        from nanodesk.engines.gemini.pricing import total

        tally.counts.append(answer.counted)
        await line.outbox.put(UsageReported(total(tally.counts, prepared.model), answer.version))
        if answer.error is not None:
            raise answer.error
        if answer.damaged:
            await line.outbox.put(Note(_damaged(answer)))
        for answered in answer.pictures:
            offer = _offer(answered, prepared)
            tally.offered += 1
            await line.outbox.put(CandidateOffered((offer,), answered.words, answer.thoughts, reply))

    async def recover(self, kept: KeptReply) -> tuple[Event, ...]:
        """What a kept reply holds; nothing is sent.

        Raises:
            EngineError: as `run` would have for this reply.
        """
        from nanodesk.engines.gemini.asking import read_again
        from nanodesk.engines.gemini.pricing import total

        model = self.table.get(kept.model)
        answer = await read_again(kept, model)
        if answer.error is not None:
            raise answer.error
        offered = tuple(
            CandidateOffered((_offer(one, kept),), one.words, answer.thoughts, kept.reply) for one in answer.pictures
        )
        notes = (Note(_damaged(answer)),) if answer.damaged else ()
        return (UsageReported(total([answer.counted], model), answer.version), *notes, *offered)

    def advice_outgoing(self, question: Question) -> Outgoing:
        """Exactly what a question would send."""
        from nanodesk.engines.gemini.understanding import prepared_question

        return prepared_question(question, self._connection().host).outgoing

    async def advise(self, question: Question) -> AsyncGenerator[AdviceEvent]:
        """Ask a text model what it sees; see `Adviser`.

        Raises:
            EngineError: one of its kinds, when there was no answer.
        """
        from nanodesk.engines.advice import AdviceGiven
        from nanodesk.engines.gemini.understanding import advised, prepared_question

        connection = self._connection()
        prepared = await asyncio.to_thread(prepared_question, question, connection.host)
        line = self._line(connection)
        found: list[Advice] = []

        async def one() -> None:
            found.append(await advised(line, prepared))

        async with aclosing(line.outbox.events([one()])) as events:
            async for event in events:
                yield event
        self._versions[connection.url] = line.versions[0]
        yield AdviceGiven(found[0])

    def _line(self, connection: Connection) -> Line:
        """A line of its own for a question.

        Raises:
            MissingKeyError: when there is no key.
        """
        from nanodesk.engines.gemini.asking import Line
        from nanodesk.engines.google.outbox import Outbox

        key = self._key()
        if key is None:
            raise MissingKeyError(self.info.reason)
        return Line(connection, key, Outbox(), self._pause, versions=self._known_versions(connection))

    async def check(self, key: SecretText) -> str:
        """Why a key is not good, as a plain sentence; empty when it is. Costs nothing, and refreshes the models."""
        from nanodesk.engines.google.faults import fault_of, told_without

        connection = self._connection()
        sentence = ""
        for version in self._known_versions(connection):
            try:
                self._live = await self._listed(connection, key, version)
            except Exception as error:  # noqa: BLE001 - told as a sentence; what is not known is raised by fault_of
                fault = fault_of(error, catalogue().default, connection.host, sent=False, attempt=9)
                sentence = str(told_without(fault, key.reveal()).error)
                if not fault.other_version:
                    break
            else:
                self._versions[connection.url] = version
                return ""
        return sentence

    async def _listed(self, connection: Connection, key: SecretText, version: str) -> list[Listed]:
        from nanodesk.engines.gemini.asking import opened

        exchange = await opened(connection, key, version)
        try:
            return await exchange.listed()
        finally:
            await exchange.aclose()


def _refusal(model: Model) -> str:
    if not model.retired:
        return ""
    return f"{model.id} was retired on {model.shutdown}. Its successor is {model.successor}."


def _notes(request: EditRequest, model: Model) -> list[str]:
    notes = []
    if len(request.references) > model.references:
        notes.append(
            f"{model.name} keeps about {model.references} references apart; {len(request.references)} were sent."
        )
    if not model.known:
        notes.append(f"{model.id} is not known to this version of Nanodesk; its price is not known.")
    return notes


def _damaged(answer: Answer) -> str:
    if answer.damaged == 1:
        return "One more picture came and is damaged."
    return f"{answer.damaged} more pictures came and are damaged."


class _Placed(Protocol):
    """Where the pictures of a reply belong."""

    @property
    def frame(self) -> Rect | None: ...
    @property
    def clip(self) -> Rect | None: ...
    @property
    def mask(self) -> Block | None: ...
    @property
    def several(self) -> bool: ...


def _offer(answered: AnsweredPicture, placed: _Placed) -> OfferedPicture:
    name = _short(answered.caption) if placed.several else ""
    if placed.frame is None or placed.clip is None:
        return OfferedPicture(name, answered.picture)
    offset = placed.clip.offset
    return OfferedPicture(name, answered.picture, placed.mask, offset, frame=placed.frame, clip=placed.clip)


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= 60 else line[:59].rstrip() + "…"
