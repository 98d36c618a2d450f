"""What a project file is made of, and what of it can be dropped: counted by tiles, from frozen values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nanodesk.document.candidate import Candidate, CandidateState
from nanodesk.document.state import State
from nanodesk.document.tiles import TileId

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from nanodesk.document.change import Change
    from nanodesk.document.history import History, Step
    from nanodesk.document.identity import RunId, StepId
    from nanodesk.document.run import Run
    from nanodesk.document.tiles import TileGrid

_PAGE = 16384


@dataclass(frozen=True, slots=True)
class Part:
    """Something that the file's bytes are spent on."""

    words: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Droppable:
    """Something that can be dropped.

    Attributes:
        name: what it is asked for by.
        bytes: how much smaller the file will be, about.
        created: when it was made, seconds since 1970; 0 where that means nothing.
    """

    name: str
    words: str
    bytes: int
    created: float = 0.0


@dataclass(frozen=True, slots=True)
class Account:
    """What a file is made of, and what of it can be dropped, the largest first."""

    size: int
    parts: tuple[Part, ...]
    droppable: tuple[Droppable, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """The project as it is counted.

    Attributes:
        change_of: the change of a step, an empty one for the root; may read the file.
        start: the state that the history began with.
        replies: bytes of what each run sent back; none of a run that still waits for an answer.
    """

    history: History
    state: State
    start: State
    change_of: Callable[[StepId], Change]
    candidates: tuple[Candidate, ...]
    runs: tuple[Run, ...]
    replies: Mapping[RunId, int]


@dataclass(frozen=True, slots=True)
class Branch:
    """Steps that lead away from the line to where we stand, from the first one down."""

    first: Step
    steps: frozenset[StepId]


def account(moment: Moment, size: int, tiles: Mapping[TileId, int], others: Mapping[str, int]) -> Account:
    """The account of a file.

    Args:
        size: of the file, in bytes.
        tiles: bytes of each tile in it.
        others: bytes of other tables by name, and `free`, the number of free pages.
    """
    named = users(moment)
    using: dict[TileId, list[str]] = {}
    for name, ids in named.items():
        for tile in ids:
            using.setdefault(tile, []).append(name)
    alone = dict.fromkeys(named, 0)
    for tile, names in using.items():
        if len(names) == 1:
            alone[names[0]] += tiles.get(tile, 0)
    left_over = sum(length for tile, length in tiles.items() if tile not in using)
    return Account(size, _parts(size, tiles, others, named), _droppable(moment, alone, left_over))


def users(moment: Moment) -> dict[str, set[TileId]]:
    """Who uses which tiles: the present, the line to it, each branch, each run's discarded answers, other answers."""
    of_step = {step: branch.first.id for branch in branches(moment.history) for step in branch.steps}
    named = {"present": _ids(moment.state.grids()), "line": _ids(moment.start.grids()), "answers": set[TileId]()}
    for step_id in moment.history.steps:
        name = f"branch {of_step[step_id]}" if step_id in of_step else "line"
        named.setdefault(name, set()).update(_ids(_grids_of(moment.change_of(step_id))))
    for one in moment.candidates:
        name = f"discarded {one.run}" if discarded(one) else "answers"
        named.setdefault(name, set()).update(_ids(one.grids()))
    return named


def _parts(
    size: int, tiles: Mapping[TileId, int], others: Mapping[str, int], named: Mapping[str, set[TileId]]
) -> tuple[Part, ...]:
    beside = set[TileId]().union(*(ids for name, ids in named.items() if name.startswith("branch ")))
    answers = named["answers"].union(*(ids for name, ids in named.items() if name.startswith("discarded ")))
    kinds = (
        ("The picture as it is now", named["present"]),
        ("Earlier steps", named["line"]),
        ("Other branches of the history", beside),
        ("Answers that are not on the picture", answers),
        ("Pictures that nothing shows any more", set(tiles)),
    )
    counted: set[TileId] = set()
    parts = []
    for words, ids in kinds:
        parts.append(Part(words, sum(tiles.get(tile, 0) for tile in ids - counted)))
        counted |= ids
    parts.append(Part("Replies as they came", others.get("replies", 0)))
    parts.append(Part("Previews", others.get("preview", 0)))
    parts.append(Part("Free space in the file", others.get("free", 0) * _PAGE))
    parts.append(Part("Sentences, names and order", max(0, size - sum(part.bytes for part in parts))))
    return tuple(part for part in parts if part.bytes)


def _droppable(moment: Moment, alone: Mapping[str, int], left_over: int) -> tuple[Droppable, ...]:
    found = []
    for branch in branches(moment.history):
        words = f"The branch “{branch.first.label}”, {_count(len(branch.steps), 'step')}"
        name = f"branch {branch.first.id}"
        found.append(Droppable(name, words, alone.get(name, 0), branch.first.created))
    for run in moment.runs:
        gone = sum(1 for one in moment.candidates if one.run == run.id and discarded(one))
        name = f"discarded {run.id}"
        if gone:
            words = f"{_count(gone, 'discarded answer')} of run {run.number}"
            found.append(Droppable(name, words, alone.get(name, 0), run.created))
        if moment.replies.get(run.id):
            words = f"What run {run.number} sent back, as it came"
            found.append(Droppable(f"replies {run.id}", words, moment.replies[run.id], run.created))
    if left_over:
        found.append(Droppable("left over", "Pictures that nothing shows any more", left_over))
    return tuple(sorted(found, key=lambda one: one.bytes, reverse=True))


def discarded(candidate: Candidate) -> bool:
    """Whether somebody has decided against it."""
    return candidate.state is CandidateState.DISCARDED


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _ids(grids: Iterable[TileGrid]) -> set[TileId]:
    return {tile for grid in grids for tile in grid.ids()}


def _grids_of(change: Change) -> Iterator[TileGrid]:
    """The pictures that a change leads to."""
    for pair in change.layers.values():
        if pair.after is not None:
            yield from pair.after.grids()
    stack = change.edit_stack.after if change.edit_stack is not None else State().edit_stack
    tray = change.tray.after if change.tray is not None else State().tray
    selection = change.selection.after if change.selection is not None else None
    yield from State(edit_stack=stack, tray=tray, selection=selection).grids()


def branches(history: History) -> list[Branch]:
    """What hangs beside the line from the root to where redo leads."""
    line = set(_line(history))
    of: dict[StepId, StepId] = {}
    members: dict[StepId, set[StepId]] = {}
    for step in history.steps.values():
        if step.id in line or step.parent is None:
            continue
        first = of.get(step.parent, step.id)
        of[step.id] = first
        members.setdefault(first, set()).add(step.id)
    return [Branch(history.step(first), frozenset(steps)) for first, steps in members.items()]


def _line(history: History) -> Iterator[StepId]:
    """The steps on the way here, and those that redo would still lead to."""
    yield from history.line(history.current)
    at = history.current
    while True:
        children = history.children(at)
        known = history.visited.get(at)
        following = known if known in children else (children[-1] if children else None)
        if following is None:
            return
        yield following
        at = following


def without(history: History, dropped: Collection[StepId]) -> History:
    """The history with steps taken out, none of which leads to another that stays."""
    if not dropped:
        return history
    steps = {step_id: step for step_id, step in history.steps.items() if step_id not in dropped}
    visited = {one: child for one, child in history.visited.items() if one in steps and child in steps}
    return replace(history, steps=steps, visited=visited)
