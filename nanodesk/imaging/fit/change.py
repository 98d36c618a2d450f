"""Where a registered answer differs from its base by more than this pair's own noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nanodesk.imaging.fit.floor import Floor, busyness, learn_floor
from nanodesk.imaging.fit.plane import Floats, blurred

Flags = NDArray[np.bool_]

SEEN = 2.0
"""Delta E that counts as a change where nothing drowns it."""
_SCALES = (1.0, 2.5, 6.0)
"""Blurs in pixels of the plane: the wider, the fainter a change may be and the coarser its outline."""
_LOW = 3.5
"""Times the floor: belongs to a change that begins nearby."""
_HIGH = 7.0
"""Times the floor: begins a change."""
_SEED = 3.2
"""Delta E that begins one."""


@dataclass(frozen=True, eq=False)
class Difference:
    """The difference of two registered pictures of one sharpness.

    Attributes:
        strength: delta E (h, w), smoothed a little.
        changed: (h, w), what differs for good.
        floor: what counted as noise at the finest scale.
        strong: (h, w), where a change begins.
    """

    strength: Floats
    changed: Flags
    floor: Floor
    strong: Flags


def find(base: Floats, answer: Floats, inside: Flags, trust: Flags) -> Difference:
    """Compare base and answer (h, w, 3), both Lab, registered, of one tone and sharpness.

    Args:
        inside: where both pictures are.
        trust: where nothing seems to have changed: the noise floor is learned there.
    """
    vector = answer - base
    busy = busyness(base)
    low = np.zeros(inside.shape, np.bool_)
    seeds = np.zeros(inside.shape, np.bool_)
    finest: tuple[Floats, Floor] | None = None
    for sigma in _SCALES:
        strength = np.linalg.norm(blurred(vector, sigma), axis=2).astype(np.float32)
        floor = learn_floor(strength, busy, trust & inside)
        noise = floor.at(busy)
        here = strength > np.maximum(SEEN, _LOW * noise)
        if finest is None:
            finest = (strength, floor)
            low |= here
        else:
            # A coarse scale smears a sharp edge: it adds only what no finer one has found close by.
            low |= here & ~grown(low, round(2.2 * sigma))
            low |= _opened(here, round(1.5 * sigma))
        seeds |= strength > np.maximum(_SEED, _HIGH * noise)
    low &= inside
    seeds &= inside
    assert finest is not None
    return Difference(finest[0], grown_from(seeds, low), finest[1], seeds)


def grown_from(seeds: Flags, low: Flags) -> Flags:
    """The connected parts of `low` in which there is a seed (hysteresis, Canny 1986)."""
    import cv2

    count, labels = cv2.connectedComponents(low.astype(np.uint8), connectivity=8)
    keep = np.zeros(count, np.bool_)
    keep[np.unique(labels[seeds & low])] = True
    keep[0] = False
    return np.asarray(keep[labels], np.bool_)


def tidied(changed: Flags, least: int, hole: int) -> Flags:
    """Without specks of fewer than `least` pixels and without holes of fewer than `hole`."""
    import cv2

    closed = cv2.morphologyEx(changed.astype(np.uint8), cv2.MORPH_CLOSE, _disc(2))
    kept = _dropped(closed > 0, least)
    return ~_dropped(~kept, hole)


def _dropped(flags: Flags, least: int) -> Flags:
    import cv2

    count, labels, stats, _ = cv2.connectedComponentsWithStats(flags.astype(np.uint8), connectivity=8)
    keep = stats[:, cv2.CC_STAT_AREA] >= least
    keep[0] = False
    return np.asarray(keep[labels], np.bool_) if count > 1 else flags


def grown(flags: Flags, pixels: int) -> Flags:
    """Wider by so many pixels each way."""
    import cv2

    return np.asarray(cv2.dilate(flags.astype(np.uint8), _disc(pixels)) > 0, np.bool_)


def _opened(flags: Flags, pixels: int) -> Flags:
    import cv2

    return np.asarray(cv2.erode(flags.astype(np.uint8), _disc(pixels), borderValue=1) > 0, np.bool_)


def _disc(radius: int) -> NDArray[np.uint8]:
    import cv2

    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)), np.uint8)
