"""Where the parts of what an answer changed lie: their outlines, to be drawn over any picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nanodesk.document.geometry import Rect

Block = NDArray[np.uint8]
Ring = NDArray[np.float32]
"""The corners (n, 2) of a closed line: x and y, pixels of the map it was found in."""

SIDE = 1024
"""A part is followed on a copy whose longer side is at most so long."""
MOST_CORNERS = 600
"""Of one ring: beyond them it is followed more and more coarsely."""
_SHOWS = 64
"""From this value of the mask on a pixel counts as part of it."""


def outlines(numbers: Block, outline: Block, boxes: Iterable[tuple[int, Rect]]) -> dict[int, tuple[Ring, ...]]:
    """The rings of each part by its number, holes among them; edges of pixels, not their middles.

    Args:
        numbers: (h, w), which part a pixel belongs to, 0 for none.
        outline: (h, w), the mask of all parts.
        boxes: number and place of each part.
    """
    height, width = numbers.shape
    found = {}
    for number, box in boxes:
        top, bottom = max(0, box.y), min(height, box.bottom)
        left, right = max(0, box.x), min(width, box.right)
        if top >= bottom or left >= right:
            continue
        rows, columns = slice(top, bottom), slice(left, right)
        inside = (numbers[rows, columns] == number) & (outline[rows, columns] >= _SHOWS)
        rings = _rings(inside)
        if rings:
            corner = np.array([left, top], np.float32)
            found[number] = tuple(ring + corner for ring in rings)
    return found


def _rings(inside: NDArray[np.bool_]) -> list[Ring]:
    import cv2

    height, width = inside.shape
    factor = max(1.0, max(height, width) / SIDE)
    shape = inside.astype(np.uint8) * 255
    if factor > 1:
        small = (max(1, round(width / factor)), max(1, round(height / factor)))
        shape = np.asarray((cv2.resize(shape, small, interpolation=cv2.INTER_AREA) >= _SHOWS) * np.uint8(255))
    across, down = width / shape.shape[1], height / shape.shape[0]
    # At twice the size and grown by one to the upper left, the border's pixels stand where the real edges are.
    twice = np.pad(shape.repeat(2, axis=0).repeat(2, axis=1), 1)
    grown = cv2.dilate(twice, np.ones((2, 2), np.uint8), anchor=(0, 0))
    lines, _ = cv2.findContours(grown, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    scale = np.array([across / 2, down / 2], np.float32)
    return [_plain(np.asarray(line, np.int32)) * scale for line in lines]


def _plain(line: NDArray[np.int32]) -> Ring:
    """A ring with as few corners as it needs."""
    import cv2

    slack = 0.8
    corners = cv2.approxPolyDP(line, slack, True)
    while len(corners) > MOST_CORNERS:
        slack *= 1.6
        corners = cv2.approxPolyDP(line, slack, True)
    return np.asarray(corners.reshape(-1, 2), np.float32)
