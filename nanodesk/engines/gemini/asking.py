"""One request until it is answered: waits that are seen and can be cancelled, never a second charge by itself."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nanodesk.engines.base import Note, Progress, ReplyReceived, Sending
from nanodesk.engines.google.faults import Fault, fault_of, told_without

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from google.genai import types

    from nanodesk.engines.base import KeptReply, Turn
    from nanodesk.engines.gemini.answer import Answer
    from nanodesk.engines.gemini.exchange import Exchange
    from nanodesk.engines.gemini.models import Model
    from nanodesk.engines.gemini.request import Prepared
    from nanodesk.engines.google.connection import Connection, SecretText
    from nanodesk.engines.google.outbox import Outbox


@dataclass
class Line:
    """What all requests of a run share.

    Attributes:
        versions: API versions to try, in order; the first is dropped when it cannot take the request.
        replies: how many requests have left so far.
        forgot: whether a request had to leave the conversation away.
    """

    connection: Connection
    key: SecretText
    outbox: Outbox
    pause: Callable[[float], Awaitable[None]]
    turns: tuple[Turn, ...] = ()
    thinking: str = ""
    versions: list[str] = field(default_factory=list)
    replies: int = 0
    forgot: bool = False

    def number(self) -> int:
        """A number for the next request."""
        self.replies += 1
        return self.replies - 1

    def other_version(self, refused: str) -> bool:
        """Whether there is another API version than the one that refused; it is then the first of `versions`.

        Several requests may find out at the same time.
        """
        if self.versions[0] == refused and len(self.versions) > 1:
            self.versions.pop(0)
        return self.versions[0] != refused


_TRIED_OUT = 99
FORGOTTEN = "The model could not go on from the earlier answer, so it was asked without the conversation."


class FaultyError(Exception):
    """One try did not succeed; `fault` says whether another may."""

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.fault = fault


async def asked(line: Line, prepared: Prepared) -> tuple[int, Answer]:
    """Send a request, again where that is safe, and read its answer; the number of its reply comes first.

    Raises:
        EngineError: when there was no answer.
    """
    attempt, turns = 0, line.turns
    while True:
        version = line.versions[0]
        try:
            return await _once(line, prepared, turns, version, attempt)
        except FaultyError as error:
            fault = error.fault
        if fault.signature and turns:
            turns, prepared = (), prepared.without_history()  # once: what was signed is not good any more
            await _tell_forgotten(line)
        elif fault.other_version and line.other_version(version):
            continue
        elif fault.wait_s is not None:
            await wait_out(line, fault)
            attempt += 1
        else:
            raise fault.error


async def read_again(kept: KeptReply, model: Model) -> Answer:
    """What a reply holds that came earlier; nothing is sent.

    Raises:
        EngineError: when it cannot be read.
    """
    from nanodesk.engines.gemini.answer import answer_of
    from nanodesk.engines.google.connection import Connection

    exchange = await opened(Connection(), _NoKey(), "v1", kept=kept.body)
    try:
        response = await exchange.ask(model.id, _anything(), _nothing_wanted())
        return await asyncio.to_thread(answer_of, response, exchange.parcels, captioned=kept.several, body=kept.body)
    except Exception as error:  # noqa: BLE001 - told as a sentence; what is not known is raised by fault_of
        raise fault_of(error, model, "", sent=True, attempt=_TRIED_OUT).error from None
    finally:
        await exchange.aclose()


async def opened(
    connection: Connection,
    key: SecretText,
    version: str,
    received: Callable[[bytes], Awaitable[None]] | None = None,
    kept: bytes | None = None,
) -> Exchange:
    """An exchange; made in a thread, because the SDK takes most of a second to load.

    Raises:
        EngineError: when the key, the address or the proxy cannot be used at all.
    """
    return await asyncio.to_thread(_opened, connection, key, version, received, kept)


def _opened(
    connection: Connection,
    key: SecretText,
    version: str,
    received: Callable[[bytes], Awaitable[None]] | None,
    kept: bytes | None,
) -> Exchange:
    from nanodesk.engines.gemini.exchange import Exchange
    from nanodesk.engines.google.faults import bad_address, bad_key, bad_proxy

    if not key.reveal().isascii() or not key.reveal().isprintable():
        raise bad_key("The key holds characters that no key has.")
    if not connection.has_address:
        raise bad_address()
    try:
        return Exchange(connection, key, version, received, kept)
    except (ValueError, ImportError):
        raise bad_proxy() from None


async def _tell_forgotten(line: Line) -> None:
    if not line.forgot:
        line.forgot = True
        await line.outbox.put(Note(FORGOTTEN))


class _NoKey:
    """For an exchange that sends nothing."""

    def reveal(self) -> str:
        return "none"


def _anything() -> list[types.Content]:
    from google.genai import types

    return [types.Content(role="user", parts=[types.Part(text="-")])]


def _nothing_wanted() -> types.GenerateContentConfig:
    from google.genai import types

    return types.GenerateContentConfig(automatic_continuation=False)


async def wait_out(line: Line, fault: Fault) -> None:
    """Wait as long as a fault says, visibly."""
    left = math.ceil(fault.wait_s or 0)
    while left > 0:
        await line.outbox.put(Progress(None, f"{fault.doing}; trying again in {left} s"))
        step = min(1.0, left)
        await line.pause(step)
        left -= 1


async def _once(
    line: Line, prepared: Prepared, turns: tuple[Turn, ...], version: str, attempt: int
) -> tuple[int, Answer]:
    from nanodesk.engines.gemini.answer import answer_of

    number = line.number()
    bodies: list[bytes] = []

    async def received(body: bytes) -> None:
        bodies.append(body)
        await line.outbox.put(ReplyReceived(number, body))

    outgoing = prepared.outgoing
    exchange = await opened(line.connection, line.key, version, received)
    try:
        contents = await _contents(line, prepared, turns, exchange)
        account = line.connection.account(line.key)
        await line.outbox.put(_sending(number, prepared, account))
        await line.outbox.put(Progress(None, f"Waiting for {prepared.model.name}"))
        response = await exchange.ask(outgoing.model, contents, _config(line, prepared))
        body = bodies[-1] if bodies else b""
        return number, await asyncio.to_thread(
            answer_of, response, exchange.parcels, captioned=prepared.several, body=body
        )
    except Exception as error:
        fault = fault_of(error, prepared.model, line.connection.host, sent=exchange.sent, attempt=attempt)
        raise FaultyError(told_without(fault, line.key.reveal())) from error
    finally:
        await exchange.aclose()


def _sending(number: int, prepared: Prepared, account: str) -> Sending:
    outgoing = prepared.outgoing
    return Sending(
        number,
        outgoing.pictures,
        outgoing.text,
        outgoing.model,
        outgoing.host,
        account,
        prepared.frame,
        prepared.clip,
        prepared.several,
    )


async def _contents(line: Line, prepared: Prepared, turns: tuple[Turn, ...], exchange: Exchange) -> list[types.Content]:
    from google.genai import types

    from nanodesk.engines.gemini.conversation import contents_of

    account = line.connection.account(line.key)
    before = [one for turn in turns for one in await contents_of(turn, prepared.model.id, account, exchange)]
    return [*before, types.Content(role="user", parts=await exchange.parts(prepared.outgoing.parts))]


def _config(line: Line, prepared: Prepared) -> types.GenerateContentConfig:
    """Only the fields that the model takes."""
    from google.genai import types

    outgoing, model = prepared.outgoing, prepared.model
    shape = types.ImageConfig(aspect_ratio=outgoing.ratio, image_size=outgoing.image_size or None)
    thinking = None
    if model.thinking:
        level = line.thinking if line.thinking in model.thinking else None
        thinking = types.ThinkingConfig(
            include_thoughts=True, thinking_level=types.ThinkingLevel(level.upper()) if level else None
        )
    return types.GenerateContentConfig(
        response_modalities=["TEXT", "IMAGE"],
        image_config=shape,
        thinking_config=thinking,
        automatic_continuation=False,
    )
