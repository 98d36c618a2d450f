"""Base and registered answer made comparable: one tone, one sharpness; and where they then differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nanodesk.imaging.fit.change import Difference, Known, Loss, find, grown
from nanodesk.imaging.fit.likeness import Likeness, likeness
from nanodesk.imaging.fit.plane import Floats, Plane, blurred, covered, lab, luma, parts, resized, warped, whole_of
from nanodesk.imaging.fit.sharpness import Spread, learn_spread
from nanodesk.imaging.fit.tone import Tone, learn

if TYPE_CHECKING:
    from collections.abc import Callable

Flags = NDArray[np.bool_]

_ALIKE = 0.9
_FLAT = 0.012
"""The standard deviation of luma up to which a window counts as flat in the answer."""
_ENOUGH = 0.02
"""The share of the picture that must be alike in texture for its colours to be learned from that alone."""
_PASSES = 3
_BLOCK = 12.0
"""Pixels of the answer in which compression spreads an edge's noise: JPEG's blocks are 8, of halved colour 16."""


@dataclass(frozen=True, eq=False)
class Match:
    """Base and answer on the plane, registered and matched.

    Attributes:
        answer: (h, w, 3) BGR in the base's tone.
        inside: (h, w), where both pictures are.
        tone: what took the answer's tone to the base's.
        spread: the answer's point spread against the base.
        likeness: of the registered pictures, before anything was matched.
        difference: where they differ for good.
    """

    answer: Floats
    inside: Flags
    tone: Tone
    spread: Spread
    likeness: Likeness
    difference: Difference


def match(
    plane: Plane, maps: tuple[Floats, Floats], zoom: float, wanted: Flags | None, check: Callable[[], None]
) -> Match:
    """Match the answer, sampled at the maps, to the base; learned where they look alike, then where nothing changed.

    Args:
        zoom: pixels of the whole answer to one of the plane.
        wanted: (h, w), where a change was asked for; none where that was not told.
    """
    raw = warped(plane.answer, maps)
    inside = covered(maps, (plane.answer.shape[1], plane.answer.shape[0]), 1.5) & plane.solid
    inside = _inner(inside)
    alike, trust = _trusted(plane.base, raw, inside)
    base_parts = parts(plane.base)
    block = _BLOCK / max(0.1, zoom)
    for turn in range(_PASSES):
        check()
        tone = learn(plane.base, raw, trust)
        answer = tone.applied(raw)
        sure = trust > 0.3
        learned = learn_spread(base_parts, parts(answer), sure)
        soft = lab(whole_of(learned.applied(base_parts)))
        difference = find(soft, lab(answer), Known(inside, sure, wanted), Loss(learned.sigma_px, block))
        if turn < _PASSES - 1:
            quiet = ~grown(difference.changed, 4)
            better = np.where(quiet & inside, np.maximum(trust, 0.5), 0).astype(np.float32)
            if turn and float(((better > 0.3) != sure).mean()) < 0.05:
                break
            # Where so much changed that little is left, what looked alike at first is the better guide.
            if float((quiet & inside).mean()) > 0.05:
                trust = better
            del answer, soft, difference  # before the next are made: they are what takes memory
    return Match(answer, inside, tone, learned, alike, difference)


def _trusted(base: Floats, answer: Floats, inside: Flags) -> tuple[Likeness, Floats]:
    """How alike they are, and (h, w) 0 to 1 how far a place may be taken for unchanged, whatever its tone."""
    import cv2

    ours, theirs = blurred(luma(base), 1.6), blurred(luma(answer), 1.6)
    alike = likeness(ours, theirs, inside)
    mean = cv2.blur(theirs, (13, 13))
    spread = np.sqrt(np.maximum(cv2.blur(theirs * theirs, (13, 13)) - mean * mean, 0))
    trust = np.where(alike.texture, np.clip((alike.value - 0.6) / (_ALIKE - 0.6), 0, 1), 0)
    # A single window may be alike by chance; a neighbourhood is not.
    trust *= blurred((trust > 0.3).astype(np.float32), 6.0) > 0.5
    flat = ~alike.texture & (spread < _FLAT) & inside
    return alike, _with_flats(base, answer, trust.astype(np.float32), flat)


def _with_flats(base: Floats, answer: Floats, trust: Floats, flat: Flags) -> Floats:
    """Trust what is flat in both as well, unless its colours contradict what is alike in texture.

    Flat places may be flat in another colour; but where one transfer explains them and the texture, none changed.
    """
    both = np.where(flat, 0.4, trust).astype(np.float32)
    size = (max(4, base.shape[1] // 4), max(4, base.shape[0] // 4))
    ours, theirs, sure, wide = (resized(one, size) for one in (base, answer, trust, both))
    clear = sure > 0.5
    if float(clear.mean()) < _ENOUGH:
        return both
    misses = []
    for some in (sure, wide):
        rest = np.abs(learn(ours, theirs, some).applied(theirs) - ours).max(axis=2)
        misses.append(float(np.median(rest[clear])))
    return both if misses[1] <= 1.25 * misses[0] + 0.002 else trust


def _inner(inside: Flags) -> Flags:
    """Without the two pixels next to the border of what is covered: nothing can be told there."""
    import cv2

    if inside.all():
        return inside
    return np.asarray(cv2.erode(inside.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=1) > 0, np.bool_)
