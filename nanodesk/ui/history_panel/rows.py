"""The rows of the layer list as values: layers top-most first, runs where their result will come."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nanodesk.document.candidate import CandidateState
from nanodesk.document.layer import Group
from nanodesk.document.provenance import Origin
from nanodesk.document.run import Run, RunState
from nanodesk.ui.history_panel.run_story import RunStory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nanodesk.document.document import Document
    from nanodesk.document.identity import LayerId, RunId
    from nanodesk.document.layer import Layer
    from nanodesk.document.state import State


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One layer.

    Attributes:
        depth: number of groups around it.
        shown: whether it and every group around it are visible.
        ticked: whether it is sent along as a reference.
        original: whether it is the imported picture at the very bottom.
        story: the run that made it, where the project still knows it.
        unfolded: a group shows its children; a layer made by a run shows that run.
        words: whether what the model said is unfolded in it.
        damaged: whether a part of it cannot be read; of a folded group also whether that is so of a layer in it.
        older: whether it was fitted to what lay below it before, and that looks otherwise now.
        wear: how often models have drawn what it shows, in words; empty where that is not known.
    """

    layer: Layer
    depth: int = 0
    shown: bool = True
    ticked: bool = False
    original: bool = False
    story: RunStory | None = None
    unfolded: bool = False
    words: bool = False
    damaged: bool = False
    older: bool = False
    wear: str = ""

    @property
    def fitted(self) -> bool:
        """Whether it was made by fitting an answer."""
        provenance = self.layer.provenance
        return provenance is not None and provenance.candidate is not None and provenance.base is not None

    @property
    def worn(self) -> bool:
        """Whether a model has drawn any of it."""
        provenance = self.layer.provenance
        return provenance is not None and provenance.generative

    @property
    def run(self) -> Run | None:
        """The run that made it, where the project still knows it."""
        return None if self.story is None else self.story.run

    @property
    def key(self) -> str:
        """What identifies the row while its contents change."""
        return self.layer.id

    @property
    def from_run(self) -> bool:
        """Whether there is a run to show."""
        provenance = self.layer.provenance
        return provenance is not None and (self.run is not None or bool(provenance.instructions))


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run without a layer of its own in the list: under way, failed and not put away, or with answers that wait.

    Attributes:
        unfolded: whether it tells all that is known of it.
        words: whether what the model said is unfolded in it.
        asking: whether it asks if it shall be sent again although that may be paid twice.
        stays: whether it cannot be put away from this list.
    """

    story: RunStory
    unfolded: bool = False
    words: bool = False
    asking: bool = False
    stays: bool = False

    @property
    def run(self) -> Run:
        """The run."""
        return self.story.run

    @property
    def key(self) -> str:
        """What identifies the row while its contents change."""
        return f"run {self.run.id}"


Row = LayerRow | RunRow
Tell = Callable[[Run, bool], RunStory]
"""Gives the story of a run: whole, or only what a folded row says of it."""


@dataclass(slots=True)
class Folding:
    """What is folded, unfolded and put away in this window; neither saved nor undone.

    Attributes:
        runs, words: runs whose rows, and whose model's words, are unfolded.
        asking: runs that ask whether to be sent again.
    """

    folded: set[LayerId] = field(default_factory=set)
    unfolded: set[LayerId] = field(default_factory=set)
    dismissed: set[RunId] = field(default_factory=set)
    runs: set[RunId] = field(default_factory=set)
    words: set[RunId] = field(default_factory=set)
    asking: set[RunId] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class FitMarks:
    """What is known of fitted layers.

    Attributes:
        older: those that were fitted to another base than what lies below them now.
        wear: what is said of how often models have drawn a layer.
    """

    older: Set[LayerId] = frozenset()
    wear: Mapping[LayerId, str] = field(default_factory=dict)


def _bare(run: Run, _: bool) -> RunStory:
    return RunStory(run)


def run_row(run: Run, folding: Folding, tell: Tell = _bare) -> RunRow:
    """The row of a run."""
    unfolded = run.id in folding.runs
    return RunRow(tell(run, unfolded), unfolded, run.id in folding.words, run.id in folding.asking)


def rows_of(
    state: State,
    runs: Mapping[RunId, Run],
    folding: Folding,
    tell: Tell = _bare,
    damaged: Set[LayerId] = frozenset(),
    marks: FitMarks | None = None,
) -> tuple[Row, ...]:
    """The rows to show, top first; `damaged` are the layers of which parts cannot be read."""
    marks = marks or FitMarks()
    document = state.document
    ticked = {reference.layer for reference in state.tray if reference.layer is not None}
    waiting = _by_place(document, runs.values(), folding, tell)
    bottom = document.root[0] if document.root else None

    def walk(ids: tuple[LayerId, ...], depth: int, shown: bool) -> Iterator[Row]:
        for layer_id in reversed(ids):
            layer = document.layers[layer_id]
            yield from waiting.get(layer_id, ())
            run = runs.get(layer.provenance.run) if layer.provenance and layer.provenance.run else None
            group = bool(layer.children) or _is_group(layer)
            unfolded = layer_id not in folding.folded if group else layer_id in folding.unfolded
            yield LayerRow(
                layer,
                depth,
                shown and layer.visible,
                layer_id in ticked,
                layer_id == bottom and _imported(layer),
                None if run is None else tell(run, unfolded),
                unfolded,
                run is not None and run.id in folding.words,
                layer_id in damaged or (bool(damaged) and not unfolded and _holds(document, layer, damaged)),
                layer_id in marks.older,
                marks.wear.get(layer_id, ""),
            )
            if unfolded:
                yield from walk(layer.children, depth + 1, shown and layer.visible)

    return (*waiting.get(None, ()), *walk(document.root, 0, True))


def _by_place(
    document: Document, runs: Iterable[Run], folding: Folding, tell: Tell
) -> dict[LayerId | None, list[RunRow]]:
    """Runs to show, by the layer that each stands right above (none: the top), newest first."""
    found: dict[LayerId | None, list[RunRow]] = {}
    for run in runs:
        failed = run.state is RunState.FAILED and run.id not in folding.dismissed
        row = run_row(run, folding, tell)
        if run.state.active or failed or row.story.count(CandidateState.WAITING):
            place = run.above if run.above in document.root and run.above != document.root[-1] else None
            found.setdefault(place, []).insert(0, row)
    return found


def _holds(document: Document, group: Layer, wanted: Set[LayerId]) -> bool:
    """Whether one of the wanted layers lies somewhere in a group."""
    return any(one in wanted or _holds(document, document.layers[one], wanted) for one in group.children)


def _is_group(layer: Layer) -> bool:
    return isinstance(layer.content, Group)


def _imported(layer: Layer) -> bool:
    return layer.provenance is not None and layer.provenance.origin is Origin.IMPORTED
