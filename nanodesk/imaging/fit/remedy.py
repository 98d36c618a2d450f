"""Local remedies for an inserted part that stands out: its light, colour, contrast, grain, sharpness and edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nanodesk.imaging.fit.edges import edge
from nanodesk.imaging.fit.grain import grain_block
from nanodesk.imaging.fit.plane import Floats, blurred, lab, luma

if TYPE_CHECKING:
    from collections.abc import Callable

Block = NDArray[np.uint8]

REMEDIES = ("lightness", "warmth", "saturation", "contrast", "grain", "sharpness", "seam")
"""What can be mended here, by the names of the blend check's traits."""

_MOST_OF_IT = 0.8
"""How much of the way to the surroundings a remedy goes: a subject keeps a little of its own."""


def remedied(
    layer: Block, mask: Block, trait: str, inside: float, outside: float, *, feather_px: float = 3.0
) -> tuple[Block, Block]:
    """The layer (h, w, 4) and its mask (h, w) with one trait brought towards the surroundings; both fresh.

    Args:
        trait: one of `REMEDIES`.
        inside, outside: the blend check's figures for it.
        feather_px: how wide the edge fades when it is the seam that is mended.

    Raises:
        ValueError: when there is no remedy of that name.
    """
    if trait == "seam":
        # Inwards, so that nothing outside the mask is touched.
        soft = edge(mask, -max(1, round(feather_px)), feather_px)
        return layer.copy(), np.minimum(soft, mask)
    mend = _MENDS.get(trait)
    if mend is None:
        raise ValueError(f"There is no remedy for “{trait}”.")
    colours = layer[:, :, :3].astype(np.float32) * np.float32(1 / 255)
    result = layer.copy()
    result[:, :, :3] = np.clip(mend(colours, inside, outside) * 255 + 0.5, 0, 255)
    return result, mask.copy()


def _from_lab(planes: Floats) -> Floats:
    import cv2

    return np.asarray(cv2.cvtColor(planes, cv2.COLOR_Lab2BGR), np.float32)


def _lighter(colours: Floats, inside: float, outside: float) -> Floats:
    """A curve through black and white that moves the mean lightness; no clipping."""
    planes = lab(colours)
    wanted = inside + _MOST_OF_IT * (outside - inside)
    low, high = np.clip(np.array([inside, wanted]) / 100, 0.02, 0.98)
    power = float(np.log(high) / np.log(low))
    planes[:, :, 0] = 100 * np.power(np.clip(planes[:, :, 0] / 100, 0, 1), power)
    return _from_lab(planes)


def _warmer(colours: Floats, inside: float, outside: float) -> Floats:
    planes = lab(colours)
    planes[:, :, 2] += np.float32(_MOST_OF_IT * (outside - inside))
    return _from_lab(planes)


def _paler(colours: Floats, inside: float, outside: float) -> Floats:
    planes = lab(colours)
    ratio = (outside + 4) / (inside + 4)
    planes[:, :, 1:] *= np.float32(np.clip(ratio**_MOST_OF_IT, 0.3, 2.5))
    return _from_lab(planes)


def _flatter(colours: Floats, inside: float, outside: float) -> Floats:
    planes = lab(colours)
    light = np.ascontiguousarray(planes[:, :, 0])
    low = blurred(light, 8.0)
    ratio = float(np.clip(((outside + 1) / (inside + 1)) ** _MOST_OF_IT, 0.4, 2.0))
    planes[:, :, 0] = np.clip(low + (light - low) * np.float32(ratio), 0, 100)
    return _from_lab(planes)


def _grainier(colours: Floats, inside: float, outside: float) -> Floats:
    """Grain added in the amount that is missing; too much of it is smoothed away where there are no edges."""
    if outside > inside:
        missing = float(np.sqrt(max(0.0, outside**2 - inside**2))) / 100
        noise = grain_block(np.array([missing, 0, 0, 0], np.float32))
        if noise is None:
            return colours
        rows, columns = (np.arange(count) % noise.shape[0] for count in colours.shape[:2])
        return np.asarray(colours + noise[rows[:, None], columns[None, :]], np.float32)
    import cv2

    # The measure is of the finest grain, between neighbours; what lies over it is some times as strong.
    strength = max(0.02, 6 * inside / 100)
    return np.asarray(cv2.bilateralFilter(colours, 7, strength, 1.8), np.float32)


def _sharper(colours: Floats, inside: float, outside: float) -> Floats:
    octaves = float(np.log2(max(1e-3, outside) / max(1e-3, inside)))
    if octaves < 0:
        return blurred(colours, float(np.clip(-1.6 * octaves * _MOST_OF_IT, 0.4, 3.0)))
    grey = luma(colours)
    fine = (grey - blurred(grey, 1.4)) * np.float32(min(1.5, 1.3 * octaves * _MOST_OF_IT))
    return np.asarray(colours + np.clip(fine, -0.1, 0.1)[:, :, None], np.float32)


_MENDS: dict[str, Callable[[Floats, float, float], Floats]] = {
    "lightness": _lighter,
    "warmth": _warmer,
    "saturation": _paler,
    "contrast": _flatter,
    "grain": _grainier,
    "sharpness": _sharper,
}
