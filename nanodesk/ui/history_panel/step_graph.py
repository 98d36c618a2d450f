"""The tree of steps as rows, newest first, each with the lanes that branches take beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nanodesk.document.history import History, Step
    from nanodesk.document.identity import StepId

MOST_LANES = 6
"""Further branches share the last lane; they are still told apart by their rows."""


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step.

    Attributes:
        lane: the column of its dot; the line to the current step and on to what redo brings is column 0.
        through: columns whose line passes the row.
        joins: columns of branches that begin at this step.
        ends: no step follows it in its own column.
        undone: it lies ahead of the current step: redo would bring it.
        on_line: undo or redo pass it.
    """

    step: Step
    lane: int
    through: tuple[int, ...]
    joins: tuple[int, ...]
    ends: bool
    undone: bool
    on_line: bool


def step_rows(history: History) -> tuple[StepRow, ...]:
    """Every step, newest first; one pass over the history."""
    line = _line(history)
    done = set(line[: line.index(history.current) + 1])
    on_line = set(line)
    waiting: dict[int, StepId] = {}
    rows: list[StepRow] = []
    for step in reversed(list(history.steps.values())):
        expecting = [lane for lane, step_id in waiting.items() if step_id == step.id]
        own = 0 if step.id in on_line else min((lane for lane in expecting if lane), default=_free(waiting))
        ends = own not in expecting
        joins = tuple(lane for lane in expecting if lane != own)
        for lane in expecting:
            del waiting[lane]
        through = tuple(waiting)
        if step.parent is not None:
            waiting[own] = step.parent
        rows.append(StepRow(step, own, through, joins, ends, step.id not in done, step.id in on_line))
    return tuple(rows)


def _line(history: History) -> tuple[StepId, ...]:
    """From the root through the current step to the end of what redo would bring."""
    line = list(history.line(history.current))
    newest: dict[StepId, StepId] = {}
    for step in history.steps.values():
        if step.parent is not None:
            newest[step.parent] = step.id
    following = history.visited.get(line[-1]) or newest.get(line[-1])
    while following is not None:
        line.append(following)
        following = history.visited.get(following) or newest.get(following)
    return tuple(line)


def _free(waiting: dict[int, StepId]) -> int:
    lane = 1
    while lane in waiting:
        lane += 1
    return lane
