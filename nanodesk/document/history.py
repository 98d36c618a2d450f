"""The tree of labelled steps: undo walks up, redo down the branch last visited, nothing is pruned."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from nanodesk.document.change import Change, apply, diff
from nanodesk.document.errors import MissingStepError
from nanodesk.document.identity import StepId

if TYPE_CHECKING:
    from nanodesk.document.provenance import Provenance
    from nanodesk.document.state import State

ChangeOf = Callable[[StepId], Change]
"""Looks up the change that a step made to its parent's state; old ones may come from the file."""


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the history; its change is kept beside it, by its id.

    Attributes:
        parent: the step it followed; none for the root.
        created: seconds since 1970, UTC.
        document: whether it changed the picture or its layers, and not only sentences or selection.
    """

    id: StepId
    parent: StepId | None
    label: str
    created: float
    provenance: Provenance | None = None
    document: bool = True


@dataclass(frozen=True, slots=True)
class History:
    """All steps, where we stand, and which branch was visited last below each step.

    Attributes:
        steps: every step, in the order they were made.
        visited: for a step, the child that redo goes to.
    """

    steps: Mapping[StepId, Step]
    current: StepId
    root: StepId
    visited: Mapping[StepId, StepId] = field(default_factory=dict)

    @staticmethod
    def starting(step: Step) -> History:
        """A history of one step without a parent."""
        return History({step.id: step}, step.id, step.id)

    def step(self, step_id: StepId) -> Step:
        """The step of that id.

        Raises:
            MissingStepError: when there is none.
        """
        try:
            return self.steps[step_id]
        except KeyError:
            raise MissingStepError("That step is not in the history.") from None

    @property
    def undo_target(self) -> StepId | None:
        """Where undo leads; none at the root."""
        return self.step(self.current).parent

    @property
    def redo_target(self) -> StepId | None:
        """Where redo leads: the child last visited, else the newest."""
        known = self.visited.get(self.current)
        return known if known is not None else next(reversed(self.children(self.current)), None)

    def children(self, step_id: StepId) -> tuple[StepId, ...]:
        """The steps that followed a step, oldest first."""
        return tuple(step.id for step in self.steps.values() if step.parent == step_id)

    def line(self, step_id: StepId) -> tuple[StepId, ...]:
        """The steps from the root to a step, both included."""
        line: list[StepId] = []
        at: StepId | None = step_id
        while at is not None:
            line.append(at)
            at = self.step(at).parent
        return tuple(reversed(line))

    def recorded(self, step: Step) -> History:
        """The history with a new step below the current one; it becomes the current one."""
        if step.parent != self.current:
            raise MissingStepError("A new step must follow the current one.")
        steps = {**self.steps, step.id: step}
        return replace(self, steps=steps, current=step.id, visited={**self.visited, self.current: step.id})

    def amended(self, step: Step) -> History:
        """The history with the current step replaced by one of the same id and parent."""
        if step.id != self.current or step.parent != self.step(step.id).parent:
            raise MissingStepError("Only the current step can be amended.")
        return replace(self, steps={**self.steps, step.id: step})

    def at(self, step_id: StepId) -> History:
        """The history standing at another step, with the way there as the branch last visited."""
        line = self.line(step_id)
        visited = dict(self.visited)
        visited.update(itertools.pairwise(line))
        return replace(self, current=step_id, visited=visited)


def walk(history: History, state: State, target: StepId, change_of: ChangeOf) -> State:
    """The state at `target`, given the state at the current step: up to the common ancestor, then down.

    Raises:
        MissingStepError: when `target` is not in the history.
    """
    here, there = history.line(history.current), history.line(target)
    common = 0
    while common < min(len(here), len(there)) and here[common] == there[common]:
        common += 1
    for step_id in reversed(here[common:]):
        state = apply(state, change_of(step_id).reversed())
    for step_id in there[common:]:
        state = apply(state, change_of(step_id))
    return state


def reverted(present: State, past: State) -> State:
    """The present with the document of the past: the sentences being written stay as they are."""
    return replace(present, document=past.document, selection=past.selection)


def amended_change(change: Change, before: State, after: State) -> Change:
    """The change of a step that first led from some start to `before`, and now leads to `after`."""
    start = apply(before, change.reversed())
    return diff(start, after)
