"""One open document and its history: the only place where a document is changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.change import Change, diff
from nanodesk.document.history import ChangeOf, History, Step, amended_change, reverted, walk
from nanodesk.document.identity import StepId, new_id
from nanodesk.document.operations.references import consistent
from nanodesk.document.state import State
from nanodesk.editor.errors import EditorError
from nanodesk.editor.signal import Signal

if TYPE_CHECKING:
    from nanodesk.document.document import Document
    from nanodesk.document.provenance import Provenance

Operation = Callable[[State], State]


def first_step(label: str = "New document") -> Step:
    """The root of a new history."""
    return Step(StepId(new_id()), None, label, time.time())


class Editor:
    """State, history, and the one way to change them.

    Everything here is quick and belongs to the loop's thread.

    Attributes:
        changed: emitted with each difference, also on undo, redo and going elsewhere.
        history_changed: the tree of steps, or the place in it, is another.
        recorded: a step was added, or (third argument) the current one was amended.
        stood: the place in the history is another, without a new step.
        start: the state that a new history began with.
    """

    def __init__(self, state: State | None = None, history: History | None = None) -> None:
        self._state = state or State()
        self.start = self._state
        self._history = history or History.starting(first_step())
        self._changes: dict[StepId, Change] = {}
        self._stored_change: ChangeOf | None = None
        self._joined: tuple[str, State] | None = None
        self._emitting = False
        self.changed: Signal[Change] = Signal()
        self.history_changed: Signal[()] = Signal()
        self.recorded: Signal[Step, Change, bool] = Signal()
        self.stood: Signal[StepId] = Signal()

    @property
    def state(self) -> State:
        """Everything that undo would bring back, now."""
        return self._state

    @property
    def document(self) -> Document:
        """The document now."""
        return self._state.document

    @property
    def history(self) -> History:
        """The tree of steps."""
        return self._history

    def take_over(self, state: State, history: History) -> None:
        """Be another document from now on, as when a project was opened."""
        before = self._state
        self._state, self._history = state, history
        self._changes.clear()
        self._tell(diff(before, state))

    def take_history(self, history: History) -> None:
        """Have other steps beside the line to where we stand, as when a branch is dropped for good."""
        if history.current != self._history.current:
            raise EditorError("Only what lies beside the present line can be dropped.")
        self._history = history
        self.history_changed.emit()

    def change_in_memory(self, step_id: StepId) -> Change | None:
        """The change that a step made, unless it would have to be read from the file."""
        return self._changes.get(step_id)

    def change_or_none(self, step_id: StepId) -> Change:
        """The change that a step made; an empty one for the root."""
        return Change() if step_id == self._history.root else self.change_of(step_id)

    def reads_changes_from(self, source: ChangeOf) -> None:
        """Have changes that are not in memory looked up in the project file."""
        self._stored_change = source

    def change_of(self, step_id: StepId) -> Change:
        """The change that a step made.

        Raises:
            EditorError: when it is neither in memory nor in the file.
        """
        known = self._changes.get(step_id)
        if known is not None:
            return known
        if self._stored_change is None:
            raise EditorError("That step of the history could not be read.")
        return self._stored_change(step_id)

    def apply(
        self, label: str, operation: Operation, *, amend: bool = False, provenance: Provenance | None = None
    ) -> Step | None:
        """Change the state by a pure function and record it as one step.

        Args:
            amend: fold into the current step when that has the same label, as while a slider is dragged.

        Returns:
            The step, or none where nothing changed or the change joins a step that is still open.

        Raises:
            DocumentError: from the operation; nothing was changed.
            EditorError: when called while a change is being told.
        """
        if self._emitting:
            raise EditorError("The document cannot be changed while it is being changed.")
        before = self._state
        after = consistent(operation(before))
        change = diff(before, after)
        if change.empty:
            return None
        self._state = after
        step = None if self._joined else self._record(label, change, before, amend=amend, provenance=provenance)
        self._tell(change)
        return step

    def apply_document(
        self,
        label: str,
        operation: Callable[[Document], Document],
        *,
        amend: bool = False,
        provenance: Provenance | None = None,
    ) -> Step | None:
        """The same for an operation on the document alone."""
        return self.apply(
            label,
            lambda state: replace(state, document=operation(state.document)),
            amend=amend,
            provenance=provenance,
        )

    @contextmanager
    def joined(self, label: str) -> Iterator[None]:
        """Make one step of all that is applied within; when it fails, none of it stays."""
        if self._joined is not None:
            yield
            return
        before = self._state
        self._joined = (label, before)
        try:
            yield
        except BaseException:
            self._joined = None
            undone = diff(self._state, before)
            self._state = before
            if not undone.empty:
                self._tell(undone)
            raise
        self._joined = None
        change = diff(before, self._state)
        if not change.empty:
            self._record(label, change, before, amend=False, provenance=None)
            self.history_changed.emit()

    def _record(self, label: str, change: Change, before: State, *, amend: bool, provenance: Provenance | None) -> Step:
        current = self._history.step(self._history.current)
        amended = amend and current.label == label and current.parent is not None and not self._has_children(current)
        if amended:
            change = amended_change(self.change_of(current.id), before, self._state)
            step = replace(current, document=current.document or change.touches_document)
            self._history = self._history.amended(step)
        else:
            step = Step(StepId(new_id()), current.id, label, time.time(), provenance, change.touches_document)
            self._history = self._history.recorded(step)
        self._changes[step.id] = change
        self.recorded.emit(step, change, amended)
        return step

    def _has_children(self, step: Step) -> bool:
        return bool(self._history.children(step.id))

    def _tell(self, change: Change) -> None:
        self._emitting = True
        try:
            self.changed.emit(change)
        finally:
            self._emitting = False
        self.history_changed.emit()

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return self._history.undo_target is not None

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to redo."""
        return self._history.redo_target is not None

    @property
    def undo_label(self) -> str | None:
        """What undo would take back."""
        return self._history.step(self._history.current).label if self.can_undo else None

    @property
    def redo_label(self) -> str | None:
        """What redo would bring back."""
        target = self._history.redo_target
        return None if target is None else self._history.step(target).label

    def undo(self) -> Step | None:
        """Go back to the step before; the step undone, or none at the start."""
        undone = self._history.step(self._history.current)
        target = self._history.undo_target
        if target is None:
            return None
        self.go_to(target)
        return undone

    def redo(self) -> Step | None:
        """Go down the branch last visited; the step redone, or none at its end."""
        target = self._history.redo_target
        if target is None:
            return None
        self.go_to(target)
        return self._history.step(target)

    def state_at(self, step_id: StepId) -> State:
        """The state after a step.

        Raises:
            MissingStepError: when there is no such step.
        """
        return walk(self._history, self._state, step_id, self.change_of)

    def go_to(self, step_id: StepId) -> None:
        """Stand at another step, with all of its state; adds nothing and loses nothing."""
        if self._emitting or self._joined:
            raise EditorError("The history cannot be walked while the document is being changed.")
        before = self._state
        self._state = self.state_at(step_id)
        self._history = self._history.at(step_id)
        self.stood.emit(step_id)
        self._tell(diff(before, self._state))

    def revert_to(self, step_id: StepId) -> Step | None:
        """Bring back a step's document as a new step; the sentences being written stay."""
        label = self._history.step(step_id).label
        past = self.state_at(step_id)
        return self.apply(f"Revert to “{label}”", lambda present: reverted(present, past))
