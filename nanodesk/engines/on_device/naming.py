"""Short names for the layers that a run adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.engines.on_device.summary import target_words
from nanodesk.engines.on_device.table import title

if TYPE_CHECKING:
    from nanodesk.engines.on_device.frames import Step

MOST_LETTERS = 40


def layer_name(steps: list[Step]) -> str:
    """What was done, in at most 40 letters: “Background blurred, warmer”."""
    said = list(dict.fromkeys(_said(step) for step in steps))
    whole = ", ".join([said[0], *(words[0].lower() + words[1:] for words in said[1:])])
    if len(whole) <= MOST_LETTERS:
        return whole
    more = f" and {len(said) - 1} more" if len(said) > 1 else ""
    room = MOST_LETTERS - len(more)
    first = said[0] if len(said[0]) <= room else said[0][: room - 1].rstrip() + "…"
    return first + more


def _said(step: Step) -> str:
    values = dict(step.values)
    if step.operation == "text":
        return f"“{' '.join(str(values['text']).split())}”"
    words = title(step.operation, values)
    if step.operation.endswith("-background") or step.target in {"picture", step.operation}:
        return words
    return f"{target_words(step.target)} {words[0].lower()}{words[1:]}"
