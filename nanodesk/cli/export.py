"""`nanodesk export`: write a project's picture, a layer of it, or how it was at a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.cli.errors import DONE
from nanodesk.cli.session import find_layer, find_step, opened
from nanodesk.editor.exporting import ExportOptions, check_suffix, preset_size
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
        keep = set(arguments.keep)
        options = ExportOptions(
            arguments.quality, arguments.lossless, size, keep_camera="camera" in keep, keep_place="place" in keep
        )
        written = await project.export(arguments.output, options, document=document)
        width, height = written.size.width, written.size.height
        values = {"output": str(arguments.output), "size": [width, height], "notes": list(written.notes)}
        output.answer(values, [*written.notes, f"{arguments.output} ({width} × {height} pixels)"])
    return DONE
