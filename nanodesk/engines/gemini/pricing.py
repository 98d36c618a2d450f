"""What a request is expected to cost, and what it did cost by the service's own count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.document.run import Usage

if TYPE_CHECKING:
    from nanodesk.document.run import RunOptions
    from nanodesk.engines.gemini.models import Model

LETTERS_PER_TOKEN = 4
USUAL_THOUGHT_TOKENS = 300
"""Thinking is billed as words, also where it is not shown; so much is usual for one picture."""

MILLION = 1_000_000
MOST_CANDIDATES = 8


def wanted_candidates(options: RunOptions) -> int:
    """How many requests a run sends."""
    return max(1, min(MOST_CANDIDATES, options.candidates))


@dataclass(frozen=True, slots=True)
class Expected:
    """An estimate for one request; the cost is none where the price is not known."""

    input_tokens: int
    output_tokens: int
    cost: float | None


def expected(model: Model, size: str, pictures: int, letters: int) -> Expected:
    """What one request costs about: its pictures and words in, one picture of that class out."""
    input_tokens = pictures * model.picture_tokens + letters // LETTERS_PER_TOKEN
    output_tokens = model.output_tokens.get(size, 1120)
    price = model.price.get(size)
    if price is None:
        return Expected(input_tokens, output_tokens, None)
    cost = price + input_tokens * (model.rates.text_in or 0.0) / MILLION
    if model.thinking:
        cost += USUAL_THOUGHT_TOKENS * (model.rates.text_out or 0.0) / MILLION
    return Expected(input_tokens, output_tokens, round(cost, 6))


@dataclass(frozen=True, slots=True)
class Counted:
    """The service's own count of one exchange."""

    input_tokens: int = 0
    picture_tokens: int = 0
    word_tokens: int = 0
    thought_tokens: int = 0

    def cost(self, model: Model) -> float | None:
        """US dollars; none where the price is not known."""
        rates = model.rates
        image_out = rates.image_out
        if image_out is None and model.price and model.output_tokens:
            size = model.sizes[0]
            image_out = model.price[size] * MILLION / model.output_tokens[size]
        if image_out is None:
            return None
        cost = self.picture_tokens * image_out + self.input_tokens * (rates.text_in or 0.0)
        cost += (self.word_tokens + self.thought_tokens) * (rates.text_out or 0.0)
        return round(cost / MILLION, 6)


def total(counts: list[Counted], model: Model) -> Usage:
    """What all exchanges of a run cost together."""
    costs = [one.cost(model) for one in counts]
    known = [cost for cost in costs if cost is not None]
    return Usage(
        round(sum(known), 6) if len(known) == len(costs) and costs else None,
        sum(one.input_tokens for one in counts),
        sum(one.picture_tokens + one.word_tokens + one.thought_tokens for one in counts),
        sum(one.thought_tokens for one in counts),
    )
