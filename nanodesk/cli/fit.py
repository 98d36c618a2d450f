"""`nanodesk fit`: keep of another tool's answer only what it changed, at the original's own resolution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.cli.errors import DONE, UsageError
from nanodesk.cli.session import opened
from nanodesk.editor.exporting import check_suffix
from nanodesk.editor.intake import PictureSource
from nanodesk.editor.workspace import is_project

if TYPE_CHECKING:
    import argparse

    from nanodesk.cli.output import Output
    from nanodesk.document.fit import FittedAnswer


async def command(arguments: argparse.Namespace, output: Output) -> int:
    """Fit the result to the original and write the picture, or a project with the layer."""
    if not is_project(arguments.output):
        check_suffix(arguments.output)
    if arguments.mask_out is not None and arguments.mask_out.suffix.lower() != ".png":
        raise UsageError(f"A mask is written as PNG: give “{arguments.mask_out.name}” the ending .png.")
    async with opened(arguments.original) as project:
        output.progress("Fitting the result to the original")
        layer = await project.foreign.fit_picture(PictureSource(arguments.result.name, arguments.result))
        if is_project(arguments.output):
            await project.save_as(arguments.output)
        else:
            await project.export(arguments.output)
        if arguments.mask_out is not None:
            await project.foreign.write_mask(layer, arguments.mask_out)
        candidate = project.refitting.answer_of(layer)
        assert candidate is not None
        assert candidate.fit is not None
        mask = None if arguments.mask_out is None else str(arguments.mask_out)
        values = {"output": str(arguments.output), "mask": mask, **_told(candidate.fit)}
        output.answer(values, [candidate.fit.sentence, str(arguments.output), *([mask] if mask else [])])
    return DONE


def _told(fit: FittedAnswer) -> dict[str, object]:
    islands = [
        {
            "number": one.number,
            "box": [one.box.x, one.box.y, one.box.width, one.box.height],
            "share": round(one.share, 6),
            "delta_e": round(one.delta_e, 2),
            "side_effect": one.side_effect,
            "kept": one.number in fit.kept,
        }
        for one in fit.islands
    ]
    return {
        "outcome": fit.outcome.value,
        "sentence": fit.sentence,
        "confidence": round(fit.confidence, 3),
        "shift_px": round(fit.shift_px, 2),
        "scale": round(fit.scale, 5),
        "rotation_deg": round(fit.rotation_deg, 3),
        "rect": [fit.rect.x, fit.rect.y, fit.rect.width, fit.rect.height],
        "islands": islands,
    }
