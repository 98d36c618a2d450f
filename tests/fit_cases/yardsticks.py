"""Three simpler ways to do the same, run beside the fit: what anybody would try first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from tests.fit_cases.cases import Case


def resize_and_paste(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """The answer at the base's size, all of it: what most programs do. Mask and result."""
    result = _resized(case)
    return np.full(case.base.shape[:2], 255, np.uint8), result


def difference_threshold(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """The answer where it differs by more than a fixed delta E of a blurred pair."""
    return _differing(case, _resized(case))


def ecc_and_difference(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """OpenCV's ECC (Evangelidis and Psarakis 2008) for an affine, then the same difference."""
    height, width = case.base.shape[:2]
    there = _resized(case)
    small = (480, round(480 * height / width))
    grey = [cv2.cvtColor(picture, cv2.COLOR_BGRA2GRAY) for picture in (case.base, there)]
    base, answer = (cv2.resize(picture, small, interpolation=cv2.INTER_AREA) for picture in grey)
    warp = np.eye(2, 3, dtype=np.float32)
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 60, 1e-5)
    whole = np.full(small[::-1], 255, np.uint8)
    try:
        _, found = cv2.findTransformECC(base, answer, warp, cv2.MOTION_AFFINE, criteria, whole, 5)
        warp = np.asarray(found, np.float32)
    except cv2.error:
        warp = np.eye(2, 3, dtype=np.float32)
    warp[:, 2] *= width / small[0]
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(there, warp, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return _differing(case, moved)


YARDSTICKS = {
    "resize and paste": resize_and_paste,
    "difference threshold": difference_threshold,
    "ECC and difference": ecc_and_difference,
}


def _resized(case: Case) -> np.ndarray:
    height, width = case.base.shape[:2]
    return np.ascontiguousarray(cv2.resize(case.answer, (width, height), interpolation=cv2.INTER_CUBIC))


def _differing(case: Case, there: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    one, other = (
        cv2.cvtColor(cv2.GaussianBlur(picture[:, :, :3], (0, 0), 2).astype(np.float32) / 255, cv2.COLOR_BGR2Lab)
        for picture in (case.base, there)
    )
    changed = (np.linalg.norm(one - other, axis=2) > 8).astype(np.uint8)
    changed = cv2.morphologyEx(changed, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    changed = cv2.morphologyEx(changed, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    result = np.where(changed[:, :, None] > 0, there, case.base)
    return changed * np.uint8(255), result
