"""What is marked now, or what an edit is tied to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.document.geometry import Point, Rect

if TYPE_CHECKING:
    from nanodesk.document.tiles import TileGrid


@dataclass(frozen=True, slots=True)
class RectangleSelection:
    """A rectangle of document pixels."""

    rect: Rect


@dataclass(frozen=True, slots=True)
class LassoSelection:
    """A closed outline through the given document points, filled by the even-odd rule."""

    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class MaskSelection:
    """Any selection, as a grey picture (255 selected) at a place of the document."""

    grid: TileGrid
    offset: Point = Point()


SelectionShape = RectangleSelection | LassoSelection | MaskSelection


@dataclass(frozen=True, slots=True)
class Selection:
    """A marked part of the document.

    Attributes:
        shape: what was drawn.
        feather: standard deviation of the soft edge, in document pixels.
        inverted: everything but the shape.
    """

    shape: SelectionShape
    feather: float = 0.0
    inverted: bool = False

    @property
    def bounds(self) -> Rect:
        """The rectangle around the shape, before inverting and feathering."""
        match self.shape:
            case RectangleSelection(rect=rect):
                return rect
            case MaskSelection(grid=grid, offset=offset):
                return Rect.of(offset, grid.size)
            case LassoSelection(points=points):
                xs = [x for x, _ in points]
                ys = [y for _, y in points]
                left, top = int(min(xs, default=0)), int(min(ys, default=0))
                return Rect(left, top, int(max(xs, default=0)) - left + 1, int(max(ys, default=0)) - top + 1)
