"""The working plane: both pictures at a size where the answer's own detail still shows, as floats.

Points are told in edge coordinates throughout: (0, 0) is the top left corner of the first pixel, its middle lies at
(0.5, 0.5). A transform (2, 3) maps points of the base to points of the answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Block = NDArray[np.uint8]
Floats = NDArray[np.float32]
Matrix = NDArray[np.float64]

LONGEST = 1280
"""The longest edge of the working plane in pixels: figures are learned there, pixels inserted at the base's size."""
_WIDE = 4.0
"""Blurs of this sigma are narrow enough to be done as they are; wider ones are brought down to about it."""
SHORTEST = 640
"""A small answer is looked at on a plane of at least this edge, so that the change's outline is smooth."""


@dataclass(frozen=True, eq=False)
class Plane:
    """Base and answer at working size.

    Attributes:
        base: (h, w, 3) BGR, 0 to 1.
        answer: (ah, aw, 3) BGR, 0 to 1; never reduced below the plane's own scale.
        solid: (h, w) true where the base is opaque enough for its colour to count.
        base_scale: plane pixels to a base pixel, across and down.
        answer_scale: reduced answer pixels to an answer pixel, across and down.
    """

    base: Floats
    answer: Floats
    solid: NDArray[np.bool_]
    base_scale: tuple[float, float]
    answer_scale: tuple[float, float]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the plane in pixels."""
        return self.base.shape[1], self.base.shape[0]

    def to_plane(self, full: Matrix) -> Matrix:
        """A transform between the full pictures as one between those of the plane."""
        grow = np.diag([1 / self.base_scale[0], 1 / self.base_scale[1], 1.0])
        return np.diag(self.answer_scale) @ full @ grow

    def to_full(self, matrix: Matrix) -> Matrix:
        """A transform between the pictures of the plane as one between the full ones."""
        shrink = np.diag([self.base_scale[0], self.base_scale[1], 1.0])
        return np.diag([1 / self.answer_scale[0], 1 / self.answer_scale[1]]) @ matrix @ shrink


def plane_of(base: Block, answer: Block) -> Plane:
    """Both pictures (h, w, 4) BGRA made ready to be compared."""
    height, width = base.shape[:2]
    answer_height, answer_width = answer.shape[:2]
    edge = max(width, height)
    wanted = min(edge, LONGEST, max(SHORTEST, max(answer_width, answer_height)))
    small = _reduced(base, wanted / edge)
    answer_edge = max(answer_width, answer_height)
    small_answer = _reduced(answer, min(1.0, 1.25 * wanted / answer_edge))
    return Plane(
        _floats(small),
        _floats(small_answer),
        small[:, :, 3] >= 128,
        (small.shape[1] / width, small.shape[0] / height),
        (small_answer.shape[1] / answer_width, small_answer.shape[0] / answer_height),
    )


def luma(picture: Floats) -> Floats:
    """How light each pixel is, (h, w), 0 to 1, from BGR: the weights of ITU-R BT.601."""
    import cv2

    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.float32)


def lab(picture: Floats) -> Floats:
    """CIE L*a*b* (h, w, 3) of BGR floats taken as sRGB."""
    import cv2

    return np.asarray(cv2.cvtColor(np.clip(picture, 0, 1), cv2.COLOR_BGR2Lab), np.float32)


def parts(picture: Floats) -> Floats:
    """Luma and two colour differences (h, w, 3) of BGR: the parts that JPEG keeps at sizes of their own (BT.601)."""
    import cv2

    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2YCrCb), np.float32)


def whole_of(picture: Floats) -> Floats:
    """BGR (h, w, 3) of luma and two colour differences."""
    import cv2

    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_YCrCb2BGR), np.float32)


def blurred(picture: Floats, sigma: float) -> Floats:
    """A Gaussian blur; the picture goes on beyond its edges as it is at them. A wide one is done reduced."""
    import cv2

    factor = int(sigma / _WIDE)
    if factor >= 2 and min(picture.shape[:2]) >= 8 * factor:
        small = (-(-picture.shape[1] // factor), -(-picture.shape[0] // factor))
        return resized(blurred(resized(picture, small), sigma / factor), (picture.shape[1], picture.shape[0]))
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE), np.float32)


def resized(picture: Floats, size: tuple[int, int]) -> Floats:
    """At another size (width, height): averages when shrinking, linear when enlarging; edges fall on edges."""
    import cv2

    smaller = size[0] < picture.shape[1] or size[1] < picture.shape[0]
    method = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, size, interpolation=method), np.float32)


def grid_of(matrix: Matrix, size: tuple[int, int], bend: Floats | None = None) -> tuple[Floats, Floats]:
    """Where in the answer each pixel of a plane lies, as `cv2.remap` wants it: two maps of pixel indices.

    Args:
        matrix: base to answer, in edge coordinates.
        size: width and height of the plane.
        bend: (h, w, 2) displacement in pixels of the answer to add.
    """
    width, height = size
    across = np.arange(width, dtype=np.float32) + np.float32(0.5)
    down = (np.arange(height, dtype=np.float32) + np.float32(0.5))[:, None]
    low = matrix.astype(np.float32)
    maps = [low[row, 0] * across + low[row, 1] * down + (low[row, 2] - np.float32(0.5)) for row in (0, 1)]
    if bend is not None:
        maps = [maps[0] + bend[:, :, 0], maps[1] + bend[:, :, 1]]
    return np.ascontiguousarray(maps[0], np.float32), np.ascontiguousarray(maps[1], np.float32)


def warped(picture: Floats, maps: tuple[Floats, Floats]) -> Floats:
    """The picture sampled at the maps, bicubic; beyond its edges it goes on as at them."""
    import cv2

    values = cv2.remap(picture, maps[0], maps[1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(values, np.float32)


def covered(maps: tuple[Floats, Floats], size: tuple[int, int], margin: float) -> NDArray[np.bool_]:
    """Where the maps fall inside a picture of `size` (width, height), at least `margin` pixels from its border."""
    x, y = maps
    inside = (x >= margin - 0.5) & (x <= size[0] - 0.5 - margin)
    inside &= (y >= margin - 0.5) & (y <= size[1] - 0.5 - margin)
    return np.asarray(inside, np.bool_)


def _reduced(block: Block, factor: float) -> Block:
    import cv2

    if factor >= 1:
        return block
    size = (max(8, round(block.shape[1] * factor)), max(8, round(block.shape[0] * factor)))
    return np.asarray(cv2.resize(block, size, interpolation=cv2.INTER_AREA), np.uint8)


def _floats(block: Block) -> Floats:
    return np.ascontiguousarray(block[:, :, :3].astype(np.float32) * np.float32(1 / 255))
