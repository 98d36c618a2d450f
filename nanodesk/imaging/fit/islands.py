"""The parts of a change, and which edit asked for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from nanodesk.document.geometry import Rect

Block = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float32]
Labels = NDArray[np.int32]

_CLEARLY = 0.5
"""The share of an island in a selection from which it belongs to that edit."""
_NEAR = 0.02
"""Parts closer than this share of the picture's diagonal are one island."""
_SLIGHT = 0.03
"""An island this weak against the strongest (area times delta E) was not asked for in so many words."""
MOST = 200
"""More islands than anybody can look through: the smallest are left out."""


@dataclass(frozen=True)
class Island:
    """One connected part of what changed.

    Attributes:
        number: counts from 1; its value in the fit's map of islands.
        box: where it lies in the base, in pixels.
        area: base pixels that it covers.
        share: 0 to 1 of the picture.
        delta_e: how much it differs on average.
        edit: the place in the stack of the edit that asked for it; none where that is not clear.
        side_effect: whether nobody seems to have asked for it.
    """

    number: int
    box: Rect
    area: int
    share: float
    delta_e: float
    edit: int | None
    side_effect: bool


def labelled(changed: Flags, most: int = MOST) -> tuple[int, Labels]:
    """How many islands there are, `most` at most, and a map (h, w) of their numbers from 1; 0 is no change."""
    import cv2

    height, width = changed.shape
    reach = max(1, round(_NEAR * float(np.hypot(width, height)) / 2))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    near = cv2.dilate(changed.astype(np.uint8), disc)
    count, labels = cv2.connectedComponents(near, connectivity=8)
    labels = np.where(changed, labels, 0).astype(np.int32)
    areas = np.bincount(labels.ravel(), minlength=count)
    areas[0] = 0
    order = np.argsort(-areas, kind="stable")
    order = order[areas[order] > 0][:most]
    new = np.zeros(count, np.int32)
    new[order] = np.arange(1, len(order) + 1)
    return len(order), new[labels]


@dataclass(frozen=True)
class Claim:
    """Who asked for an island."""

    edit: int | None
    side_effect: bool


def claims(count: int, labels: Labels, strength: Floats, selections: tuple[Block | None, ...]) -> list[Claim]:
    """For each island who asked for it: an edit whose selection holds it, an edit without one, or nobody.

    Args:
        labels, strength: (h, w), the islands' numbers and delta E.
        selections: for each edit its selection at the same size, or none.
    """
    areas = np.maximum(1, np.bincount(labels.ravel(), minlength=count + 1)[: count + 1])
    weights = np.bincount(labels.ravel(), strength.ravel().astype(np.float64), minlength=count + 1)
    free = [place for place, selection in enumerate(selections or (None,)) if selection is None]
    shares = [_shares(labels, selection, areas, count) for selection in selections]
    result = []
    strongest = 0.0
    for number in range(1, count + 1):
        inside = [float(share[number]) if share is not None else 0.0 for share in shares]
        best = int(np.argmax(inside)) if inside else -1
        if inside and inside[best] >= _CLEARLY:
            rivals = [place for place, share in enumerate(inside) if share >= _CLEARLY]
            result.append(Claim(best if len(rivals) == 1 else None, False))
            continue
        strongest = max(strongest, float(weights[number]))
        result.append(Claim(free[0] if len(free) == 1 else None, not free))
    return [
        Claim(None, True)
        if _loose(number, result, inside_any(shares, number)) and weights[number] < _SLIGHT * strongest
        else claim
        for number, claim in enumerate(result, start=1)
    ]


def inside_any(shares: list[NDArray[np.float64] | None], number: int) -> bool:
    """Whether the island lies mostly in some selection."""
    return any(share is not None and float(share[number]) >= _CLEARLY for share in shares)


def _loose(number: int, result: list[Claim], selected: bool) -> bool:
    return not selected and not result[number - 1].side_effect


def _shares(
    labels: Labels, selection: Block | None, areas: NDArray[np.int64], count: int
) -> NDArray[np.float64] | None:
    if selection is None:
        return None
    inside = np.bincount(labels[selection >= 128], minlength=count + 1)[: count + 1]
    return np.asarray(inside / areas, np.float64)
