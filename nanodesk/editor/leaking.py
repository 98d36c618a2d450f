"""What of a fitted answer can be seen part by part: the outlines of its parts, and which of them a layer shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nanodesk.document.fit import FittedAnswer
    from nanodesk.editor.pixel_store import PixelStore
    from nanodesk.imaging.leak import Ring


@dataclass(frozen=True, slots=True, eq=False)
class PartOutline:
    """One part of what an answer changed.

    Attributes:
        number: as its island is counted.
        rings: closed lines, holes among them; x and y in document pixels, where the answer was fitted.
    """

    number: int
    rings: tuple[Ring, ...]


def outlines_of(fit: FittedAnswer, pixels: PixelStore) -> tuple[PartOutline, ...]:
    """The outline of every part, largest first; slow, for a thread. Nothing where an answer has no parts."""
    import numpy as np

    from nanodesk.document.geometry import Point
    from nanodesk.imaging.leak import outlines

    if fit.numbers is None or fit.outline is None or not fit.islands:
        return ()
    away = Point(-fit.rect.x, -fit.rect.y)
    boxes = [(island.number, island.box.translated(away)) for island in fit.islands]
    found = outlines(pixels.block(fit.numbers), pixels.block(fit.outline), boxes)
    corner = np.array([fit.rect.x, fit.rect.y], np.float32)
    return tuple(PartOutline(number, tuple(ring + corner for ring in rings)) for number, rings in found.items())
