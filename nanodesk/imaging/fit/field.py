"""The last of the tone: what is left outside the change, carried smoothly into it like a membrane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nanodesk.imaging.fit.plane import blurred, resized

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nanodesk.imaging.fit.plane import Floats

_EDGE = 420
"""The longest edge of the field."""
_WIDTHS = (24.0, 12.0, 6.0, 3.0, 1.5)
"""Blurs from coarse to fine, in pixels of the field."""
_MOST = 0.08
_RIM = (1.5, 4.5)
"""The band inside the outline that tells how sharp it is, from and to; pixels of the answer."""
_SHARP, _SHARPENING = 2.8, 1.4
"""From so many thresholds just inside the outline it is sharp; so much less and it is wholly soft."""


def membrane(base: Floats, answer: Floats, quiet: Floats) -> Floats:
    """What to add to the answer (h, w, 3) so that it meets the base where nothing changed; small, smooth.

    A pull-push interpolation (Gortler et al., "The Lumigraph", 1996): the finest scale that knows anything speaks,
    wider ones fill what is inside. It does for the seam what Poisson blending does, without moving the colours far.

    Args:
        quiet: (h, w), 1 where nothing changed, 0 elsewhere.
    """
    factor = min(1.0, _EDGE / max(base.shape[:2]))
    size = (max(4, round(base.shape[1] * factor)), max(4, round(base.shape[0] * factor)))
    known = resized(quiet, size)
    rest = resized(np.asarray((base - answer) * quiet[:, :, None], np.float32), size)
    total = float(known.sum())
    if total < 16:
        return np.zeros((*known.shape, 3), np.float32)
    field: Floats = np.broadcast_to((rest.reshape(-1, 3).sum(axis=0) / total), rest.shape).astype(np.float32)
    for sigma in _WIDTHS:
        weight = blurred(known, sigma)
        value = blurred(rest, sigma) / np.maximum(weight, np.float32(1e-3))[:, :, None]
        share = np.clip(weight * 4, 0, 1)[:, :, None]
        field = np.asarray(field + share * (value - field), np.float32)
    return np.asarray(np.clip(field, -_MOST, _MOST), np.float32)


def outline_of(changed: NDArray[np.bool_]) -> Floats:
    """Signed distance (h, w) in pixels to the outline of a change: positive inside."""
    import cv2

    flags = changed.astype(np.uint8)
    within = np.asarray(cv2.distanceTransform(flags, cv2.DIST_L2, 5), np.float32)
    without = np.asarray(cv2.distanceTransform(1 - flags, cv2.DIST_L2, 5), np.float32)
    return blurred(np.where(changed, within - np.float32(0.5), np.float32(0.5) - without).astype(np.float32), 0.8)


def softness(distance: Floats, strength: Floats, threshold: Floats, step: float) -> Floats:
    """How softly a change ends near each place (h, w): 0 at a sharp edge, 1 where it fades away below the noise.

    Args:
        distance: signed distance to its outline, positive inside.
        strength, threshold: the difference, and from where on it counts, in delta E.
        step: pixels of the plane to one of the answer, within which no edge can be sharp.
    """
    low, high = (edge * step for edge in _RIM)
    rim = ((distance > low) & (distance < high)).astype(np.float32)
    share = blurred(rim, high)
    clear = blurred(rim * (strength / threshold), high) / np.maximum(share, np.float32(1e-3))
    soft = np.clip((_SHARP - clear) / _SHARPENING, 0, 1)
    return np.asarray(np.where(share > 0.01, soft, 0), np.float32)
