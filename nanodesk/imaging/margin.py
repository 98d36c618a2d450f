"""What lies round a picture: a wider canvas filled in several ways, rounded corners, a drop shadow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Block = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Edges:
    """Pixels at each side of a picture; negative ones cut it off."""

    left: int = 0
    top: int = 0
    right: int = 0
    bottom: int = 0

    @property
    def widens(self) -> bool:
        """Whether none is cut off and one at least is added to."""
        sides = (self.left, self.top, self.right, self.bottom)
        return min(sides) >= 0 and max(sides) > 0


def coloured(block: Block, edges: Edges, colour: tuple[int, int, int]) -> Block:
    """A rim of one colour (blue, green, red) for a picture: of the wider size, transparent where the picture lies."""
    rim = np.empty((*_wider(block, edges), 4), np.uint8)
    rim[:] = (*colour, 255)
    return _with_hole(rim, block, edges)


def mirrored(block: Block, edges: Edges) -> Block:
    """A rim that shows the picture mirrored at its edges, again and again where it is wide."""
    return _with_hole(_reflected(block, edges), block, edges)


def blurred(block: Block, edges: Edges) -> Block:
    """A rim that shows the mirrored picture blurred: sharp at the picture's edge would look like a seam.

    The standard deviation is a fortieth of the wider canvas's longer edge.
    """
    from nanodesk.imaging.filters import gaussian_blur

    wide = _reflected(block, edges)
    return _with_hole(gaussian_blur(wide, max(wide.shape[:2]) / 40), block, edges)


def _wider(block: Block, edges: Edges) -> tuple[int, int]:
    return block.shape[0] + edges.top + edges.bottom, block.shape[1] + edges.left + edges.right


def _reflected(block: Block, edges: Edges) -> Block:
    rows = _reflection(block.shape[0], edges.top, edges.bottom)
    columns = _reflection(block.shape[1], edges.left, edges.right)
    return np.ascontiguousarray(block[rows][:, columns])


def _reflection(length: int, before: int, after: int) -> NDArray[np.intp]:
    """Places along an edge that goes on mirrored: c b a | a b c | c b a."""
    places = np.arange(-before, length + after) % (2 * length)
    return np.minimum(places, 2 * length - 1 - places)


def _with_hole(rim: Block, block: Block, edges: Edges) -> Block:
    hole = rim[edges.top : edges.top + block.shape[0], edges.left : edges.left + block.shape[1]]
    hole[:] = 0
    return rim


def rounded(block: Block, radius: float) -> Block:
    """A picture (h, w, 4) whose corners are quarter circles of a radius in pixels, transparent beyond; fresh."""
    import cv2

    height, width = block.shape[:2]
    radius = min(radius, height / 2, width / 2)
    down = np.abs(np.arange(height) + 0.5 - height / 2) - (height / 2 - radius)
    across = np.abs(np.arange(width) + 0.5 - width / 2) - (width / 2 - radius)
    away = np.hypot(np.maximum(down, 0)[:, None], np.maximum(across, 0)[None]).astype(np.float32)
    cover = np.rint(np.clip(radius - away + 0.5, 0, 1) * 255).astype(np.uint8)
    result = block.copy()
    result[:, :, 3] = cv2.multiply(block[:, :, 3], cover, scale=1 / 255)
    return result


def shadow(block: Block, sigma: float, shift: tuple[int, int], opacity: float) -> Block:
    """The shadow of a picture (h, w, 4), black, of its size: blurred by `sigma` and moved by (x, y) pixels."""
    import cv2

    height, width = block.shape[:2]
    # A soft shape needs few pixels: it is blurred on a reduced copy, and moved while it is enlarged.
    factor = max(1, int(sigma / 4))
    alpha = np.ascontiguousarray(block[:, :, 3])
    padded = cv2.copyMakeBorder(alpha, 0, -height % factor, 0, -width % factor, cv2.BORDER_CONSTANT)
    size = (padded.shape[1] // factor, padded.shape[0] // factor)
    small = np.asarray(cv2.resize(padded, size, interpolation=cv2.INTER_AREA), np.float32)
    if sigma > 0:
        blurred = cv2.GaussianBlur(small, (0, 0), sigma / factor, borderType=cv2.BORDER_CONSTANT)
        small = np.asarray(blurred, np.float32)
    scale = 1 / factor
    corner = (scale / 2 - 0.5 - shift[0] * scale, scale / 2 - 0.5 - shift[1] * scale)
    matrix = np.array([[scale, 0, corner[0]], [0, scale, corner[1]]], np.float64)
    soft = cv2.warpAffine(small, matrix, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    result = np.zeros_like(block)
    result[:, :, 3] = cv2.convertScaleAbs(soft, alpha=opacity)
    return result
