"""`nanodesk edit`: run a stack on a picture or a project and write the result."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.cli.errors import DONE, UsageError
from nanodesk.cli.session import opened, prepare
from nanodesk.document.run import Run, RunOptions, RunState
from nanodesk.editor.exporting import SUFFIXES, check_suffix
from nanodesk.editor.workspace import is_project

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from nanodesk.cli.output import Output
    from nanodesk.document.identity import RunId
    from nanodesk.editor.project import Project


async def command(arguments: argparse.Namespace, output: Output) -> int:
    """Run the edits; the exit status. Faults are raised."""
    target = _target(arguments)
    started = time.monotonic()
    async with opened(arguments.input, anyway=arguments.anyway) as project:
        await prepare(project, arguments)
        async with asyncio.timeout(arguments.time_limit):
            run = await _ran(project, arguments, output)
        notes: tuple[str, ...] = ()
        if is_project(target):
            await project.save_as(target)
        else:
            notes = (await project.export(target)).notes
        run = replace(run, notes=(*run.notes, *notes))
        _tell(project, run, target, time.monotonic() - started, output)
    return DONE


def _target(arguments: argparse.Namespace) -> Path:
    """Where the result goes; never over the input picture, and never over a file nobody named."""
    source: Path = arguments.input
    if arguments.output is not None:
        output: Path = arguments.output
        if not is_project(output):
            check_suffix(output)
            if not is_project(source) and output.absolute() == source.absolute():
                raise UsageError(f"“{output.name}” is the input itself; name another file with -o.")
        return output
    if is_project(source):
        return source
    suffix = source.suffix if source.suffix.lower() in SUFFIXES else ".png"
    target = source.with_name(f"{source.stem}-edited{suffix}")
    number = 2
    while target.exists():
        target = source.with_name(f"{source.stem}-edited-{number}{suffix}")
        number += 1
    return target


async def _ran(project: Project, arguments: argparse.Namespace, output: Output) -> Run:
    options = RunOptions(arguments.model, arguments.candidates, fit=not arguments.no_fit)
    run_id = project.runs.submit(arguments.engine, options)
    disconnect = project.runs.changed.connect(_Progress(project, output))
    try:
        run = await project.runs.finished(run_id)
    finally:
        disconnect()
    if run.state is not RunState.DONE:
        raise project.runs.fault_of(run_id)
    if not any(project.runs.candidates[one].state == "accepted" for one in run.candidates):
        await project.runs.accept_when_ready(run.candidates[0])
    return project.runs.runs[run_id]


class _Progress:
    """Says each new thing that a run does, once."""

    def __init__(self, project: Project, output: Output) -> None:
        self._project = project
        self._output = output
        self._said = ""

    def __call__(self, run_id: RunId) -> None:
        run = self._project.runs.runs[run_id]
        if run.message and run.message != self._said and run.state.active:
            self._said = run.message
            self._output.progress(run.message)


def _tell(project: Project, run: Run, target: Path, seconds: float, output: Output) -> None:
    missed = dict(run.edit_messages)
    edits = [{"instruction": edit.instruction, "note": missed.get(place, "")} for place, edit in enumerate(run.edits)]
    size = project.editor.document.size
    values = {
        "output": str(target),
        "engine": run.engine,
        "model": run.model,
        "edits": edits,
        "size": [size.width, size.height],
        "layers": [layer.name for layer, _ in project.editor.document.walk()],
        "candidates": len(run.candidates),
        "cost": run.usage.cost,
        "duration_s": round(seconds, 3),
        "notes": list(run.notes),
    }
    lines = [f"{edit.instruction}: {missed.get(place) or 'done'}" for place, edit in enumerate(run.edits)]
    lines += list(run.notes)
    lines.append(f"{target} ({size.width} × {size.height} pixels, {run.engine}, {seconds:.1f} s)")
    output.answer(values, lines)
