"""One source over one backdrop, in float32; the arithmetic of the painter.

A backdrop is premultiplied float32 (h, w, 4), blue, green, red, alpha, 0 to 255. Compositing follows W3C Compositing
and Blending Level 1: co = as·(1 - ab)·Cs + as·ab·B(Cb, Cs) + (1 - as)·ab·Cb, where `as` is the source's alpha times its
weight and `ab` the backdrop's alpha.
Everything runs in functions that let other threads go on.
"""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from nanodesk.document.blend import BlendMode
from nanodesk.imaging.blend import blended

Block = NDArray[np.uint8]
Floats = NDArray[np.float32]

_OPAQUE = np.uint32(0xFF000000)
_SCALE = np.float32(1 / 255)
_ONE = np.float32(1)
_UNIT = np.arange(256, dtype=np.float32) * _SCALE
_STEEP = np.float32(1024)


def weight_of(alpha: Block, opacity: float, mask: Block | None) -> Floats:
    """Alpha (h, w) times opacity times mask, 0 to 1."""
    import cv2

    table = np.arange(256, dtype=np.float32) * np.float32(opacity / 255)
    weight = np.asarray(cv2.LUT(np.ascontiguousarray(alpha), table), np.float32)
    return weight if mask is None else weight * cv2.LUT(np.ascontiguousarray(mask), _UNIT)


def fourfold(weight: Floats) -> Floats:
    """A plane (h, w) for each of four channels."""
    import cv2

    return np.asarray(cv2.merge([weight, weight, weight, weight]), np.float32)


class _Scratch(threading.local):
    """Arrays that are written anew for every layer; one set a thread, so that no page is asked for twice."""

    def __init__(self) -> None:
        self.colours = np.empty((0, 0, 4), np.float32)
        self.packed = np.empty((0, 0), np.uint32)
        self.rest = np.empty((0, 0), np.float32)

    def fit(self, height: int, width: int) -> None:
        """Have arrays of that size."""
        if self.rest.shape != (height, width):
            self.colours = np.empty((height, width, 4), np.float32)
            self.packed = np.empty((height, width), np.uint32)
            self.rest = np.empty((height, width), np.float32)


_scratch = _Scratch()


def _opaque_floats(source: Block) -> Floats:
    """The source's straight colours with alpha 255, as floats; good until the next call in this thread."""
    height, width = source.shape[:2]
    _scratch.fit(height, width)
    rows = source if source.strides[1:] == (4, 1) and source.strides[0] % 4 == 0 else np.ascontiguousarray(source)
    np.bitwise_or(rows.view(np.uint32)[:, :, 0], _OPAQUE, out=_scratch.packed)
    np.copyto(_scratch.colours, _scratch.packed.view(np.uint8).reshape(height, width, 4))
    return _scratch.colours


def over(backdrop: Floats, source: Block, weight: Floats, mode: BlendMode) -> Floats:
    """A picture with straight alpha (its alpha is in `weight`) over a backdrop; fresh."""
    import cv2

    colours = _opaque_floats(source)
    if mode is BlendMode.PLUS_LIGHTER:
        return lighter(backdrop, colours * fourfold(weight))
    if mode is not BlendMode.NORMAL:
        colours[:, :, :3] = _mixed(backdrop, colours[:, :, :3], mode)
    # One pass of s·w + d·(1 - w) over all four channels; both alphas come out right because the source's is 255 here.
    # It divides by the sum of the weights plus 0.00001: with weights that add up to 1024 that is nothing.
    share = np.multiply(weight, _STEEP)
    np.subtract(_STEEP, share, out=_scratch.rest)
    return np.asarray(cv2.blendLinear(colours, backdrop, share, _scratch.rest), np.float32)


def _mixed(backdrop: Floats, colours: Floats, mode: BlendMode) -> Floats:
    """(1 - ab)·Cs + ab·B(Cb, Cs), 0 to 255, for straight source colours."""
    alpha = backdrop[:, :, 3:]
    below = np.divide(backdrop[:, :, :3], alpha, out=np.zeros_like(colours), where=alpha > 0)
    np.clip(below, 0, 1, out=below)
    own = colours * _SCALE
    share = alpha * _SCALE
    mixed = ((_ONE - share) * own + share * blended(mode, below, own)) * np.float32(255)
    return np.asarray(mixed, np.float32)


def lighter(backdrop: Floats, source: Floats) -> Floats:
    """Plus-lighter: premultiplied colours and alphas added, at most 255."""
    return np.asarray(np.minimum(backdrop + source, np.float32(255)), np.float32)


def group_over(backdrop: Floats, group: Floats, weight: Floats, mode: BlendMode) -> Floats:
    """A composited group (premultiplied) with a weight (h, w) of its own over a backdrop; fresh."""
    scaled = group * fourfold(weight)
    if mode is BlendMode.PLUS_LIGHTER:
        return lighter(backdrop, scaled)
    alpha = scaled[:, :, 3:]
    if mode is not BlendMode.NORMAL:
        straight = np.divide(scaled[:, :, :3], alpha, out=np.zeros_like(scaled[:, :, :3]), where=alpha > 0)
        scaled[:, :, :3] = _mixed(backdrop, straight * np.float32(255), mode) * (alpha * _SCALE)
    scaled += backdrop * fourfold(_ONE - scaled[:, :, 3] * _SCALE)
    return scaled


def adjusted_over(backdrop: Floats, adjusted: Block, weight: Floats, mode: BlendMode) -> Floats:
    """What an adjustment made of the backdrop (straight alpha) mixed in by its weight (h, w); alpha stays."""
    colours = adjusted[:, :, :3].astype(np.float32)
    if mode is not BlendMode.NORMAL:
        alpha = backdrop[:, :, 3:]
        below = np.divide(backdrop[:, :, :3], alpha, out=np.zeros_like(colours), where=alpha > 0)
        if mode is BlendMode.PLUS_LIGHTER:
            colours = np.minimum(below * np.float32(255) + colours, np.float32(255))
        else:
            colours = blended(mode, np.clip(below, 0, 1), colours * _SCALE) * np.float32(255)
    target = np.empty_like(backdrop)
    target[:, :, :3] = colours * (backdrop[:, :, 3:] * _SCALE)
    target[:, :, 3] = backdrop[:, :, 3]
    target -= backdrop
    target *= fourfold(weight)
    target += backdrop
    return target
