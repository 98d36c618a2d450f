"""The one protocol behind which every engine stands: a complete request in, events out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

from nanodesk.document.blend import BlendMode
from nanodesk.document.candidate import CropDocument, HideBase, ResizeDocument, RotateDocument, TurnDocument
from nanodesk.document.edit import Role
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.run import RunOptions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import numpy as np
    from numpy.typing import NDArray

    from nanodesk.document.identity import RunId
    from nanodesk.document.layer import Adjustment, Parameter
    from nanodesk.document.run import Usage
    from nanodesk.engines.info import EngineInfo
    from nanodesk.engines.outgoing import Outgoing, OutgoingPicture


Block: TypeAlias = "NDArray[np.uint8]"
"""A picture (h, w, 4): BGRA, straight alpha, 8 bits; or a mask (h, w). Never written to once it is in a request."""


@dataclass(frozen=True, slots=True)
class RequestPicture:
    """A picture as it goes to the engine, in the document's colour profile.

    Attributes:
        offset: where its top left corner lies on the base, for a layer of the document; none where it lies nowhere.
    """

    pixels: Block = field(repr=False)
    name: str
    role: Role = Role.OTHER
    offset: Point | None = None


@dataclass(frozen=True, slots=True)
class RequestEdit:
    """One sentence with the part of the picture it is tied to.

    Attributes:
        mask: (h, w) of the base's size, 255 where the edit may act; none for everywhere.
        references: places in the request's references that the sentence names with @, with the name as written.
    """

    instruction: str
    mask: Block | None = field(default=None, repr=False)
    references: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of an earlier conversation with a model.

    Attributes:
        words: what the model was told then.
        reply: the body of its reply, as it came.
        model, account: who answered whom; what was signed is good for that pair alone.
    """

    words: str = field(repr=False)
    reply: bytes = field(repr=False)
    model: str
    account: str = ""


@dataclass(frozen=True, slots=True)
class EditRequest:
    """All that an engine needs; nothing is looked up later.

    Attributes:
        base: the flattened picture; none asks for a picture out of nothing.
        profile: ICC bytes of the colour profile of every picture here; none means sRGB.
        dpi: of the document.
        turns: the conversation that is continued, oldest first.
    """

    run: RunId
    edits: tuple[RequestEdit, ...]
    base: RequestPicture | None
    references: tuple[RequestPicture, ...] = ()
    profile: bytes | None = field(default=None, repr=False)
    dpi: float = 72.0
    options: RunOptions = RunOptions()
    turns: tuple[Turn, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class EncodedPicture:
    """A picture as the engine received it; the editor decodes it in the worker process."""

    data: bytes = field(repr=False)
    mime: str


@dataclass(frozen=True, slots=True)
class OfferedPicture:
    """A picture layer that a candidate would add.

    Attributes:
        picture: encoded bytes, or a block made on this machine in the request's colour profile.
        mask: (h, w) of the picture's size: what the engine says it changed; none for all. One that a service sent
            is as encoded as a picture is, and may be smaller.
        frame: where the whole picture lies on the base, in its pixels: it is scaled to that. None: it is as large
            as it shall be, and lies at `offset`.
        clip: what of `frame` is wanted; the mask has this size, and the layer this place.
    """

    name: str
    picture: EncodedPicture | Block = field(repr=False)
    mask: EncodedPicture | Block | None = field(default=None, repr=False)
    offset: Point = Point()
    blend_mode: BlendMode = BlendMode.NORMAL
    frame: Rect | None = None
    clip: Rect | None = None


@dataclass(frozen=True, slots=True)
class OfferedAdjustment:
    """A live adjustment layer; `mask` is (h, w) of the canvas it is offered on."""

    name: str
    adjustment: Adjustment
    mask: Block | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class OfferedText:
    """A live text layer with its rendering (h, w, 4) and the place of the rendering's top left corner."""

    name: str
    text: str
    style: tuple[tuple[str, Parameter], ...]
    rendering: Block = field(repr=False)
    offset: Point = Point()


Offer = (
    OfferedPicture
    | OfferedAdjustment
    | OfferedText
    | HideBase
    | CropDocument
    | ResizeDocument
    | TurnDocument
    | RotateDocument
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: 0 to 1, or none where it is not known; and what it is doing."""

    fraction: float | None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the designer should know, in the engine's words.

    Attributes:
        edit: place of the edit it concerns; -1 for the whole run.
        missing: it tells of a candidate that did not come, while others may.
    """

    message: str
    edit: int = -1
    missing: bool = False


@dataclass(frozen=True, slots=True)
class CandidateOffered:
    """One answer, as an ordered list of operations with their payloads.

    Attributes:
        words, thoughts: what the model said with it, and while thinking.
        reply: the number of the reply it came with.
        suggestion: whether it waits for the designer although it is the only one: its engine cannot vouch for it.
    """

    offers: tuple[Offer, ...]
    words: str = ""
    thoughts: str = ""
    reply: int | None = None
    suggestion: bool = False


@dataclass(frozen=True, slots=True)
class Sending:
    """A request is about to leave; it leaves when the next event is asked for, and not before.

    Attributes:
        reply: the number that its reply will have.
        pictures: what it holds, in order.
        words: the text that goes with them.
        host: where it goes.
        account: a mark of the key it goes with, which says nothing of the key.
        frame, clip: as in `OfferedPicture`, for the pictures of its reply.
        several: whether several pictures with captions are asked for.
    """

    reply: int
    pictures: tuple[OutgoingPicture, ...] = field(repr=False)
    words: str = field(repr=False)
    model: str = ""
    host: str = ""
    account: str = ""
    frame: Rect | None = None
    clip: Rect | None = None
    several: bool = False


@dataclass(frozen=True, slots=True)
class ReplyReceived:
    """The body of a reply as it came; nothing looks at it before the next event is asked for."""

    reply: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A request that was about to leave did not, or was answered with an error: nothing is charged for it."""

    reply: int


@dataclass(frozen=True, slots=True)
class KeptReply:
    """A reply as it came, with what is needed to make candidates of it.

    Attributes:
        mask: (h, w) of the clip, 255 where the edits may act; none for everywhere.
    """

    reply: int
    body: bytes = field(repr=False)
    model: str
    frame: Rect | None = None
    clip: Rect | None = None
    several: bool = False
    mask: Block | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class UsageReported:
    """What the run cost so far, and the version of the model that answered."""

    usage: Usage
    model: str = ""


Event = Progress | Note | CandidateOffered | UsageReported | Sending | ReplyReceived | NotTaken


@dataclass(frozen=True, slots=True)
class Outline:
    """What a plan needs to know beside the sentences, without any pixel.

    Attributes:
        canvas: size of the document, pixels.
        references: how many are sent along.
        selected: the box around all that the edits are tied to, canvas pixels; none where one of them is not tied.
    """

    canvas: Size = Size(0, 0)
    references: int = 0
    options: RunOptions = RunOptions()
    selected: Rect | None = None


@dataclass(frozen=True, slots=True)
class PlannedEdit:
    """How one sentence is understood, before anything runs.

    Attributes:
        understood: whether this engine can do it.
        summary: what it would do, in words with parameters ("Blur the background, radius 24 px").
        operations: rows of the operation table with their parameters by name, in order.
        target: "picture", "background", "subject", "selection" or another word of the grammar.
        confidence: 0 to 1.
        reason: why it was not understood or cannot be done, as one plain sentence.
        nearest: sentences that this engine would understand.
        suggested_engine: the engine that could do it, where this one cannot.
    """

    instruction: str
    understood: bool
    summary: str = ""
    operations: tuple[tuple[str, tuple[tuple[str, Parameter], ...]], ...] = ()
    target: str = "picture"
    confidence: float = 1.0
    reason: str = ""
    nearest: tuple[str, ...] = ()
    suggested_engine: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a stack is understood, what would leave this computer, and what it would cost.

    Attributes:
        sends: whether anything leaves this computer.
        cost: US dollars, estimated; none where it is not known.
        size: class of the answer (`1K`), where the engine has such.
        tokens: of the input, estimated; 0 where nothing is counted.
        pictures: how many leave, the base among them.
        candidates: how many answers will be asked for.
        refusal: why this stack cannot be sent at all, as one plain sentence; empty where it can.
        successor: the model to use instead of a retired one.
    """

    engine: str
    edits: tuple[PlannedEdit, ...]
    sends: bool = False
    cost: float | None = 0.0
    model: str = ""
    model_name: str = ""
    size: str = ""
    tokens: int = 0
    pictures: int = 0
    candidates: int = 1
    refusal: str = ""
    successor: str = ""

    @property
    def understood(self) -> bool:
        """Whether every edit can be done."""
        return all(edit.understood for edit in self.edits)


class Engine(Protocol):
    """What turns a request into pictures."""

    @property
    def info(self) -> EngineInfo:
        """Who it is and whether it is ready; quick, and without any library loaded."""

    def plan(self, instructions: tuple[str, ...], outline: Outline = Outline()) -> Plan:
        """How each sentence is understood; runs nothing and sends nothing. Quick enough to call on every key."""

    def outgoing(self, request: EditRequest) -> Outgoing | None:
        """Exactly what one request would send; none for an engine that sends nothing. Slow, for a thread."""

    async def recover(self, kept: KeptReply) -> tuple[Event, ...]:
        """What a reply holds that came before the program ended; asks nobody anything.

        Raises:
            EngineError: as `run` would have for this reply.
        """

    def run(self, request: EditRequest) -> AsyncIterator[Event]:
        """Do the edits in one pass; closing or cancelling the iterator stops the work at once.

        Raises:
            EngineError: one of its kinds, when the run did not succeed.
        """
