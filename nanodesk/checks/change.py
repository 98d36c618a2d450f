"""Whether each edit left a trace: what the fit found, told edit by edit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from nanodesk.imaging.fit.result import FitKind

if TYPE_CHECKING:
    from nanodesk.imaging.fit.result import Fit

_PLAIN = 6.0
"""Mean delta E from which anybody sees a change at once."""


class Verdict(StrEnum):
    """What the pixels say of an edit."""

    DONE = "done"
    MISSED = "missed"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class EditChange:
    """What became of one edit.

    Attributes:
        edit: its place in the stack.
        verdict: done when something changed that is surely its own, missed when nothing did that could be.
        islands: the numbers of the islands that are surely its own.
        share: 0 to 1 of the picture that they cover.
        delta_e: how much they differ, on average by area; 0 where there are none.
        sentence: the verdict in words.
    """

    edit: int
    verdict: Verdict
    islands: tuple[int, ...]
    share: float
    delta_e: float
    sentence: str


def score_change(fit: Fit, edits: int) -> tuple[EditChange, ...]:
    """A verdict for each of so many edits, from the pixels alone: they do not say whether what changed was meant.

    Raises:
        ValueError: when there are no edits.
    """
    if edits < 1:
        raise ValueError("A change is scored against at least one edit.")
    if fit.kind in (FitKind.RESTYLE, FitKind.UNALIGNED):
        return tuple(_whole(place, fit, edits) for place in range(edits))
    return tuple(_one(place, fit, edits) for place in range(edits))


def _whole(place: int, fit: Fit, edits: int) -> EditChange:
    verdict = Verdict.DONE if edits == 1 and fit.kind is FitKind.RESTYLE else Verdict.UNCLEAR
    sentence = (
        "The whole picture was redrawn."
        if verdict is Verdict.DONE
        else ("The whole picture changed, so it cannot be told by pixels whether this edit was done.")
    )
    return EditChange(place, verdict, tuple(island.number for island in fit.islands), 1.0, 0.0, sentence)


def _one(place: int, fit: Fit, edits: int) -> EditChange:
    own = [island for island in fit.islands if island.edit == place or (edits == 1 and not island.side_effect)]
    if own:
        area = max(1, sum(island.area for island in own))
        share = sum(island.share for island in own)
        delta_e = sum(island.delta_e * island.area for island in own) / area
        faint = "" if delta_e >= _PLAIN else ", faintly"
        sentence = f"Changed {max(0.1, share * 100):.1f} % of the picture{faint}."
        return EditChange(place, Verdict.DONE, tuple(island.number for island in own), share, delta_e, sentence)
    if any(island.edit is None and not island.side_effect for island in fit.islands):
        sentence = "Something changed, but it is not clear that this edit asked for it."
        return EditChange(place, Verdict.UNCLEAR, (), 0.0, 0.0, sentence)
    return EditChange(place, Verdict.MISSED, (), 0.0, 0.0, "Nothing changed where this edit could be.")
