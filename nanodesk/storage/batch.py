"""What is written at once, and what is read when a project is opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nanodesk.document.candidate import Candidate
    from nanodesk.document.change import Change
    from nanodesk.document.history import History, Step
    from nanodesk.document.identity import RunId, StepId
    from nanodesk.document.journal import JournalEntry
    from nanodesk.document.run import Run
    from nanodesk.document.state import State
    from nanodesk.document.tiles import TileGrid, TileId


@dataclass(frozen=True, slots=True)
class StepRecord:
    """A step with its change, and the state it led to (for a key frame)."""

    step: Step
    change: Change
    state: State


@dataclass(frozen=True, slots=True)
class Preview:
    """A small encoded picture of the document.

    Attributes:
        kind: `merged`, `thumbnail` or `screen`.
    """

    kind: str
    mime: str
    width: int
    height: int
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as it came; `load` gives its body when it is written, none where it is not there any more."""

    run: RunId
    reply: int
    load: Callable[[], bytes | None] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything that one transaction writes.

    Attributes:
        packed: the packed bytes of a tile; called in the writing thread for tiles that the file has not got yet.
        current: where the history stands.
        visited: for a step, the child that redo goes to.
        grids: pictures that are written although no value names them.
        grid, profile: what content of a later version names, looked up where it was read; none where it is nowhere.
    """

    packed: Callable[[TileId], bytes]
    current: StepId
    visited: Mapping[StepId, StepId]
    steps: Sequence[StepRecord] = ()
    runs: Sequence[Run] = ()
    candidates: Sequence[Candidate] = ()
    previews: Sequence[Preview] = ()
    journal: Sequence[JournalEntry] = ()
    replies: Sequence[Reply] = ()
    grids: Sequence[TileGrid] = ()
    grid: Callable[[str], TileGrid | None] = field(default=lambda _: None, repr=False)
    profile: Callable[[str], bytes | None] = field(default=lambda _: None, repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a project is, when it is opened; changes and pictures are read later."""

    history: History
    state: State
    runs: tuple[Run, ...]
    candidates: tuple[Candidate, ...]
    journal: tuple[JournalEntry, ...] = ()
