"""Curves: pointwise operations that change each channel by itself.

v is a gamma-coded channel from 0 to 1, `a` an amount from -1 to 1 (percent / 100). Curves are composed in floats and
rounded once. Linear light is that of sRGB (IEC 61966-2-1).

- brightness (amount): v ^ (2 ^ -a); black and white stay.
- exposure (stops, EV): encode(decode(v) * 2 ^ stops), clipped.
- contrast (amount): slope 1 + a at mid grey; a > 0: 1/2 + tanh(2 b (v - 1/2)) / (2 tanh b) with b / tanh b = 1 + a,
  so that black and white stay; a < 0: 1/2 + (v - 1/2)(1 + a).
- shadows (amount): a > 0: v + 2 a v (1 - v) ^ 2, so that no tone is spread more than (1 + 2 a)-fold and noise and bands
  stay where they are; a < 0: v + (v ^ (2 ^ -1.5 a) - v)(1 - v) ^ 2. Highlights the same of the negative.
- midtones (amount): v + (v ^ (2 ^ -a) - v) 4 v (1 - v).
- blacks (amount): v + a / 5 (1 - v) ^ 4, clipped; whites the same at the other end.
- levels (black, white: 0 to 255; gamma): ((v - black) / (white - black)) ^ (1 / gamma), clipped.
- warmth (amount): encode(decode(v) * gain); more red, less blue, the luminance of grey kept.
- tint (amount): the same between green (a > 0) and magenta.
- white-balance (red, green, blue): encode(decode(v) * gain), each its own; or (kelvin): the light that becomes white.
- haze (amount): v + (0.86 - v) 0.6 a; a < 0: the haze model solved for the scene (Koschmieder 1924) with an even veil.
- invert: 1 - v.
- posterise (levels): the nearest of so many equal levels.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable

Curve = NDArray[np.float64]
"""Values from 0 to 1 of blue, green and red, (n, 3)."""

Numbers = dict[str, float]
"""Parameters by name; amounts as shares, not per cent."""

LUMA = (0.0722, 0.7152, 0.2126)
"""Weights of blue, green and red: Rec. ITU-R BT.709."""
_WARM_GAIN = 0.45
"""How much more red and less blue light there is at full warmth."""
_TINT_GAIN = 0.3
_REACH = 1.5
"""How much further darker shadows and brighter highlights go than brightness."""
_AIR = 0.86
"""The colour of haze."""
_VEIL = 0.6
"""The share of haze in a full veil."""


def decoded(values: Curve) -> Curve:
    """Linear light of sRGB-coded values."""
    return np.where(values <= 0.04045, values / 12.92, ((np.maximum(values, 0) + 0.055) / 1.055) ** 2.4)


def encoded(light: Curve) -> Curve:
    """The opposite; light beyond white is cut off."""
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def _brightness(curve: Curve, numbers: Numbers) -> Curve:
    return np.asarray(curve ** (2.0 ** -numbers["amount"]))


def _exposure(curve: Curve, numbers: Numbers) -> Curve:
    return encoded(decoded(curve) * 2.0 ** numbers.get("stops", 0.0))


def _contrast(curve: Curve, numbers: Numbers) -> Curve:
    amount = numbers["amount"]
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


def _shadows(curve: Curve, numbers: Numbers) -> Curve:
    amount = numbers["amount"]
    if amount >= 0:
        return np.asarray(curve + 2 * amount * curve * (1 - curve) ** 2)
    return np.asarray(curve + (curve ** (2.0 ** (-_REACH * amount)) - curve) * (1 - curve) ** 2)


def _highlights(curve: Curve, numbers: Numbers) -> Curve:
    return 1 - _shadows(1 - curve, {"amount": -numbers["amount"]})


def _midtones(curve: Curve, numbers: Numbers) -> Curve:
    return np.asarray(curve + (curve ** (2.0 ** -numbers["amount"]) - curve) * 4 * curve * (1 - curve))


def _blacks(curve: Curve, numbers: Numbers) -> Curve:
    return np.asarray(curve + numbers["amount"] / 5 * (1 - curve) ** 4)


def _whites(curve: Curve, numbers: Numbers) -> Curve:
    return np.asarray(curve + numbers["amount"] / 5 * curve**4)


def _levels(curve: Curve, numbers: Numbers) -> Curve:
    black, white = numbers.get("black", 0.0) / 255, numbers.get("white", 255.0) / 255
    gamma = min(10.0, max(0.1, numbers.get("gamma", 1.0)))
    stretched = np.clip((curve - black) / max(1 / 255, white - black), 0, 1)
    return np.asarray(stretched ** (1 / gamma))


def _warmth(curve: Curve, numbers: Numbers) -> Curve:
    amount = numbers["amount"]
    return _lit(curve, np.array([1 - _WARM_GAIN * amount, 1.0, 1 + _WARM_GAIN * amount]))


def _tint(curve: Curve, numbers: Numbers) -> Curve:
    amount = numbers["amount"]
    return _lit(curve, np.array([1 - _TINT_GAIN * amount, 1 + _TINT_GAIN * amount, 1 - _TINT_GAIN * amount]))


def _lit(curve: Curve, gain: NDArray[np.float64]) -> Curve:
    """Under a light of another colour, the luminance of grey kept."""
    return encoded(decoded(curve) * (gain / (gain @ np.array(LUMA))))


def _white_balance(curve: Curve, numbers: Numbers) -> Curve:
    if "kelvin" in numbers:
        white = light_of(numbers["kelvin"])
        return _lit(curve, light_of(6504.0) / white)
    gain = np.array([min(8.0, max(0.05, numbers.get(name, 1.0))) for name in ("blue", "green", "red")])
    return encoded(decoded(curve) * gain)


def light_of(kelvin: float) -> NDArray[np.float64]:
    """Linear blue, green and red of a light of a colour temperature, the green at 1.

    The chromaticity of the Planckian locus by the cubic fit of Kang et al. (2002), 1667 to 25000 K, as sRGB.
    """
    t = min(25000.0, max(1667.0, kelvin))
    terms = np.array([1e9 / t**3, 1e6 / t**2, 1e3 / t, 1.0])
    x = terms @ (
        [-0.2661239, -0.2343589, 0.8776956, 0.17991] if t < 4000 else [-3.0258469, 2.1070379, 0.2226347, 0.24039]
    )
    fits = ([-1.1063814, -1.3481102, 2.18555832, -0.20219683], [-0.9549476, -1.37418593, 2.09137015, -0.16748867])
    fit = fits[0] if t < 2222 else fits[1] if t < 4000 else [3.081758, -5.8733867, 3.75112997, -0.37001483]
    y = np.array([x**3, x**2, x, 1.0]) @ np.array(fit)
    to_srgb = np.array([[0.0557, -0.204, 1.057], [-0.9689, 1.8758, 0.0415], [3.2406, -1.5372, -0.4986]])
    light = np.maximum(to_srgb @ np.array([x / y, 1.0, (1 - x - y) / y]), 0.02)
    return np.asarray(light / light[1])


def _haze(curve: Curve, numbers: Numbers) -> Curve:
    amount = numbers["amount"]
    if amount >= 0:
        return np.asarray(curve + (_AIR - curve) * _VEIL * amount)
    veil = 0.5 * _VEIL * -amount
    return np.asarray((curve - _AIR * veil) / (1 - veil))


def _invert(curve: Curve, _: Numbers) -> Curve:
    return np.asarray(1 - curve)


def _posterise(curve: Curve, numbers: Numbers) -> Curve:
    steps = min(256, max(2, round(numbers.get("levels", 6)))) - 1
    return np.asarray(np.floor(curve * steps + 0.5) / steps)


CURVES: dict[str, Callable[[Curve, Numbers], Curve]] = {
    "brightness": _brightness,
    "exposure": _exposure,
    "contrast": _contrast,
    "shadows": _shadows,
    "midtones": _midtones,
    "highlights": _highlights,
    "blacks": _blacks,
    "whites": _whites,
    "levels": _levels,
    "warmth": _warmth,
    "tint": _tint,
    "white-balance": _white_balance,
    "haze": _haze,
    "invert": _invert,
    "posterise": _posterise,
}
"""Every curve by the name of its operation."""
