"""`nanodesk plan`: how each edit is understood, what would be sent, what it would cost; runs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.cli.errors import DONE, NOT_UNDERSTOOD
from nanodesk.cli.session import opened, prepare

if TYPE_CHECKING:
    import argparse

    from nanodesk.cli.output import Output
    from nanodesk.editor.planning import Plan, PlannedEdit
    from nanodesk.editor.project import Project


async def command(arguments: argparse.Namespace, output: Output) -> int:
    """Plan the edits; status 3 when one is not understood."""
    async with opened(arguments.input, read_only=True, anyway=arguments.anyway) as project:
        await prepare(project, arguments)
        plan = project.runs.plan(arguments.engine)
        output.answer(_values(plan, project), _lines(plan))
    return DONE if plan.understood else NOT_UNDERSTOOD


def _values(plan: Plan, project: Project) -> dict[str, object]:
    size = project.editor.document.size
    references = [reference.name for reference in project.editor.state.tray]
    return {
        "engine": plan.engine,
        "model": plan.model,
        "understood": plan.understood,
        "edits": [_edit(edit) for edit in plan.edits],
        "sends": plan.sends,
        "cost": plan.cost,
        "base": None if size.empty else [size.width, size.height],
        "references": references,
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


def _lines(plan: Plan) -> list[str]:
    lines = []
    for number, edit in enumerate(plan.edits, 1):
        if edit.understood:
            lines.append(f"{number}. {edit.instruction}: {edit.summary}")
            continue
        lines.append(f"{number}. {edit.instruction}: {edit.reason}")
        if edit.nearest:
            lines.append("   Nearest: " + "; ".join(f"“{one}”" for one in edit.nearest))
    leaves = "Pictures would leave this computer." if plan.sends else "Nothing leaves this computer."
    cost = "" if plan.cost is None else f" Cost: {plan.cost:.2f} US dollars." if plan.cost else " It costs nothing."
    return [*lines, f"Engine: {plan.engine}. {leaves}{cost}"]
