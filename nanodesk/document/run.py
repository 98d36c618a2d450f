"""One sending of the edit stack, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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


@dataclass(frozen=True, slots=True)
class Usage:
    """What a run cost.

    Attributes:
        cost: US dollars; none where it is not known.
        input_tokens, output_tokens: as the engine counted them.
    """

    cost: float | None = None
    input_tokens: int = 0
    output_tokens: int = 0


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

    @property
    def duration_s(self) -> float | None:
        """How long it took, once it is over."""
        if self.started is None or self.finished is None:
            return None
        return self.finished - self.started
