"""What stands on the strip, as values: answers that wait, answers still to come, and those that did not come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from nanodesk.document.candidate import CandidateState
from nanodesk.document.run import RunState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from nanodesk.document.candidate import Candidate
    from nanodesk.document.identity import CandidateId, RunId
    from nanodesk.document.run import Run


class SlotKind(Enum):
    """How a place on the strip is filled."""

    WAITING = auto()
    COMING = auto()
    MISSING = auto()


@dataclass(frozen=True, slots=True)
class Slot:
    """One place on the strip.

    Attributes:
        key: what identifies it while it stays what it is.
        candidate: what waits; none for the other kinds.
        message: why it did not come.
    """

    kind: SlotKind
    key: str
    run: Run
    candidate: Candidate | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of a project, as far as the strip reads them.

    Attributes:
        generative: whether an engine, by its id, is generative.
        settling: runs seen under way whose one answer will be applied by itself.
    """

    runs: Mapping[RunId, Run]
    candidates: Mapping[CandidateId, Candidate]
    generative: Callable[[str], bool]
    settling: frozenset[RunId] = frozenset()


def slots_of(runs: Runs) -> tuple[Slot, ...]:
    """The places of the strip, oldest run first; within a run what waits, what did not come, what is to come."""
    return tuple(slot for run in runs.runs.values() for slot in _of_run(run, runs))


def asks(run: Run, generative: Callable[[str], bool]) -> bool:
    """Whether the answers of a run under way will wait for a decision."""
    return generative(run.engine) or run.options.candidates > 1


def _of_run(run: Run, runs: Runs) -> Iterator[Slot]:
    if not asks(run, runs.generative) and (run.state.active or run.id in runs.settling):
        return
    known = [runs.candidates[one] for one in run.candidates if one in runs.candidates]
    waiting = [one for one in known if one.state is CandidateState.WAITING]
    for candidate in waiting:
        yield Slot(SlotKind.WAITING, candidate.id, run, candidate)
    if waiting or run.state.active:
        for number, message in enumerate(run.missing):
            yield Slot(SlotKind.MISSING, f"{run.id} missing {number}", run, message=message)
    if run.state.active:
        replies = {one.reply for one in known if one.reply is not None}
        came = (len(replies) or len(known)) + len(run.missing)
        for number in range(came, max(1, run.options.candidates)):
            yield Slot(SlotKind.COMING, f"{run.id} coming {number}", run)


def settling(run: Run, candidates: Mapping[CandidateId, Candidate], generative: Callable[[str], bool]) -> bool:
    """Whether the one answer of a run that was seen under way is still to be applied by itself."""
    if run.state.active:
        return not asks(run, generative)
    if run.state is not RunState.DONE or len(run.candidates) != 1:
        return False
    candidate = candidates.get(run.candidates[0])
    return candidate is not None and candidate.state is CandidateState.WAITING and not candidate.suggestion
