"""An independent compositor: one pixel at a time in float64, straight from the formulas of the recommendation."""

import math
from collections.abc import Callable
from typing import Any


def _lum(c):
    return 0.3 * c[0] + 0.59 * c[1] + 0.11 * c[2]


def _clip(c):
    light, low, high = _lum(c), min(c), max(c)
    if low < 0:
        c = [light + (v - light) * light / (light - low) for v in c]
    if high > 1:
        c = [light + (v - light) * (1 - light) / (high - light) for v in c]
    return c


def _set_lum(c, light):
    d = light - _lum(c)
    return _clip([v + d for v in c])


def _set_sat(c, s):
    low, high = min(c), max(c)
    return [(v - low) * s / (high - low) if high > low else 0.0 for v in c]


def _sat(c):
    return max(c) - min(c)


def _soft(b, s):
    if s <= 0.5:
        return b - (1 - 2 * s) * b * (1 - b)
    d = ((16 * b - 12) * b + 4) * b if b <= 0.25 else math.sqrt(b)
    return b + (2 * s - 1) * (d - b)


def _hard(b, s):
    return b * 2 * s if s <= 0.5 else b + (2 * s - 1) - b * (2 * s - 1)


def _dodge(b, s):
    if b == 0:
        return 0.0
    return 1.0 if s >= 1 else min(1.0, b / (1 - s))


def _burn(b, s):
    if b >= 1:
        return 1.0
    return 0.0 if s <= 0 else 1 - min(1.0, (1 - b) / s)


Blend = Callable[[Any, Any], Any]

SEPARABLE: dict[str, Blend] = {
    "normal": lambda b, s: s,
    "multiply": lambda b, s: b * s,
    "screen": lambda b, s: b + s - b * s,
    "overlay": lambda b, s: _hard(s, b),
    "darken": min,
    "lighten": max,
    "color-dodge": _dodge,
    "color-burn": _burn,
    "hard-light": _hard,
    "soft-light": _soft,
    "difference": lambda b, s: abs(b - s),
    "exclusion": lambda b, s: b + s - 2 * b * s,
}
TOGETHER: dict[str, Blend] = {
    "hue": lambda b, s: _set_lum(_set_sat(s, _sat(b)), _lum(b)),
    "saturation": lambda b, s: _set_lum(_set_sat(b, _sat(s)), _lum(b)),
    "color": lambda b, s: _set_lum(s, _lum(b)),
    "luminosity": lambda b, s: _set_lum(b, _lum(s)),
}


def composite(mode, backdrop, source, weight=1.0):
    """Backdrop and source as (r, g, b, a) from 0 to 1, straight; the result likewise."""
    cb, ab = list(backdrop[:3]), backdrop[3]
    cs, alpha = list(source[:3]), source[3] * weight
    if mode == "plus-lighter":
        ao = min(1.0, alpha + ab)
        co = [min(1.0, alpha * s + ab * b) for s, b in zip(cs, cb, strict=True)]
        return [min(1.0, c / ao) if ao else 0.0 for c in co] + [ao]
    mixed = TOGETHER[mode](cb, cs) if mode in TOGETHER else [SEPARABLE[mode](b, s) for b, s in zip(cb, cs, strict=True)]
    cs = [(1 - ab) * s + ab * m for s, m in zip(cs, mixed, strict=True)]
    ao = alpha + ab * (1 - alpha)
    co = [alpha * s + (1 - alpha) * ab * b for s, b in zip(cs, cb, strict=True)]
    return [c / ao if ao else 0.0 for c in co] + [ao]
