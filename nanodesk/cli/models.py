"""`nanodesk models`: the models that can be named; as the service lists them now, or as they were known."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from nanodesk.cli.errors import DONE
from nanodesk.cli.session import allow
from nanodesk.editor.accounts import GEMINI, KeySource
from nanodesk.editor.workspace import Workspace

if TYPE_CHECKING:
    import argparse

    from nanodesk.cli.output import Output
    from nanodesk.editor.planning import EngineInfo, ModelInfo

PATIENCE_S = 20.0
"""So long the live list may take; what is known is told without it."""


async def command(arguments: argparse.Namespace, output: Output) -> int:
    """List them; asking the service sends the key alone, and costs nothing."""
    del arguments
    from nanodesk.engines.gemini.models import catalogue

    workspace = Workspace.headless()
    try:
        await allow(workspace, GEMINI)
        missing = await _asked(workspace)
        engines = [info for info in workspace.engines.infos() if info.models]
    finally:
        await workspace.shut_down()
    dated = catalogue().dated
    note = f"Prices and dates as published by {dated}." if not missing else f"As known on {dated}. {missing}"
    values = {
        "dated": dated,
        "live": not missing,
        "note": note,
        "models": [_values(info, model) for info in engines for model in info.models],
    }
    output.answer(values, [*(line for info in engines for line in _lines(info)), note])
    return DONE


async def _asked(workspace: Workspace) -> str:
    """Have the service list its models; why it did not, empty when it did."""
    if workspace.accounts.source(GEMINI) is KeySource.NONE:
        return "Without a key the service is not asked what it offers today."
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await workspace.accounts.refresh(GEMINI)
    except TimeoutError:
        return "The service did not say in time what it offers today."


def _values(info: EngineInfo, model: ModelInfo) -> dict[str, object]:
    return {
        "id": model.id,
        "name": model.name,
        "engine": info.id,
        "role": model.role,
        "sizes": list(model.sizes),
        "price": dict(model.price),
        "default": model == info.models[0],
        "retired": model.retired,
        "successor": model.successor,
        "note": model.note,
    }


def _lines(info: EngineInfo) -> list[str]:
    wide = max(len(model.id) for model in info.models)
    lines = [info.name]
    for model in info.models:
        prices = ", ".join(f"{size} ${price:.3f}" for size, price in model.price) or "price not known"
        parts = [part for part in (model.role, prices, model.note) if part]
        lines.append(f"  {model.id:<{wide}}  {model.name}; " + "; ".join(parts))
    return lines
