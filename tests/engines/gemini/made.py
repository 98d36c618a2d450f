"""Requests, engines and whole runs for the tests of the Gemini engine."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from nanodesk.document.edit import Role
from nanodesk.document.geometry import Rect
from nanodesk.document.identity import RunId
from nanodesk.document.run import RunOptions, Usage
from nanodesk.engines.base import (
    CandidateOffered,
    EditRequest,
    EncodedPicture,
    Event,
    Note,
    OfferedPicture,
    Progress,
    ReplyReceived,
    RequestEdit,
    RequestPicture,
    Sending,
    UsageReported,
)
from nanodesk.engines.errors import EngineError
from nanodesk.engines.gemini.engine import GeminiEngine
from nanodesk.engines.google.connection import Connection
from tests.wire.asked import KEY
from tests.wire.server import WireServer

Block = NDArray[np.uint8]


class Secret:
    """A key for tests."""

    def __init__(self, text: str = KEY) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text


@dataclass
class Rig:
    """An engine that speaks to a server of ours and never really waits.

    Attributes:
        pauses: seconds of each wait, in order.
    """

    server: WireServer
    connection: Connection
    key: Secret | None = field(default_factory=Secret)
    pauses: list[float] = field(default_factory=list)
    engine: GeminiEngine = field(init=False)

    def __post_init__(self) -> None:
        self.engine = GeminiEngine(lambda: self.key, lambda: self.connection, self._pause)

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def reach(self, **changes: Any) -> None:
        """Change how the service is reached."""
        self.connection = replace(self.connection, **changes)

    async def run(self, request: EditRequest | None = None) -> "Outcome":
        """Run it to its end."""
        outcome = Outcome()
        try:
            async for event in self.engine.run(request or asking()):
                outcome.events.append(event)
        except EngineError as error:
            outcome.error = error
        return outcome


@dataclass
class Outcome:
    """What became of a run."""

    events: list[Event] = field(default_factory=list)
    error: EngineError | None = None

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def candidates(self) -> list[CandidateOffered]:
        return self.of(CandidateOffered)

    @property
    def offers(self) -> list[OfferedPicture]:
        return [offer for one in self.candidates for offer in one.offers if isinstance(offer, OfferedPicture)]

    @property
    def notes(self) -> list[str]:
        return [event.message for event in self.of(Note)]

    @property
    def progress(self) -> list[str]:
        return [event.message for event in self.of(Progress)]

    @property
    def sendings(self) -> list[Sending]:
        return self.of(Sending)

    @property
    def replies(self) -> list[ReplyReceived]:
        return self.of(ReplyReceived)

    @property
    def usage(self) -> Usage:
        usage: Usage = self.of(UsageReported)[-1].usage
        return usage

    @property
    def failure(self) -> EngineError:
        assert self.error is not None, f"it did not fail: {self.events}"
        return self.error

    def well(self) -> "Outcome":
        """The same, once it is known that it ended well."""
        if self.error is not None:
            raise self.error
        return self


def block(width: int = 60, height: int = 40, paint: Callable[[int, int], tuple[int, int, int]] | None = None) -> Block:
    """An opaque picture (h, w, 4) BGRA: a gradient, or painted by (x, y) -> (red, green, blue)."""
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    made = np.full((height, width, 4), 255, np.uint8)
    if paint is None:
        made[:, :, 0] = 255 * x // max(1, width - 1)
        made[:, :, 1] = 255 * y // max(1, height - 1)
        made[:, :, 2] = 90
        return made
    for row in range(height):
        for column in range(width):
            made[row, column, :3] = paint(column, row)[::-1]
    return made


def mask(width: int, height: int, rect: Rect) -> Block:
    """255 within a rectangle, 0 elsewhere."""
    made = np.zeros((height, width), np.uint8)
    made[rect.y : rect.bottom, rect.x : rect.right] = 255
    return made


def reference(name: str, role: Role = Role.OTHER, pixels: Block | None = None) -> RequestPicture:
    return RequestPicture(block(32, 32) if pixels is None else pixels, name, role)


def asking(
    *sentences: str | RequestEdit,
    base: Block | str | None = "usual",
    references: tuple[RequestPicture, ...] = (),
    **options: Any,
) -> EditRequest:
    """A request; what is no field of the request itself becomes an option of the run."""
    edits = tuple(RequestEdit(one) if isinstance(one, str) else one for one in sentences or ("Make it blue",))
    pixels = block() if isinstance(base, str) else base
    own = {name: options.pop(name) for name in ("profile", "turns") if name in options}
    picture = None if pixels is None else RequestPicture(pixels, "base")
    return EditRequest(RunId("run-1"), edits, picture, references, options=RunOptions(**options), **own)


def decoded(offer: OfferedPicture) -> Block:
    """The encoded picture of an offer as BGRA."""
    assert isinstance(offer.picture, EncodedPicture)
    rgba = np.asarray(Image.open(io.BytesIO(offer.picture.data)).convert("RGBA"))
    return np.ascontiguousarray(rgba[:, :, [2, 1, 0, 3]])
