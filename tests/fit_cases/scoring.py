"""What a fit, or a yardstick, is worth on a case."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from nanodesk.checks.traits import seam_ratio
from tests.fit_cases.cases import Case, places

NEAR = 12
"""Base pixels round the truth in which a mask may reach over it without counting as spilt."""


@dataclass(frozen=True)
class Score:
    """Figures of one case.

    Attributes:
        error_px: median distance between where a base pixel was looked for and where it is, in answer pixels, outside
            the edit.
        recall, iou: of the mask (from half on) against the truth.
        spill: share of the picture covered by any mask further than `NEAR` pixels from the truth.
        outside: mean delta E to the base outside the truth.
        seam: gradient across the mask's outline against that beside it, over the same of the edited photograph
            itself, where the outline may well lie on an edge; 1 for no seam.
        identical: share of the pixels outside the mask that are byte for byte the base.
    """

    kind: str
    error_px: float
    recall: float
    iou: float
    spill: float
    outside: float
    seam: float
    identical: float


def score(
    case: Case, kind: str, mask: np.ndarray, result: np.ndarray, maps: tuple[np.ndarray, np.ndarray] | None
) -> Score:
    """Judge a mask (h, w) and a picture (h, w, 4)."""
    truth = case.truth & case.seen
    on = (mask >= 128) & case.seen
    both, either = int((truth & on).sum()), int((truth | on).sum())
    count = int(truth.sum())
    near = cv2.dilate(truth.astype(np.uint8), np.ones((2 * NEAR + 1, 2 * NEAR + 1), np.uint8)) > 0
    spilt = (mask > 0) & ~near & case.seen
    identical = (result == case.base).all(axis=2)
    off = mask == 0
    return Score(
        kind,
        _error(case, maps, near),
        both / count if count else 1.0,
        both / either if either else 1.0,
        float(spilt.mean()),
        _outside(case, result, near),
        _seam(case, result, mask),
        float(identical[off].mean()) if off.any() else 1.0,
    )


def _error(case: Case, maps: tuple[np.ndarray, np.ndarray] | None, near: np.ndarray) -> float:
    if maps is None:
        return float("nan")
    there = places(case)
    away = np.hypot(maps[0] - there[0], maps[1] - there[1])
    inside = case.seen & ~near if (case.seen & ~near).mean() > 0.02 else case.seen
    return float(np.median(away[inside]))


def _outside(case: Case, result: np.ndarray, near: np.ndarray) -> float:
    far = ~near & case.seen
    if not far.any():
        return 0.0
    one, other = (
        cv2.cvtColor(picture[:, :, :3].astype(np.float32) / 255, cv2.COLOR_BGR2Lab) for picture in (case.base, result)
    )
    return float(np.linalg.norm(one - other, axis=2)[far].mean())


def _seam(case: Case, result: np.ndarray, mask: np.ndarray) -> float:
    if not (mask >= 128).any() or (mask >= 128).all():
        return 1.0
    return seam_ratio(result, mask) / max(0.2, seam_ratio(case.ideal, mask))
