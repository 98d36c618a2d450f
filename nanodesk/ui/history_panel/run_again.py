"""Sending sentences of an earlier run once more: the stack shows exactly what is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.edit import Edit
from nanodesk.document.identity import EditId, StepId, new_id
from nanodesk.document.operations.edits import add_edit, enable_edit
from nanodesk.document.run import RunOptions
from nanodesk.editor.errors import RunError
from nanodesk.ui.history_panel.attempt import change_state, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nanodesk.document.history import History
    from nanodesk.document.identity import RunId
    from nanodesk.document.provenance import Provenance
    from nanodesk.document.run import Run
    from nanodesk.document.state import State
    from nanodesk.editor.project import Project


def step_of(history: History, run: RunId | None) -> StepId | None:
    """The first step in which an answer of a run came into the document, when there is one."""
    if run is None:
        return None
    steps = history.steps.values()
    return next((step.id for step in steps if step.provenance is not None and step.provenance.run == run), None)


def run_again(project: Project, run: Run, place: int = -1) -> None:
    """Bring a run's sentences back into the stack, switch the others off, and send; or one of them alone."""
    _send(project, run.edits if place < 0 else run.edits[place : place + 1], run.engine, run.options)


def sentences_again(project: Project, provenance: Provenance, place: int) -> None:
    """The same for a layer whose run the project does not know any more, from what the layer itself keeps."""
    edits = tuple(Edit(EditId(""), sentence) for sentence in provenance.instructions)
    wanted = edits if place < 0 else edits[place : place + 1]
    _send(project, wanted, provenance.engine, RunOptions(provenance.model))


def _send(project: Project, edits: Sequence[Edit], engine: str, options: RunOptions) -> None:
    change_state(project, "Bring back edits", lambda state: _brought_back(state, edits))
    try:
        project.runs.submit(engine, options)
    except RunError as error:
        say(project, str(error))


def _brought_back(state: State, wanted: Sequence[Edit]) -> State:
    on: set[EditId] = set()
    for edit in wanted:
        known = next((one for one in state.edit_stack if _same(one, edit) and one.id not in on), None)
        edit_id = EditId(new_id()) if known is None else known.id
        if known is None:
            state = add_edit(state, edit_id, edit.instruction, selection=edit.selection)
        on.add(edit_id)
    for edit in state.edit_stack:
        if edit.enabled != (edit.id in on):
            state = enable_edit(state, edit.id, edit.id in on)
    return state


def _same(one: Edit, other: Edit) -> bool:
    return one.instruction.strip() == other.instruction.strip() and one.selection == other.selection
