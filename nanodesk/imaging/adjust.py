"""Live pointwise adjustments: curves through tables, colour through matrices.

All values are 8-bit, gamma-coded, in the document's profile; v is a channel from 0 to 1, `a` an amount from -1 to 1
(percent / 100). Consecutive curves are composed in floats and rounded once.

- brightness (amount, percent): v ^ (2 ^ -a); black and white stay.
- exposure (stops, EV): encode(decode(v) * 2 ^ stops), clipped; transfer of sRGB, IEC 61966-2-1.
- contrast (amount, percent): slope 1 + a at mid grey; a > 0: 1/2 + tanh(2 b (v - 1/2)) / (2 tanh b)
  with b / tanh b = 1 + a, so that black and white stay; a < 0: 1/2 + (v - 1/2)(1 + a).
- warmth (amount, percent): encode(decode(v) * gain); more red, less blue, the luminance of grey kept.
- saturation (amount, percent): luma + (v - luma)(1 + a); luma of Rec. ITU-R BT.709.
- black-and-white (amount, percent): v + (luma - v) a.
- sepia (amount, percent): v + (tone - v) a; tone is luma times 1.07, 0.91, 0.72 for red, green, blue.
- invert: 1 - v.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.document.layer import Adjustment, AdjustmentStep

Block = NDArray[np.uint8]
Curve = NDArray[np.float64]
"""Values from 0 to 1 of blue, green and red, (n, 3)."""

Stage = NDArray[np.uint8] | NDArray[np.float32]

_LUMA = (0.0722, 0.7152, 0.2126)
"""Weights of blue, green and red: Rec. ITU-R BT.709."""
_SEPIA = (0.72, 0.91, 1.07)
_WARM_GAIN = 0.45
"""How much more red and less blue light there is at full warmth."""


def apply(adjustment: Adjustment, block: Block) -> Block:
    """A picture (h, w, 4), straight BGRA, with the adjustment's steps done in order; fresh, alpha as it was.

    A step whose name is not known here changes nothing: a newer version's file can still be painted.
    """
    import cv2

    result = np.ascontiguousarray(block)
    for stage in _stages(adjustment.steps):
        done = cv2.LUT(result, stage) if stage.ndim == 3 else cv2.transform(result, stage)
        result = np.asarray(done, np.uint8)
    return result.copy() if result is block else result


def knows(operation: str) -> bool:
    """Whether `apply` does something for a step of that name."""
    return operation in _CURVES or operation in _MATRICES


@lru_cache(maxsize=256)
def _stages(steps: tuple[AdjustmentStep, ...]) -> tuple[Stage, ...]:
    """What is done to the pixels in order: tables (1, 256, 4) and matrices (4, 4)."""
    stages: list[Stage] = []
    curve: Curve | None = None
    for step in steps:
        values = dict(step.parameters)
        if step.operation in _CURVES:
            before = np.repeat(np.arange(256) / 255, 3).reshape(256, 3) if curve is None else curve
            curve = np.clip(_CURVES[step.operation](before, _number(values)), 0, 1)
        elif step.operation in _MATRICES:
            if curve is not None:
                stages.append(_table(curve))
                curve = None
            stages.append(_MATRICES[step.operation](_number(values)))
    if curve is not None:
        stages.append(_table(curve))
    return tuple(stages)


def _number(values: dict[str, float | int | str | bool]) -> float:
    """The step's one number: stops as they are, percent as a share; full strength where none is given."""
    name, most, unit = ("stops", 10.0, 1.0) if "stops" in values else ("amount", 100.0, 100.0)
    value = values.get(name, 100.0)
    number = float(value) if isinstance(value, int | float) and math.isfinite(value) else 0.0
    return min(most, max(-most, number)) / unit


def _table(curve: Curve) -> NDArray[np.uint8]:
    table = np.empty((1, 256, 4), np.uint8)
    table[0, :, :3] = np.rint(curve * 255)
    table[0, :, 3] = np.arange(256)
    return table


def _brightness(curve: Curve, amount: float) -> Curve:
    return np.asarray(curve ** (2.0**-amount))


def _exposure(curve: Curve, stops: float) -> Curve:
    return _encoded(_decoded(curve) * 2.0**stops)


def _contrast(curve: Curve, amount: float) -> Curve:
    if amount <= 0:
        return np.asarray(0.5 + (curve - 0.5) * (1 + amount))
    bend = _bend(1 + amount)
    return np.asarray(0.5 + 0.5 * np.tanh(2 * bend * (curve - 0.5)) / np.tanh(bend))


def _bend(slope: float) -> float:
    """The b for which b / tanh b, the slope of the curve at mid grey, is the one wanted; by bisection."""
    low, high = 0.0, slope
    for _ in range(50):
        middle = (low + high) / 2
        if middle < slope * math.tanh(middle):
            low = middle
        else:
            high = middle
    return high


def _warmth(curve: Curve, amount: float) -> Curve:
    gain = np.array([1 - _WARM_GAIN * amount, 1.0, 1 + _WARM_GAIN * amount])
    return _encoded(_decoded(curve) * (gain / (gain @ np.array(_LUMA))))


def _invert(curve: Curve, _: float) -> Curve:
    return np.asarray(1 - curve)


def _decoded(values: Curve) -> Curve:
    """Linear light of sRGB-coded values."""
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _encoded(light: Curve) -> Curve:
    """The opposite; light beyond white is cut off."""
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def _towards(rows: NDArray[np.float64], share: float) -> NDArray[np.float32]:
    """A matrix for blue, green, red and alpha that goes a share of the way from the picture to `rows` (3, 3)."""
    matrix = np.eye(4)
    matrix[:3, :3] += (rows - np.eye(3)) * share
    return matrix.astype(np.float32)


def _saturation(amount: float) -> NDArray[np.float32]:
    return _towards(np.tile(_LUMA, (3, 1)), -amount)


def _black_and_white(amount: float) -> NDArray[np.float32]:
    return _towards(np.tile(_LUMA, (3, 1)), max(0.0, amount))


def _sepia(amount: float) -> NDArray[np.float32]:
    return _towards(np.outer(_SEPIA, _LUMA), max(0.0, amount))


_CURVES: dict[str, Callable[[Curve, float], Curve]] = {
    "brightness": _brightness,
    "exposure": _exposure,
    "contrast": _contrast,
    "warmth": _warmth,
    "invert": _invert,
}
_MATRICES: dict[str, Callable[[float], NDArray[np.float32]]] = {
    "saturation": _saturation,
    "black-and-white": _black_and_white,
    "sepia": _sepia,
}
