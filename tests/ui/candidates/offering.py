"""An engine that offers several candidates, one at a time, as fast as a test lets it."""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import numpy as np

from nanodesk.document.geometry import Size
from nanodesk.document.run import Usage
from nanodesk.engines.base import (
    CandidateOffered,
    EditRequest,
    Event,
    Note,
    OfferedPicture,
    Progress,
    ReplyReceived,
    Sending,
    UsageReported,
)
from nanodesk.engines.outgoing import OutgoingPicture
from tests.editor.scripted import ScriptedEngine, picture

if TYPE_CHECKING:
    from nanodesk.engines.errors import EngineError

MODEL = "gemini-3.1-flash-image"
WORDS = "The cup is sage green now.\nDo you want the saucer in the same green?"
THOUGHTS = "The light comes from the left, so the shadow stays."


class OfferingEngine(ScriptedEngine):
    """Each candidate is tinted otherwise, and covers the left half of the base.

    Attributes:
        failing: the numbers of candidates that do not come, counted from 1; `reason` says why.
        captions: pictures of one answer with these captions, instead of one answer each.
        failure: what a whole run fails with, after it was sent.
        words, thoughts: what comes with each candidate.
    """

    def __init__(self, *, engine_id: str = "gemini", generative: bool = True) -> None:
        super().__init__(self._answer, engine_id=engine_id, generative=generative)
        self._let = asyncio.Semaphore(0)
        self.failing: set[int] = set()
        self.reason = "the model refused"
        self.captions: tuple[str, ...] = ()
        self.failure: EngineError | None = None
        self.words, self.thoughts = WORDS, THOUGHTS

    def let(self, count: int = 1) -> None:
        """Let so many more answers come."""
        for _ in range(count):
            self._let.release()

    async def _answer(self, request: EditRequest) -> AsyncIterator[Event]:
        yield Progress(None, "Waiting for the model")
        wanted = 1 if self.captions else request.options.candidates
        for number in range(1, wanted + 1):
            yield Sending(number, _pictures(request), "Turn the red cup sage green.", MODEL, "127.0.0.1")
            await self._let.acquire()
            if self.failure is not None:
                raise self.failure
            if number in self.failing:
                yield Note(f"Candidate {number} of {wanted} did not come: {self.reason}.", missing=True)
                continue
            yield ReplyReceived(number, b"{}")
            yield UsageReported(Usage(0.034 * number, 1_120 * number, 1_290 * number, 96), MODEL)
            for offered in self._offers(request, number):
                yield offered

    def _offers(self, request: EditRequest, number: int) -> list[CandidateOffered]:
        names = self.captions or (request.edits[0].instruction,)
        offers = [OfferedPicture(name, tinted(request, number + place)) for place, name in enumerate(names)]
        return [CandidateOffered((offer,), self.words, self.thoughts, number) for offer in offers]


def tinted(request: EditRequest, tint: int) -> np.ndarray:
    """A picture of the base's size, tinted by a number, and no mask; one of its own where there is no base."""
    if request.base is None:
        return picture(value=40 * tint)
    block = request.base.pixels.copy()
    half = block.shape[1] // 2
    block[:, :half, tint % 3] = 255 - block[:, :half, tint % 3]
    return block


def _pictures(request: EditRequest) -> tuple[OutgoingPicture, ...]:
    found = []
    for place, one in enumerate(one for one in (request.base, *request.references) if one is not None):
        height, width = one.pixels.shape[:2]
        role = None if place == 0 else one.role
        found.append(OutgoingPicture("", one.name, role, None, Size(width, height), "image/png", b"x" * 240_000))
    return tuple(found)
