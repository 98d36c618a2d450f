"""Figures of a part of a picture: light, colour, contrast, grain and sharpness; and the gradient along a seam."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Block = NDArray[np.uint8]
Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

_KERNEL = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)


@dataclass(frozen=True)
class Traits:
    """What a part of a picture is like.

    Attributes:
        lightness, lightness_spread: mean and deviation of L*.
        warmth, warmth_spread: the same of b*: from blue to yellow.
        chroma: mean distance from grey.
        contrast: mean local deviation of L* over some ten pixels.
        grain: deviation of L* from pixel to pixel in the calmest places.
        sharpness: gradients from pixel to pixel against those over some pixels, where there are edges.
    """

    lightness: float
    lightness_spread: float
    warmth: float
    warmth_spread: float
    chroma: float
    contrast: float
    grain: float
    sharpness: float


def measured(picture: Block, zone: Flags) -> Traits:
    """The traits of the part `zone` (h, w), which is not empty, of a picture (h, w, 4) BGRA."""
    import cv2

    colours = picture[:, :, :3].astype(np.float32) * np.float32(1 / 255)
    planes = np.asarray(cv2.cvtColor(colours, cv2.COLOR_BGR2Lab), np.float32)
    light = np.ascontiguousarray(planes[:, :, 0])
    here = planes[zone]
    mean = cv2.GaussianBlur(light, (0, 0), 5)
    local = np.sqrt(np.maximum(cv2.GaussianBlur(light * light, (0, 0), 5) - mean * mean, 0))
    return Traits(
        float(here[:, 0].mean()),
        float(here[:, 0].std()),
        float(here[:, 2].mean()),
        float(here[:, 2].std()),
        float(np.hypot(here[:, 1], here[:, 2]).mean()),
        float(local[zone].mean()),
        _grain(light, local, zone),
        _sharpness(light, zone),
    )


def _grain(light: Floats, local: Floats, zone: Flags) -> float:
    """Immerkær's noise estimate (1996) in the calmest third of the zone."""
    import cv2

    rough = np.abs(np.asarray(cv2.filter2D(light, cv2.CV_32F, _KERNEL), np.float32))
    calm = zone & (local <= float(np.quantile(local[zone], 0.33)))
    return 1.4826 * float(np.median(rough[calm])) / 6


def _sharpness(light: Floats, zone: Flags) -> float:
    """How steep the strongest edges are against the same edges after a blur of two pixels."""
    fine, coarse = _slope(light, 0.7), _slope(light, 2.2)
    strong = zone & (coarse >= max(0.3, float(np.quantile(coarse[zone], 0.95))))
    if int(strong.sum()) < 30:
        return 1.0
    return float(fine[strong].mean() / max(1e-3, float(coarse[strong].mean())))


def _slope(light: Floats, sigma: float) -> Floats:
    import cv2

    soft = cv2.GaussianBlur(light, (0, 0), sigma)
    across = cv2.Scharr(soft, cv2.CV_32F, 1, 0, scale=1 / 32)
    down = cv2.Scharr(soft, cv2.CV_32F, 0, 1, scale=1 / 32)
    return np.hypot(np.asarray(across, np.float32), np.asarray(down, np.float32))


def seam_ratio(picture: Block, mask: Block) -> float:
    """The gradient across the outline of a mask (h, w) against that beside it, both sides; about 1 for no seam.

    Only the part across the outline counts, so that edges of the picture that run over it do not. It is blind to seams
    that were blended away.
    """
    import cv2

    light = cv2.cvtColor(picture, cv2.COLOR_BGRA2GRAY).astype(np.float32)
    soft = cv2.GaussianBlur(light, (0, 0), 1.0)
    across = np.asarray(cv2.Scharr(soft, cv2.CV_32F, 1, 0, scale=1 / 32), np.float32)
    down = np.asarray(cv2.Scharr(soft, cv2.CV_32F, 0, 1, scale=1 / 32), np.float32)
    inner = (mask >= 128).astype(np.uint8)
    away = cv2.distanceTransform(inner, cv2.DIST_L2, 5) - cv2.distanceTransform(1 - inner, cv2.DIST_L2, 5)
    smooth = cv2.GaussianBlur(np.asarray(away, np.float32), (0, 0), 2.0)
    normal_x = cv2.Scharr(smooth, cv2.CV_32F, 1, 0, scale=1 / 32)
    normal_y = cv2.Scharr(smooth, cv2.CV_32F, 0, 1, scale=1 / 32)
    length = np.maximum(np.hypot(normal_x, normal_y), 1e-3)
    through = np.abs(across * normal_x + down * normal_y) / length
    on = np.abs(away) <= 1.5
    beside = (np.abs(away) >= 5) & (np.abs(away) <= 12)
    if not on.any() or not beside.any():
        return 1.0
    return float(through[on].mean() / (through[beside].mean() + 0.3))
