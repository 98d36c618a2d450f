"""Blur, sharpening and limiting by a mask; none lets hidden colour bleed into what shows."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Block = NDArray[np.uint8]
Floats = NDArray[np.float32]

_BAND = 256
"""Rows worked on at once, so that floats of a large picture never lie in memory as a whole."""
_SMALL_SIGMA = 4.0
"""Blurs wider than this are done on a picture reduced until they are about this wide."""


def gaussian_blur(block: Block, sigma: float) -> Block:
    """A picture (h, w, 4) blurred, alpha with it; fresh. `sigma` is the standard deviation in pixels.

    Colours are weighed by alpha, and the picture goes on beyond its edges as it is at them. A wide blur is done on a
    picture reduced by area averages and enlarged linearly: within one 255th of the exact one.
    """
    if sigma <= 0:
        return block.copy()
    alpha = block[:, :, 3]
    if int(alpha.min(initial=255)) == 255:
        return _rounded(block, _smooth(block, None, sigma), keep_alpha=True)
    return _rounded(block, _smooth(block, alpha, sigma), keep_alpha=False)


def background_blur(block: Block, subject: Block, sigma: float) -> Block:
    """What does not belong to the subject (h, w: 255 is all subject) blurred; alpha as it was; fresh.

    The blur takes in background only and is divided by the blurred share of background (normalised convolution,
    Knutsson and Westin 1993), so that the subject's colours do not glow round its outline. Where the mask is 255 the
    result is the picture, byte for byte.
    """
    if sigma <= 0:
        return block.copy()
    import cv2

    share = np.asarray(cv2.multiply(255 - subject, block[:, :, 3], scale=1 / 255), np.uint8)
    blurred = _rounded(block, _smooth(block, share, sigma), keep_alpha=True)
    return mix(block, blurred, 255 - subject)


def unsharp_mask(block: Block, amount: float, sigma: float) -> Block:
    """A picture (h, w, 4) with its detail finer than `sigma` pixels made stronger by `amount` (1 doubles it); fresh.

    v + amount * (v - blurred v) on colours, alpha as it was.
    """
    import cv2

    if amount <= 0 or sigma <= 0:
        return block.copy()
    blurred = gaussian_blur(block, sigma)
    sharp = np.asarray(cv2.addWeighted(block, 1 + amount, blurred, -amount, 0), np.uint8)
    sharp[:, :, 3] = block[:, :, 3]
    hidden = block[:, :, 3] == 0
    if bool(hidden.any()):
        sharp[hidden] = block[hidden]
    return sharp


def cut_out(block: Block, subject: Block) -> Block:
    """What does not belong to the subject (h, w: 255 is all subject) made transparent; fresh.

    Along the outline, where a pixel is a mixture of both, its colour is taken from the subject close by, so that no
    rim of the old background remains.
    """
    import cv2

    sure = np.where(subject >= 250, block[:, :, 3], 0).astype(np.uint8)
    rim = (subject > 0) & (subject < 250)
    result = block.copy()
    if sure.any() and rim.any():
        sigma = max(2.5, max(block.shape[:2]) / 300)
        floats, factor = _smooth(block, sure, sigma)
        near = _rounded(block, (floats, factor), keep_alpha=True)
        reach = np.asarray(cv2.dilate((sure > 0).astype(np.uint8), _disc(sigma * 3)), np.uint8)
        np.copyto(result, near, where=(rim & (reach > 0))[:, :, None])
    result[:, :, 3] = cv2.multiply(block[:, :, 3], subject, scale=1 / 255)
    return result


def over_colour(block: Block, colour: tuple[int, int, int]) -> Block:
    """A picture (h, w, 4) on a colour (blue, green, red), opaque; fresh."""
    ground = np.empty_like(block)
    ground[:] = (*colour, 255)
    opaque = block.copy()
    opaque[:, :, 3] = 255
    return mix(ground, opaque, np.ascontiguousarray(block[:, :, 3]))


def _disc(radius: float) -> Block:
    import cv2

    edge = 2 * math.ceil(radius) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (edge, edge)), np.uint8)


def mix(base: Block, result: Block, mask: Block) -> Block:
    """The base where the mask (h, w) is 0, the result where it is 255, byte for byte; between them in between; fresh.

    Raises:
        ValueError: when the three are not of one size.
    """
    if base.shape != result.shape or base.shape[:2] != mask.shape:
        raise ValueError("Two pictures can be mixed only by a mask of their own size.")
    mixed = np.empty_like(base)
    for top in range(0, base.shape[0], _BAND):
        band = slice(top, top + _BAND)
        _mix_band(base[band], result[band], mask[band], mixed[band])
    return mixed


def _mix_band(base: Block, result: Block, mask: Block, out: Block) -> None:
    if not mask.any():
        out[:] = base
        return
    out[:] = result
    low = int(mask.min())
    if low == 255:
        return
    partly = (mask > 0) & (mask < 255)
    np.copyto(out, base, where=(mask == 0)[:, :, None])
    if not partly.any():
        return
    one, other = base[partly].astype(np.float32), result[partly].astype(np.float32)
    share = mask[partly].astype(np.float32)[:, None] / 255
    alpha_one, alpha_other = one[:, 3:] * (1 - share), other[:, 3:] * share
    alpha = alpha_one + alpha_other
    colour = one[:, :3] * alpha_one + other[:, :3] * alpha_other
    values = np.concatenate([np.divide(colour, alpha, out=np.zeros_like(colour), where=alpha > 0), alpha], axis=1)
    out[partly] = np.rint(values).astype(np.uint8)


def _smooth(block: Block, weight: Block | None, sigma: float) -> tuple[Floats, float]:
    """The blurred picture times weight (and the weight in the last channel), reduced; and by how much."""
    import cv2

    factor = max(1, math.floor(sigma / _SMALL_SIGMA))
    height, width = block.shape[:2]
    size = (max(1, math.ceil(width / factor)), max(1, math.ceil(height / factor)))
    floats = _weighed(block, weight, size)
    across = sigma * size[0] / width
    down = sigma * size[1] / height
    blurred = cv2.GaussianBlur(floats, (0, 0), sigmaX=across, sigmaY=down, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(blurred, np.float32), factor


def _weighed(block: Block, weight: Block | None, size: tuple[int, int]) -> Floats:
    """Colours times weight, and the weight from 0 to 1, reduced to a size (width, height)."""
    import cv2

    height, width = block.shape[:2]
    small = np.empty((size[1], size[0], 4), np.float32)
    bands = [(0, height, 0, height)] if size == (width, height) else [(0, height, 0, size[1])]
    for top, bottom, first, last in bands:
        part = block[top:bottom].astype(np.float32)
        if weight is None:
            part[:, :, 3] = 1
        else:
            share = weight[top:bottom] * np.float32(1 / 255)
            part[:, :, 3] = 1
            part *= cv2.merge([share, share, share, share])
        if size == (width, height):
            small[first:last] = part
        else:
            small[first:last] = cv2.resize(part, (size[0], last - first), interpolation=cv2.INTER_AREA)
    return small


def _rounded(block: Block, smooth: tuple[Floats, float], *, keep_alpha: bool) -> Block:
    """The blurred picture at the block's size, band by band; its alpha is the weight, or the block's own."""
    import cv2

    floats, factor = smooth
    height, width = block.shape[:2]
    result = np.empty_like(block)
    for top in range(0, height, _BAND):
        rows = min(_BAND, height - top)
        part = floats[top : top + rows] if factor == 1 else _enlarged(floats, (width, height), top, rows)
        weight = np.maximum(part[:, :, 3], np.float32(1e-6))
        share = 1 / weight
        colour = part * cv2.merge([share, share, share, share])
        if not keep_alpha:
            colour[:, :, 3] = part[:, :, 3] * 255
        result[top : top + rows] = np.clip(np.rint(colour), 0, 255)
    if keep_alpha:
        result[:, :, 3] = block[:, :, 3]
    return result


def _enlarged(floats: Floats, size: tuple[int, int], top: int, rows: int) -> Floats:
    """Rows of a reduced picture enlarged linearly to a size (width, height); pixel centres fall on pixel centres."""
    import cv2

    across, down = floats.shape[1] / size[0], floats.shape[0] / size[1]
    matrix = np.array([[across, 0, across / 2 - 0.5], [0, down, (top + 0.5) * down - 0.5]], np.float64)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    part = cv2.warpAffine(floats, matrix, (size[0], rows), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(part, np.float32)
