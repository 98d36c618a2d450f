"""How a run ended when it did not end well: the sentence, whether it was charged, and the ways out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.document.run import Charged, Remedy, RunState
from nanodesk.ui.history_panel.words import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.document.run import Run

Way = tuple[str, "Callable[[], object]"]

_CHARGES = {Charged.NO: "", Charged.MAYBE: " It may have been charged.", Charged.YES: " It was charged."}


@dataclass(frozen=True, slots=True)
class WaysOut:
    """What the buttons beside a sentence call.

    Attributes:
        again: sends the stack once more.
        reword: opens what was written, to be written otherwise.
        answer_with: takes the id of the model to send it to instead; empty for one to be chosen.
        enter_key, set_up_connection, raise_ceiling: lead to the place where that is done.
    """

    again: Callable[[], object]
    reword: Callable[[], object]
    answer_with: Callable[[str], object]
    enter_key: Callable[[], object]
    set_up_connection: Callable[[], object]
    raise_ceiling: Callable[[], object]


def ways_out(remedy: Remedy, successor: str, name_of: Callable[[str], str], ways: WaysOut) -> tuple[Way, ...]:
    """The buttons for a remedy, the most useful one first.

    Args:
        successor: the model to use instead of a retired one; empty where none is known.
        name_of: what a model is called, by its id.
    """
    again: Way = ("Run again", ways.again)
    if remedy is Remedy.OTHER_MODEL:
        title = f"Run with {name_of(successor)}" if successor else "Choose another model"
        return ((title, lambda: ways.answer_with(successor)),)
    found: dict[Remedy, tuple[Way, ...]] = {
        Remedy.RUN_AGAIN: (again,),
        Remedy.ASK_AGAIN: (("Ask again, may be charged twice", ways.again),),
        Remedy.REWORD: (("Change the words", ways.reword),),
        Remedy.KEY: (("Enter a key", ways.enter_key),),
        Remedy.CONNECTION: (("Connection settings", ways.set_up_connection), again),
        Remedy.CEILING: (("Raise the ceiling", ways.raise_ceiling), again),
    }
    return found.get(remedy, ())


def sentence_of(run: Run) -> str:
    """What became of a run, for the bar over Run; empty where there is nothing to say."""
    if run.state is RunState.FAILED:
        return f"Run {run.number}: {with_charge(run.message or 'The run did not end well.', run.charged)}"
    if run.state is RunState.CANCELLED and run.charged is not Charged.NO:
        return f"Run {run.number}: {with_charge(run.message, run.charged)}"
    if run.state is RunState.DONE:
        return _missed(run)
    return ""


def _missed(run: Run) -> str:
    """Some of several answers did not come; the engine's notes say why."""
    came, wanted = len(run.candidates), run.options.candidates
    if not 0 < came < wanted:
        return ""
    return " ".join((f"Run {run.number}: {came} of {wanted} answers came.", *map(plain, run.notes)))


def with_charge(sentence: str, charged: Charged) -> str:
    """A sentence that says whether it was charged, as far as it does not say so itself."""
    return plain(sentence) if "charged" in sentence else f"{plain(sentence)}{_CHARGES[charged]}"
