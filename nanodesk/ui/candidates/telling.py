"""The sentences of the strip: what a place on it is, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.document.candidate import AddLayer
from nanodesk.document.run import RunState
from nanodesk.ui.candidates.slots import SlotKind
from nanodesk.ui.history_panel.words import money, plain, seconds, title_of, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nanodesk.document.candidate import Candidate
    from nanodesk.ui.candidates.slots import Slot
    from nanodesk.ui.candidates.verdict import Verdict

OLDER = "made on an older base"
AGAIN = "The others are untouched. Asking once more is a run of its own, at its own cost."


@dataclass(frozen=True, slots=True)
class Told:
    """Two lines, each plain text; `ink` is the colour of the first by its name in the theme."""

    title: str
    detail: str = ""
    ink: str = "text"


def told_of_all(slots: Sequence[Slot]) -> Told:
    """What is said while none is chosen."""
    waiting = sum(slot.kind is SlotKind.WAITING for slot in slots)
    coming = sum(slot.kind is SlotKind.COMING for slot in slots)
    if waiting:
        more = f" {coming} more to come." if coming else ""
        return Told(answers_wait(waiting), f"Point at one to see it in place, click to choose it.{more}")
    if coming:
        return Told(f"{_answers(coming)} on the way", "Go on working; each arrives by itself.")
    return Told("No answer came", "Point at a mark to read why.")


def answers_wait(count: int) -> str:
    """How many answers nobody has decided on."""
    return f"{_answers(count)} wait{'s' if count == 1 else ''}"


def _answers(count: int) -> str:
    return f"{count} answer{'' if count == 1 else 's'}"


def told_of(slot: Slot, verdict: Verdict, older: bool, now: float, usual_s: float | None, maker: str = "") -> Told:
    """What is said of one place.

    Args:
        older: whether it was made on another base than what it would be put on.
        now: seconds since 1970, UTC.
        usual_s: how long runs of its engine take.
        maker: who answers, as it is called.
    """
    match slot.kind:
        case SlotKind.COMING:
            return Told(title_of(slot.run), coming_words(slot, now, usual_s))
        case SlotKind.MISSING:
            return Told(plain(slot.message), AGAIN, "attention")
    assert slot.candidate is not None
    return _of_candidate(slot, slot.candidate, verdict, older, maker)


def _of_candidate(slot: Slot, candidate: Candidate, verdict: Verdict, older: bool, maker: str) -> Told:
    title, detail = verdict.verdict(candidate)
    run = slot.run
    facts = [plain(detail[:1].upper() + detail[1:])] if detail else []
    if older:
        facts.append(OLDER)
    facts.append(maker or plain(run.answered_by or run.model or run.engine))
    if run.duration_s is not None:
        facts.append(seconds(run.duration_s))
    if run.usage.cost:
        facts.append(money(run.usage.cost))
    return Told(plain(title) or name_of(slot), " · ".join(one for one in facts if one))


def name_of(slot: Slot) -> str:
    """What a candidate is called: the caption it came with, or the first sentence of its run."""
    if slot.candidate is not None and slot.candidate.fit is not None and slot.candidate.unfitted:
        return plain(slot.candidate.fit.name) or title_of(slot.run)
    operations = () if slot.candidate is None else slot.candidate.operations
    if len(operations) == 1 and isinstance(operations[0], AddLayer):
        return plain(operations[0].name) or title_of(slot.run)
    return title_of(slot.run)


def coming_words(slot: Slot, now: float, usual_s: float | None) -> str:
    """Where an answer that is still to come stands."""
    run = slot.run
    if run.held:
        return plain(run.held)
    if run.started is None:
        return "Waiting for its turn"
    passed = f"{max(0, round(now - run.started))} s"
    about = f" of about {seconds(usual_s)}" if usual_s is not None and usual_s >= 2 else ""
    doing = f" · {within(run.message)}" if run.message else ""
    return f"{passed}{about}{doing}"


def coming_mark(slot: Slot, now: float) -> str:
    """The same for the small place itself."""
    run = slot.run
    if run.started is None or run.state is RunState.QUEUED:
        return "waits"
    return f"{max(0, round(now - run.started))} s"


def said(candidate: Candidate) -> str:
    """The words and thoughts of the model, as plain paragraphs; empty where there are none."""
    parts = [paragraphs(candidate.words)]
    if candidate.thoughts.strip():
        parts.append("While thinking: " + paragraphs(candidate.thoughts))
    return "\n\n".join(part for part in parts if part)


def paragraphs(text: str) -> str:
    """Text from outside with its line breaks, and nothing else that could move it about."""
    lines = [plain(line).strip() for line in text.splitlines()]
    return "\n".join(lines).strip()
