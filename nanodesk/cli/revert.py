"""`nanodesk revert`: go to a step of the history; adds nothing and loses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.cli.errors import DONE
from nanodesk.cli.session import find_step, opened

if TYPE_CHECKING:
    import argparse

    from nanodesk.cli.output import Output


async def command(arguments: argparse.Namespace, output: Output) -> int:
    """Go to the step and save the project in place."""
    async with opened(arguments.project) as project:
        step_id = find_step(project, arguments.step)
        project.editor.go_to(step_id)
        await project.save()
        step = project.editor.history.step(step_id)
        values = {"project": str(arguments.project), "step": step_id, "label": step.label}
        output.answer(values, [f"{arguments.project}: now at “{step.label}”."])
    return DONE
