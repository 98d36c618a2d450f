"""Where a registered answer differs from its base by more than this pair's own noise."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nanodesk.imaging.fit.floor import Busy, Floor, busy_of, learn_floor
from nanodesk.imaging.fit.likeness import likeness_of_rest
from nanodesk.imaging.fit.plane import Floats, blurred, resized

Flags = NDArray[np.bool_]

SEEN = 2.0
"""Delta E that counts as a change where nothing drowns it."""
_SEEN_SOFTLY = 1.85
"""The same where it is averaged and what is near it has changed for certain."""
_SMEAR = 2
"""So many pixels beside a strong change are left out of every average."""
_FINE = 0.9
_SMOOTH = 4.0
"""A difference that stays the same over so many pixels of the plane is no noise, whatever else it is."""
_COARSE = ((2.5, 1), (6.0, 2), (14.0, 4))
"""Blurs in pixels of the plane: the wider, the fainter a change may be and the coarser its outline; and by how much
the plane may be reduced for each."""
_DIFFERENT, _MOST_HOLES = 0.45, 150
"""A hole that differs so much on average, in thresholds, is filled up to so many times the size of one by chance."""
_CERTAIN = 3.0
"""The sigma over which the evidence for a part is averaged, in pixels of the plane."""
_DENT, _DENTED = 8, 0.45
"""Half the width of a dent in an outline, in pixels of the plane, that is filled from such a mean on, in thresholds."""
_CHANCE = 2.5
"""The sigma over which chance is averaged out, in pixels of the plane."""
HARDLY = 1.7
"""Delta E, noise and all, that is hardly seen."""
_MOSTLY = 0.62
"""What the mean of noise does not reach, in thresholds; it lies near a quarter."""
_WINDOW = 4
"""The radius of the windows in which texture is compared, in pixels of the plane."""
_LOST, _GONE = 0.5, 0.25
"""A correlation of texture below which it is another; and so far below that it is so for certain."""
_THIN = 3
"""Half the width, in pixels of the plane, up to which a part may be an edge that lies a little off."""
_BESIDE, _LEAST_BESIDE, _NEXT = 4.0, 200, 6
"""Times its noise, averaged; pixels of a part; and how near to what changed it must lie to belong to it."""
_LOW = 3.5
"""Times the floor: belongs to a change that begins nearby."""
_FAINT = 2.0
"""The same where noise is averaged over many pixels."""
_HIGH = 7.0
"""Times the floor: begins a change."""
_SEEDS, _LEAST_SEEDS, _MOST_SEEDS = 0.03, 6, 60
"""The share of a part that must begin a change, at least and at most so many pixels."""
_SEED = 3.2
"""Delta E that begins one."""
_ASKED_SEED, _ASKED = 2.2, 4.0
"""Delta E, and times the floor, that begin one where it was asked for."""
_VIVID, _BLEED, _BLEED_REACH = 35.0, 0.14, 4 / 3
"""Delta E of colour that bleeds; the share of it that compression may leave beside it; how far, in blocks."""
_RUNG = 0.07
"""The share of a strong change that compression may leave in its blocks."""
_PALE = 0.5
"""Where lightness differs by less than so many thresholds, it is colour that makes the difference."""


@dataclass(frozen=True, eq=False)
class Difference:
    """The difference of two registered pictures of one sharpness.

    Attributes:
        strength: delta E (h, w), smoothed a little.
        threshold: (h, w), the delta E from which it counts.
        bar: (h, w), the same, raised beside a strong change, whose smear is no change.
        changed: (h, w), what differs for good.
        floor: what counted as noise at the finest scale.
        bled: (h, w), which of what changed may be nothing but colour that bled over from a vivid change beside it.
        evidence: (h, w, 2), delta E averaged over some pixels, and the same in times its own noise: what no chance
            makes large.
    """

    strength: Floats
    threshold: Floats
    bar: Floats
    changed: Flags
    floor: Floor
    bled: Flags
    evidence: Floats


@dataclass(frozen=True)
class Loss:
    """What the answer lost on the way, in pixels of the plane.

    Attributes:
        blur_px: the sigma of its softness against the base.
        block_px: the edge of a block of its compression.
    """

    blur_px: float
    block_px: float

    @property
    def halo(self) -> float:
        """The share of a strong difference that its own smear reaches where the true one falls under `SEEN`.

        Of an edge of delta E 60 the softness alone shows 2 at 1.83 sigma; the working blur has widened that.
        """
        wider = math.hypot(self.blur_px, _FINE)
        return min(0.25, max(0.05, 0.5 * math.erfc(1.83 * self.blur_px / wider / math.sqrt(2))))


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of places before their difference is judged, each (h, w).

    Attributes:
        inside: where both pictures are.
        trust: where nothing seems to have changed: the noise floor is learned there.
        wanted: where a change was asked for: there a faint one is enough to begin one.
    """

    inside: Flags
    trust: Flags
    wanted: Flags | None = None


def find(base: Floats, answer: Floats, known: Known, loss: Loss) -> Difference:
    """Compare base and answer (h, w, 3), both Lab, registered, of one tone and sharpness.

    Args:
        known: where to look, where nothing is expected, and where something is.
        loss: what the answer lost.
    """
    vector, inside = answer - base, known.inside
    sure = known.trust & inside
    busy = busy_of(base, answer, loss.block_px, sure)
    fine = blurred(vector, _FINE)
    strength = np.linalg.norm(fine, axis=2).astype(np.float32)
    grain = _grain(fine, sure)
    floor = learn_floor(strength, busy, sure, grain)
    noise = floor.at(busy)
    bar = np.maximum(np.maximum(np.float32(SEEN), _LOW * noise), np.float32(loss.halo) * _most(strength, 3))
    bar = np.maximum(bar, _rung(vector, strength, inside, loss.block_px))
    low = inside & (strength > bar)
    seeds = inside & (strength > np.maximum(_SEED, _HIGH * noise))
    if known.wanted is not None:
        seeds |= inside & known.wanted & (strength > np.maximum(_ASKED_SEED, _ASKED * noise))
    # Beside a strong change its own smear is left, which would pass for a faint one when it is averaged.
    clear = inside & ~grown(low & (strength > _VIVID / 2), _SMEAR)
    # Where a faint change begins may show at a wide scale only, though a narrower one has found where it lies.
    seeds |= _faint(vector, (low, clear), _COARSE[1], busy, sure)[1]
    for sigma, factor in _COARSE:
        faint, begun = _faint(vector, (low, clear), (sigma, factor), busy, sure)
        low |= faint
        seeds |= begun
    low |= _mostly(strength, bar, inside & ~low)
    lost, begun = _replaced(base, answer, strength, noise, inside & ~low)
    threshold = np.maximum(np.float32(SEEN), _LOW * noise)
    low |= lost
    changed = grown_from(seeds | begun, low)
    evidence = _evidence(vector, busy, sure & ~changed)
    changed |= _beside(changed, low, evidence)
    return Difference(
        strength, threshold, bar, changed, floor, changed & _bled(fine, threshold, loss.block_px), evidence
    )


def _rung(vector: Floats, strength: Floats, inside: Flags, block_px: float) -> Floats:
    """What compression may leave (h, w) in the blocks of a strong change; it swings, so an average is free of it."""
    import cv2

    reach = 2 * round(_BLEED_REACH * block_px) + 1
    rung = np.float32(_RUNG) * np.asarray(cv2.dilate(strength, np.ones((reach, reach), np.uint8)), np.float32)
    rest = (inside & (strength < rung)).astype(np.float32)
    share = np.maximum(blurred(rest, _CHANCE), np.float32(0.02))
    mean = blurred(vector * rest[:, :, None], _CHANCE) / share[:, :, None]
    return np.where(np.linalg.norm(mean, axis=2) < SEEN, rung, 0).astype(np.float32)


def _grain(fine: Floats, sure: Flags) -> Floats:
    """What of a difference (h, w, 3) does not stay the same round about, by places that are sure: delta E (h, w)."""
    known = sure.astype(np.float32)
    share = np.maximum(blurred(known, _SMOOTH), np.float32(0.02))
    total = np.zeros(fine.shape[:2], np.float32)
    for channel in range(3):  # one by one: planes of three channels are what takes memory here
        plane = np.ascontiguousarray(fine[:, :, channel])
        total += np.square(plane - blurred(plane * known, _SMOOTH) / share)
    return np.asarray(np.sqrt(total), np.float32)


def _evidence(vector: Floats, busy: Busy, sure: Flags) -> Floats:
    total = np.zeros(vector.shape[:2], np.float32)
    for channel in range(3):
        total += np.square(blurred(np.ascontiguousarray(vector[:, :, channel]), _CERTAIN))
    strength = np.asarray(np.sqrt(total), np.float32)
    return np.dstack([strength, strength / learn_floor(strength, busy, sure).at(busy)])


def _bled(vector: Floats, threshold: Floats, block_px: float) -> Flags:
    """Where colour may have bled over from a vivid change: compression keeps it coarsely, in blocks twice as wide.

    Nothing in the pair itself tells how much that is, where the base has no such colours.
    """
    import cv2

    colour = np.hypot(vector[:, :, 1], vector[:, :, 2])
    reach = 2 * round(_BLEED_REACH * block_px) + 1
    most = np.asarray(cv2.dilate(colour, np.ones((reach, reach), np.uint8)), np.float32)
    faint = (most > _VIVID) & (colour < _BLEED * most)
    return np.asarray(faint & (np.abs(vector[:, :, 0]) < _PALE * threshold), np.bool_)


def _faint(
    vector: Floats, known: tuple[Flags, Flags], scale: tuple[float, int], busy: Busy, sure: Flags
) -> tuple[Flags, Flags]:
    """What differs too faintly for a finer scale: where it may lie, and where it begins.

    What was found already does not take part (normalised convolution), so that it does not smear beyond its edge.
    """
    found, inside = known
    sigma, factor = scale
    height, width = inside.shape
    size = (-(-width // factor), -(-height // factor))
    rest = (inside & ~found).astype(np.float32)
    share = blurred(resized(rest, size), sigma / factor)
    mean = blurred(resized(vector * rest[:, :, None], size), sigma / factor)
    mean /= np.maximum(share, np.float32(0.02))[:, :, None]
    strength = resized(np.linalg.norm(mean, axis=2).astype(np.float32), (width, height))
    share = resized(share, (width, height))
    noise = learn_floor(strength, busy, sure & ~found & (share > 0.5)).at(busy)
    open_here = inside & ~found & (share > 0.1)
    faint = open_here & (strength > np.maximum(np.float32(_SEEN_SOFTLY), _FAINT * noise))
    return faint, open_here & (share > 0.4) & (strength > np.maximum(_SEED, _HIGH * noise))


def _mostly(strength: Floats, bar: Floats, rest: Flags) -> Flags:
    """Places of the rest whose surroundings, as far as they were not found, differ more than noise does on average."""
    odds = np.minimum(strength / bar, np.float32(1.5))
    share = blurred(rest.astype(np.float32), _CHANCE)
    mean = blurred(odds * rest, _CHANCE) / np.maximum(share, np.float32(0.02))
    seen = blurred(strength * rest, _CHANCE) / np.maximum(share, np.float32(0.02)) > HARDLY
    return np.asarray(rest & (share > 0.1) & (mean > _MOSTLY) & seen, np.bool_)


def _replaced(base: Floats, answer: Floats, strength: Floats, noise: Floats, inside: Flags) -> tuple[Flags, Flags]:
    """Where the base's texture is gone, though its colours are much the same: all of it, and where it begins.

    Only texture that stands out of the noise can be missed, so a flat place says nothing here.
    """
    window = 2 * _WINDOW + 1
    ours, theirs = (np.ascontiguousarray(picture[:, :, 0]) * np.float32(0.01) for picture in (base, answer))
    alike = likeness_of_rest(ours, theirs, inside, _WINDOW)
    grain = noise * np.float32(0.01 / 1.4)
    clear = alike.texture & (alike.deviation > 1.6 * grain)
    level = _mean(strength, window) > SEEN
    lost = inside & clear & level & (alike.value < _LOST)
    return lost, lost & (alike.value < _GONE) & (alike.deviation > 3 * grain)


def _most(strength: Floats, reach: int) -> Floats:
    import cv2

    return np.asarray(cv2.dilate(strength, _disc(reach)), np.float32)


def _mean(values: Floats, window: int) -> Floats:
    import cv2

    return np.asarray(cv2.blur(values, (window, window)), np.float32)


def grown_from(seeds: Flags, low: Flags) -> Flags:
    """The connected parts of `low` in which there are enough seeds (hysteresis, Canny 1986); one may be chance."""
    import cv2

    count, labels = cv2.connectedComponents(low.astype(np.uint8), connectivity=8)
    areas = np.bincount(labels.ravel(), minlength=count)
    begun = np.bincount(labels[seeds & low], minlength=count)
    keep = begun >= np.clip(_SEEDS * areas, _LEAST_SEEDS, _MOST_SEEDS)
    keep[0] = False
    return np.asarray(keep[labels], np.bool_)


def _beside(changed: Flags, low: Flags, evidence: Floats) -> Flags:
    """The parts of `low` next to what changed that stand out of their noise as a whole, though nowhere much."""
    import cv2

    rest = low & ~changed
    count, labels = cv2.connectedComponents(rest.astype(np.uint8), connectivity=8)
    areas = np.maximum(1, np.bincount(labels.ravel(), minlength=count))
    clear = (evidence[:, :, 0] > SEEN) & (evidence[:, :, 1] > _BESIDE)
    having = np.bincount(labels[clear & rest], minlength=count)
    near = np.bincount(labels[rest & grown(changed, _NEXT)], minlength=count)
    # An edge that is not quite in its place is strong enough, but thin.
    thick = cv2.erode(rest.astype(np.uint8), _disc(_THIN)) > 0
    wide = np.bincount(labels[thick], minlength=count)
    keep = (areas >= _LEAST_BESIDE) & (near > 0) & (having >= 0.5 * areas) & (wide >= 0.2 * areas)
    keep[0] = False
    return np.asarray(keep[labels], np.bool_)


def tidied(difference: Difference, least: int, hole: int) -> Flags:
    """What changed, without specks of fewer than `least` pixels and without holes.

    A hole of fewer than `hole` pixels is one by chance; a larger one is, when on average it differs more than noise
    does: there the new happens to be like the old.
    """
    import cv2

    closed = cv2.morphologyEx(difference.changed.astype(np.uint8), cv2.MORPH_CLOSE, _disc(1))
    kept = _dropped(closed > 0, least)
    count, labels, stats, _ = cv2.connectedComponentsWithStats((~kept).astype(np.uint8), connectivity=4)
    odds = np.minimum(difference.strength / difference.threshold, 1.5)
    total = np.bincount(labels.ravel(), odds.ravel(), minlength=count)
    areas = stats[:, cv2.CC_STAT_AREA]
    chance = (areas < hole) | ((areas < _MOST_HOLES * hole) & (total > _DIFFERENT * areas))
    chance[0] = False
    return kept | np.asarray(chance[labels], np.bool_)


def without_dents(difference: Difference) -> Flags:
    """What changed (h, w), with the dents in its outline that on average differ more than noise does."""
    import cv2

    changed = difference.changed
    closed = cv2.morphologyEx(changed.astype(np.uint8), cv2.MORPH_CLOSE, _disc(_DENT), borderValue=0) > 0
    dents = closed & ~changed
    count, labels = cv2.connectedComponents(dents.astype(np.uint8), connectivity=4)
    odds = np.minimum(difference.strength / difference.bar, 1.5)
    total = np.bincount(labels.ravel(), odds.ravel(), minlength=count)
    seen = np.bincount(labels.ravel(), difference.strength.ravel(), minlength=count)
    areas = np.maximum(1, np.bincount(labels.ravel(), minlength=count))
    chance = (total > _DENTED * areas) & (seen > HARDLY * areas)
    chance[0] = False
    return changed | np.asarray(chance[labels], np.bool_)


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
