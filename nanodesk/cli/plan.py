"""`nanodesk plan`: how each edit is understood, what would be sent, what it would cost; runs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.cli.errors import DONE, NOT_UNDERSTOOD, USAGE
from nanodesk.cli.sent import of_outgoing, outgoing_lines
from nanodesk.cli.session import opened, options_of, prepare
from nanodesk.editor.running import failure_of
from nanodesk.editor.spending import dollars

if TYPE_CHECKING:
    import argparse

    from nanodesk.cli.output import Output
    from nanodesk.document.run import RunOptions
    from nanodesk.editor.planning import Outgoing, Plan, PlannedEdit
    from nanodesk.editor.project import Project


async def command(arguments: argparse.Namespace, output: Output) -> int:
    """Plan the edits; status 3 when one is not understood, 2 when they cannot be sent at all."""
    async with opened(arguments.input, read_only=True, engine=arguments.engine, anyway=arguments.anyway) as project:
        await prepare(project, arguments)
        options = options_of(arguments)
        plan = project.runs.plan(arguments.engine, options)
        sending = await _outgoing(project, arguments.engine, options)
        output.answer(_values(plan, sending, project), _lines(plan, sending))
    return NOT_UNDERSTOOD if not plan.understood else USAGE if plan.refusal else DONE


async def _outgoing(project: Project, engine: str, options: RunOptions) -> Outgoing | None:
    from nanodesk.engines.errors import EngineError

    try:
        return await project.runs.outgoing(engine, options)
    except EngineError as error:
        raise failure_of(error) from None


def _values(plan: Plan, sending: Outgoing | None, project: Project) -> dict[str, object]:
    size = project.editor.document.size
    references = [reference.name for reference in project.editor.state.tray]
    return {
        "engine": plan.engine,
        "model": plan.model,
        "understood": plan.understood,
        "edits": [_edit(edit) for edit in plan.edits],
        "sends": plan.sends,
        "cost": plan.cost if sending is None else sending.cost,
        "base": None if size.empty else [size.width, size.height],
        "references": references,
        "refusal": plan.refusal,
        "successor": plan.successor,
        "outgoing": None if sending is None else of_outgoing(sending),
    }


def _edit(edit: PlannedEdit) -> dict[str, object]:
    return {
        "instruction": edit.instruction,
        "understood": edit.understood,
        "summary": edit.summary,
        "target": edit.target,
        "operations": [{"name": name, "parameters": dict(values)} for name, values in edit.operations],
        "confidence": edit.confidence,
        "reason": edit.reason,
        "nearest": list(edit.nearest),
        "suggested_engine": edit.suggested_engine,
    }


def _lines(plan: Plan, sending: Outgoing | None) -> list[str]:
    lines = []
    for number, edit in enumerate(plan.edits, 1):
        if edit.understood:
            lines.append(f"{number}. {edit.instruction}: {edit.summary}")
            continue
        lines.append(f"{number}. {edit.instruction}: {edit.reason}")
        if edit.nearest:
            lines.append("   Nearest: " + "; ".join(f"“{one}”" for one in edit.nearest))
    if plan.refusal:
        lines.append(plan.refusal)
    if sending is None:
        return [*lines, f"Engine: {plan.engine}. Nothing leaves this computer. It costs nothing."]
    cost = "What it costs is not known." if sending.cost is None else f"It costs about {dollars(sending.cost)}."
    tokens = f"about {sending.input_tokens:,} tokens in and {sending.output_tokens:,} out each"
    return [*lines, *outgoing_lines(sending), f"Engine: {plan.engine}, {sending.model_name}; {tokens}. {cost}"]
