"""What the tray says of a request as a whole: how much goes where, what goes again, what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.ui.edit_panel.leaving_line import amount, sent_again
from nanodesk.ui.history_panel.words import money, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nanodesk.document.identity import RunId
    from nanodesk.document.journal import JournalEntry
    from nanodesk.document.run import Run
    from nanodesk.editor.planning import Outgoing


def where_to(outgoing: Outgoing) -> str:
    """How much goes to which model where, and what is asked for."""
    name, model = plain(outgoing.model_name), plain(outgoing.model)
    called = f"{name} ({model})" if name and model and name != model else name or model
    shape = " at ".join(part for part in (outgoing.ratio, outgoing.image_size) if part)
    asked = f" It is asked for {shape}." if shape else ""
    count = len(outgoing.pictures)
    pictures = f"{count} picture{'' if count == 1 else 's'} and " if count else ""
    words = len(outgoing.text.split())
    much = f"{pictures}{words} word{'' if words == 1 else 's'}, {amount(outgoing.size_bytes)},"
    at = f" at {plain(outgoing.host)}" if outgoing.host else ""
    return f"{much} to {called}{at}.{asked}"


def again_of(earlier: Sequence[JournalEntry], runs: Mapping[RunId, Run]) -> str:
    """The conversation that is sent again, by the numbers of its runs; empty where there is none."""
    if not earlier:
        return ""
    told = [
        f"of run {runs[entry.run].number} ({amount(sent_again([entry]))})" for entry in earlier if entry.run in runs
    ]
    return f"Before these, the conversation is sent again: the words and the answer {' and '.join(told)}."


def price_of(outgoing: Outgoing) -> str:
    """Expected tokens and price, and how often it is sent."""
    times = f"Sent {outgoing.candidates} times, once for each answer. " if outgoing.candidates > 1 else ""
    each = " each time" if outgoing.candidates > 1 else ""
    tokens = f"About {outgoing.input_tokens:,} tokens in and {outgoing.output_tokens:,} out{each}"
    price = f"about {money(outgoing.cost)} in all" if outgoing.cost is not None else "its price is not known"
    return f"{times}{tokens}; {price}."
