"""What a fit found: where an answer lies on its base, which parts of it changed, and which of them are shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nanodesk.document.geometry import Rect
    from nanodesk.document.tiles import TileGrid


class FitOutcome(StrEnum):
    """What became of the base in the answer."""

    EDIT = "edit"
    """Parts of it changed; only they are inserted."""
    RESTYLE = "restyle"
    """All of it changed; the whole answer is inserted, brought onto the base."""
    NONE = "none"
    """Nothing changed beyond the answer's own noise."""
    UNALIGNED = "unaligned"
    """It could not be brought onto the base; it is there as it came."""
    WAITING = "waiting"
    """Nobody has looked at it yet; it is kept as it came, and fitted when somebody does."""


@dataclass(frozen=True, slots=True)
class FittedIsland:
    """One connected part of what changed.

    Attributes:
        number: counts from 1; its value in the map of islands.
        box: where it lies in the document, pixels.
        share: 0 to 1 of the picture.
        delta_e: how much it differs on average.
        edit: the place among the run's edits of the one that asked for it; none where that is not clear.
        side_effect: whether nobody seems to have asked for it.
    """

    number: int
    box: Rect
    share: float
    delta_e: float
    edit: int | None = None
    side_effect: bool = False


@dataclass(frozen=True, slots=True)
class FittedAnswer:
    """An answer with all that is needed to show other parts of it, or to fit it again without paying again.

    Attributes:
        sentence: what was found, in one line for people.
        shift_px, scale, rotation_deg: how far the answer had moved on the base.
        confidence: 0 to 1, that it lies right.
        answer: the answer's own picture, as decoded.
        frame: what of the document it was to cover; none for all of it.
        clip: what of the frame was wanted.
        rect: where layer and maps lie in the document; empty where nothing changed.
        layer: the answer's pixels in the document's place, size, tone and grain.
        outline: one channel: the mask of all islands together.
        numbers: one channel: which island a pixel belongs to, 0 for none.
        kept: the numbers of the islands that are shown.
        toned: whether another tone or style of the whole picture was asked for.
        name: what the layer is to be called, while it is still to be made.
    """

    outcome: FitOutcome
    sentence: str
    shift_px: float
    scale: float
    rotation_deg: float
    confidence: float
    answer: TileGrid
    rect: Rect
    frame: Rect | None = None
    clip: Rect | None = None
    layer: TileGrid | None = None
    outline: TileGrid | None = None
    numbers: TileGrid | None = None
    islands: tuple[FittedIsland, ...] = ()
    kept: tuple[int, ...] = ()
    toned: bool = False
    name: str = ""

    @property
    def side_effects(self) -> tuple[FittedIsland, ...]:
        """The islands that nobody seems to have asked for."""
        return tuple(island for island in self.islands if island.side_effect)

    @property
    def grids(self) -> tuple[TileGrid, ...]:
        """Every grid it refers to."""
        return tuple(grid for grid in (self.answer, self.layer, self.outline, self.numbers) if grid is not None)
