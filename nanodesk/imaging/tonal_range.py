"""Parts of a picture by tone and colour: how much each pixel belongs to the shadows, the reds, the pale colours.

- shadows: 1 up to luma 0.15, falling smoothly to 0 at 0.5; highlights the same from the other end; midtones the rest.
- a colour: 1 within its part of the hue circle, falling to 0 beside it, times how colourful the pixel is: nothing
  below a chroma (greatest less least channel) of 0.06, all from 0.22 on.
- pale: 1 less chroma.
- "not-" before a name: the rest.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Block = NDArray[np.uint8]
Weights = NDArray[np.float32]

_LUMA = np.array([[0.0722, 0.7152, 0.2126, 0.0]], np.float32)
_HUES = {
    "reds": (-18, 12),
    "oranges": (8, 42),
    "yellows": (42, 68),
    "greens": (72, 165),
    "cyans": (165, 195),
    "blues": (192, 258),
    "purples": (255, 292),
    "pinks": (292, 346),
}
"""First and last degree of each colour on the hue circle of HSV."""
_SOFT = 14
"""Degrees in which a colour fades into its neighbour."""
COLOURS = tuple(_HUES)
TONES = ("shadows", "midtones", "highlights")


def knows(name: str) -> bool:
    """Whether there is a range of that name."""
    return name.removeprefix("not-") in (*COLOURS, *TONES, "pale")


def weight(block: Block, name: str) -> Weights:
    """How much each pixel of a picture (h, w, 4) belongs to a range: (h, w), 0 to 1.

    Raises:
        KeyError: when there is no range of that name.
    """
    if name.startswith("not-"):
        return np.asarray(1 - weight(block, name[4:]), np.float32)
    if name in TONES:
        return _tone(block, name)
    return _colour(block, name)


def centre_of(name: str) -> str:
    """The clearest colour of a colour range, as `#rrggbb`."""
    import colorsys

    first, last = _HUES[name]
    red, green, blue = colorsys.hsv_to_rgb(((first + last) / 2 % 360) / 360, 0.8, 0.8)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def _away(degrees: float, first: float, last: float) -> float:
    """How far an angle lies outside an arc."""
    middle, half = (first + last) / 2, (last - first) / 2
    return max(0.0, abs((degrees - middle + 180) % 360 - 180) - half)


def _smooth(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """From 0 to 1 with a level start and end."""
    part = np.clip(values, 0, 1)
    return np.asarray(part * part * (3 - 2 * part))


@lru_cache(maxsize=8)
def _tone_table(name: str) -> NDArray[np.float32]:
    v = np.arange(256) / 255
    shadows, highlights = _smooth((0.5 - v) / 0.35), _smooth((v - 0.5) / 0.35)
    table = {"shadows": shadows, "highlights": highlights, "midtones": 1 - shadows - highlights}[name]
    return table.astype(np.float32).reshape(1, 256)


def _tone(block: Block, name: str) -> Weights:
    import cv2

    return np.asarray(cv2.LUT(cv2.transform(block, _LUMA), _tone_table(name)), np.float32).reshape(block.shape[:2])


@lru_cache(maxsize=16)
def _hue_table(name: str) -> NDArray[np.float32]:
    first, last = _HUES[name]
    away = np.array([_away(degrees * 360 / 256, first, last) for degrees in range(256)])
    return _smooth(1 - away / _SOFT).astype(np.float32).reshape(1, 256)


_CHROMA = _smooth((np.arange(256) / 255 - 0.06) / 0.16).astype(np.float32).reshape(1, 256)
_PALE = (1 - np.arange(256) / 255).astype(np.float32).reshape(1, 256)


def _colour(block: Block, name: str) -> Weights:
    import cv2

    blue, green, red = (cv2.extractChannel(block, channel) for channel in range(3))
    chroma = cv2.subtract(cv2.max(cv2.max(blue, green), red), cv2.min(cv2.min(blue, green), red))
    if name == "pale":
        return np.asarray(cv2.LUT(chroma, _PALE), np.float32)
    hue = cv2.extractChannel(cv2.cvtColor(cv2.cvtColor(block, cv2.COLOR_BGRA2BGR), cv2.COLOR_BGR2HSV_FULL), 0)
    belongs = cv2.multiply(cv2.LUT(hue, _hue_table(name)), cv2.LUT(chroma, _CHROMA))
    return np.asarray(belongs, np.float32).reshape(block.shape[:2])
