"""Finding the sky: smooth, bright or blue, and touching the upper edge; its border by a guided filter."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nanodesk.imaging.subject import refined

Block = NDArray[np.uint8]

_EDGE = 512
"""The longest edge at which it is looked for."""
_LEAST = 0.04
"""The share of the picture that a sky covers."""


class NoSkyError(Exception):
    """There is nothing that looks like a sky."""


def sky_mask(block: Block) -> Block:
    """Where the sky of a picture (h, w, 4) is: a fresh mask (h, w), 255 on it; soft at its border.

    It cannot tell water from sky where they meet without an edge: the mask is for the designer to correct.

    Raises:
        NoSkyError: when nothing looks like one.
    """
    import cv2

    height, width = block.shape[:2]
    scale = min(1.0, _EDGE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.cvtColor(cv2.resize(block, size, interpolation=cv2.INTER_AREA), cv2.COLOR_BGRA2BGR)
    lab = cv2.cvtColor(np.asarray(small, np.float32) / 255, cv2.COLOR_BGR2Lab)
    light, blueness = lab[:, :, 0], -lab[:, :, 2]
    # Sky-coloured: blue of any depth, or bright and nearly grey as clouds are; green leaves and skin are neither.
    coloured = (blueness > 4) & (lab[:, :, 1] < 18) | (light > 70) & (np.abs(lab[:, :, 1:]).max(axis=2) < 14)
    grey = cv2.GaussianBlur(light, (0, 0), 1.0)
    steep = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    likely = (coloured & (steep < 14)).astype(np.uint8)
    likely = np.asarray(cv2.morphologyEx(likely, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.uint8)
    number, labels = cv2.connectedComponents(likely, connectivity=4)
    above = np.bincount(labels[: max(1, size[1] // 50)].ravel(), minlength=number)
    above[0] = 0
    sky = np.isin(labels, np.flatnonzero(above > size[0] * 0.03))
    if float(sky.mean()) < _LEAST:
        raise NoSkyError
    closed = cv2.morphologyEx(sky.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    return refined(block, np.asarray(closed, np.float32))
