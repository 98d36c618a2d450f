"""What the edit panel does to the stack; every one is a step that can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.identity import EditId, new_id
from nanodesk.document.operations.edits import (
    add_edit,
    enable_edit,
    remove_edit,
    reorder_edit,
    set_instruction,
    tie_edit,
)
from nanodesk.editor.notice import NoticeKind
from nanodesk.ui.history_panel.attempt import change_state, say

if TYPE_CHECKING:
    from nanodesk.document.edit import Edit
    from nanodesk.editor.project import Project


class EditActions:
    """Changes the stack of one project."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def _edit(self, edit_id: EditId) -> Edit | None:
        return next((edit for edit in self._project.editor.state.edit_stack if edit.id == edit_id), None)

    def add(self, sentence: str) -> EditId | None:
        """Put a sentence at the end of the stack."""
        if not sentence.strip():
            return None
        edit_id = EditId(new_id())
        step = change_state(self._project, "Add edit", lambda state: add_edit(state, edit_id, sentence.strip()))
        return None if step is None else edit_id

    def write(self, edit_id: EditId, sentence: str) -> None:
        """Give an edit other words; none at all takes it out."""
        edit = self._edit(edit_id)
        if edit is None or edit.instruction == sentence.strip():
            return
        if not sentence.strip():
            self.remove(edit_id)
            return
        change_state(self._project, "Change edit", lambda state: set_instruction(state, edit_id, sentence.strip()))

    def enable(self, edit_id: EditId, enabled: bool) -> None:
        """Switch an edit on or off."""
        label = "Switch edit on" if enabled else "Switch edit off"
        change_state(self._project, label, lambda state: enable_edit(state, edit_id, enabled))

    def remove(self, edit_id: EditId) -> None:
        """Take an edit out of the stack, with a word that it can be undone."""
        if change_state(self._project, "Remove edit", lambda state: remove_edit(state, edit_id)) is not None:
            say(self._project, "Removed an edit", NoticeKind.INFO, undo=True)

    def reorder(self, edit_id: EditId, place: int) -> None:
        """Move an edit to a place of the stack, counted from 0 without itself."""
        change_state(self._project, "Move edit", lambda state: reorder_edit(state, edit_id, place))

    def move(self, edit_id: EditId, by: int) -> None:
        """Move an edit some places down, or up where `by` is negative."""
        edits = self._project.editor.state.edit_stack.edits
        places = [place for place, edit in enumerate(edits) if edit.id == edit_id]
        if places and 0 <= places[0] + by < len(edits):
            self.reorder(edit_id, places[0] + by)

    def toggle_tie(self, edit_id: EditId) -> None:
        """Tie an edit to the present selection, or to none when it is tied already."""
        edit = self._edit(edit_id)
        selection = self._project.editor.state.selection
        if edit is None:
            return
        if edit.selection is not None:
            change_state(self._project, "Untie edit", lambda state: tie_edit(state, edit_id, None))
        elif selection is not None:
            change_state(self._project, "Tie edit to selection", lambda state: tie_edit(state, edit_id, selection))
        else:
            say(self._project, "Mark a part of the picture first, then tie the edit to it.", NoticeKind.INFO)
