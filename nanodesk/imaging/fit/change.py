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
_FINE = 0.9
_COARSE = (2.5, 6.0)
"""Blurs in pixels of the plane: the wider, the fainter a change may be and the coarser its outline."""
_WINDOW = 2.5
"""The window, as a sigma, over which differences of no common direction are counted together."""
_ROUGH, _VERY_ROUGH = 1.25, 1.9
"""Times 1.4 of the usual energy of such a window."""
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
    sure = trust & inside
    strength = np.linalg.norm(blurred(vector, _FINE), axis=2).astype(np.float32)
    floor = learn_floor(strength, busy, sure)
    noise = floor.at(busy)
    low = inside & (strength > np.maximum(SEEN, _LOW * noise))
    seeds = inside & (strength > np.maximum(_SEED, _HIGH * noise))
    for sigma in _COARSE:
        faint, begun = _faint(vector, low, sigma, (busy, sure & ~low), inside)
        low |= faint
        seeds |= begun
    rough, begun = _rough(strength, noise, low, (busy, sure & ~low), inside)
    low |= rough
    seeds |= begun
    return Difference(strength, grown_from(seeds, low), floor, seeds)


def _faint(
    vector: Floats, found: Flags, sigma: float, known: tuple[Floats, Flags], inside: Flags
) -> tuple[Flags, Flags]:
    """What differs too faintly for a finer scale: where it may lie, and where it begins.

    What was found already does not take part (normalised convolution), so that it does not smear beyond its edge.
    """
    rest = (inside & ~found).astype(np.float32)
    share = blurred(rest, sigma)
    mean = blurred(vector * rest[:, :, None], sigma) / np.maximum(share, np.float32(0.02))[:, :, None]
    strength = np.linalg.norm(mean, axis=2).astype(np.float32)
    busy, sure = known
    noise = learn_floor(strength, busy, sure & (share > 0.5)).at(busy)
    open_here = inside & ~found & (share > 0.1)
    faint = open_here & (strength > np.maximum(SEEN, _LOW * noise))
    return faint, open_here & (share > 0.4) & (strength > np.maximum(_SEED, _HIGH * noise))


def _rough(
    strength: Floats, noise: Floats, found: Flags, known: tuple[Floats, Flags], inside: Flags
) -> tuple[Flags, Flags]:
    """Where differences of no common direction are larger than noise over a whole window: texture that was replaced."""
    rest = (inside & ~found).astype(np.float32)
    share = np.maximum(blurred(rest, _WINDOW), np.float32(0.02))
    ratio = np.minimum(strength / noise, 6)
    energy = np.sqrt(blurred(ratio * ratio * rest, _WINDOW) / share)
    level = np.sqrt(blurred(strength * strength * rest, _WINDOW) / share)
    busy, sure = known
    usual = learn_floor(energy, busy, sure).at(busy)
    open_here = inside & ~found & (share > 0.1)
    rough = open_here & (energy > _ROUGH * usual) & (level > SEEN)
    return rough, open_here & (share > 0.4) & (energy > _VERY_ROUGH * usual) & (level > _SEED)


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


def _disc(radius: int) -> NDArray[np.uint8]:
    import cv2

    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)), np.uint8)
