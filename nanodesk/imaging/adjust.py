"""Live pointwise adjustments: curves through tables, colour through matrices and cubes, each within a range if told.

All values are 8-bit, gamma-coded, in the document's profile. Consecutive curves are composed in floats and rounded
once. What each operation means is said in `curves`, `colour_matrix` and `look`; and here

- vibrance (amount): saturation, the more the paler a colour is.
- duotone (dark, light): luma through the straight line from one colour to the other.
- threshold (percent): white where luma is that or more, black elsewhere.
- look (name, amount): a colour cube.

A step with the parameter `range` acts as much as a pixel belongs to that range of `tonal_range`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nanodesk.imaging import look, tonal_range
from nanodesk.imaging.colour_matrix import MATRICES, Values, colour_of, grey, share
from nanodesk.imaging.curves import CURVES, Curve, Numbers

if TYPE_CHECKING:
    from nanodesk.document.layer import Adjustment, AdjustmentStep

Block = NDArray[np.uint8]
Stage = Callable[[Block], Block]

_STOPS = 10.0


def apply(adjustment: Adjustment, block: Block) -> Block:
    """A picture (h, w, 4), straight BGRA, with the adjustment's steps done in order; fresh, alpha as it was.

    A step whose name is not known here changes nothing: a newer version's file can still be painted.
    """
    result = np.ascontiguousarray(block)
    for stage in _stages(adjustment.steps):
        result = stage(result)
    return result.copy() if result is block else result


def knows(operation: str) -> bool:
    """Whether `apply` does something for a step of that name."""
    return operation in CURVES or operation in _OTHERS


@lru_cache(maxsize=256)
def _stages(steps: tuple[AdjustmentStep, ...]) -> tuple[Stage, ...]:
    """What is done to the pixels in order."""
    stages: list[Stage] = []
    curve: Curve | None = None
    for step in steps:
        values = dict(step.parameters)
        within = str(values.get("range", ""))
        if step.operation in CURVES and not tonal_range.knows(within):
            curve = _curved(step.operation, values, curve)
            continue
        if curve is not None:
            stages.append(_through(curve))
            curve = None
        stages.extend(_within(_of(step.operation, values), within))
    if curve is not None:
        stages.append(_through(curve))
    return tuple(stages)


def _of(operation: str, values: Values) -> list[Stage]:
    if operation in CURVES:
        return [_through(_curved(operation, values, None))]
    return _OTHERS[operation](values) if operation in _OTHERS else []


def _within(stages: list[Stage], name: str) -> list[Stage]:
    """The stages limited to a range."""
    if not stages or not tonal_range.knows(name):
        return stages

    def limited(block: Block) -> Block:
        import cv2

        result = block
        for stage in stages:
            result = stage(result)
        weight = tonal_range.weight(block, name)
        return np.asarray(cv2.blendLinear(block, result, 1 - weight, weight), np.uint8)

    return [limited]


def _curved(operation: str, values: Values, curve: Curve | None) -> Curve:
    before = np.repeat(np.arange(256) / 255, 3).reshape(256, 3) if curve is None else curve
    return np.clip(CURVES[operation](before, _numbers(values)), 0, 1)


def _numbers(values: Values) -> Numbers:
    """Parameters as numbers: per cent as a share, full strength where none is given; odd values left out."""
    numbers = {
        name: float(value)
        for name, value in values.items()
        if isinstance(value, int | float) and math.isfinite(value) and name != "amount"
    }
    stops = values.get("stops", values.get("amount", 0.0))
    if isinstance(stops, int | float) and math.isfinite(stops):
        numbers["stops"] = min(_STOPS, max(-_STOPS, float(stops)))
    return {**numbers, "amount": share(values)}


def _through(curve: Curve) -> Stage:
    table = np.empty((1, 256, 4), np.uint8)
    table[0, :, :3] = np.rint(curve * 255)
    table[0, :, 3] = np.arange(256)

    def stage(block: Block) -> Block:
        import cv2

        return np.asarray(cv2.LUT(block, table), np.uint8)

    return stage


def _mixing(matrix: NDArray[np.float32]) -> Stage:
    def stage(block: Block) -> Block:
        import cv2

        return np.asarray(cv2.transform(block, matrix), np.uint8)

    return stage


def _matrix(operation: str) -> Callable[[Values], list[Stage]]:
    return lambda values: [_mixing(MATRICES[operation](values))]


def _vibrance(values: Values) -> list[Stage]:
    return _within([_mixing(MATRICES["saturation"](values))], "pale")


def _duotone(values: Values) -> list[Stage]:
    dark, light = colour_of(values.get("dark"), "#000000"), colour_of(values.get("light"), "#ffffff")
    ramp = np.arange(256)[:, None] / 255
    return [_mixing(grey()), _through(dark + (light - dark) * ramp)]


def _threshold(values: Values) -> list[Stage]:
    limit = share(values, "percent", 50.0) * 255
    return [_mixing(grey()), _through(np.repeat((np.arange(256) >= limit).astype(float), 3).reshape(256, 3))]


def _look(values: Values) -> list[Stage]:
    name, amount = str(values.get("name", "")), max(0.0, share(values))
    return [lambda block: look.looked(block, name, amount)] if name in look.looks() else []


_OTHERS: dict[str, Callable[[Values], list[Stage]]] = {
    **{name: _matrix(name) for name in MATRICES},
    "vibrance": _vibrance,
    "duotone": _duotone,
    "threshold": _threshold,
    "look": _look,
}
