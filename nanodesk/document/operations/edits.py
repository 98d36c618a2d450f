"""The edit stack."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.edit import Edit, EditStack
from nanodesk.document.errors import DocumentError

if TYPE_CHECKING:
    from nanodesk.document.identity import EditId
    from nanodesk.document.selection import Selection
    from nanodesk.document.state import State

MAX_INSTRUCTION = 4000
"""The longest sentence, in characters."""


def _with(state: State, edits: tuple[Edit, ...]) -> State:
    return replace(state, edit_stack=EditStack(edits))


def find_edit(state: State, edit_id: EditId) -> Edit:
    """The edit of that id.

    Raises:
        DocumentError: when it is not in the stack.
    """
    for edit in state.edit_stack:
        if edit.id == edit_id:
            return edit
    raise DocumentError("That edit is no longer in the stack.")


def _put(state: State, changed: Edit) -> State:
    return _with(state, tuple(changed if edit.id == changed.id else edit for edit in state.edit_stack))


def add_edit(
    state: State,
    edit_id: EditId,
    instruction: str,
    *,
    selection: Selection | None = None,
    index: int | None = None,
) -> State:
    """A new sentence at the end of the stack, or at `index`; a blank one is refused."""
    _check_new(state, edit_id)
    edit = Edit(edit_id, _cleaned(instruction), selection=selection)
    edits = state.edit_stack.edits
    place = len(edits) if index is None else max(0, min(index, len(edits)))
    return _with(state, (*edits[:place], edit, *edits[place:]))


def _check_new(state: State, edit_id: EditId) -> None:
    if any(edit.id == edit_id for edit in state.edit_stack):
        raise DocumentError("An edit can be added only once.")


def _cleaned(instruction: str) -> str:
    cleaned = instruction.strip()
    if not cleaned:
        raise DocumentError("An edit needs a sentence.")
    if len(cleaned) > MAX_INSTRUCTION:
        raise DocumentError(f"An edit can be at most {MAX_INSTRUCTION} characters long.")
    return cleaned


def set_instruction(state: State, edit_id: EditId, instruction: str) -> State:
    """Another sentence for an edit; a blank one is refused."""
    return _put(state, replace(find_edit(state, edit_id), instruction=_cleaned(instruction)))


def enable_edit(state: State, edit_id: EditId, enabled: bool) -> State:
    """Switch an edit on or off."""
    return _put(state, replace(find_edit(state, edit_id), enabled=enabled))


def tie_edit(state: State, edit_id: EditId, selection: Selection | None) -> State:
    """Tie an edit to a selection, or to the whole picture."""
    return _put(state, replace(find_edit(state, edit_id), selection=selection))


def remove_edit(state: State, edit_id: EditId) -> State:
    """Without that edit."""
    find_edit(state, edit_id)
    return _with(state, tuple(edit for edit in state.edit_stack if edit.id != edit_id))


def reorder_edit(state: State, edit_id: EditId, index: int) -> State:
    """An edit at another place; `index` counts after it was taken out."""
    moved = find_edit(state, edit_id)
    rest = [edit for edit in state.edit_stack if edit.id != edit_id]
    rest.insert(max(0, min(index, len(rest))), moved)
    return _with(state, tuple(rest))


def duplicate_edit(state: State, edit_id: EditId, copy_id: EditId) -> State:
    """A copy of an edit right below it."""
    _check_new(state, copy_id)
    edit = find_edit(state, edit_id)
    place = state.edit_stack.edits.index(edit)
    edits = state.edit_stack.edits
    return _with(state, (*edits[: place + 1], replace(edit, id=copy_id), *edits[place + 1 :]))


def clear_edits(state: State) -> State:
    """An empty stack."""
    return _with(state, ())
