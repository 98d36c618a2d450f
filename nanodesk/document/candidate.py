"""What a run offers: an ordered list of operations with their payloads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from nanodesk.document.blend import BlendMode
from nanodesk.document.fit import FitOutcome
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.layer import Adjustment, Content, Mask
from nanodesk.document.tiles import PixelsId, TileGrid

if TYPE_CHECKING:
    from nanodesk.document.fit import FittedAnswer
    from nanodesk.document.identity import CandidateId, LayerId, RunId


@dataclass(frozen=True, slots=True)
class AddLayer:
    """A new layer above the base: a picture, a live adjustment or a live text."""

    name: str
    content: Content
    offset: Point = Point()
    mask: Mask | None = None
    blend_mode: BlendMode = BlendMode.NORMAL


@dataclass(frozen=True, slots=True)
class CropDocument:
    """Cut the canvas to a rectangle; layers keep their pixels beyond it."""

    rect: Rect


@dataclass(frozen=True, slots=True)
class ResizeDocument:
    """Scale the canvas and every layer to a new size."""

    size: Size


class Turn(StrEnum):
    """Turns and flips that move whole pixels."""

    ROTATE_90 = "rotate-90"
    ROTATE_180 = "rotate-180"
    ROTATE_270 = "rotate-270"
    FLIP_HORIZONTAL = "flip-horizontal"
    FLIP_VERTICAL = "flip-vertical"


@dataclass(frozen=True, slots=True)
class TurnDocument:
    """Turn clockwise or flip the canvas and every layer."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class RotateDocument:
    """Rotate the canvas and every layer by an angle, clockwise, about the centre; the canvas keeps its size."""

    degrees: float


@dataclass(frozen=True, slots=True)
class HideBase:
    """Hide every layer that is visible now: what comes next replaces the picture, transparency included."""


@dataclass(frozen=True, slots=True)
class HideLayers:
    """Hide some layers that are there: what comes next takes their place."""

    layers: tuple[LayerId, ...]


CandidateOperation = AddLayer | HideBase | HideLayers | CropDocument | ResizeDocument | TurnDocument | RotateDocument


class CandidateState(StrEnum):
    """What has become of a candidate."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    KEPT = "kept aside"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer of a run.

    Attributes:
        operations: applied in order as one step when it is accepted; without the layer while it is `unfitted`.
        preview: the whole result, small, for the strip; none for an answer of geometry alone.
        base: identity of the flattened base it was made on.
        words: what the model or engine said with it, as plain text.
        thoughts: what the model said while thinking, as plain text.
        reply: the number of the reply it came with, within its run; none for an engine that gets none.
        suggestion: whether it waits for the designer although it is the only one.
        fit: what was found when it was brought onto its base; none where it was taken as it is.
    """

    id: CandidateId
    run: RunId
    operations: tuple[CandidateOperation, ...]
    base: PixelsId | None = None
    preview: TileGrid | None = None
    words: str = ""
    thoughts: str = ""
    reply: int | None = None
    state: CandidateState = CandidateState.WAITING
    fit: FittedAnswer | None = None
    suggestion: bool = False

    @property
    def unfitted(self) -> bool:
        """Whether it is kept as it came, to be fitted when somebody first looks at it."""
        return self.fit is not None and self.fit.outcome is FitOutcome.WAITING

    def grids(self) -> tuple[TileGrid, ...]:
        """Every grid it refers to."""
        found: list[TileGrid] = [] if self.preview is None else [self.preview]
        for operation in self.operations:
            if isinstance(operation, AddLayer):
                found.extend(_grids_of(operation))
        found.extend(self.fit.grids if self.fit is not None else ())
        return tuple(found)


def _grids_of(operation: AddLayer) -> list[TileGrid]:
    found: list[TileGrid] = []
    content = operation.content
    if not isinstance(content, Adjustment):
        grid = getattr(content, "grid", None) or getattr(content, "rendering", None)
        if isinstance(grid, TileGrid):
            found.append(grid)
    if operation.mask is not None:
        found.append(operation.mask.grid)
    return found
