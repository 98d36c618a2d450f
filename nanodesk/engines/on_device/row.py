"""What a row of the operation table holds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from nanodesk.document.layer import Parameter

Values = dict[str, Parameter]


class Kind(StrEnum):
    """What an operation works on, and so what it becomes.

    A pointwise one becomes a live adjustment; spatial, overlay, background and repair a picture layer; geometry an
    operation on the document; canvas such an operation and a layer; text a live text.
    """

    POINTWISE = "pointwise"
    SPATIAL = "spatial"
    OVERLAY = "overlay"
    GEOMETRY = "geometry"
    CANVAS = "canvas"
    TEXT = "text"
    BACKGROUND = "background"
    REPAIR = "repair"

    @property
    def limited(self) -> bool:
        """Whether it can be limited to a part of the picture."""
        return self in {Kind.POINTWISE, Kind.SPATIAL, Kind.OVERLAY}


@dataclass(frozen=True, slots=True)
class Range:
    """A number that an operation takes.

    Attributes:
        default: what a bare word ("warmer") means; `slightly`, `strongly` and `extremely` are its other strengths.
        unit: "%" , "EV", "px", "°", "K", or nothing.
    """

    name: str
    unit: str
    least: float
    most: float
    default: float = 0.0
    slightly: float = 0.0
    strongly: float = 0.0
    extremely: float = 0.0

    def of_strength(self, strength: str) -> float:
        """The number that a strength word stands for; the default for none."""
        if not strength:
            return self.default
        return {"slightly": self.slightly, "strongly": self.strongly, "extremely": self.extremely}[strength]

    def holds(self, value: float) -> bool:
        """Whether a number lies in the range."""
        return self.least <= value <= self.most


@dataclass(frozen=True, slots=True)
class Row:
    """One operation.

    Attributes:
        strength: the number that strength words and percentages set; none where there is none.
        measures: other numbers that it takes, told apart by their units.
        more, less: layer name and summary for more and for less of it ("Warmer", "Cooler").
        opposite: the row that undoes it, for operations that go one way only.
        examples: sentences that the grammar understands as this operation.
    """

    name: str
    kind: Kind
    more: str
    less: str = ""
    strength: Range | None = None
    opposite: str = ""
    measures: tuple[Range, ...] = ()
    examples: tuple[str, ...] = ()


def percent(default: float, slightly: float, strongly: float, extremely: float, least: float = -100) -> Range:
    """An amount in per cent, up to 100."""
    return Range("amount", "%", least, 100, default, slightly, strongly, extremely)
