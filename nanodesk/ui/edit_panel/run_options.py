"""What is chosen with Run, in words, and as it is remembered between sessions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.run import RunOptions, SentPart
from nanodesk.ui.history_panel.words import money, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nanodesk.editor.planning import EngineInfo, ModelInfo, Plan

AUTO_SIZE = "auto"
MOST_CANDIDATES = 4
PARTS = (
    (SentPart.AUTO, "Automatic"),
    (SentPart.SURROUNDINGS, "Surroundings only"),
    (SentPart.WHOLE, "Whole picture"),
)


def options_of(kept: Mapping[str, object]) -> RunOptions:
    """What was remembered; a value that makes no sense is as if it had never been chosen."""
    usual = RunOptions()
    candidates = kept.get("candidates")
    part = kept.get("part")
    return RunOptions(
        model=_text(kept.get("model"), usual.model),
        candidates=max(1, min(MOST_CANDIDATES, candidates)) if isinstance(candidates, int) else usual.candidates,
        size=_text(kept.get("size"), usual.size),
        part=SentPart(part) if isinstance(part, str) and part in list(SentPart) else usual.part,
        thinking=_text(kept.get("thinking"), usual.thinking),
    )


def kept_of(options: RunOptions) -> dict[str, object]:
    """What is remembered of a choice; the conversation that one run continues is not."""
    return {
        "model": options.model,
        "candidates": options.candidates,
        "size": options.size,
        "part": options.part.value,
        "thinking": options.thinking,
    }


def _text(value: object, otherwise: str) -> str:
    return value if isinstance(value, str) and len(value) <= 200 else otherwise


def model_of(info: EngineInfo | None, options: RunOptions) -> ModelInfo | None:
    """The model that would answer: the one chosen, else the engine's own; none where the engine does not know it."""
    models = info.models if info is not None else ()
    if not options.model:
        return next(iter(models), None)
    return next((model for model in models if model.id == options.model), None)


def name_of_model(info: EngineInfo | None, model_id: str) -> str:
    """What a model is called; its id where the engine has no name for it."""
    models = info.models if info is not None else ()
    return plain(next((model.name for model in models if model.id == model_id), model_id))


def levels_of(model: ModelInfo | None) -> tuple[str, ...]:
    """The levels of thinking that a model knows, least first; empty where it does not say."""
    levels = getattr(model, "thinking", ())
    return tuple(level for level in levels if isinstance(level, str))


def size_names(model: ModelInfo) -> list[tuple[str, str]]:
    """The sizes a model can answer in with what they are called: the smallest a draft, the largest the final one."""
    names = [(size, size) for size in model.sizes]
    if len(names) > 1:
        names[0] = (names[0][0], f"{names[0][0]}, draft")
        names[-1] = (names[-1][0], f"{names[-1][0]}, final")
    return names


def price_of(model: ModelInfo, size: str) -> str:
    """What a picture of a size costs; nothing where it is not known."""
    price = dict(model.price).get(size)
    return "" if price is None else money(price)


def least_price(model: ModelInfo) -> str:
    """What a picture costs at least; nothing where it is not known."""
    prices = [price for _, price in model.price]
    if not prices:
        return ""
    return money(prices[0]) if len(set(prices)) == 1 else f"from {money(min(prices))}"


def chosen_of(plan: Plan, info: EngineInfo | None) -> tuple[str, ...]:
    """Who would answer, how large and how often: the head of the panel's foot."""
    name = plain(plan.model_name) or (plain(info.name) if info is not None else plan.engine)
    many = f"{plan.candidates}×" if plan.candidates > 1 else ""
    return tuple(part for part in (name, plan.size, many) if part)


def with_successor(options: RunOptions, successor: str) -> RunOptions:
    """The same choice with the model that follows a retired one; size and thinking are left to it."""
    return replace(options, model=successor, size=AUTO_SIZE, thinking="")
