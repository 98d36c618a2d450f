"""Sub-pixel registration: an affine transform by robust Gauss-Newton steps from coarse to fine."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nanodesk.imaging.fit.coarse import plausible
from nanodesk.imaging.fit.likeness import Likeness, likeness
from nanodesk.imaging.fit.plane import (
    Floats,
    Matrix,
    Plane,
    blurred,
    covered,
    luma,
    resized,
    warped,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEVELS = (160, 400, 1280)
"""Longest edges of the steps of the pyramid."""
_ROUNDS = 12
_POINTS = 60_000
"""So many of the strongest gradients of a level take part."""
_SETTLED_PX = 0.004
_TUKEY = 4.685
"""Tukey's biweight at 95 % efficiency."""
_ALIKE = 0.75
"""Windows at least so alike speak for a registration."""
_BLOCKS_FOR_SURE = 60
"""So many independent windows that agree leave no doubt."""


@dataclass(frozen=True, eq=False)
class Geometry:
    """How the answer lies on the base.

    Attributes:
        matrix: two rows of three: edge points of the base to edge points of the answer, both at full size.
        shift_px: how far the middle of the base moved against where it was to be, in base pixels.
        scale: how much larger the picture is in the answer than it was to be; 1 for not at all.
        rotation_deg: clockwise.
        bend: (gh, gw, 2): a smooth displacement in answer pixels to add, a grid spread over the base.
        bend_px: the largest of it, in base pixels.
        confidence: 0 to 1, that the registration is right.
        found: whether it can be relied upon.
    """

    matrix: tuple[tuple[float, float, float], tuple[float, float, float]]
    shift_px: float
    scale: float
    rotation_deg: float
    bend: Floats
    bend_px: float
    confidence: float
    found: bool


def normalised(picture: Floats, sigma: float = 6.0) -> Floats:
    """Luma less its surroundings over their contrast, so that tone and shading hardly count."""
    low = picture - blurred(picture, sigma)
    contrast = np.sqrt(blurred(low * low, sigma)) + np.float32(0.02)
    return np.asarray(low / contrast, np.float32)


def refine(plane: Plane, start: Matrix) -> Matrix:
    """The affine transform that brings the answer onto the base, from a guess a few percent away.

    Gauss-Newton on normalised luma at the strongest gradients, weighted by Tukey's biweight, so that an edit, even of
    half the picture, is left out (iteratively re-weighted; Baker and Matthews, "Lucas-Kanade 20 years on", 2004).
    """
    matrix = start.copy()
    width, height = plane.size
    for edge in _LEVELS:
        factor = min(1.0, edge / max(width, height))
        size = (max(16, round(width * factor)), max(16, round(height * factor)))
        matrix = _level(plane, matrix, size)
        if factor == 1.0:
            break
    return matrix


def _level(plane: Plane, matrix: Matrix, size: tuple[int, int]) -> Matrix:
    """Settle the transform at one size of the plane."""
    scale = (size[0] / plane.size[0], size[1] / plane.size[1])
    base = resized(luma(plane.base), size)
    zoom = math.sqrt(abs(float(np.linalg.det(matrix[:, :2]))))
    factor = min(1.0, scale[0] / zoom)
    answer_full = luma(plane.answer)
    answer_size = (
        max(16, round(answer_full.shape[1] * factor)),
        max(16, round(answer_full.shape[0] * factor)),
    )
    answer = resized(answer_full, answer_size)
    by = np.array([answer_size[0] / answer_full.shape[1], answer_size[1] / answer_full.shape[0]])
    local = np.diag(by) @ matrix @ np.diag([1 / scale[0], 1 / scale[1], 1.0])
    target = normalised(blurred(base, 1.0))
    source = normalised(blurred(answer, 1.0))
    settled = _descend(target, source, local)
    return np.diag(1 / by) @ settled @ np.diag([scale[0], scale[1], 1.0])


def _descend(target: Floats, source: Floats, matrix: Matrix) -> Matrix:
    """Gauss-Newton steps; the gradient is that of the base, carried over by the transform."""
    points, values, slopes = _strong_points(target)
    inverse = np.linalg.inv(matrix[:, :2])
    size = (source.shape[1], source.shape[0])
    span = float(max(target.shape))
    frame = np.stack([points[:, 0] / span, points[:, 1] / span, np.ones(len(points), np.float32)])
    for _ in range(_ROUNDS):
        places = points @ matrix[:, :2].T.astype(np.float32) + matrix[:, 2].astype(np.float32)
        seen = _sampled(source, places)
        inside = (places > 1).all(axis=1) & (places[:, 0] < size[0] - 1) & (places[:, 1] < size[1] - 1)
        if int(inside.sum()) < 200:
            return matrix
        rest = values - seen
        weight = _biweight(rest, inside)
        # A step (in the answer's pixels) changes what is seen by the answer's slope: the base's, through the inverse.
        low = inverse.astype(np.float32)
        slope = [slopes[:, 0] * low[0, axis] + slopes[:, 1] * low[1, axis] for axis in (0, 1)]
        jacobian = np.concatenate([slope[0] * frame, slope[1] * frame]).astype(np.float64)
        weighted = jacobian * weight
        # Not by @: products so small gain nothing from threads and are held up by them on a busy machine.
        normal = np.einsum("rp,cp->rc", weighted, jacobian)
        normal += np.eye(6) * (1e-6 * float(np.trace(normal)) + 1e-9)
        step = np.linalg.solve(normal, np.einsum("rp,p->r", weighted, rest)).reshape(2, 3)
        step[:, :2] /= span
        matrix = matrix + step
        inverse = np.linalg.inv(matrix[:, :2])
        corner = np.array([target.shape[1], target.shape[0], 1.0])
        if max(np.abs(step[:, 2]).max(), np.abs(step @ corner).max()) < _SETTLED_PX:
            break
    return matrix


def _strong_points(target: Floats) -> tuple[Floats, Floats, Floats]:
    """The places with the strongest gradients, spread over the picture: edge points, values, slopes."""
    import cv2

    across = cv2.Scharr(target, cv2.CV_32F, 1, 0, scale=1 / 32)
    down = cv2.Scharr(target, cv2.CV_32F, 0, 1, scale=1 / 32)
    strength = across * across + down * down
    # Relative to its surroundings, so that one busy corner does not take all the places.
    fair = strength / (blurred(strength, max(target.shape) / 12) + np.float32(1e-4))
    fair[:2], fair[-2:], fair[:, :2], fair[:, -2:] = 0, 0, 0, 0
    count = min(_POINTS, fair.size // 3)
    chosen = np.argpartition(fair.ravel(), fair.size - count)[-count:]
    y, x = np.divmod(chosen, target.shape[1])
    points = np.stack([x + 0.5, y + 0.5], axis=1).astype(np.float32)
    slopes = np.asarray(np.stack([across.ravel()[chosen], down.ravel()[chosen]], axis=1), np.float32)
    return points, target.ravel()[chosen], slopes


def _sampled(source: Floats, places: Floats) -> Floats:
    import cv2

    # A remap's result may have no side longer than a short can count: fold the list.
    width = 256
    rows = -(-len(places) // width)
    padded = np.zeros((rows * width, 2), np.float32)
    padded[: len(places)] = places - np.float32(0.5)
    maps = padded.reshape(rows, width, 2)
    seen = cv2.remap(source, maps, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[call-overload]  # the stubs know no joint map
    return np.asarray(seen, np.float32).ravel()[: len(places)]


def _biweight(rest: Floats, inside: NDArray[np.bool_]) -> Floats:
    spread = 1.4826 * float(np.median(np.abs(rest[inside]))) + 1e-3
    ratio = rest / np.float32(_TUKEY * spread)
    weight = np.square(np.clip(1 - ratio * ratio, 0, None))
    return np.asarray(np.where(inside, weight, 0), np.float32)


def alike(plane: Plane, maps: tuple[Floats, Floats]) -> Likeness:
    """How alike base and registered answer are on the plane."""
    inside = covered(maps, (plane.answer.shape[1], plane.answer.shape[0]), 1.0) & plane.solid
    answer = blurred(warped(luma(plane.answer), maps), 1.0)
    return likeness(blurred(luma(plane.base), 1.0), answer, inside)


def confidence(found: Likeness, matrix: Matrix) -> float:
    """From 0 to 1: grows with the number of independent windows that agree, and with how far they are spread.

    Chance makes few windows alike, so what counts is how many are, not which share: an edit may cover most of a
    picture and the rest still says where it lies.
    """
    if not plausible(matrix):
        return 0.0
    good = found.texture & (found.value > _ALIKE)
    blocks = float(good.sum()) / 169.0
    share = float(good.sum()) / max(1, int(found.texture.sum()))
    if blocks < 1:
        return 0.0
    y, x = np.nonzero(good)
    spread = min(1.0, 6 * float(np.std(x)) / good.shape[1], 6 * float(np.std(y)) / good.shape[0])
    many = 1 - math.exp(-3 * blocks / _BLOCKS_FOR_SURE)
    clear = min(1.0, share / 0.12)
    return float(many * math.sqrt(spread) * clear)


def geometry_of(matrix: Matrix, way: Matrix, centre: tuple[float, float], bend: Floats, sure: float) -> Geometry:
    """The transform between full pictures in words of shift, scale and rotation against the way it was told."""
    moved = np.linalg.inv(way[:, :2]) @ matrix[:, :2]
    middle = np.array([*centre, 1.0])
    shift = np.linalg.inv(way[:, :2]) @ (matrix @ middle - way @ middle)
    scale = math.sqrt(abs(float(np.linalg.det(moved))))
    turned = math.degrees(math.atan2(moved[1, 0] - moved[0, 1], moved[0, 0] + moved[1, 1]))
    rows = tuple(tuple(float(value) for value in row) for row in matrix)
    return Geometry(
        rows,  # type: ignore[arg-type]  # two rows of three, as the matrix has
        shift_px=float(np.hypot(*shift)),
        scale=scale,
        rotation_deg=turned,
        bend=bend,
        bend_px=float(np.hypot(bend[:, :, 0], bend[:, :, 1]).max()) / math.sqrt(abs(np.linalg.det(matrix[:, :2]))),
        confidence=sure,
        found=sure >= 0.5,
    )
