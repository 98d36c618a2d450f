"""An engine that pretends to send pictures away: models, a price, what would leave, and every way to end."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
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
    Outline,
    Plan,
    PlannedEdit,
    Progress,
    ReplyReceived,
    RequestPicture,
    Sending,
    UsageReported,
)
from nanodesk.engines.info import EngineInfo, ModelInfo
from nanodesk.engines.outgoing import Outgoing, OutgoingPicture
from nanodesk.imaging.codec import encode_png
from tests.editor.scripted import ScriptedEngine

if TYPE_CHECKING:
    from nanodesk.engines.errors import EngineError

QUICK = ModelInfo("far-2-quick", "Far Banana 2", "draft", ("1K", "2K", "4K"), (("1K", 0.05), ("2K", 0.1), ("4K", 0.2)))
LARGE = ModelInfo("far-2-large", "Far Banana 2 Large", "final", ("2K", "4K"), (("2K", 0.2), ("4K", 0.4)))
OLD = ModelInfo("far-1", "Far Banana 1", "edit", ("1K",), (("1K", 0.04),), retired=True, successor="far-2-quick")


class SendingEngine(ScriptedEngine):
    """Called `gemini`, answers with the base a little brighter, or with a grey picture where there is no base.

    Attributes:
        gate: a run waits for it before it answers; open from the start.
        failure: what the next runs fail with, if anything.
        waits: what a run says of its waiting before it passes the gate.
        missing: why so many of the candidates that were asked for do not come.
        preparing: `outgoing` raises it, where it is set.
    """

    def __init__(self) -> None:
        super().__init__(self._answer, engine_id="gemini", generative=True)
        self.info = EngineInfo("gemini", "Far away", True, True, True, models=(QUICK, LARGE, OLD))
        self.gate = asyncio.Event()
        self.gate.set()
        self.failure: EngineError | None = None
        self.waits: tuple[str, ...] = ()
        self.missing: tuple[str, ...] = ()
        self.preparing: Exception | None = None
        self.prepared = 0

    def without_key(self) -> None:
        """Make it want a key."""
        self.info = replace(self.info, ready=False, needs_key=True, reason="It needs a key of yours.")

    def with_key(self) -> None:
        """Make it ready again."""
        self.info = replace(self.info, ready=True, needs_key=False, reason="")

    def _model(self, model_id: str) -> ModelInfo:
        return next((model for model in self.info.models if model.id == model_id), self.info.models[0])

    def plan(self, instructions: Sequence[str], outline: Outline | None = None) -> Plan:
        outline = outline or Outline()
        options = outline.options
        model = self._model(options.model)
        size = options.size if options.size in model.sizes else model.sizes[0]
        return Plan(
            self.info.id,
            tuple(PlannedEdit(one, True, f"Sent to {model.name} in these words") for one in instructions),
            sends=True,
            cost=dict(model.price)[size] * options.candidates,
            model=model.id,
            model_name=model.name,
            size=size,
            tokens=1800,
            pictures=outline.references + (0 if outline.canvas.empty else 1),
            candidates=options.candidates,
            refusal=f"{model.name} was retired on 2026-10-02." if model.retired else "",
            successor=model.successor,
        )

    def outgoing(self, request: EditRequest) -> Outgoing:  # type: ignore[override] # this one sends something
        self.prepared += 1
        if self.preparing is not None:
            raise self.preparing
        model = self._model(request.options.model)
        parts: list[str | OutgoingPicture] = ["You edit one picture."]
        for place, reference in enumerate(request.references):
            parts += [f"Image {place + 1}, reference:", _sent(reference, place)]
        if request.base is not None:
            parts += ["The base picture to edit:", _sent(request.base, None)]
        parts.append("\n".join(f"{number}. {edit.instruction}" for number, edit in enumerate(request.edits, 1)))
        candidates = request.options.candidates
        return Outgoing(
            tuple(parts),
            *(model.id, model.name, "far.example", 1800, 1290, 0.1 * candidates, candidates, "10:9", "1K"),
        )

    async def _answer(self, request: EditRequest) -> AsyncIterator[Event]:
        outgoing = self.outgoing(request)
        yield Sending(0, outgoing.pictures, outgoing.text, outgoing.model, outgoing.host)
        for words in self.waits:
            yield Progress(None, words)
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        yield ReplyReceived(0, b"{}")
        yield UsageReported(Usage(0.1, 1800, 1290), request.options.model or QUICK.id)
        for reason in self.missing:
            yield Note(f"Candidate 1 of {request.options.candidates} did not come: {reason}")
        block = np.full((64, 64, 4), 200, np.uint8) if request.base is None else request.base.pixels.copy()
        for place in range(request.options.candidates - len(self.missing)):
            yield CandidateOffered((OfferedPicture(f"Answer {place + 1}", block),), reply=0)


def _sent(picture: RequestPicture, place: int | None) -> OutgoingPicture:
    height, width = picture.pixels.shape[:2]
    role = None if place is None else picture.role
    label = "base" if place is None else f"Image {place + 1}"
    return OutgoingPicture(
        label, picture.name, role, place, Size(width, height), "image/png", encode_png(picture.pixels)
    )
