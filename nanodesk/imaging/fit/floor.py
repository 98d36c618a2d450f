"""The noise floor of one pair: how much two pictures of the same thing differ here, by how busy the place is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nanodesk.imaging.fit.plane import Floats, blurred

_BINS = 14
_LEAST_IN_A_BIN = 60


@dataclass(frozen=True, eq=False)
class Floor:
    """What counts as noise, by how busy a place is.

    Attributes:
        knots: busyness at the middle of each bin, rising.
        levels: the robust deviation of the difference there (delta E).
    """

    knots: NDArray[np.float64]
    levels: NDArray[np.float64]

    def at(self, busy: Floats) -> Floats:
        """The floor (h, w) for a map of busyness."""
        return np.asarray(np.interp(busy.ravel(), self.knots, self.levels).reshape(busy.shape), np.float32)

    @property
    def typical(self) -> float:
        """The floor of a place of middling busyness."""
        return float(np.median(self.levels))


def busyness(base: Floats) -> Floats:
    """How busy each place of a picture (h, w, 3, Lab) is: the strength of its gradients round about."""
    import cv2

    total = np.zeros(base.shape[:2], np.float32)
    for channel in range(3):
        plane = blurred(np.ascontiguousarray(base[:, :, channel]), 0.8)
        for order in ((1, 0), (0, 1)):
            slope = cv2.Scharr(plane, cv2.CV_32F, *order, scale=1 / 32)
            total += np.asarray(slope, np.float32) ** 2
    return np.asarray(np.sqrt(blurred(total, 2.5)), np.float32)


def learn_floor(difference: Floats, busy: Floats, trust: NDArray[np.bool_]) -> Floor:
    """The floor from the places (h, w) that are trusted not to have changed; median based, so that a few may have."""
    values, ways = difference[trust], busy[trust]
    if len(values) < _BINS * _LEAST_IN_A_BIN:
        return Floor(np.array([0.0, 1.0]), np.full(2, _level(values) if len(values) > _LEAST_IN_A_BIN else 1.0))
    step = max(1, len(values) // 200_000)
    values, ways = values[::step], ways[::step]
    edges = np.quantile(ways, np.linspace(0, 1, _BINS + 1))
    knots, levels = [], []
    for low, high in zip(edges[:-1], edges[1:], strict=True):
        inside = (ways >= low) & (ways <= high)
        if int(inside.sum()) >= _LEAST_IN_A_BIN:
            knots.append(float((low + high) / 2))
            levels.append(_level(values[inside]))
    # Busier places cannot be quieter: what is learned for few pixels is held up by what is known below.
    return Floor(np.array(knots), np.maximum.accumulate(np.array(levels)))


def _level(values: Floats) -> float:
    """A robust deviation: 1.4 medians of the length, which an edit of less than half cannot move far."""
    return 1.4 * float(np.median(values)) + 0.05
