"""The answer's pixels at the base's own resolution, in its tone, with its sharpness and its grain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nanodesk.imaging.fit.grain import grain_block, noise_level, texture_gain
from nanodesk.imaging.fit.plane import grid_of
from nanodesk.imaging.fit.tone import identity

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.document.geometry import Rect, Size
    from nanodesk.imaging.fit.plane import Floats, Matrix
    from nanodesk.imaging.fit.tone import Tone

Block = NDArray[np.uint8]

_BAND = 256
_TILE = 128
_TILES = 24
"""So many tiles round the change are looked at for sharpness and grain."""


@dataclass(frozen=True, eq=False)
class Insertion:
    """All that is needed to bring pixels of the answer onto the base.

    Attributes:
        answer: (ah, aw, 4) BGRA, not larger than the base's own scale.
        matrix: base to answer, edge points, full size.
        bend: (gh, gw, 2) displacement in answer pixels, at any size: it is spread over the base.
        tone: the colour transfer.
        field: (gh, gw, 3) what to add to BGR after it, at any size: it is spread over the base.
        size: the base's size.
    """

    answer: Block
    matrix: Matrix
    bend: Floats
    tone: Tone
    field: Floats
    size: Size

    def band(self, rect: Rect) -> tuple[Floats, Block]:
        """BGR (h, w, 3) floats, not clipped, and alpha (h, w) of a rectangle of the base."""
        import cv2

        here = (rect.x, rect.y, rect.width, rect.height)
        shift = self.matrix.copy()
        shift[:, 2] += self.matrix[:, :2] @ np.array([rect.x, rect.y], np.float64)
        maps = grid_of(shift, (rect.width, rect.height), enlarged(self.bend, self.size, here, smooth=True))
        pixels = cv2.remap(self.answer, *maps, cv2.INTER_LANCZOS4, borderMode=cv2.BORDER_REFLECT_101)
        colour = pixels[:, :, :3].astype(np.float32) * np.float32(1 / 255)
        width, height = self.size.width, self.size.height
        box = (rect.x / width, rect.y / height, rect.right / width, rect.bottom / height)
        colour = self.tone.within(colour, box)
        colour += enlarged(self.field, self.size, here)
        return colour, np.ascontiguousarray(pixels[:, :, 3], np.uint8)


def laid(answer: Block, matrix: Matrix, bend: Floats, size: Size) -> Insertion:
    """The answer (ah, aw, 4) laid on a base of `size` by a transform and a bend in its own pixels; nothing matched."""
    import cv2

    zoom = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    if zoom > 1.2:  # averaged first: a warp alone would skip pixels
        height, width = answer.shape[:2]
        smaller = (max(1, round(width / zoom)), max(1, round(height / zoom)))
        by = np.array([smaller[0] / width, smaller[1] / height])
        answer = np.asarray(cv2.resize(answer, smaller, interpolation=cv2.INTER_AREA), np.uint8)
        matrix, bend = np.diag(by) @ matrix, np.asarray(bend * by, np.float32)
    return Insertion(answer, matrix, bend, identity(), np.zeros((2, 2, 3), np.float32), size)


def enlarged(field: Floats, size: Size, rect: tuple[int, int, int, int], *, smooth: bool = False) -> Floats:
    """The part `rect` (x, y, width, height) of a field spread over a picture of `size`: linear, or bicubic."""
    import cv2

    across, down = field.shape[1] / size.width, field.shape[0] / size.height
    x, y, width, height = rect
    matrix = np.array([[across, 0, (x + 0.5) * across - 0.5], [0, down, (y + 0.5) * down - 0.5]], np.float64)
    flags = (cv2.INTER_CUBIC if smooth else cv2.INTER_LINEAR) | cv2.WARP_INVERSE_MAP
    part = cv2.warpAffine(field, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(part, np.float32)


def layer_of(base: Block, insertion: Insertion, rect: Rect, quiet: Block, check: Callable[[], None]) -> Block:
    """The layer (rect's height, rect's width, 4) BGRA for a rectangle of the base.

    Args:
        base: (h, w, 4) BGRA.
        quiet: (qh, qw), 255 where nothing changed, at any size: sharpness and grain are learned there.
        check: called between bands; may raise to end the work.
    """
    from nanodesk.document.geometry import Rect as Box

    gain, grain = _matched(base, insertion, rect, quiet)
    noise = grain_block(grain)
    layer = np.empty((rect.height, rect.width, 4), np.uint8)
    for top in range(0, rect.height, _BAND):
        check()
        rows = min(_BAND, rect.height - top)
        margin = 6
        above, below = min(margin, top), min(margin, rect.height - top - rows)
        band = Box(rect.x, rect.y + top - above, rect.width, rows + above + below)
        colour, alpha = insertion.band(band)
        colour = sharpened(colour, gain)
        colour = colour[above : above + rows]
        if noise is not None:
            colour = colour + _tiled(noise, rect.x, rect.y + top, colour.shape)
        layer[top : top + rows, :, :3] = np.clip(colour * 255 + 0.5, 0, 255)
        layer[top : top + rows, :, 3] = alpha[above : above + rows]
    return layer


def sharpened(colour: Floats, gain: tuple[float, float]) -> Floats:
    """Detail finer than `gain[1]` pixels made `1 + gain[0]` times as strong."""
    from nanodesk.imaging.fit.plane import blurred

    amount, sigma = gain
    if amount <= 0.02:
        return colour
    soft = blurred(colour, sigma)
    # Halos are held to a small step: a sharp edge needs no more than its own contrast.
    return np.asarray(colour + np.clip((colour - soft) * np.float32(amount), -0.08, 0.08), np.float32)


def _tiled(noise: Floats, x: int, y: int, shape: tuple[int, ...]) -> Floats:
    edge = noise.shape[0]
    rows = (np.arange(shape[0]) + y) % edge
    columns = (np.arange(shape[1]) + x) % edge
    return np.asarray(noise[rows[:, None], columns[None, :]], np.float32)


def _matched(base: Block, insertion: Insertion, rect: Rect, quiet: Block) -> tuple[tuple[float, float], Floats]:
    """How much to sharpen (amount, sigma), and the grain to add (luma, and each channel's own)."""
    from nanodesk.document.geometry import Rect as Box

    spots = _spots(insertion.size, rect, quiet)
    ours: list[Floats] = []
    theirs: list[Floats] = []
    for x, y in spots:
        edge_x, edge_y = min(_TILE, insertion.size.width - x), min(_TILE, insertion.size.height - y)
        tile = base[y : y + edge_y, x : x + edge_x, :3].astype(np.float32) * np.float32(1 / 255)
        colour, _ = insertion.band(Box(x, y, edge_x, edge_y))
        ours.append(tile)
        theirs.append(colour)
    if not ours:
        return (0.0, 1.0), np.zeros(4, np.float32)
    gain = texture_gain(ours, theirs)
    wanted = noise_level(ours)
    there = noise_level([sharpened(tile, gain) for tile in theirs])
    return gain, np.sqrt(np.maximum(wanted * wanted - there * there, 0)).astype(np.float32)


def _spots(size: Size, rect: Rect, quiet: Block) -> list[tuple[int, int]]:
    """Top left corners of tiles where nothing changed, nearest to the rectangle first."""
    import cv2

    across, down = max(1, size.width // _TILE), max(1, size.height // _TILE)
    shares = cv2.resize(quiet, (across, down), interpolation=cv2.INTER_AREA)
    rows, columns = np.nonzero(shares >= 250)
    if not len(rows):
        return []
    x = (columns * size.width // across).astype(np.int64)
    y = (rows * size.height // down).astype(np.int64)
    away_x = np.maximum(0, np.maximum(rect.x - x - _TILE, x - rect.right))
    away_y = np.maximum(0, np.maximum(rect.y - y - _TILE, y - rect.bottom))
    order = np.argsort(away_x * away_x + away_y * away_y, kind="stable")[: 3 * _TILES]
    chosen = order[:: max(1, len(order) // _TILES)][:_TILES]
    return [(int(x[place]), int(y[place])) for place in chosen]
