"""The rows of the layer list as values: layers top-most first, runs where their result will come."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nanodesk.document.layer import Group
from nanodesk.document.provenance import Origin
from nanodesk.document.run import RunState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nanodesk.document.document import Document
    from nanodesk.document.identity import LayerId, RunId
    from nanodesk.document.layer import Layer
    from nanodesk.document.run import Run
    from nanodesk.document.state import State


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One layer.

    Attributes:
        depth: number of groups around it.
        shown: whether it and every group around it are visible.
        ticked: whether it is sent along as a reference.
        original: whether it is the imported picture at the very bottom.
        run: the run that made it, where the project still knows it.
        unfolded: a group shows its children; a layer made by a run shows that run.
    """

    layer: Layer
    depth: int = 0
    shown: bool = True
    ticked: bool = False
    original: bool = False
    run: Run | None = None
    unfolded: bool = False

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
    """A run under way, or one that failed and was not put away."""

    run: Run

    @property
    def key(self) -> str:
        """What identifies the row while its contents change."""
        return f"run {self.run.id}"


Row = LayerRow | RunRow


@dataclass(slots=True)
class Folding:
    """What is folded, unfolded and put away in this window; neither saved nor undone."""

    folded: set[LayerId] = field(default_factory=set)
    unfolded: set[LayerId] = field(default_factory=set)
    dismissed: set[RunId] = field(default_factory=set)


def rows_of(state: State, runs: Mapping[RunId, Run], folding: Folding) -> tuple[Row, ...]:
    """The rows to show, top first."""
    document = state.document
    ticked = {reference.layer for reference in state.tray if reference.layer is not None}
    waiting = _by_place(document, runs.values(), folding.dismissed)
    bottom = document.root[0] if document.root else None

    def walk(ids: tuple[LayerId, ...], depth: int, shown: bool) -> Iterator[Row]:
        for layer_id in reversed(ids):
            layer = document.layers[layer_id]
            for run in waiting.get(layer_id, ()):
                yield RunRow(run)
            run_id = layer.provenance.run if layer.provenance else None
            group = bool(layer.children) or _is_group(layer)
            unfolded = layer_id not in folding.folded if group else layer_id in folding.unfolded
            yield LayerRow(
                layer,
                depth,
                shown and layer.visible,
                layer_id in ticked,
                layer_id == bottom and _imported(layer),
                runs.get(run_id) if run_id is not None else None,
                unfolded,
            )
            if unfolded:
                yield from walk(layer.children, depth + 1, shown and layer.visible)

    return (*(RunRow(run) for run in waiting.get(None, ())), *walk(document.root, 0, True))


def _by_place(document: Document, runs: Iterable[Run], dismissed: set[RunId]) -> dict[LayerId | None, list[Run]]:
    """Runs to show, by the layer that each stands right above (none: the top), newest first."""
    found: dict[LayerId | None, list[Run]] = {}
    for run in runs:
        if run.id in dismissed or not (run.state.active or run.state is RunState.FAILED):
            continue
        place = run.above if run.above in document.root and run.above != document.root[-1] else None
        found.setdefault(place, []).insert(0, run)
    return found


def _is_group(layer: Layer) -> bool:
    return isinstance(layer.content, Group)


def _imported(layer: Layer) -> bool:
    return layer.provenance is not None and layer.provenance.origin is Origin.IMPORTED
