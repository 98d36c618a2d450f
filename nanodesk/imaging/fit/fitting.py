"""The whole way from a base and an answer to a fit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nanodesk.document.geometry import Size
from nanodesk.imaging.fit.change import grown
from nanodesk.imaging.fit.coarse import guesses, told
from nanodesk.imaging.fit.cutting import Registered, cut
from nanodesk.imaging.fit.errors import FitCancelledError
from nanodesk.imaging.fit.flow import bend, spread
from nanodesk.imaging.fit.hints import FitHints
from nanodesk.imaging.fit.matching import match
from nanodesk.imaging.fit.plane import Floats, Matrix, Plane, grid_of, plane_of
from nanodesk.imaging.fit.register import Geometry, alike, confidence, geometry_of, refine
from nanodesk.imaging.fit.result import Fit, FitKind
from nanodesk.imaging.fit.whole import as_it_came, is_whole, whole

if TYPE_CHECKING:
    from collections.abc import Callable


Block = NDArray[np.uint8]

_LARGE, _WHOLE = 0.2, 0.9
"""The share of the picture from which a change is large; up to nearly all of it."""
_APART = 10
"""How far from a large change, in pixels of the plane, the pictures tell nothing but how they lie."""
_CLOSE = 0.03
"""Guesses within this of the best may turn out better once they are refined."""
_SAME_PX = 2.0
"""Guesses nowhere further apart, in pixels of the plane's answer, are refined to the same."""


def fit(base: Block, answer: Block, *, hints: FitHints | None = None) -> Fit:
    """Fit an answer to its base: bring it there, find what changed, and cut that out at the base's resolution.

    Runs in any thread; OpenCV and NumPy let others run meanwhile. The result is the same each time.

    Args:
        base: (h, w, 4) BGRA, straight alpha, sRGB or a space much like it.
        answer: (any h, any w, 4) BGRA in the same space.

    Raises:
        FitCancelledError: when the hints' `cancelled` said so.
        ValueError: when one of the pictures is empty or not BGRA.
    """
    hints = hints or FitHints()
    for block in (base, answer):
        if block.ndim != 3 or block.shape[2] != 4 or min(block.shape[:2]) < 1:
            raise ValueError("A fit needs two pictures of four channels with at least one pixel.")

    def check() -> None:
        if hints.cancelled is not None and hints.cancelled():
            raise FitCancelledError

    plane = plane_of(base, answer)
    ways = told(hints, Size(base.shape[1], base.shape[0]), Size(answer.shape[1], answer.shape[0]))
    check()
    if hints.from_words:
        pair = Registered(base, answer, plane, plane.to_plane(ways[0]), _told(plane, ways[0]))
        return as_it_came(pair, ways[0], FitKind.NEW, check)
    matrix, sure = registered(plane, [plane.to_plane(way) for way in ways], check)
    moved = bend(plane, matrix) if sure >= 0.5 else np.zeros((2, 2, 2), np.float32)
    check()
    pair = Registered(base, answer, plane, matrix, _geometry(plane, matrix, moved, ways[0], sure))
    if not pair.geometry.found:
        return as_it_came(replace(pair, geometry=_told(plane, ways[0], sure)), ways[0], FitKind.UNALIGNED, check)
    wanted = _wanted(hints, plane.size)
    matched = match(plane, grid_of(matrix, plane.size, spread(moved, plane.size)), pair.zoom, wanted, check)
    check()
    if _LARGE <= float(matched.difference.changed.mean()) < _WHOLE:
        # So much that it may have pulled the bend along: looked at once more without it.
        quiet = replace(plane, solid=plane.solid & ~grown(matched.difference.changed, _APART))
        moved = bend(quiet, matrix)
        pair = replace(pair, geometry=_geometry(plane, matrix, moved, ways[0], sure))
        matched = match(plane, grid_of(matrix, plane.size, spread(moved, plane.size)), pair.zoom, wanted, check)
    if is_whole(plane, matched, toned=hints.toned):
        return whole(pair, matched, hints.detail, check)
    return cut(pair, matched, hints, check)


def registered(plane: Plane, ways: list[Matrix], check: Callable[[], None]) -> tuple[Matrix, float]:
    """The affine transform that fits best of those reached from the guesses, and how sure it is, 0 to 1."""
    best: tuple[float, float, Matrix] | None = None
    scored = guesses(plane, ways)
    check()
    tried: list[Matrix] = []
    for score, guess in scored[:3]:
        if best is not None and score < scored[0][0] - _CLOSE:
            break
        if any(_apart(guess, other, plane.size) < _SAME_PX for other in tried):
            continue
        tried.append(guess)
        matrix = refine(plane, guess)
        found = alike(plane, grid_of(matrix, plane.size))
        rank = found.share(0.75) * float(found.texture.mean())
        if best is None or rank > best[0] * 1.02:
            best = (rank, confidence(found, matrix), matrix)
        check()
    assert best is not None
    return best[2], best[1]


def _apart(one: Matrix, other: Matrix, size: tuple[int, int]) -> float:
    """How far apart two transforms take a corner of the plane at most."""
    width, height = size
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]], np.float64)
    away = np.einsum("rc,pc->pr", one - other, corners)
    return float(np.hypot(away[:, 0], away[:, 1]).max())


def _wanted(hints: FitHints, size: tuple[int, int]) -> NDArray[np.bool_] | None:
    """Where on the plane a change was asked for; none where no edit says."""
    import cv2

    wanted = [selection for selection in hints.selections if selection is not None]
    if not wanted:
        return None
    planes = [cv2.resize(selection, size, interpolation=cv2.INTER_AREA) >= 128 for selection in wanted]
    return np.asarray(np.logical_or.reduce(planes), np.bool_)


def _geometry(plane: Plane, matrix: Matrix, moved: Floats, way: Matrix, sure: float) -> Geometry:
    width, height = plane.base.shape[1] / plane.base_scale[0], plane.base.shape[0] / plane.base_scale[1]
    bent = moved / np.array(plane.answer_scale, np.float32)
    return geometry_of(plane.to_full(matrix), way, (width / 2, height / 2), np.asarray(bent, np.float32), sure)


def _told(plane: Plane, way: Matrix, sure: float = 0.0) -> Geometry:
    """The geometry of an answer that lies where it was to lie, or is left there."""
    return _geometry(plane, plane.to_plane(way), np.zeros((2, 2, 2), np.float32), way, sure)
