"""`nanodesk show`: layers, history tree, runs and edit stack of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.cli.errors import DONE
from nanodesk.cli.sent import entry_lines, of_entry, of_usage, when
from nanodesk.cli.session import opened
from nanodesk.document.layer import Adjustment, Group, Layer, Pixels, Text, Unknown
from nanodesk.editor.spending import dollars

if TYPE_CHECKING:
    import argparse

    from nanodesk.cli.output import Output
    from nanodesk.document.history import Step
    from nanodesk.document.run import Run
    from nanodesk.editor.project import Project


async def command(arguments: argparse.Namespace, output: Output) -> int:
    """Show the project; it is only read."""
    async with opened(arguments.project, read_only=True) as project:
        output.answer(_values(project), _lines(project))
    return DONE


def kind_of(layer: Layer) -> str:
    """The kind of a layer's content in one word."""
    match layer.content:
        case Pixels():
            return "pixels"
        case Adjustment():
            return "adjustment"
        case Text():
            return "text"
        case Group():
            return "group"
        case Unknown(kind=kind):
            return kind


def _values(project: Project) -> dict[str, object]:
    state, history = project.editor.state, project.editor.history
    document = state.document
    return {
        "name": project.name,
        "size": [document.size.width, document.size.height],
        "dpi": document.dpi,
        "profile": project.profile_name,
        "layers": [{**_layer(layer), "depth": depth} for layer, depth in document.walk()],
        "edits": [
            {
                "id": edit.id,
                "instruction": edit.instruction,
                "enabled": edit.enabled,
                "selection": edit.selection is not None,
            }
            for edit in state.edit_stack
        ],
        "references": [{"name": one.name, "layer": one.layer, "role": one.role} for one in state.tray],
        "steps": [_step(number, step, project) for number, step in enumerate(history.steps.values(), 1)],
        "current_step": history.current,
        "runs": [_run(run) for run in project.runs.runs.values()],
        "cost": project.spending.document,
        "sent": [of_entry(entry) for entry in project.runs.journal.entries.values()],
        "notes": [project.read_note] if project.read_note else [],
    }


def _layer(layer: Layer) -> dict[str, object]:
    size = layer.size
    made_by = None if layer.provenance is None else layer.provenance
    return {
        "id": layer.id,
        "name": layer.name,
        "kind": kind_of(layer),
        "visible": layer.visible,
        "locked": layer.locked,
        "opacity": layer.opacity,
        "blend_mode": layer.blend_mode,
        "offset": [layer.offset.x, layer.offset.y],
        "size": None if size is None else [size.width, size.height],
        "mask": layer.mask is not None,
        "origin": None if made_by is None else made_by.origin,
        "instructions": [] if made_by is None else list(made_by.instructions),
        "engine": "" if made_by is None else made_by.engine,
    }


def _step(number: int, step: Step, project: Project) -> dict[str, object]:
    return {
        "number": number,
        "id": step.id,
        "parent": step.parent,
        "label": step.label,
        "time": when(step.created),
        "document": step.document,
        "current": step.id == project.editor.history.current,
    }


def _run(run: Run) -> dict[str, object]:
    return {
        "id": run.id,
        "number": run.number,
        "state": run.state,
        "engine": run.engine,
        "model": run.model,
        "instructions": [edit.instruction for edit in run.edits],
        "references": list(run.references),
        "duration_s": run.duration_s,
        "cost": run.usage.cost,
        "tokens": of_usage(run.usage),
        "answered_by": run.answered_by,
        "charged": run.charged,
        "candidates": len(run.candidates),
        "message": run.message,
    }


def _lines(project: Project) -> list[str]:
    state, history = project.editor.state, project.editor.history
    document = state.document
    lines = [
        f"{project.name}: {document.size.width} × {document.size.height} pixels, {project.profile_name}",
        "",
        "Layers",
    ]
    for layer, depth in document.walk():
        seen = "shown" if layer.visible else "hidden"
        lines.append(
            f"  {'  ' * depth}{layer.name}"
            f"  ({kind_of(layer)}, {seen}, {layer.opacity:.0%}, {layer.blend_mode}, {layer.id[:8]})"
        )
    lines += ["", "History"]
    for number, step in enumerate(history.steps.values(), 1):
        mark = "→" if step.id == history.current else " "
        branch = "" if step.parent is None or len(history.children(step.parent)) == 1 else "  (branch)"
        lines.append(f"  {mark} {number:>3}  {step.label}  ({step.id[:8]}, {when(step.created)}){branch}")
    lines += ["", "Edits"]
    lines += [f"  {'on ' if edit.enabled else 'off'} {edit.instruction}" for edit in state.edit_stack] or ["  none"]
    lines += ["", "Runs"]
    lines += [
        f"  {run.number}  {run.state}  {run.engine}{_price(run)}  {'; '.join(e.instruction for e in run.edits)}"
        for run in project.runs.runs.values()
    ] or ["  none"]
    sent = [line for entry in project.runs.journal.entries.values() for line in entry_lines(entry)]
    lines += ["", "Left this computer", *(sent or ["  nothing"])]
    if project.spending.document:
        lines.append(f"  {dollars(project.spending.document)} in all")
    return [*lines, *([project.read_note] if project.read_note else [])]


def _price(run: Run) -> str:
    return f"  {dollars(run.usage.cost)}" if run.usage.cost else ""
