"""Matrices: pointwise operations that mix the channels.

v is a gamma-coded channel, `a` an amount from -1 to 1 (percent / 100), luma that of Rec. ITU-R BT.709.

- saturation (amount): luma + (v - luma)(1 + a).
- black-and-white (amount, filter): v + (grey - v) a; grey is luma, or what a film behind a colour filter would see.
- sepia (amount): v + (tone - v) a; tone is luma times 1.07, 0.91, 0.72 for red, green, blue.
- colourise (amount, colour): v + (tone - v) a; tone is luma times the colour, its own luma at 1.
- hue (degrees): the rotation about grey that keeps luma (`hueRotate` of W3C Filter Effects 1).
- recolour (colour, from): the rotation, saturation and gain that take one colour to another, luma changed half-way.
- grey: luma in every channel, for duotone and threshold.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nanodesk.imaging.curves import LUMA

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.document.layer import Parameter

Matrix = NDArray[np.float32]
"""(4, 4), for blue, green, red and alpha."""
Rows = NDArray[np.float64]
Values = dict[str, "Parameter"]

_SEPIA = (0.72, 0.91, 1.07)
_FILTERS = {
    "red": (0.05, 0.2, 0.75),
    "orange": (0.08, 0.42, 0.5),
    "yellow": (0.12, 0.55, 0.33),
    "green": (0.12, 0.76, 0.12),
    "blue": (0.75, 0.2, 0.05),
}
"""Weights of blue, green and red behind a colour filter."""
FILTERS = tuple(_FILTERS)


def share(values: Values, name: str = "amount", default: float = 100.0) -> float:
    """A percentage as a share from -1 to 1; odd values of a damaged file come to nothing."""
    value = values.get(name, default)
    number = float(value) if isinstance(value, int | float) and math.isfinite(value) else 0.0
    return min(100.0, max(-100.0, number)) / 100


def colour_of(code: object, default: str = "#808080") -> Rows:
    """Blue, green and red, 0 to 1, of `#rrggbb`."""
    text = str(code)
    try:
        return np.array([int(text[place : place + 2], 16) for place in (5, 3, 1)]) / 255
    except ValueError:
        return colour_of(default)


def _towards(rows: Rows, amount: float) -> Matrix:
    """A matrix that goes a share of the way from the picture to `rows` (3, 3)."""
    return _matrix(np.eye(3) + (rows - np.eye(3)) * amount)


def _matrix(rows: Rows) -> Matrix:
    matrix = np.eye(4)
    matrix[:3, :3] = rows
    return matrix.astype(np.float32)


def grey(weights: tuple[float, float, float] = LUMA) -> Matrix:
    """A weighted sum of the channels in every channel."""
    return _matrix(np.tile(weights, (3, 1)))


def _saturation(values: Values) -> Matrix:
    return _towards(np.tile(LUMA, (3, 1)), -share(values))


def _black_and_white(values: Values) -> Matrix:
    return _towards(np.tile(_FILTERS.get(str(values.get("filter")), LUMA), (3, 1)), max(0.0, share(values)))


def _sepia(values: Values) -> Matrix:
    return _towards(np.outer(_SEPIA, LUMA), max(0.0, share(values)))


def _colourise(values: Values) -> Matrix:
    colour = np.maximum(colour_of(values.get("colour")), 0.02)
    return _towards(np.outer(colour / (colour @ LUMA), LUMA), max(0.0, share(values)))


def rotation(degrees: float) -> Rows:
    """The rotation (3, 3) of hues about grey that keeps luma, for blue, green and red."""
    red, green, blue = LUMA[::-1]
    luma = np.array([[red, green, blue]] * 3)
    turn = np.zeros((3, 3))
    turn[0], turn[2] = (-red, -green, 1 - blue), (red - 1, green, blue)
    turn[1] = -(red * turn[0] + blue * turn[2]) / green  # so that luma stays
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    rows = luma + cosine * (np.eye(3) - luma) + sine * turn
    return np.asarray(rows[::-1, ::-1])


def _hue(values: Values) -> Matrix:
    value = values.get("degrees", 0.0)
    return _matrix(rotation(float(value) if isinstance(value, int | float) and math.isfinite(value) else 0.0))


def _recolour(values: Values) -> Matrix:
    source, target = colour_of(values.get("from"), "#ff0000"), colour_of(values.get("colour"))
    before, after = source - source @ LUMA, target - target @ LUMA
    length = float(np.linalg.norm(after))
    angles = range(0, 360, 3)
    turned = [rotation(angle) @ before for angle in angles]
    if length < 0.03:
        strength, angle = 0.0, 0
    else:
        alike = [float(vector @ after) / float(np.linalg.norm(vector)) for vector in turned]
        best = int(np.argmax(alike))
        angle = angles[best]
        strength = min(1.6, length / float(np.linalg.norm(turned[best])))
    luma = np.tile(LUMA, (3, 1))
    gain = min(2.0, max(0.25, (float(target @ LUMA) + 0.05) / (float(source @ LUMA) + 0.05))) ** 0.6
    rows = luma + strength * (rotation(angle) - luma)
    return _matrix(gain * rows)


MATRICES: dict[str, Callable[[Values], Matrix]] = {
    "saturation": _saturation,
    "black-and-white": _black_and_white,
    "sepia": _sepia,
    "colourise": _colourise,
    "hue": _hue,
    "recolour": _recolour,
}
"""Every matrix by the name of its operation."""
