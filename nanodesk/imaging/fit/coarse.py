"""A first guess of where the answer lies: told by the request, by features, or by phase correlation."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from nanodesk.imaging.fit.likeness import likeness
from nanodesk.imaging.fit.plane import Floats, Matrix, Plane, blurred, covered, grid_of, luma, resized, warped

if TYPE_CHECKING:
    from nanodesk.document.geometry import Rect, Size
    from nanodesk.imaging.fit.hints import FitHints

_EDGE = 800
"""The longest edge at which features are looked for."""
_SCORING_EDGE = 400
_FEATURES = 2500
_RATIO = 0.8
"""A match must be so much better than the next best (Lowe, IJCV 2004)."""
_LEAST_MATCHES = 12
_CLEAR = 0.95
"""The share of the texture that agrees from which on no features are looked for."""


def told(hints: FitHints, base: Size, answer: Size) -> list[Matrix]:
    """The ways the answer may lie by what was asked for, the likeliest first; between full pictures.

    It covers the frame, or the clip where the model left the padding away; where the shapes differ it may also have
    been cut to its shape, or padded.
    """
    from nanodesk.document.geometry import Rect

    whole = Rect(0, 0, base.width, base.height)
    frames = [hints.frame or whole]
    if hints.clip is not None and hints.clip != frames[0]:
        frames.append(hints.clip)
    ways = []
    for frame in frames:
        across, down = answer.width / frame.width, answer.height / frame.height
        ways.append(_placed(frame, across, down, answer))
        if abs(math.log(across / down)) > 0.004:
            ways += [_placed(frame, scale, scale, answer) for scale in (max(across, down), min(across, down))]
    return ways


def _placed(frame: Rect, across: float, down: float, answer: Size) -> Matrix:
    """The frame scaled, its middle on the answer's middle."""
    x, y = frame.x + frame.width / 2, frame.y + frame.height / 2
    return np.array([[across, 0, answer.width / 2 - x * across], [0, down, answer.height / 2 - y * down]], np.float64)


def guesses(plane: Plane, ways: list[Matrix]) -> list[tuple[float, Matrix]]:
    """Transforms on the plane with the share of the texture that agrees there, the best first."""
    found = [*ways, *(_by_phase(plane, way) for way in ways[:2])]
    scored = [(agreement(plane, matrix), place, matrix) for place, matrix in enumerate(found)]
    # A shift by one of many like things agrees in far less: nothing better is to be found where so much does.
    by_features = _by_features(plane) if max(score for score, _, _ in scored) < _CLEAR else None
    if by_features is not None:
        scored.append((agreement(plane, by_features), -1, by_features))
    scored.sort(key=lambda one: (-one[0], one[1]))
    return [(score, matrix) for score, _, matrix in scored]


def agreement(plane: Plane, matrix: Matrix) -> float:
    """The share of the base's texture that is alike in the answer under a transform, seen at a small size."""
    size, scale = _small(plane, _SCORING_EDGE)
    base = resized(luma(plane.base), size)
    reduce = min(1.0, 1.5 * _SCORING_EDGE / max(plane.answer.shape[:2]))
    answer_size = (max(8, round(plane.answer.shape[1] * reduce)), max(8, round(plane.answer.shape[0] * reduce)))
    answer = resized(luma(plane.answer), answer_size)
    by = (answer_size[0] / plane.answer.shape[1], answer_size[1] / plane.answer.shape[0])
    maps = grid_of(np.diag(by) @ matrix @ np.diag([1 / scale[0], 1 / scale[1], 1.0]), size)
    inside = covered(maps, answer_size, 0)
    alike = likeness(blurred(base, 1.0), blurred(warped(answer, maps), 1.0), inside)
    # What lies outside the answer is no agreement, but a small overlap must not pass for a good one.
    return alike.share(0.6) * min(1.0, 2 * float(inside.mean()))


def _small(plane: Plane, edge: int) -> tuple[tuple[int, int], tuple[float, float]]:
    width, height = plane.size
    factor = min(1.0, edge / max(width, height))
    size = (max(8, round(width * factor)), max(8, round(height * factor)))
    return size, (size[0] / width, size[1] / height)


def _by_features(plane: Plane) -> Matrix | None:
    """SIFT matches and a robust affine (MAGSAC++, Barath et al. 2020); none where too few agree."""
    import cv2

    size, scale = _small(plane, _EDGE)
    factor = min(1.0, _EDGE / max(plane.answer.shape[:2]))
    answer_size = (round(plane.answer.shape[1] * factor), round(plane.answer.shape[0] * factor))
    finder = cv2.SIFT.create(nfeatures=_FEATURES)
    told_base, marks_base = finder.detectAndCompute(_bytes(resized(luma(plane.base), size)), None)
    told_answer, marks_answer = finder.detectAndCompute(_bytes(resized(luma(plane.answer), answer_size)), None)
    if len(told_base) < _LEAST_MATCHES or len(told_answer) < _LEAST_MATCHES:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(marks_base, marks_answer, k=2)
    good = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < _RATIO * pair[1].distance]
    if len(good) < _LEAST_MATCHES:
        return None
    # Features are told in pixel indices.
    ours = np.array([told_base[match.queryIdx].pt for match in good], np.float64) + 0.5
    theirs = np.array([told_answer[match.trainIdx].pt for match in good], np.float64) + 0.5
    ours /= scale
    theirs *= plane.answer.shape[1] / answer_size[0], plane.answer.shape[0] / answer_size[1]
    found, inlying = cv2.estimateAffine2D(
        ours, theirs, method=cv2.USAC_MAGSAC, ransacReprojThreshold=3.0, maxIters=5000, confidence=0.999
    )
    matrix = np.asarray(found, np.float64)  # of no shape where nothing was found, whatever the stubs say
    if matrix.shape != (2, 3) or int(np.asarray(inlying).sum()) < _LEAST_MATCHES or not plausible(matrix):
        return None
    return matrix


def plausible(matrix: Matrix) -> bool:
    """Whether a model could have moved a picture so: no mirror, little rotation, nearly no shear."""
    left, top = matrix[:, 0], matrix[:, 1]
    across, down = float(np.hypot(*left)), float(np.hypot(*top))
    if across <= 0 or down <= 0 or np.linalg.det(matrix[:, :2]) <= 0:
        return False
    skew = abs(float(left @ top)) / (across * down)
    turned = abs(math.degrees(math.atan2(matrix[1, 0], matrix[0, 0])))
    return skew < 0.1 and turned < 12 and 0.6 < across / down < 1.67


def _by_phase(plane: Plane, way: Matrix) -> Matrix:
    """A told way shifted to the peak of the phase correlation (Kuglin and Hines 1975)."""
    import cv2

    size, scale = _small(plane, _SCORING_EDGE)
    answer = warped(luma(plane.answer), grid_of(way, plane.size))
    one, other = (_detail(resized(picture, size)) for picture in (luma(plane.base), answer))
    window = cv2.createHanningWindow(size, cv2.CV_32F)
    (x, y), _ = cv2.phaseCorrelate(one, other, window)
    moved = way.copy()
    moved[:, 2] += way[:, :2] @ np.array([x / scale[0], y / scale[1]])
    return moved


def _detail(picture: Floats) -> Floats:
    return np.asarray(blurred(picture, 1.0) - blurred(picture, 8.0), np.float32)


def _bytes(picture: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.asarray(np.clip(picture * 255 + 0.5, 0, 255), np.uint8)
