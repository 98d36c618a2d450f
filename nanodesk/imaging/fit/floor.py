"""The noise floor of one pair: how much two pictures of the same thing differ here, by how busy the place is.

Two things make noise: gradients right here (what registration and sharpness leave), and edges within a block of the
answer's compression (where JPEG rings). The floor is learned by both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nanodesk.imaging.fit.plane import Floats, blurred

Flags = NDArray[np.bool_]
Cells = NDArray[np.int32]

_BINS = 7
_LEAST_IN_A_CELL = 80
_PLAIN = 1.4
"""A median of a length of three noisy numbers times this is a little over their root mean square."""
_TAIL, _MOST_TAIL = 0.5, 2.5
"""Heavy tails (quantised skies) lift the floor: by half the 95th of a hundred, to so many times the plain level."""
_CALM, _OF_CALM = 0.3, 1.8
"""The share of the places that is surely unchanged even where a faint change was trusted, and what makes the level of
a quantile so low: the median of the length of three noisy numbers is 1.29 times it."""
_MOST_SMOOTH, _SMOOTH = 1.3, 0.6
"""How far what stays the same round about may lift the floor: so many times, or to so many delta E."""


@dataclass(frozen=True, eq=False)
class Busy:
    """For every place of a plane the cell of the floor's table that it belongs to; cells count `_BINS` a row."""

    cells: Cells


def busy_of(base: Floats, answer: Floats, block_px: float, sure: Flags) -> Busy:
    """How busy each place is, from both pictures (h, w, 3, Lab): in itself, and in the block round it.

    Args:
        block_px: the edge of a block of the answer's compression in pixels of the plane.
        sure: where nothing seems to have changed: the table is made even for those places.
    """
    import cv2

    here = gradients(base)
    both = np.maximum(here, gradients(answer))
    reach = max(3, 2 * round(block_px / 2) + 1)
    about = blurred(np.asarray(cv2.dilate(both, np.ones((reach, reach), np.uint8)), np.float32), block_px / 3)
    cells = _binned(about, sure) * _BINS + _binned(here, sure)
    return Busy(cells.astype(np.int32))


def gradients(picture: Floats) -> Floats:
    """The strength of the gradients (h, w) of a picture (h, w, 3, Lab), smoothed a little."""
    import cv2

    total = np.zeros(picture.shape[:2], np.float32)
    soft = blurred(picture, 0.8)
    for order in ((1, 0), (0, 1)):
        slope = np.asarray(cv2.Scharr(soft, cv2.CV_32F, *order, scale=1 / 32), np.float32)
        total += np.einsum("ijk,ijk->ij", slope, slope)
    return np.asarray(np.sqrt(blurred(total, 1.8)), np.float32)


def _binned(values: Floats, sure: Flags) -> NDArray[np.intp]:
    known = values[sure][::7]
    if len(known) < 100:
        known = values.ravel()[::7]
    edges = np.quantile(known, np.linspace(0, 1, _BINS + 1)[1:-1])
    return np.digitize(values, edges)


@dataclass(frozen=True, eq=False)
class Floor:
    """What counts as noise: a level (delta E) for every cell of busyness."""

    levels: NDArray[np.float32]

    def at(self, busy: Busy) -> Floats:
        """The floor (h, w), without steps where places of different busyness meet."""
        return blurred(self.levels[busy.cells], 1.5)

    @property
    def typical(self) -> float:
        """The floor of a place of middling busyness."""
        return float(np.median(self.levels))


def learn_floor(difference: Floats, busy: Busy, sure: Flags, grain: Floats | None = None) -> Floor:
    """The floor from the places (h, w) that are sure not to have changed; median based, so that a few may have.

    Args:
        grain: (h, w), what of the difference does not stay the same round about, where that is known. A smooth change,
            as of light, may then cover most of what seemed sure.
    """
    step = max(1, int(sure.sum()) // 150_000)
    values, cells = difference[sure][::step], busy.cells[sure][::step]
    fine = (difference if grain is None else grain)[sure][::step]
    levels = np.full(_BINS * _BINS, np.inf, np.float32)
    order = np.argsort(cells.astype(np.uint8), kind="stable")
    bounds = np.searchsorted(cells[order], np.arange(_BINS * _BINS + 1))
    for cell in range(_BINS * _BINS):
        inside = order[bounds[cell] : bounds[cell + 1]]
        if len(inside) >= _LEAST_IN_A_CELL:
            levels[cell] = _level(values[inside], fine[inside])
    known = levels[np.isfinite(levels)]
    table = levels.reshape(_BINS, _BINS)
    if not len(known):
        table[:] = _level(values, fine) if len(values) else 1.0
    else:
        table[-1, -1] = min(table[-1, -1], float(known.max()))
    # Calmer places cannot be noisier: where a cell says so, something that did change has got into it.
    for axis in (0, 1):
        table = np.flip(np.minimum.accumulate(np.flip(table, axis), axis=axis), axis)
    return Floor(np.ascontiguousarray(table, np.float32).ravel())


def _level(values: Floats, grain: Floats) -> float:
    middle, tail = len(grain) // 2, int(0.95 * len(grain))
    ordered = np.partition(grain, (middle, tail))
    plain = _PLAIN * float(ordered[middle]) + 0.05
    level = max(plain, min(_TAIL * float(ordered[tail]), _MOST_TAIL * plain))
    low = int(_CALM * len(values))
    calm = _OF_CALM * float(np.partition(values, low)[low]) + 0.05
    return max(level, min(calm, max(_MOST_SMOOTH * level, _SMOOTH)))
