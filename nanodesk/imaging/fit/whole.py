"""Answers that are new all over: recognised, and brought to the base's place and resolution as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nanodesk.document.geometry import Rect
from nanodesk.imaging.fit.insert import Insertion, laid
from nanodesk.imaging.fit.islands import Island
from nanodesk.imaging.fit.plane import blurred, luma, resized
from nanodesk.imaging.fit.result import Fit, FitKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.imaging.fit.cutting import Registered
    from nanodesk.imaging.fit.matching import Match
    from nanodesk.imaging.fit.plane import Floats, Matrix, Plane

Block = NDArray[np.uint8]

_SHARE = 0.9
"""From this share of the picture a change is one of all of it."""
_FAR, _TONED = 18.0, 10.0
"""Delta E by which a tone must be off to be an edit for certain, and to be rather one than the model's habit."""
_ASKED = 3.0
"""The same where another tone was asked for."""
_MIXED = 0.2
"""The share of the texture that is half alike from which the picture was drawn anew: an edit leaves it or takes it."""
_AWAY, _REST = 1.8, 0.3
"""Delta E from which even the calmest part of the picture, so large a share of it, is another."""
_BAND = 256
_NO_DETAIL = (0.0, 0.0, np.zeros((2, 2), np.float32))


def is_whole(plane: Plane, match: Match, *, toned: bool = False) -> bool:
    """Whether the answer is new all over: nearly everything changed, or its tone did, or it was drawn anew.

    Args:
        toned: whether another tone was asked for; then less of it is taken for meant.
    """
    inside = max(1, int(match.inside.sum()))
    changed = float((match.difference.changed & match.inside).sum()) / inside
    if changed >= _SHARE:
        return True
    tone = match.tone.delta_e
    if toned and tone >= _ASKED:
        return True
    likeness = match.likeness
    mixed = likeness.share(0.5) - likeness.share(0.9) >= _MIXED
    known = match.difference.evidence[match.inside][::7, 0]
    everywhere = len(known) > 0 and float(np.quantile(known, _REST)) >= _AWAY
    # A far tone is enough; a lesser one may be the model's habit, where some of the picture is still the same.
    return tone >= _FAR or (everywhere and (mixed or tone >= _TONED))


def whole(pair: Registered, match: Match, detail: float, check: Callable[[], None]) -> Fit:
    """All of the answer, registered, in its own tone, with the base's fine luminance detail by `detail` (0 to 1)."""
    plain = laid(pair.answer, pair.plane.to_full(pair.matrix), pair.geometry.bend, pair.size)
    like = resized(np.clip(match.likeness.value, 0, 1), _third(pair.plane.size))
    sigma = max(0.0, match.spread.sigma_px / pair.plane.base_scale[0])
    layer = _painted(pair, plain, (detail, sigma, like), check)
    return _filled(pair, layer, FitKind.RESTYLE, (match.tone.delta_e, sigma, match.difference.floor.typical))


def as_it_came(pair: Registered, way: Matrix, kind: FitKind, check: Callable[[], None]) -> Fit:
    """The answer untouched, laid where it was to lie."""
    still = np.zeros((2, 2, 2), np.float32)
    layer = _painted(pair, laid(pair.answer, way, still, pair.size), _NO_DETAIL, check)
    return _filled(pair, layer, kind, (0.0, 0.0, 0.0))


def own_picture(fit: Fit, answer: Block) -> Block:
    """The model's own picture (h, w, 4) at the base's size and place, with nothing matched: what the fit was made of.

    Args:
        answer: the one that was fitted.
    """
    whole_base = Rect(0, 0, fit.size.width, fit.size.height)
    insertion = laid(answer, np.array(fit.geometry.matrix), fit.geometry.bend, fit.size)
    layer = np.empty((fit.size.height, fit.size.width, 4), np.uint8)
    for top in range(0, whole_base.height, _BAND):
        rows = min(_BAND, whole_base.height - top)
        colour, alpha = insertion.band(Rect(0, top, whole_base.width, rows))
        layer[top : top + rows, :, :3] = np.clip(colour * 255 + 0.5, 0, 255)
        layer[top : top + rows, :, 3] = alpha
    return layer


def _painted(
    pair: Registered, insertion: Insertion, detail: tuple[float, float, Floats], check: Callable[[], None]
) -> Block:
    from nanodesk.imaging.fit.insert import enlarged

    amount, sigma, like = detail
    width, height = pair.size.width, pair.size.height
    layer = np.empty((height, width, 4), np.uint8)
    margin = max(1, round(3 * sigma))
    for top in range(0, height, _BAND):
        check()
        rows = min(_BAND, height - top)
        colour, alpha = insertion.band(Rect(0, top, width, rows))
        if amount > 0 and sigma > 0.3:
            first, last = max(0, top - margin), min(height, top + rows + margin)
            grey = luma(pair.base[first:last, :, :3].astype(np.float32) * np.float32(1 / 255))
            fine = (grey - blurred(grey, sigma))[top - first : top - first + rows]
            fine *= enlarged(like, pair.size, (0, top, width, rows)) * np.float32(amount)
            colour += fine[:, :, None]
        layer[top : top + rows, :, :3] = np.clip(colour * 255 + 0.5, 0, 255)
        layer[top : top + rows, :, 3] = alpha
    return layer


def _filled(pair: Registered, layer: Block, kind: FitKind, known: tuple[float, float, float]) -> Fit:
    """A fit whose one island is the whole picture."""
    width, height = pair.size.width, pair.size.height
    rect = Rect(0, 0, width, height)
    mask = np.full((height, width), 255, np.uint8)
    island = Island(1, rect, width * height, 1.0, known[0], None, False)
    numbers = np.ones((height, width), np.uint8)
    return Fit(
        kind, pair.size, pair.geometry, *known, (island,), frozenset({1}), rect, layer, mask, numbers, mask.copy()
    )


def _third(size: tuple[int, int]) -> tuple[int, int]:
    return max(2, size[0] // 3), max(2, size[1] // 3)
