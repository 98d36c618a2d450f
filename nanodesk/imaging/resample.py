"""Resizing, turning and rotating pictures; colour is premultiplied meanwhile, so that no fringe appears."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from nanodesk.document.candidate import Turn
from nanodesk.document.geometry import Point, Size
from nanodesk.imaging.alpha import from_floats, to_floats

Block = NDArray[np.uint8]


def _has_alpha(block: Block) -> bool:
    import cv2

    return block.ndim == 3 and block.size > 0 and cv2.minMaxLoc(cv2.extractChannel(block, 3))[0] < 255


def resize(block: Block, size: Size) -> Block:
    """A picture (h, w, 4) or mask (h, w) at another size: area average when shrinking, Lanczos when enlarging.

    Raises:
        ValueError: when the size is empty.
    """
    import cv2

    if size.empty:
        raise ValueError("A picture needs at least one pixel each way.")
    height, width = block.shape[:2]
    if (size.width, size.height) == (width, height):
        return block.copy()
    shrinking = size.width <= width and size.height <= height
    method = cv2.INTER_AREA if shrinking else cv2.INTER_LANCZOS4
    if not _has_alpha(block):
        return np.ascontiguousarray(cv2.resize(block, (size.width, size.height), interpolation=method), np.uint8)
    floats = cv2.resize(to_floats(block), (size.width, size.height), interpolation=method)
    return from_floats(_sane(np.asarray(floats, np.float32)))


def _sane(floats: NDArray[np.float32]) -> NDArray[np.float32]:
    """Overshoot of the filter cut off: alpha within 0 to 255, colour within 0 to alpha."""
    np.clip(floats[:, :, 3], 0, 255, out=floats[:, :, 3])
    np.clip(floats[:, :, :3], 0, floats[:, :, 3:], out=floats[:, :, :3])
    return floats


def _unmixed(block: Block) -> Block:
    """A picture whose rim is mixed with transparent black, as one with straight alpha; written over."""
    import cv2

    alpha = cv2.extractChannel(block, 3)
    partly = cv2.inRange(alpha, np.array([1.0]), np.array([254.0])) > 0
    rim = block[partly].astype(np.float32)
    colours = rim[:, :3] * (np.float32(255) / rim[:, 3:])
    block[partly] = np.hstack([np.clip(np.rint(colours), 0, 255), rim[:, 3:]]).astype(np.uint8)
    block[alpha == 0] = 0
    return block


def turn(block: Block, how: Turn) -> Block:
    """A picture or mask turned clockwise by a multiple of 90°, or flipped: the same pixels elsewhere."""
    import cv2

    match how:
        case Turn.ROTATE_90:
            turned = cv2.rotate(block, cv2.ROTATE_90_CLOCKWISE)
        case Turn.ROTATE_180:
            turned = cv2.rotate(block, cv2.ROTATE_180)
        case Turn.ROTATE_270:
            turned = cv2.rotate(block, cv2.ROTATE_90_COUNTERCLOCKWISE)
        case Turn.FLIP_HORIZONTAL:
            turned = cv2.flip(block, 1)
        case Turn.FLIP_VERTICAL:
            turned = cv2.flip(block, 0)
    return np.ascontiguousarray(turned, np.uint8)


def rotate(block: Block, degrees: float, about: tuple[float, float], offset: Point) -> tuple[Block, Point]:
    """A picture or mask rotated clockwise, in an array just large enough, transparent in the corners.

    Args:
        about: the centre of rotation in the picture's own pixels.
        offset: where the picture's top left corner lies in the document.

    Returns:
        The rotated picture and the place of its top left corner in the document. Bicubic.
    """
    import cv2

    height, width = block.shape[:2]
    matrix = cv2.getRotationMatrix2D(about, -degrees, 1.0)
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]], np.float64) @ matrix.T
    left, top = (math.floor(value + 1e-6) for value in corners.min(axis=0))
    right, bottom = (math.ceil(value - 1e-6) for value in corners.max(axis=0))
    matrix[0, 2] -= left
    matrix[1, 2] -= top
    # Pixel centres lie half a pixel inside: the matrix above maps edges.
    matrix[:, 2] += matrix[:, :2] @ np.array([0.5, 0.5]) - 0.5
    size = (max(1, right - left), max(1, bottom - top))
    place = Point(offset.x + left, offset.y + top)
    if block.ndim == 2:
        mask = cv2.warpAffine(block, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        return np.ascontiguousarray(mask, np.uint8), place
    if not _has_alpha(block):
        warped = cv2.warpAffine(block, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT)
        return _unmixed(np.ascontiguousarray(warped, np.uint8)), place
    floats = cv2.warpAffine(to_floats(block), matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT)
    return from_floats(_sane(np.asarray(floats, np.float32))), place
