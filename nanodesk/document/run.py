"""One sending of the edit stack, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nanodesk.document.advice import EditVerdict
    from nanodesk.document.edit import Edit
    from nanodesk.document.identity import CandidateId, LayerId, RunId
    from nanodesk.document.tiles import PixelsId


class RunState(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def active(self) -> bool:
        """Whether more is to come."""
        return self in {RunState.QUEUED, RunState.RUNNING}


class Charged(StrEnum):
    """Whether a run that brought nothing may have to be paid for."""

    NO = "no"
    MAYBE = "maybe"
    YES = "yes"


class Remedy(StrEnum):
    """What a designer can do about a run that failed; the window puts a button beside the sentence."""

    NONE = ""
    RUN_AGAIN = "run again"
    """Nothing was charged, or another try is worth it."""
    ASK_AGAIN = "ask again"
    """The answer was lost after sending: sending again may be charged twice, so it is asked first."""
    REWORD = "reword"
    OTHER_MODEL = "other model"
    KEY = "key"
    CONSENT = "consent"
    CONNECTION = "connection"
    CEILING = "ceiling"


class SentPart(StrEnum):
    """What goes to the model of a picture in which every edit is tied to a selection."""

    AUTO = "auto"
    """The surroundings where the selection is small, the whole picture otherwise."""
    WHOLE = "whole"
    SURROUNDINGS = "surroundings"


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What is chosen with Run, beside the engine.

    Attributes:
        model: an id of the engine's; empty for its own choice.
        candidates: how many answers are wanted.
        fit: insert only what an answer changes, not its whole picture.
        size: `auto` (the smallest class that is at least the document), `512`, `1K`, `2K` or `4K`.
        thinking: a level that the model knows; empty for its own.
        continues: the answer whose conversation is continued; none begins a new one.
    """

    model: str = ""
    candidates: int = 1
    fit: bool = True
    size: str = "auto"
    part: SentPart = SentPart.AUTO
    thinking: str = ""
    continues: CandidateId | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What a run cost.

    Attributes:
        cost: US dollars; none where it is not known.
        input_tokens, output_tokens: as the engine counted them.
        thought_tokens: of the output, what went into thinking.
    """

    cost: float | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    thought_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """One run.

    Attributes:
        number: counts from 1 within the project.
        edits: the sentences that were sent, in order.
        above: the layer that a result goes above; none for the top.
        base: identity of the flattened base.
        references: the names of the pictures sent along.
        created, started, finished: seconds since 1970, UTC.
        progress: 0 to 1; none where it is not known.
        message: one plain sentence: what it is doing, or why it failed.
        edit_messages: a sentence for an edit that was missed or refused, by its place in `edits`.
        notes: what the engine wanted to be known.
        options: what was chosen with Run.
        expected_cost: US dollars as estimated before sending; none where it was not known.
        answered_by: the version of the model that answered.
        charged: whether a run that failed may have to be paid for.
        remedy: what can be done about a run that failed.
        successor: the model to use instead of a retired one.
        held: why it waits in the queue without being sent; empty when it does not.
        verdicts: what a model that was asked found done; advice, and no more.
    """

    id: RunId
    number: int
    edits: tuple[Edit, ...]
    engine: str
    model: str = ""
    state: RunState = RunState.QUEUED
    above: LayerId | None = None
    base: PixelsId | None = None
    references: tuple[str, ...] = ()
    created: float = 0.0
    started: float | None = None
    finished: float | None = None
    progress: float | None = None
    message: str = ""
    edit_messages: tuple[tuple[int, str], ...] = ()
    notes: tuple[str, ...] = ()
    usage: Usage = Usage()
    candidates: tuple[CandidateId, ...] = ()
    options: RunOptions = RunOptions()
    expected_cost: float | None = None
    answered_by: str = ""
    charged: Charged = Charged.NO
    remedy: Remedy = Remedy.NONE
    successor: str = ""
    held: str = ""
    verdicts: tuple[EditVerdict, ...] = ()

    @property
    def duration_s(self) -> float | None:
        """How long it took, once it is over."""
        if self.started is None or self.finished is None:
            return None
        return self.finished - self.started
