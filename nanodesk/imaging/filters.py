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
_RIM = np.clip(510 - 2 * np.arange(256), 0, 255).astype(np.uint8)
"""How much of a pixel's colour comes from close by, by how much of what is round it is surely subject."""


def gaussian_blur(block: Block, sigma: float) -> Block:
    """A picture (h, w, 4) blurred, alpha with it; fresh. `sigma` is the standard deviation in pixels.

    Colours are weighed by alpha, and the picture goes on beyond its edges as it is at them. A wide blur is done on a
    picture reduced by area averages and enlarged linearly; it is within two 255ths of the exact one.
    """
    if sigma <= 0:
        return block.copy()
    import cv2

    alpha = block[:, :, 3]
    if int(alpha.min(initial=255)) < 255:
        return _rounded(block, _smooth(block, alpha, sigma), keep_alpha=False)
    if sigma < 2 * _SMALL_SIGMA:
        return np.asarray(cv2.GaussianBlur(block, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE), np.uint8)
    return _rounded(block, _smooth(block, None, sigma), keep_alpha=True)


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
    rim of the old background remains; further in, the picture's own colours take over gradually.
    """
    import cv2

    result = block.copy()
    edge = max(block.shape[:2])
    inset = 2 * max(1, round(edge / 1000)) + 1
    sure = np.asarray(cv2.erode((subject >= 240).astype(np.uint8), np.ones((inset, inset), np.uint8)), np.uint8)
    sure *= block[:, :, 3]
    if sure.any() and int(subject.min()) < 254:
        sigma = max(2.5, edge / 300)
        near = _rounded(block, _smooth(block, sure, sigma), keep_alpha=True)
        inner = np.asarray(cv2.GaussianBlur(sure, (0, 0), sigma / 2), np.uint8)
        rim = np.asarray(cv2.LUT(inner, _RIM), np.uint8)
        rim[subject == 0] = 0
        result = mix(block, near, rim)
    result[:, :, 3] = cv2.multiply(block[:, :, 3], subject, scale=1 / 255)
    return result


def over_colour(block: Block, colour: tuple[int, int, int]) -> Block:
    """A picture (h, w, 4) on a colour (blue, green, red), opaque; fresh."""
    ground = np.empty_like(block)
    ground[:] = (*colour, 255)
    return over_picture(block, ground)


def over_picture(block: Block, ground: Block) -> Block:
    """A picture (h, w, 4) on an opaque one of its size; fresh."""
    import cv2

    opaque = block.copy()
    opaque[:, :, 3] = 255
    return mix(ground, opaque, np.asarray(cv2.extractChannel(block, 3), np.uint8))


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


def _smooth(block: Block, weight: Block | None, sigma: float) -> tuple[Floats, int]:
    """The picture times weight, the weight (0 to 1) in its last channel, blurred and reduced; and by how much."""
    import cv2

    factor = max(1, math.floor(sigma / _SMALL_SIGMA))
    height, width = block.shape[:2]
    small = np.empty((-(-height // factor), -(-width // factor), 4), np.float32)
    step = max(1, _BAND // factor)
    for first in range(0, small.shape[0], step):
        band = slice(first * factor, (first + step) * factor)
        part = _weighed(block[band], None if weight is None else weight[band])
        small[first : first + step] = _reduced(part, factor)
    blurred = cv2.GaussianBlur(small, (0, 0), sigma / factor, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(blurred, np.float32), factor


def _weighed(block: Block, weight: Block | None) -> Floats:
    import cv2

    part = block.astype(np.float32)
    part[:, :, 3] = 1
    if weight is not None:
        share = weight * np.float32(1 / 255)
        part *= cv2.merge([share, share, share, share])
    return part


def _reduced(part: Floats, factor: int) -> Floats:
    """Averages of squares; beyond its edges the picture goes on as at them."""
    import cv2

    if factor == 1:
        return part
    height, width = part.shape[:2]
    down, across = -height % factor, -width % factor
    if down or across:
        part = np.asarray(cv2.copyMakeBorder(part, 0, down, 0, across, cv2.BORDER_REPLICATE), np.float32)
    size = (part.shape[1] // factor, part.shape[0] // factor)
    return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.float32)


def _rounded(block: Block, smooth: tuple[Floats, int], *, keep_alpha: bool) -> Block:
    """The blurred picture at the block's size, band by band; its alpha is the weight, or the block's own."""
    import cv2

    floats, factor = smooth
    height, width = block.shape[:2]
    result = np.empty_like(block)
    for top in range(0, height, _BAND):
        rows = min(_BAND, height - top)
        part = floats[top : top + rows] if factor == 1 else _enlarged(floats, factor, width, (top, rows))
        share = 1 / np.maximum(part[:, :, 3], np.float32(1e-6))
        colour = part * cv2.merge([share, share, share, share])
        if not keep_alpha:
            colour[:, :, 3] = part[:, :, 3] * 255
        np.clip(np.rint(colour, out=colour), 0, 255, out=colour)
        result[top : top + rows] = colour
        if keep_alpha:  # nothing of any weight is near: there is no other colour to take
            np.copyto(result[top : top + rows], block[top : top + rows], where=part[:, :, 3:] < 1e-4)
    if keep_alpha:
        result[:, :, 3] = block[:, :, 3]
    return result


def _enlarged(floats: Floats, factor: int, width: int, rows: tuple[int, int]) -> Floats:
    """Rows (first, number) of a reduced picture enlarged linearly; pixel centres fall on pixel centres."""
    import cv2

    scale = 1 / factor
    shift = scale / 2 - 0.5
    matrix = np.array([[scale, 0, shift], [0, scale, rows[0] * scale + shift]], np.float64)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    part = cv2.warpAffine(floats, matrix, (width, rows[1]), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(part, np.float32)
