"""The tree of steps as rows, newest first, each with the lanes that branches take beside it."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from nanodesk.document.history import History, Step
    from nanodesk.document.identity import StepId

MOST_LANES = 6
"""Further branches share the last lane; they are still told apart by their rows."""


class StepRow(NamedTuple):
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
    waiting: dict[StepId, list[int]] = {}
    lanes = _Lanes()
    rows: list[StepRow] = []
    for step in reversed(list(history.steps.values())):
        expecting = waiting.pop(step.id, [])
        follows = step.id in on_line
        own = 0 if follows else min((lane for lane in expecting if lane), default=-1)
        ends = own not in expecting
        if own < 0:
            own = lanes.take()
        joins = tuple(lane for lane in expecting if lane != own)
        for lane in joins:
            lanes.give(lane)
        lanes.open.discard(own)
        through = lanes.shown()
        if step.parent is not None:
            waiting.setdefault(step.parent, []).append(own)
            lanes.open.add(own)
        rows.append(StepRow(step, own, through, joins, ends, step.id not in done, follows))
    return tuple(rows)


class _Lanes:
    """Which columns beside the line are taken; a free one is the nearest."""

    def __init__(self) -> None:
        self.open: set[int] = set()
        self._free: list[int] = []
        self._most = 0

    def take(self) -> int:
        """A column of one's own."""
        if self._free:
            return heapq.heappop(self._free)
        self._most += 1
        return self._most

    def give(self, lane: int) -> None:
        """A column whose branch has begun."""
        self.open.discard(lane)
        if lane:
            heapq.heappush(self._free, lane)

    def shown(self) -> tuple[int, ...]:
        """The columns whose line passes, as far as they are told apart."""
        near = [lane for lane in range(MOST_LANES) if lane in self.open]
        return tuple(near) if len(near) == len(self.open) else (*near, MOST_LANES)


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
