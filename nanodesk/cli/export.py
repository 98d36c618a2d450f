"""`nanodesk export`: write a project's picture, a layer of it, or how it was at a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.cli.errors import DONE
from nanodesk.cli.session import find_layer, find_step, opened
from nanodesk.editor.exporting import check_suffix, preset_size
from nanodesk.editor.flattening import alone

if TYPE_CHECKING:
    import argparse

    from nanodesk.cli.output import Output


async def command(arguments: argparse.Namespace, output: Output) -> int:
    """Write the picture; the project is only read."""
    check_suffix(arguments.output)
    size = None if arguments.preset is None else preset_size(arguments.preset)
    async with opened(arguments.project, read_only=True) as project:
        document = project.editor.document
        if arguments.step is not None:
            document = project.editor.state_at(find_step(project, arguments.step)).document
        if arguments.layer is not None:
            document = alone(document, find_layer(document, arguments.layer))
        written = await project.export(arguments.output, document=document, size=size)
        values = {"output": str(arguments.output), "size": [written.width, written.height]}
        output.answer(values, [f"{arguments.output} ({written.width} × {written.height} pixels)"])
    return DONE
