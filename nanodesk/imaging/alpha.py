"""Straight alpha to premultiplied and back; rounding to the nearest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Block = NDArray[np.uint8]
Floats = NDArray[np.float32]


def alpha_of(block: Block) -> Block:
    """The alpha of a picture (h, w, 4) as a plane of its own."""
    import cv2

    return np.asarray(cv2.extractChannel(block, 3), np.uint8)


def premultiplied(block: Block) -> Block:
    """A picture (h, w, 4) with straight alpha, premultiplied; fresh."""
    import cv2

    alpha = cv2.merge([block[:, :, 3]] * 3 + [np.full(block.shape[:2], 255, np.uint8)])
    return _bytes(cv2.multiply(block, alpha, scale=1 / 255))


def straight(block: Block) -> Block:
    """A premultiplied picture (h, w, 4) with straight alpha; fresh. Where alpha is 0, colour is 0."""
    alpha = block[:, :, 3]
    if int(alpha.min(initial=255)) == 255:
        return block.copy()
    result = np.empty_like(block)
    wide = alpha.astype(np.uint16)
    divisor = np.maximum(wide, 1)
    for channel in range(3):
        value = block[:, :, channel].astype(np.uint16) * 255 + divisor // 2
        np.minimum(value // divisor, 255, out=value)
        result[:, :, channel] = np.where(alpha == 0, 0, value)
    result[:, :, 3] = alpha
    return result


def to_floats(block: Block) -> Floats:
    """A picture with straight alpha as premultiplied floats, 0 to 255; fresh."""
    import cv2

    floats = block.astype(np.float32)
    alpha = alpha_of(block)
    if int(alpha.min(initial=255)) == 255:
        return floats
    share = alpha * np.float32(1 / 255)
    floats *= cv2.merge([share, share, share, np.ones_like(share)])
    return floats


def from_floats(floats: Floats) -> Block:
    """Premultiplied floats, 0 to 255, as a picture with straight alpha; colour is 0 where alpha rounds to 0."""
    alpha = floats[:, :, 3:]
    result = np.empty(floats.shape, np.float32)
    factor = np.divide(np.float32(255), alpha, out=np.zeros_like(alpha), where=alpha > 0)
    np.multiply(floats[:, :, :3], factor, out=result[:, :, :3])
    result[:, :, 3:] = alpha
    result[result[:, :, 3] < np.float32(0.5)] = 0
    np.clip(np.rint(result, out=result), 0, 255, out=result)
    return result.astype(np.uint8)


def _bytes(block: object) -> Block:
    assert isinstance(block, np.ndarray)
    return block
