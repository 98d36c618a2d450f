"""Plans: how each sentence of a stack is understood, with the nearest sentences where one is not."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from nanodesk.engines.base import Plan, PlannedEdit
from nanodesk.engines.on_device.grammar import Refused, understand
from nanodesk.engines.on_device.lexicon import LANGUAGES, lexicon
from nanodesk.engines.on_device.reading import read
from nanodesk.engines.on_device.summary import summary
from nanodesk.engines.on_device.table import TABLE

if TYPE_CHECKING:
    from nanodesk.engines.on_device.frames import Step

ENGINE_ID = "on-device"
GENERATIVE = "gemini"
_NEAREST = 3
_LONGEST_QUOTED = 200
_FIRST_IDEAS = ("Make it warmer", "Blur the background", "Crop to a square")


def plan(instructions: tuple[str, ...]) -> Plan:
    """How a stack is understood; nothing leaves this computer and nothing costs."""
    return Plan(ENGINE_ID, tuple(planned(instruction) for instruction in instructions))


@lru_cache(maxsize=256)
def steps_of(instruction: str) -> tuple[Step, ...] | Refused:
    """The steps of a sentence, or why there are none."""
    outcome = understand(instruction)
    return outcome if isinstance(outcome, Refused) else outcome.steps


def planned(instruction: str) -> PlannedEdit:
    """How one sentence is understood."""
    outcome = steps_of(instruction)
    if isinstance(outcome, Refused):
        return PlannedEdit(
            instruction,
            understood=False,
            confidence=0.0,
            reason=outcome.reason,
            nearest=nearest(instruction, outcome.hints),
            suggested_engine=GENERATIVE if outcome.known else "",
        )
    targets = dict.fromkeys(step.target for step in outcome)
    return PlannedEdit(
        instruction,
        understood=True,
        summary="; ".join(summary(step.operation, dict(step.values), step.target) for step in outcome),
        operations=tuple((step.operation, step.values) for step in outcome),
        target=", ".join(targets),
        confidence=min(step.sure for step in outcome),
    )


def nearest(instruction: str, hints: tuple[str, ...]) -> tuple[str, ...]:
    """Up to three sentences that would be understood: of the operations spoken of first, then the most alike."""
    wanted = _grams(instruction.lower())
    scored = []
    language = spoken(instruction)
    for name, example, grams in _examples(language):
        alike = len(wanted & grams) / max(1, len(wanted | grams))
        scored.append((alike + (0.5 if name in hints else 0.0), example))
    scored.sort(reverse=True)
    found = [*_with_quotes(instruction), *(example for score, example in scored[:_NEAREST] if score >= 0.12)]
    first = lexicon(language).examples.get("", _FIRST_IDEAS)
    return tuple(dict.fromkeys([*found, *first]))[:_NEAREST]


def spoken(instruction: str) -> str:
    """The language that knows most of a sentence's words; the first one in doubt."""
    return min(LANGUAGES, key=lambda name: sum(not token.tags for token in read(instruction, lexicon(name))))


_UNQUOTED = re.compile(
    r"(?P<before>.*\b(?:text|write|caption|title|headline|schreibe?|titel|überschrift)\s+)"
    r"(?P<words>[^“”\"„]+?)(?P<after>\s+(?:at|in|on|to|oben|unten|auf|an)\b.*|[.!]?)$",
    re.IGNORECASE | re.DOTALL,
)


def _with_quotes(instruction: str) -> list[str]:
    """“Add text hello at the top” with quotation marks where they are missing, if that can be done."""
    match = _UNQUOTED.match(instruction) if len(instruction) < _LONGEST_QUOTED else None
    if match is None:
        return []
    if set(match["words"].lower().split()) <= lexicon("en").vocabulary:
        return []
    quoted = f"{match['before']}“{match['words']}”{match['after']}"
    return [] if isinstance(steps_of(quoted), Refused) else [quoted]


@cache
def _examples(language: str) -> tuple[tuple[str, str, frozenset[str]], ...]:
    """Examples in a language; in that of the table where its words bring none."""
    own = {name: texts for name, texts in lexicon(language).examples.items() if name}
    rows = own or {row.name: list(row.examples) for row in TABLE.values()}
    return tuple((name, text, _grams(text.lower())) for name, texts in rows.items() for text in texts)


def _grams(text: str) -> frozenset[str]:
    padded = f" {text} "
    return frozenset(padded[place : place + 3] for place in range(len(padded) - 2))
