"""An engine that a test can hold, let go, and make fail."""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from nanodesk.document.run import Usage
from nanodesk.engines.base import CandidateOffered, EditRequest, Event, Note, OfferedPicture, Progress, UsageReported
from tests.editor.scripted import ScriptedEngine

if TYPE_CHECKING:
    from nanodesk.engines.errors import EngineError


class FakeEngine(ScriptedEngine):
    """Brightens the upper left quarter of the base.

    Attributes:
        gate: a run waits for it before it answers; open from the start.
        failure: what the next runs fail with, if anything.
        missed: for a sentence, why it was missed.
        cost: US dollars that a run reports.
    """

    def __init__(self, *, generative: bool = False) -> None:
        super().__init__(self._answer, engine_id="on-device", generative=generative)
        self.gate = asyncio.Event()
        self.gate.set()
        self.failure: EngineError | None = None
        self.missed: dict[str, str] = {}
        self.cost: float | None = None

    async def _answer(self, request: EditRequest) -> AsyncIterator[Event]:
        yield Progress(0.5, "Working")
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        for place, edit in enumerate(request.edits):
            if edit.instruction in self.missed:
                yield Note(self.missed[edit.instruction], place)
        if self.cost is not None:
            yield UsageReported(Usage(self.cost))
        assert request.base is not None
        block = request.base.pixels.copy()
        height, width = block.shape[:2]
        block[: height // 2, : width // 2, 0] += 40
        yield CandidateOffered((OfferedPicture(request.edits[0].instruction, block),))
