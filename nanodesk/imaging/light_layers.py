"""Effects that lie over a picture as a layer of their own: grain, vignette, glow; none holds the picture below."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from nanodesk.imaging.filters import gaussian_blur

Block = NDArray[np.uint8]
Floats = NDArray[np.float32]

_SEED = 20
_BAND = 256
_NOISE = 1 << 18
"""Values of noise that are drawn once and read from another place for every row."""


def grain(shape: tuple[int, int], amount: float, *, size: float = 1.0) -> Block:
    """Film grain (h, w, 4) for blending by overlay: grey noise about the middle, the same every time.

    Args:
        amount: 0 to 1; the standard deviation is 40 of 255 at 1.
        size: of a grain, in pixels; 1 is noise from pixel to pixel.
    """
    import cv2

    height, width = shape
    small = (max(1, math.ceil(height / size)), max(1, math.ceil(width / size)))
    noise = _noise(small) * np.float32(40 * amount)
    if size > 1:
        # Averaging in the enlargement takes contrast away; this gives it back.
        noise = np.asarray(cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC), np.float32) * 1.2
    grey = np.clip(np.rint(noise + np.float32(127.5)), 0, 255).astype(np.uint8)
    return np.asarray(cv2.merge([grey, grey, grey, np.full_like(grey, 255)]), np.uint8)


def _noise(shape: tuple[int, int]) -> Floats:
    """Normal noise; rows are cut from one long stretch at places that have nothing to do with each other."""
    random = np.random.default_rng(_SEED)
    height, width = shape
    stretch = random.standard_normal(max(_NOISE, 2 * width), np.float32)
    starts = random.integers(0, stretch.size - width + 1, height)
    result = np.empty(shape, np.float32)
    for row, start in enumerate(starts):
        result[row] = stretch[start : start + width]
    return result


def vignette(shape: tuple[int, int], amount: float, colour: tuple[int, int, int] = (0, 0, 0)) -> Block:
    """A frame of light or darkness (h, w, 4): transparent in the middle half, `amount` (0 to 1) in the corners.

    Coverage rises with the distance from the centre, 1 at the corners: smoothly from 0.45 to 1.05. It is dithered by
    half a step of 255, so that no rings can be seen.
    """
    height, width = shape
    result = np.empty((height, width, 4), np.uint8)
    result[:, :, :3] = colour
    across = ((np.arange(width, dtype=np.float32) + 0.5) / width * 2 - 1) ** 2 / 2
    random = np.random.default_rng(_SEED)
    dither = random.random((_BAND, width), np.float32)
    for top in range(0, height, _BAND):
        rows = min(_BAND, height - top)
        down = ((np.arange(top, top + rows, dtype=np.float32) + 0.5) / height * 2 - 1) ** 2 / 2
        away = np.clip((np.sqrt(across[None] + down[:, None]) - 0.45) / 0.6, 0, 1)
        cover = away * away * (3 - 2 * away) * np.float32(255 * min(1.0, amount))
        result[top : top + rows, :, 3] = np.floor(cover + dither[:rows] * (cover > 0))
    return result


def glow(block: Block, amount: float, sigma: float) -> Block:
    """The light of a picture (h, w, 4) spread out, for blending by screen: what is bright shines beyond its edges.

    Light is v ^ 2 times `amount` (0 to 1), blurred by `sigma` pixels. Opaque where the picture is.
    """
    import cv2

    v = np.arange(256) / 255
    table = np.empty((1, 256, 4), np.uint8)
    table[0, :, :3] = np.rint(v * v * amount * 255)[:, None]
    table[0, :, 3] = np.arange(256)
    light = gaussian_blur(np.asarray(cv2.LUT(block, table), np.uint8), sigma)
    light[:, :, 3] = block[:, :, 3]
    return light


def gradient(shape: tuple[int, int], first: tuple[int, int, int], last: tuple[int, int, int], degrees: float) -> Block:
    """A straight gradient (h, w, 4), opaque, from one colour (blue, green, red) to another, dithered.

    Args:
        degrees: the way it runs: 0 from top to bottom, 90 from left to right.
    """
    height, width = shape
    down, across = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x = ((np.arange(width, dtype=np.float32) + 0.5) / width - 0.5) * np.float32(across)
    y = ((np.arange(height, dtype=np.float32) + 0.5) / height - 0.5) * np.float32(down)
    length = np.float32(abs(down) + abs(across))
    one, other = np.array(first, np.float32), np.array(last, np.float32)
    result = np.empty((height, width, 4), np.uint8)
    result[:, :, 3] = 255
    dither = np.random.default_rng(_SEED).random((_BAND, width, 1), np.float32)
    for top in range(0, height, _BAND):
        rows = min(_BAND, height - top)
        part = ((x[None] + y[top : top + rows, None]) / length + np.float32(0.5))[:, :, None]
        result[top : top + rows, :, :3] = np.floor(np.minimum(one + (other - one) * part + dither[:rows], 255))
    return result
