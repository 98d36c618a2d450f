"""What opening and saving a project as a whole needs: every state of its history, and faults in the editor's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.change import apply
from nanodesk.document.history import walk
from nanodesk.editor.errors import LockedProjectError, NewerProjectError, OpenError
from nanodesk.storage import errors as storage_errors

if TYPE_CHECKING:
    from nanodesk.document.history import ChangeOf, History
    from nanodesk.document.identity import StepId
    from nanodesk.document.state import State


def states_of(history: History, state: State, change_of: ChangeOf) -> dict[StepId, State]:
    """The state after each step, parents first, given that at the current one; values are shared between them."""
    states = {history.root: walk(history, state, history.root, change_of)}
    for step in history.steps.values():
        if step.parent is not None:
            states[step.id] = apply(states[step.parent], change_of(step.id))
    return states


def open_error(error: storage_errors.StorageError) -> OpenError:
    """The editor's own error for one of storage."""
    match error:
        case storage_errors.NewerVersionError():
            return NewerProjectError(str(error))
        case storage_errors.LockedProjectError():
            return LockedProjectError(str(error))
    told = OpenError(str(error))
    told.hopeless = isinstance(error, storage_errors.DamagedProjectError | storage_errors.NotAProjectError)
    return told


def fault_words(error: Exception) -> str:
    """Why something could not be written, in words; a fault that nobody foresaw is named by its kind."""
    told = isinstance(error, storage_errors.StorageError)
    return str(error) if told else f"writing failed ({type(error).__name__})"
