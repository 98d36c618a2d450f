"""A layer: a picture, an adjustment, a text or a group, with its place, opacity, blend mode and mask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nanodesk.document.blend import BlendMode
from nanodesk.document.geometry import Point, Rect, Size

if TYPE_CHECKING:
    from nanodesk.document.identity import LayerId
    from nanodesk.document.provenance import Provenance
    from nanodesk.document.tiles import TileGrid

Parameter = float | int | str | bool
"""A value of an adjustment or a text style, as it is written to the project file."""


@dataclass(frozen=True, slots=True)
class Pixels:
    """A picture: BGRA, straight alpha, 8 bits, in the document's colour profile."""

    grid: TileGrid


@dataclass(frozen=True, slots=True)
class AdjustmentStep:
    """One pointwise operation by the name of its row in the operation table, with its parameters by name."""

    operation: str
    parameters: tuple[tuple[str, Parameter], ...] = ()


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Live pointwise operations, in order, on all that lies below within the same group."""

    steps: tuple[AdjustmentStep, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """Words with their style, and the rendering that every painter shows.

    Attributes:
        text: the words, exactly.
        style: font, size in pixels, weight, colour `#rrggbb`, outline, and so on, by name.
        rendering: the words drawn with that style.
    """

    text: str
    style: tuple[tuple[str, Parameter], ...]
    rendering: TileGrid


@dataclass(frozen=True, slots=True)
class Group:
    """Layers kept together, bottom first; composited apart from what lies below (isolated)."""

    children: tuple[LayerId, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """Content of a kind that this version does not know: kept as it was read, painted as nothing."""

    kind: str
    data: str


Content = Pixels | Adjustment | Text | Group | Unknown


@dataclass(frozen=True, slots=True)
class Mask:
    """A grey picture limiting a layer: 255 shows, 0 hides.

    Attributes:
        grid: one channel.
        offset: its top left corner in document pixels; it moves with its layer.
        outside: the value, 0 or 255, beyond its edges.
        enabled: a disabled mask is kept and limits nothing.
    """

    grid: TileGrid
    offset: Point = Point()
    outside: int = 0
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Layer:
    """One row of the layered history.

    Attributes:
        offset: top left corner of its picture in document pixels; a group or an adjustment has none of its own.
        opacity: 0 to 1.
        locked: pixels, place and mask cannot be changed; visibility and opacity can.
    """

    id: LayerId
    name: str
    content: Content
    offset: Point = Point()
    opacity: float = 1.0
    blend_mode: BlendMode = BlendMode.NORMAL
    visible: bool = True
    locked: bool = False
    mask: Mask | None = None
    provenance: Provenance | None = None

    @property
    def grid(self) -> TileGrid | None:
        """The picture that is painted for it, where its kind has one."""
        match self.content:
            case Pixels(grid=grid) | Text(rendering=grid):
                return grid
            case _:
                return None

    @property
    def size(self) -> Size | None:
        """The size of its picture, where its kind has one."""
        grid = self.grid
        return None if grid is None else grid.size

    @property
    def rect(self) -> Rect | None:
        """Where its picture lies in the document, where its kind has one."""
        size = self.size
        return None if size is None else Rect.of(self.offset, size)

    @property
    def children(self) -> tuple[LayerId, ...]:
        """The layers of a group, bottom first; none for other kinds."""
        return self.content.children if isinstance(self.content, Group) else ()

    def moved(self, by: Point) -> Layer:
        """The layer and its mask at another place."""
        mask = None if self.mask is None else replace(self.mask, offset=self.mask.offset + by)
        return replace(self, offset=self.offset + by, mask=mask)

    def grids(self) -> tuple[TileGrid, ...]:
        """Every grid it refers to: its picture's and its mask's."""
        own = () if self.grid is None else (self.grid,)
        return own if self.mask is None else (*own, self.mask.grid)
