"""One answer taken apart: the islands of each edit as a layer of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nanodesk.document.geometry import Rect
from nanodesk.imaging.fit.result import mask_of

if TYPE_CHECKING:
    from nanodesk.imaging.fit.result import Fit

Block = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Part:
    """What one edit made.

    Attributes:
        edit: the edit's place in the stack; none for islands that no single edit can be said to have made.
        islands: their numbers.
        rect: where it lies in the base.
        layer: (h, w, 4) BGRA of that rectangle.
        mask: (h, w) of that rectangle.
    """

    edit: int | None
    islands: tuple[int, ...]
    rect: Rect
    layer: Block
    mask: Block


def unbake(fit: Fit) -> tuple[Part, ...]:
    """The kept islands as layers: one for each edit in order, and one for each island that is nobody's for certain.

    Laid over the base together, in any order, they show what the fit itself shows: no two masks overlap.
    """
    groups: dict[tuple[int, int], list[int]] = {}
    for island in fit.islands:
        if island.number in fit.kept:
            key = (0, island.edit) if island.edit is not None else (1, island.number)
            groups.setdefault(key, []).append(island.number)
    parts = []
    for (kind, place), numbers in sorted(groups.items()):
        mask = mask_of(fit.outline, fit.numbers, numbers)
        box = _box(mask)
        if box is None:
            continue
        rows, columns = slice(box.y, box.bottom), slice(box.x, box.right)
        parts.append(
            Part(
                place if kind == 0 else None,
                tuple(numbers),
                Rect(box.x + fit.rect.x, box.y + fit.rect.y, box.width, box.height),
                fit.layer[rows, columns].copy(),
                mask[rows, columns].copy(),
            )
        )
    return tuple(parts)


def _box(mask: Block) -> Rect | None:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return None
    return Rect(int(columns[0]), int(rows[0]), int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1))
