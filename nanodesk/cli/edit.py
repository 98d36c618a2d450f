"""`nanodesk edit`: run a stack on a picture or a project and write the result."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.cli.errors import DONE, CommandCancelledError, UsageError
from nanodesk.cli.sent import of_entry, of_usage
from nanodesk.cli.session import answers_of, opened, options_of, prepare
from nanodesk.document.candidate import CandidateState
from nanodesk.document.run import Charged, Run, RunState
from nanodesk.editor.errors import RunServiceError
from nanodesk.editor.exporting import SUFFIXES, check_suffix
from nanodesk.editor.spending import dollars
from nanodesk.editor.workspace import is_project

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from nanodesk.cli.output import Output
    from nanodesk.document.document import Document
    from nanodesk.document.identity import RunId
    from nanodesk.editor.project import Project


@dataclass(frozen=True, slots=True)
class _Written:
    """What the command did.

    Attributes:
        files: a project, or a picture for each candidate.
    """

    run: Run
    files: tuple[Path, ...]
    seconds: float
    notes: tuple[str, ...]


async def command(arguments: argparse.Namespace, output: Output) -> int:
    """Run the edits; the exit status. Faults are raised."""
    target = _target(arguments)
    started = time.monotonic()
    apart = is_project(arguments.input) and target.absolute() != arguments.input.absolute()
    async with opened(arguments.input, read_only=apart, engine=arguments.engine, anyway=arguments.anyway) as project:
        await prepare(project, arguments)
        _check_cost(project, arguments)
        run, note = await _ran(project, arguments, output)
        files, told = await _write(project, run, target)
        notes = (*run.notes, *([note] if note else []), *told)
        _tell(project, _Written(run, files, time.monotonic() - started, notes), output)
    return DONE


def _target(arguments: argparse.Namespace) -> Path:
    """Where the result goes; never over the input picture, and never over a file nobody named."""
    source: Path | None = arguments.input
    if (source is None) != arguments.new:
        raise UsageError("Name a picture or a project to edit, or use --new to make a picture from the edits alone.")
    if arguments.output is not None:
        output: Path = arguments.output
        if not is_project(output):
            check_suffix(output)
            if source is not None and not is_project(source) and output.absolute() == source.absolute():
                raise UsageError(f"“{output.name}” is the input itself; name another file with -o.")
        return output
    if source is None:
        raise UsageError("A new picture needs a name: give one with -o.")
    if is_project(source):
        return source
    suffix = source.suffix if source.suffix.lower() in SUFFIXES else ".png"
    return _free(source.with_name(f"{source.stem}-edited{suffix}"))


def _free(path: Path) -> Path:
    """The path itself, or with the first number that no file has."""
    found, number = path, 2
    while found.exists():
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return found


def _check_cost(project: Project, arguments: argparse.Namespace) -> None:
    most: float | None = arguments.max_cost
    if most is None:
        return
    plan = project.runs.plan(arguments.engine, options_of(arguments))
    if plan.cost is None:
        raise RunServiceError(
            f"The price of {plan.model} is not known, so that --max-cost cannot be kept; nothing was sent."
        )
    if plan.cost > most:
        raise RunServiceError(
            f"This is expected to cost {dollars(plan.cost)}, more than --max-cost allows ({dollars(most)});"
            " nothing was sent."
        )


async def _ran(project: Project, arguments: argparse.Namespace, output: Output) -> tuple[Run, str]:
    """The run when it is over, with a note where the time limit ended it and some candidates had come."""
    run_id = project.runs.submit(arguments.engine, options_of(arguments))
    disconnect = project.runs.changed.connect(_Progress(project, output))
    note = ""
    try:
        async with asyncio.timeout(arguments.time_limit):
            run = await project.runs.finished(run_id)
    except TimeoutError:
        run, note = await _stopped(project, run_id), "The time limit was reached"
    except asyncio.CancelledError:
        raise CommandCancelledError(_farewell(project, await _stopped(project, run_id))) from None
    finally:
        disconnect()
    if note and not run.candidates:
        maybe = " It had been sent and may have been charged." if run.charged is Charged.MAYBE else ""
        raise RunServiceError(f"{note}; nothing was written.{maybe}", charged=run.charged)
    if not note and run.state is not RunState.DONE:
        raise project.runs.fault_of(run_id)
    return run, f"{note}; {len(run.candidates)} of {run.options.candidates} candidates had come." if note else ""


async def _stopped(project: Project, run_id: RunId) -> Run:
    project.runs.cancel(run_id)
    return await project.runs.finished(run_id)


def _farewell(project: Project, run: Run) -> str:
    came = len(run.candidates)
    if came and answers_of(project):
        pictures = "The picture that had come is" if came == 1 else f"The {came} pictures that had come are"
        return f"Cancelled. {pictures} kept: Nanodesk offers what was paid for when it is opened next."
    charged = run.charged is Charged.MAYBE
    return f"Cancelled; nothing was written.{' It had been sent and may have been charged.' if charged else ''}"


async def _write(project: Project, run: Run, target: Path) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Take the first candidate where none was taken; write the project, or a picture for each candidate.

    The files come with what could not be carried into them.
    """
    runs = project.runs
    others: list[Document] = []
    if not any(runs.candidates[one].state is CandidateState.ACCEPTED for one in run.candidates):
        others = [] if is_project(target) else [await runs.preview(one) for one in run.candidates[1:]]
        await runs.accept_when_ready(run.candidates[0])
    if is_project(target):
        await project.save_as(target)
        return (target,), ()
    files: list[Path] = []
    told: list[str] = []
    for number, document in enumerate([project.editor.document, *others], 1):
        numbered = target.with_name(f"{target.stem}-{number}{target.suffix}")
        path = target if number == 1 else _free(numbered)
        told += [note for note in (await project.export(path, document=document)).notes if note not in told]
        files.append(path)
    return tuple(files), tuple(told)


class _Progress:
    """Says each new thing that a run does, once, and each candidate of several that came."""

    def __init__(self, project: Project, output: Output) -> None:
        self._project = project
        self._output = output
        self._said = ""
        self._came = 0

    def __call__(self, run_id: RunId) -> None:
        run = self._project.runs.runs[run_id]
        if run.message and run.message != self._said and run.state.active:
            self._said = run.message
            self._output.progress(run.message)
        if len(run.candidates) > self._came:
            self._came = len(run.candidates)
            if run.options.candidates > 1:
                self._output.progress(f"{self._came} of {run.options.candidates} candidates came")


def _tell(project: Project, written: _Written, output: Output) -> None:
    run = written.run
    missed = dict(run.edit_messages)
    edits = [{"instruction": edit.instruction, "note": missed.get(place, "")} for place, edit in enumerate(run.edits)]
    size = project.editor.document.size
    candidates = [project.runs.candidates[one] for one in run.candidates]
    words = [one.words for one in candidates]
    values = {
        "output": str(written.files[0]),
        "outputs": [str(path) for path in written.files],
        "engine": run.engine,
        "model": run.model,
        "answered_by": run.answered_by,
        "edits": edits,
        "size": [size.width, size.height],
        "layers": [layer.name for layer, _ in project.editor.document.walk()],
        "candidates": len(run.candidates),
        "words": words,
        "cost": run.usage.cost,
        "tokens": of_usage(run.usage),
        "duration_s": round(written.seconds, 3),
        "notes": list(written.notes),
        "sent": [of_entry(entry) for entry in project.runs.journal.of_run(run.id)],
    }
    lines = [f"{edit.instruction}: {missed.get(place) or 'done'}" for place, edit in enumerate(run.edits)]
    lines += [*written.notes, *(f"The model says: {one}" for one in words if one)]
    cost = f", {dollars(run.usage.cost)}" if run.usage.cost else ""
    for path in written.files:
        lines.append(f"{path} ({size.width} × {size.height} pixels, {run.engine}{cost}, {written.seconds:.1f} s)")
        cost = ""
    output.answer(values, lines)
