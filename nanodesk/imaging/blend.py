"""The blend functions B(Cb, Cs) of W3C Compositing and Blending Level 1, sections 10.1 and 10.2.

Arrays are float32 (h, w, 3) in blue, green, red order with values 0 to 1, not premultiplied; results are fresh.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nanodesk.document.blend import BlendMode

if TYPE_CHECKING:
    from collections.abc import Callable

Colours = NDArray[np.float32]

_ONE = np.float32(1)
_TWO = np.float32(2)
_HALF = np.float32(0.5)
_QUARTER = np.float32(0.25)


def _screen(backdrop: Colours, source: Colours) -> Colours:
    return backdrop + source - backdrop * source


def _hard_light(backdrop: Colours, source: Colours) -> Colours:
    twice = _TWO * source
    return np.where(source <= _HALF, backdrop * twice, _screen(backdrop, twice - _ONE))


def _dodge(backdrop: Colours, source: Colours) -> Colours:
    room = _ONE - source
    bright = np.divide(backdrop, room, out=np.ones_like(backdrop), where=room > 0)
    return np.where(backdrop <= 0, np.float32(0), np.minimum(_ONE, bright))


def _burn(backdrop: Colours, source: Colours) -> Colours:
    dark = np.divide(_ONE - backdrop, source, out=np.ones_like(backdrop), where=source > 0)
    return np.where(backdrop >= 1, _ONE, _ONE - np.minimum(_ONE, dark))


def _soft_light(backdrop: Colours, source: Colours) -> Colours:
    curve = ((np.float32(16) * backdrop - np.float32(12)) * backdrop + np.float32(4)) * backdrop
    lifted = np.where(backdrop <= _QUARTER, curve, np.sqrt(np.maximum(backdrop, 0)))
    darker = backdrop - (_ONE - _TWO * source) * backdrop * (_ONE - backdrop)
    lighter = backdrop + (_TWO * source - _ONE) * (lifted - backdrop)
    return np.where(source <= _HALF, darker, lighter)


def _luminosity(colours: Colours) -> Colours:
    """Lum(C) = 0.3 R + 0.59 G + 0.11 B, as (h, w, 1)."""
    blue, green, red = colours[:, :, 0], colours[:, :, 1], colours[:, :, 2]
    light = np.float32(0.3) * red + np.float32(0.59) * green + np.float32(0.11) * blue
    return np.asarray(light[:, :, None], np.float32)


def _clipped(colours: Colours) -> Colours:
    """ClipColor: back into 0 to 1 along the line to the grey of the same luminosity."""
    light = _luminosity(colours)
    lowest = colours.min(axis=2, keepdims=True)
    highest = colours.max(axis=2, keepdims=True)
    span = np.divide(light, light - lowest, out=np.ones_like(light), where=lowest < 0)
    colours = np.where(lowest < 0, light + (colours - light) * span, colours)
    span = np.divide(_ONE - light, highest - light, out=np.ones_like(light), where=highest > 1)
    return np.where(highest > 1, light + (colours - light) * span, colours)


def _with_luminosity(colours: Colours, light: Colours) -> Colours:
    return _clipped(colours + (light - _luminosity(colours)))


def _saturation(colours: Colours) -> Colours:
    return np.asarray(colours.max(axis=2, keepdims=True) - colours.min(axis=2, keepdims=True), np.float32)


def _with_saturation(colours: Colours, saturation: Colours) -> Colours:
    """SetSat: the channels spread so that the largest is `saturation` and the smallest 0."""
    lowest = colours.min(axis=2, keepdims=True)
    spread = colours.max(axis=2, keepdims=True) - lowest
    factor = np.divide(saturation, spread, out=np.zeros_like(spread), where=spread > 0)
    return np.asarray((colours - lowest) * factor, np.float32)


_FUNCTIONS: dict[BlendMode, Callable[[Colours, Colours], Colours]] = {
    BlendMode.MULTIPLY: lambda backdrop, source: backdrop * source,
    BlendMode.SCREEN: _screen,
    BlendMode.OVERLAY: lambda backdrop, source: _hard_light(source, backdrop),
    BlendMode.DARKEN: np.minimum,
    BlendMode.LIGHTEN: np.maximum,
    BlendMode.COLOR_DODGE: _dodge,
    BlendMode.COLOR_BURN: _burn,
    BlendMode.HARD_LIGHT: _hard_light,
    BlendMode.SOFT_LIGHT: _soft_light,
    BlendMode.DIFFERENCE: lambda backdrop, source: np.abs(backdrop - source),
    BlendMode.EXCLUSION: lambda backdrop, source: backdrop + source - _TWO * backdrop * source,
    BlendMode.HUE: lambda backdrop, source: _with_luminosity(
        _with_saturation(source, _saturation(backdrop)), _luminosity(backdrop)
    ),
    BlendMode.SATURATION: lambda backdrop, source: _with_luminosity(
        _with_saturation(backdrop, _saturation(source)), _luminosity(backdrop)
    ),
    BlendMode.COLOR: lambda backdrop, source: _with_luminosity(source, _luminosity(backdrop)),
    BlendMode.LUMINOSITY: lambda backdrop, source: _with_luminosity(backdrop, _luminosity(source)),
}


def blended(mode: BlendMode, backdrop: Colours, source: Colours) -> Colours:
    """B(Cb, Cs) of a mode; Normal gives the source, and so does plus-lighter, which is a way of compositing."""
    function = _FUNCTIONS.get(mode)
    return source if function is None else np.asarray(function(backdrop, source), np.float32)
