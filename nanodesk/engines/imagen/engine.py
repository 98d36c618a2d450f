"""The imagen engine: two tasks that only the Agent Platform offers, for those who have a project there."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.document.candidate import ResizeDocument
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.run import Charged, Remedy
from nanodesk.engines.base import (
    CandidateOffered,
    EncodedPicture,
    NotTaken,
    OfferedPicture,
    Outline,
    Plan,
    PlannedEdit,
    Progress,
    ReplyReceived,
    Sending,
)
from nanodesk.engines.errors import MissingKeyError, NotUnderstoodError, RefusedError, ServiceError
from nanodesk.engines.google.endings import told
from nanodesk.engines.imagen.tasks import (
    MOST_BYTES,
    MOST_PIXELS,
    SEGMENT_MODEL,
    UPSCALE_MODEL,
    Task,
    Upscale,
    route,
    task_of,
)
from nanodesk.engines.info import EngineInfo, ModelInfo
from nanodesk.engines.outgoing import Outgoing, OutgoingPicture

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from nanodesk.engines.base import Block, EditRequest, Event, KeptReply, Offer
    from nanodesk.engines.google.outbox import Outbox
    from nanodesk.engines.imagen.exchange import Exchange
    from nanodesk.engines.imagen.platform import Credentials, Platform

ID = "imagen"
NAME = "Imagen tasks"
NOT_READY = (
    "It upscales and segments on Google's Agent Platform and needs a project there: enter one in the settings."
    " Without it, Gemini draws larger at size 2K or 4K, and the on-device engine resizes and cuts out."
)
_KNOWN = ("upscale 2x", "upscale 4x", "segment the foreground", "segment the sky")
_ANY = Outline()


@dataclass(frozen=True, slots=True)
class _Named:
    """A model as a fault tells of it."""

    id: str
    name: str
    successor: str = ""


_NAMES = {UPSCALE_MODEL: "Imagen 4 upscale", SEGMENT_MODEL: "Image segmentation"}


class ImagenEngine:
    """One task a run: upscale × 2 or × 4, or segment the foreground, the background or something named."""

    def __init__(self, platform: Callable[[], Platform]) -> None:
        """An engine that asks for its project when it needs it; that is quick and loads nothing."""
        self._platform = platform

    @property
    def info(self) -> EngineInfo:
        """Ready as soon as there is a project."""
        ready = bool(self._platform().project)
        models = tuple(ModelInfo(one, name, "task") for one, name in _NAMES.items())
        return EngineInfo(ID, NAME, ready, True, True, "" if ready else NOT_READY, models)

    def plan(self, instructions: tuple[str, ...], outline: Outline = _ANY) -> Plan:
        """Which task a sentence asks for; one alone can be done in a run."""
        edits = tuple(_planned(one) for one in instructions)
        task = task_of(instructions[0]) if instructions else None
        refusal = ""
        if len(instructions) > 1 and all(edit.understood for edit in edits):
            refusal = "This engine does one task in a run: leave one edit on and switch the others off."
        elif task is not None:
            refusal = _too_large(task, outline.canvas)
        model = "" if task is None else task.model
        return Plan(
            ID,
            edits,
            sends=True,
            cost=None,
            model=model,
            model_name=_NAMES.get(model, ""),
            pictures=0 if outline.canvas.empty else 1,
            refusal=refusal,
        )

    def outgoing(self, request: EditRequest) -> Outgoing:
        """Exactly what the task would send.

        Raises:
            NotUnderstoodError: when the request asks for no task of this engine.
        """
        task, picture = _task(request), _picture(request)
        words = (task.what,) if not isinstance(task, Upscale) and task.what else ()
        return Outgoing((*words, picture), task.model, _NAMES[task.model], self._platform().route.host)

    async def run(self, request: EditRequest) -> AsyncGenerator[Event]:
        """Do the one task.

        Raises:
            NotUnderstoodError: when it is none of this engine's.
            MissingKeyError: when there is no project, or no credentials.
            RefusedError: when the service held the picture back.
            ServiceError: when service, network or a limit stood in the way.
        """
        from nanodesk.engines.google.outbox import Outbox

        platform = self._platform()
        if not platform.project:
            raise MissingKeyError(NOT_READY)
        task = _task(request)
        yield Progress(None, "Preparing the picture")
        outgoing = await asyncio.to_thread(self.outgoing, request)
        _check(request, task, outgoing)
        credentials = await _credentials(platform)
        outbox = Outbox()
        one = self._one(platform, credentials, task, outgoing, request, outbox)
        async for event in outbox.events([one]):
            yield event

    async def _one(
        self,
        platform: Platform,
        credentials: Credentials,
        task: Task,
        outgoing: Outgoing,
        request: EditRequest,
        outbox: Outbox,
    ) -> None:
        from google.auth.exceptions import GoogleAuthError

        from nanodesk.engines.google.faults import fault_of
        from nanodesk.engines.imagen.exchange import Exchange

        async def received(body: bytes) -> None:
            await outbox.put(ReplyReceived(0, body))

        exchange = await asyncio.to_thread(Exchange, platform, credentials, received)
        whole = _rect(request)
        try:
            await outbox.put(_sending(task, outgoing, platform, whole))
            await outbox.put(Progress(None, f"Waiting for {_NAMES[task.model]}"))
            picture = outgoing.pictures[0]
            found = await exchange.ask(task, picture.data, picture.mime)
            data, mime = await _good(found, exchange)
        except GoogleAuthError:
            raise _signed_out() from None
        except Exception as error:
            if exchange.not_taken:
                await outbox.put(NotTaken(0))
            named = _Named(task.model, _NAMES[task.model])
            raise fault_of(error, named, outgoing.host, sent=exchange.sent, attempt=9).error from error
        finally:
            await exchange.aclose()
        assert request.base is not None
        await outbox.put(CandidateOffered(_offers(task, data, mime, whole, request.base.pixels), reply=0))

    async def recover(self, kept: KeptReply) -> tuple[Event, ...]:
        """What a kept reply holds: an upscaled picture as a layer; a mask needs its picture and is asked for anew.

        Raises:
            EngineError: when it holds nothing.
        """
        from nanodesk.engines.google.faults import fault_of
        from nanodesk.engines.imagen.exchange import Exchange
        from nanodesk.engines.imagen.platform import Platform

        if kept.model != UPSCALE_MODEL:
            raise ServiceError("The mask of this run was kept without its picture; run it again.")
        anonymous = await asyncio.to_thread(_nobody)
        exchange = await asyncio.to_thread(Exchange, Platform("none"), anonymous, _ignored, kept.body)
        try:
            found = await exchange.ask(Upscale(2), b"-", "image/png")
            data, mime = await _good(found, exchange)
        except Exception as error:
            raise fault_of(error, _Named(kept.model, _NAMES[kept.model]), "", sent=True, attempt=9).error from error
        finally:
            await exchange.aclose()
        picture = EncodedPicture(data, mime)
        if kept.frame is None:
            return (CandidateOffered((OfferedPicture("Upscaled", picture),), reply=kept.reply),)
        return (CandidateOffered(_larger("Upscaled", picture, kept.frame), reply=kept.reply),)


async def _ignored(_: bytes) -> None:
    """For replies that are kept already."""


def _nobody() -> Credentials:
    """For an exchange that sends nothing."""
    from google.oauth2.credentials import Credentials

    return Credentials("none")  # type: ignore[no-untyped-call]  # google-auth tells no types


async def _credentials(platform: Platform) -> Credentials:
    from google.auth.exceptions import GoogleAuthError

    try:
        async with asyncio.timeout(platform.connection.connect_s):
            return await asyncio.to_thread(platform.credentials)
    except (GoogleAuthError, OSError, TimeoutError):
        raise _signed_out() from None


def _signed_out() -> MissingKeyError:
    return MissingKeyError(
        "There are no good Google credentials on this computer for the project; sign in with Google's own tool"
        " (gcloud auth application-default login) and run it again. Nothing was sent.",
        remedy=Remedy.RUN_AGAIN,
    )


async def _good(found: list[tuple[bytes, str, str]], exchange: Exchange) -> tuple[bytes, str]:
    """The first picture of a reply.

    Raises:
        RefusedError: when it was held back, or there is none.
    """
    from nanodesk.engines.google.parcels import decoded

    for data, mime, _ in found:
        if data:
            cut = exchange.parcels.take(data)
            return (data if cut is None else await asyncio.to_thread(decoded, cut)), mime
    if any(reason for _, _, reason in found):
        sentence = "The service held the picture back by its own rules."
    else:
        sentence = "The answer held no picture."
    raise RefusedError(told(sentence, Charged.MAYBE), charged=Charged.MAYBE, remedy=Remedy.RUN_AGAIN)


def _planned(sentence: str) -> PlannedEdit:
    task = task_of(sentence)
    if task is None:
        reason = "This engine only upscales × 2 or × 4, and segments; it makes no other edits."
        return PlannedEdit(sentence, False, reason=reason, nearest=_KNOWN, suggested_engine="gemini")
    return PlannedEdit(sentence, True, task.words)


def _task(request: EditRequest) -> Task:
    if len(request.edits) != 1:
        raise NotUnderstoodError("This engine does one task in a run: leave one edit on.", -1)
    planned = _planned(request.edits[0].instruction)
    task = task_of(request.edits[0].instruction)
    if task is None:
        raise NotUnderstoodError(planned.reason, 0, planned.nearest)
    return task


def _rect(request: EditRequest) -> Rect:
    if request.base is None or request.base.pixels.size == 0:
        raise ServiceError("There is no picture to work on; drop one on the canvas first.")
    height, width = request.base.pixels.shape[:2]
    return Rect(0, 0, width, height)


def _too_large(task: Task, canvas: Size) -> str:
    if not isinstance(task, Upscale) or canvas.width * canvas.height * task.factor**2 <= MOST_PIXELS:
        return ""
    return (
        f"The picture would have {canvas.width * task.factor} × {canvas.height * task.factor} pixels; the service"
        f" makes at most 17 megapixels. {route(task)}"
    )


def _check(request: EditRequest, task: Task, outgoing: Outgoing) -> None:
    """Raise where the service would refuse the picture for its size, before anything is sent."""
    refusal = _too_large(task, _rect(request).size)
    if not refusal and len(outgoing.pictures[0].data) > MOST_BYTES:
        refusal = f"The picture has more than 10 MB as it would be sent, which the service refuses. {route(task)}"
    if refusal:
        raise ServiceError(refusal)


def _picture(request: EditRequest) -> OutgoingPicture:
    """The base in sRGB on white, freshly encoded: without loss where that is small enough."""
    from nanodesk.imaging.codec import encode_png, is_opaque, jpeg_buffer, over
    from nanodesk.imaging.colour import to_srgb

    size = _rect(request).size
    assert request.base is not None
    part = to_srgb(request.base.pixels, request.profile)
    part = part if is_opaque(part) else over(part)
    data, mime = encode_png(part, 6), "image/png"
    if len(data) > MOST_BYTES:
        data, mime = jpeg_buffer(part, 95, full_colour=True).tobytes(), "image/jpeg"
    return OutgoingPicture("The picture", request.base.name, None, None, size, mime, data)


def _offers(task: Task, data: bytes, mime: str, whole: Rect, base: Block) -> tuple[Offer, ...]:
    picture = EncodedPicture(data, mime)
    frame = _frame(task, whole)
    if frame is not None:
        return _larger(task.words.partition(",")[0], picture, frame)
    assert not isinstance(task, Upscale)
    name = task.named
    return (OfferedPicture(name[:1].upper() + name[1:], base, mask=picture, offset=Point()),)


def _frame(task: Task, whole: Rect) -> Rect | None:
    """What the picture of the answer covers, once the document has its new size; none for a mask."""
    return Rect(0, 0, whole.width * task.factor, whole.height * task.factor) if isinstance(task, Upscale) else None


def _larger(name: str, picture: EncodedPicture, frame: Rect) -> tuple[Offer, ...]:
    return ResizeDocument(frame.size), OfferedPicture(name, picture, frame=frame, clip=frame)


def _sending(task: Task, outgoing: Outgoing, platform: Platform, whole: Rect) -> Sending:
    frame = _frame(task, whole)
    return Sending(
        0, outgoing.pictures, outgoing.text, task.model, outgoing.host, platform.account, frame=frame, clip=frame
    )
