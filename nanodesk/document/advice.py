"""What a model says about pictures: words, ideas for edits, and which edits it finds done. Advice, never acted on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AdviceKind(StrEnum):
    """What a model is asked."""

    DESCRIBE = "describe"
    """What is in the picture."""
    SUGGEST = "suggest edits"
    WENT_WRONG = "what went wrong"
    """Why an answer is not what was asked for, and how to ask better."""
    CHECK = "check edits"
    """Which edits of a run were done."""

    @property
    def compares(self) -> bool:
        """Whether a picture before and one after are looked at, with the edits between them."""
        return self in {AdviceKind.WENT_WRONG, AdviceKind.CHECK}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A sentence for the edit stack, with why it may help; it goes there only when it is chosen."""

    sentence: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class EditVerdict:
    """What a model thinks of one edit.

    Attributes:
        edit: its place among the edits of the run, from 0.
        done: whether it is seen in the answer.
        confidence: 0 to 1, as the model says.
        note: why, in the model's words.
        box: where, as (top, left, bottom, right) in thousandths of the picture; none where it did not say.
    """

    edit: int
    done: bool
    confidence: float = 0.0
    note: str = ""
    box: tuple[int, int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """One answer of a model that looks and does not draw.

    Attributes:
        words: plain text, the model's own.
        suggestions: sentences that could go into the stack.
        verdicts: for `AdviceKind.CHECK`, one for each edit it spoke of.
        model: the version that answered.
        cost: US dollars; none where it is not known.
    """

    kind: AdviceKind
    words: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    verdicts: tuple[EditVerdict, ...] = ()
    model: str = ""
    cost: float | None = None
