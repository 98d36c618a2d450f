"""Spatial effects that take a while: lens and motion blur, denoising, clarity; done in bands, told as they go.

Each yields the share that is done after every band and returns a fresh picture; whoever runs it may stop between two.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nanodesk.imaging.alpha import from_floats, to_floats

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

Block = NDArray[np.uint8]
Floats = NDArray[np.float32]
Task = "Generator[float, None, Block]"

_BAND = 256


def lens_blur(block: Block, radius: float, weight: Block | None = None) -> Generator[float, None, Block]:
    """Out of focus: every point becomes a disc of `radius` pixels.

    `weight` (h, w) says what takes part, as in `filters.background_blur`.
    """
    return _convolved(block, disc(radius), weight)


def motion_blur(
    block: Block, length: float, degrees: float, weight: Block | None = None
) -> Generator[float, None, Block]:
    """Moved while the shutter was open: every point becomes a line; 0° is level, 90° upright."""
    return _convolved(block, line(length, degrees), weight)


def disc(radius: float) -> Floats:
    """A disc with smooth edges that adds up to 1."""
    reach = max(1, math.ceil(radius))
    down, across = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    kernel = np.clip(radius + 0.5 - np.hypot(down, across), 0, 1).astype(np.float32)
    return np.asarray(kernel / kernel.sum(), np.float32)


def line(length: float, degrees: float) -> Floats:
    """A line one pixel thick with smooth ends that adds up to 1."""
    half = max(0.5, length / 2)
    reach = max(1, math.ceil(half))
    down, across = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    along, beside = across * cosine - down * sine, across * sine + down * cosine
    kernel = np.clip(half + 0.5 - np.abs(along), 0, 1) * np.clip(1 - np.abs(beside), 0, 1)
    return np.asarray(kernel / kernel.sum(), np.float32)


def _convolved(block: Block, kernel: Floats, weight: Block | None) -> Generator[float, None, Block]:
    """Colours weighed by alpha and by `weight`; normalised convolution (Knutsson and Westin 1993) with one."""
    import cv2

    reach = kernel.shape[0] // 2
    plain = weight is None and int(block[:, :, 3].min(initial=255)) == 255

    def worked(part: Block, share: Block | None) -> Block:
        if plain:
            return np.asarray(cv2.filter2D(part, -1, kernel, borderType=cv2.BORDER_REPLICATE), np.uint8)
        given = part.copy()
        if share is not None:
            given[:, :, 3] = cv2.multiply(part[:, :, 3], share, scale=1 / 255)
        blurred = cv2.filter2D(to_floats(given), -1, kernel, borderType=cv2.BORDER_REPLICATE)
        result = from_floats(np.asarray(blurred, np.float32))
        if share is not None:
            nowhere = result[:, :, 3] == 0
            result[:, :, 3] = part[:, :, 3]
            result[nowhere] = part[nowhere]
        return result

    return _in_bands(block, weight, reach, worked)


def _in_bands(
    block: Block, weight: Block | None, reach: int, worked: Callable[[Block, Block | None], Block]
) -> Generator[float, None, Block]:
    """Bands with what surrounds them, each worked on alone."""
    height = block.shape[0]
    result = np.empty_like(block)
    step = max(_BAND, 2 * reach)
    for top in range(0, height, step):
        first, last = max(0, top - reach), min(height, top + step + reach)
        part = np.ascontiguousarray(block[first:last])
        done = worked(part, None if weight is None else np.ascontiguousarray(weight[first:last]))
        result[top : top + step] = done[top - first : top - first + step]
        yield min(1.0, (top + step) / height)
    return result


def denoised(block: Block, amount: float) -> Generator[float, None, Block]:
    """Noise smoothed away, edges kept, alpha as it was; `amount` 0 to 1.

    A guided filter (He, Sun and Tang 2010) on luma and on the two colours, each guided by itself, so that a small red
    lamp stays red; with a wider window for colours, whose noise is coarser and more disturbing. YCrCb of Rec. ITU-R
    BT.601.
    """
    import cv2

    luma_eps, colour_eps = (max(1e-4, part * amount) ** 2 for part in (0.09, 0.13))

    def worked(part: Block, _: Block | None) -> Block:
        planes = cv2.split(cv2.cvtColor(cv2.cvtColor(part, cv2.COLOR_BGRA2BGR), cv2.COLOR_BGR2YCrCb))
        luma, red, blue = (np.asarray(plane, np.float32) * np.float32(1 / 255) for plane in planes)
        smooth = [
            guided(luma, luma, 3, luma_eps),
            guided(red, red, 5, colour_eps),
            guided(blue, blue, 5, colour_eps),
        ]
        merged = np.asarray(cv2.convertScaleAbs(cv2.merge(smooth), alpha=255), np.uint8)
        return np.dstack([cv2.cvtColor(merged, cv2.COLOR_YCrCb2BGR), part[:, :, 3]])

    return _in_bands(block, None, 16, worked)


def guided(guide: Floats, values: Floats, radius: int, epsilon: float) -> Floats:
    """The guided filter with a grey guide: (h, w) both, 0 to 1."""
    import cv2

    window = (2 * radius + 1, 2 * radius + 1)

    def mean(plane: object) -> Floats:
        return np.asarray(cv2.blur(np.asarray(plane, np.float32), window, borderType=cv2.BORDER_REFLECT), np.float32)

    mean_guide, mean_values = mean(guide), mean(values)
    variance = mean(guide * guide) - mean_guide * mean_guide
    slope = (mean(guide * values) - mean_guide * mean_values) / (np.maximum(variance, 0) + np.float32(epsilon))
    offset = mean_values - slope * mean_guide
    return np.asarray(mean(slope) * guide + mean(offset), np.float32)


_COARSE = 1024
"""The longest edge at which the base of clarity is found."""


def clarified(block: Block, amount: float) -> Generator[float, None, Block]:
    """Local contrast of the midtones made stronger (or, for a negative amount, weaker); -1 to 1; alpha as it was.

    Luma is parted by a guided filter into a base, which keeps strong edges and so gives no halo, and detail; detail
    is added again, less where luma is near black or white. The colours move with luma.
    """
    import cv2

    height, width = block.shape[:2]
    scale = min(1.0, _COARSE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.cvtColor(cv2.resize(block, size, interpolation=cv2.INTER_AREA), cv2.COLOR_BGRA2GRAY)
    luma = np.asarray(small, np.float32) * np.float32(1 / 255)
    base = guided(luma, luma, max(2, max(size) // 40), 0.02)
    yield 0.1
    large = np.asarray(cv2.resize(base, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
    result = np.empty_like(block)
    for top in range(0, height, _BAND):
        band = slice(top, top + _BAND)
        grey = cv2.cvtColor(block[band], cv2.COLOR_BGRA2GRAY).astype(np.float32) * np.float32(1 / 255)
        middle = 4 * grey * (1 - grey)
        shift = (grey - large[band]) * middle * np.float32(255 * 0.9 * amount)
        added = block[band].astype(np.float32)
        added[:, :, :3] += shift[:, :, None]
        np.clip(np.rint(added, out=added), 0, 255, out=added)
        result[band] = added
        yield min(1.0, 0.1 + 0.9 * (top + _BAND) / height)
    return result


def pixelated(block: Block, size: int) -> Block:
    """A picture (h, w, 4) in squares of one colour each, the average of what they cover, weighed by alpha; fresh."""
    import cv2

    height, width = block.shape[:2]
    down, across = -height % size, -width % size
    padded = cv2.copyMakeBorder(block, 0, down, 0, across, cv2.BORDER_REPLICATE)
    small = ((width + across) // size, (height + down) // size)
    if int(block[:, :, 3].min(initial=255)) == 255:
        squares = np.asarray(cv2.resize(padded, small, interpolation=cv2.INTER_AREA), np.uint8)
    else:
        floats = cv2.resize(to_floats(np.asarray(padded, np.uint8)), small, interpolation=cv2.INTER_AREA)
        squares = from_floats(np.asarray(floats, np.float32))
    large = cv2.resize(squares, (width + across, height + down), interpolation=cv2.INTER_NEAREST)
    return np.ascontiguousarray(large[:height, :width], np.uint8)
