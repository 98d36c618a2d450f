"""A change brought to the edges of its object: grown where it fades away before, cut where colour bled over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nanodesk.imaging.fit.change import HARDLY, Difference, grown
from nanodesk.imaging.fit.field import outline_of, softness
from nanodesk.imaging.fit.plane import blurred

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.imaging.fit.plane import Floats

Flags = NDArray[np.bool_]

_REACH, _STRIDE = 4.0, 3.0
"""How far it grows at most, and in one round, in pixels of the answer."""
_ROUNDS = 3
_SOFT = 0.4
"""From so soft on the change has not ended at an edge yet; where it ended at one, it does not grow."""
_CHANCE = 0.47
"""What the mean of noise hardly reaches, in thresholds; it lies near a quarter."""
_LOCAL_CHANCE = 1.9
"""So many times the mean of what is quiet round about, where that is noisier than elsewhere."""
_COARSE = 1.25
"""Pixels of the plane to one of the answer from which bleeding reaches far enough to be told from a faint change."""
_RADIUS = 5
"""Of the windows over which chance is averaged out, in pixels of the plane."""
_EVEN = 0.0004
"""The variance of luma (0 to 1) below which a window counts as one surface."""


def without_bleeding(changed: Flags, difference: Difference, tidy: Callable[[Flags], Flags], step: float) -> Flags:
    """A change (h, w) without the colour that bled over its sharp edges; where it fades away, it stays as it is.

    Args:
        tidy: drops specks and fills holes.
        step: pixels of the plane to one of the answer, at least 1.
    """
    import cv2

    if step < _COARSE:
        return changed
    bled = changed & difference.bled
    core = tidy(changed & ~bled) if bled.any() else changed
    if not bled.any() or not core.any():
        return changed
    soft = softness(outline_of(core), difference.strength, difference.threshold, step)
    _, places = cv2.distanceTransformWithLabels(
        (~core).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    # As soft as the outline is where it is nearest.
    at_outline = np.zeros(int(places.max()) + 1, np.float32)
    at_outline[places[core]] = soft[core]
    beside = bled & ~grown(core, round(step)) & (at_outline[places] < _SOFT)
    return tidy(changed & ~beside)


def grown_to_edges(changed: Flags, difference: Difference, guides: tuple[Floats, Floats], step: float) -> Flags:
    """A change (h, w) grown over what differs too faintly to be told pixel by pixel, to the next edges.

    Beyond an outline at which the change fades away, a place belongs to it when the difference, averaged along the
    surfaces of both pictures, still exceeds chance. The average is a guided filter's (He, Sun and Tang, "Guided image
    filtering", 2010), so that it does not cross an edge of the object, whether that is the old one or the new.

    Args:
        guides: luma (h, w) of base and answer, 0 to 1.
        step: pixels of the plane to one of the answer, at least 1.
    """
    if not changed.any():
        return changed
    whole = changed
    margin = round(3 * _REACH * step) + 4 * _RADIUS
    rows, columns = (_span(np.asarray(changed.any(axis=axis)), margin) for axis in (1, 0))
    part = (rows, columns)
    strength, threshold = difference.strength[part], difference.threshold[part]
    changed, ours, theirs = changed[part], guides[0][part], guides[1][part]
    odds = np.minimum(strength / threshold, np.float32(1.5))
    reach = grown(changed, round(_REACH * step))
    chance = _chance(odds, ~reach, 2 * _REACH * step)
    for _ in range(_ROUNDS):
        soft = softness(outline_of(changed), strength, threshold, step)
        near = reach & grown(changed, round(_STRIDE * step)) & ~changed & (soft > _SOFT)
        if near.any():
            near &= mean_along(odds, ~changed, (ours, theirs)) > chance
            near &= mean_along(strength, ~changed, (ours, theirs)) > HARDLY
        more = near
        if not more.any():
            break
        changed = changed | more
    result = whole.copy()
    result[part] = changed
    return result


def _chance(odds: Floats, quiet: Flags, sigma: float) -> Floats:
    """What the mean of noise hardly reaches at each place (h, w), by what is quiet round about."""
    share = blurred(quiet.astype(np.float32), sigma)
    local = blurred(odds * quiet, sigma) / np.maximum(share, np.float32(0.02))
    return np.maximum(np.float32(_CHANCE), np.float32(_LOCAL_CHANCE) * local)


def mean_along(values: Floats, rest: Flags, guides: tuple[Floats, Floats]) -> Floats:
    """The mean of values (h, w) along the surfaces of two guides (h, w); only those of `rest` take part."""
    import cv2

    window = (2 * _RADIUS + 1, 2 * _RADIUS + 1)
    share = rest.astype(np.float32)

    def boxed(plane: Floats) -> Floats:
        return np.asarray(cv2.boxFilter(plane, -1, window, borderType=cv2.BORDER_REFLECT), np.float32)

    known = np.maximum(boxed(share), np.float32(0.02))

    def mean(plane: Floats) -> Floats:
        return np.asarray(boxed(plane * share) / known, np.float32)

    one, other = guides
    mean_one, mean_other, mean_value = mean(one), mean(other), mean(values)
    first = mean(one * one) - mean_one * mean_one + np.float32(_EVEN)
    second = mean(other * other) - mean_other * mean_other + np.float32(_EVEN)
    both = mean(one * other) - mean_one * mean_other
    with_one = mean(one * values) - mean_one * mean_value
    with_other = mean(other * values) - mean_other * mean_value
    certain = first * second - both * both
    slope_one = (second * with_one - both * with_other) / certain
    slope_other = (first * with_other - both * with_one) / certain
    flat = mean_value - slope_one * mean_one - slope_other * mean_other
    weight = np.maximum(boxed(known), np.float32(0.02))
    smooth = [boxed(known * plane) / weight for plane in (slope_one, slope_other, flat)]
    return np.asarray(smooth[0] * one + smooth[1] * other + smooth[2], np.float32)


def _span(used: Flags, margin: int) -> slice:
    places = np.flatnonzero(used)
    return slice(max(0, int(places[0]) - margin), int(places[-1]) + 1 + margin)
