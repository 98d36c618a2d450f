"""The smooth bend left after the affine part: a grid of displacements, stiff like a thin plate.

Each cell of the grid says how well its gradients know where it lies (the structure tensor), the plate carries what
textured cells know over flat and edited ones. Horn and Schunck's data term (1981) with Tukey's biweight, solved for a
coarse grid under the bending energy of Duchon's thin plate (1977).
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from nanodesk.imaging.fit.likeness import likeness
from nanodesk.imaging.fit.plane import Floats, Matrix, Plane, blurred, covered, grid_of, luma, resized, warped
from nanodesk.imaging.fit.register import normalised

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CELLS = 22
"""Cells along the longer edge."""
_LEVELS = (180, 400, 1280)
"""Longest edges of the steps of the pyramid."""
_ROUNDS = (4, 4, 2)
_STIFF = 0.15
"""The plate's stiffness against what a well-textured cell knows."""
_PULL = 0.003
"""How much each cell is drawn back to the affine part: only felt where nothing is known."""
_TUKEY = 4.685
_WINDOW = 6
_ALIKE, _SOFTLY = (0.2, 0.6), (0.5, 0.85)
"""Between these correlations of a window it begins to count; and of one that was softened, where chance does more."""


_PATCH, _SEEK = 12, 6
"""Half the edge of a window that is looked for, and how far, in pixels of the steps that see detail."""
_PATCH_TEXTURE, _PATCH_ALIKE = 0.008, 0.9
"""The deviation of luma from which it can be found, and the correlation from which it is."""
_ASTRAY = 2
"""So many windows must lie elsewhere before the grid is moved for them."""


def bend(plane: Plane, matrix: Matrix) -> Floats:
    """A grid (gh, gw, 2) of displacements in pixels of the plane's answer, to add to what the affine transform says."""
    width, height = plane.size
    cells = _cells(plane.size)
    grid = np.zeros((cells[1], cells[0], 2), np.float32)
    for edge, rounds in zip(_LEVELS, _ROUNDS, strict=True):
        factor = min(1.0, edge / max(width, height))
        size = (max(16, round(width * factor)), max(16, round(height * factor)))
        if edge != _LEVELS[0]:
            grid = grid + sought(plane, matrix, grid, size)
        for _ in range(rounds):
            step = _step(plane, matrix, grid, size)
            grid = grid + step
            if float(np.abs(step).max()) < 0.02:
                break
        if factor == 1.0:
            break
    return grid


def spread(grid: Floats, size: tuple[int, int]) -> Floats:
    """The grid over a plane of `size` (width, height): cell middles to cell middles, bicubic."""
    import cv2

    return np.asarray(cv2.resize(grid, size, interpolation=cv2.INTER_CUBIC), np.float32)


def _cells(size: tuple[int, int]) -> tuple[int, int]:
    width, height = size
    longer = max(width, height)
    return max(4, round(_CELLS * width / longer)), max(4, round(_CELLS * height / longer))


def _step(plane: Plane, matrix: Matrix, grid: Floats, size: tuple[int, int]) -> Floats:
    """What the grid must still move, seen at one size of the plane."""
    import cv2

    scale = (size[0] / plane.size[0], size[1] / plane.size[1])
    maps = grid_of(matrix, plane.size, spread(grid, plane.size))
    inside = covered(maps, (plane.answer.shape[1], plane.answer.shape[0]), 2.0) & plane.solid
    answer = resized(warped(luma(plane.answer), maps), size)
    there = resized(inside.astype(np.float32), size) > 0.99
    one = normalised(blurred(resized(luma(plane.base), size), 1.0))
    other = normalised(blurred(answer, 1.0))
    both = (one + other) * np.float32(0.5)
    across = np.asarray(cv2.Scharr(both, cv2.CV_32F, 1, 0, scale=1 / 32), np.float32)
    down = np.asarray(cv2.Scharr(both, cv2.CV_32F, 0, 1, scale=1 / 32), np.float32)
    rest = one - other
    clear = there & (across * across + down * down > 1e-3)
    if int(clear.sum()) < 500:
        return np.zeros_like(grid)
    noise = 1.4826 * float(np.median(np.abs(rest[clear]))) + 1e-3
    ratio = rest / np.float32(_TUKEY * noise)
    weight = np.where(there, np.square(np.clip(1 - ratio * ratio, 0, None)), 0).astype(np.float32)
    # In and next to an edit what is normalised is not alike: it would pull the bend along. At the coarsest step the
    # pictures are compared softly, so that a bend not found yet does not pass for an edit.
    coarse = max(size) <= _LEVELS[0]
    ours, theirs = (blurred(one, 2.0), blurred(other, 2.0)) if coarse else (one, other)
    near = likeness(ours, theirs, there, _WINDOW + 2 * coarse).value
    low, high = _SOFTLY if coarse else _ALIKE
    weight *= np.clip((near - low) / (high - low), 0, 1) / np.float32(noise * noise)
    cells = (grid.shape[1], grid.shape[0])
    count = size[0] * size[1] / (cells[0] * cells[1])
    products = (across * across, across * down, down * down, across * rest, down * rest)
    sums = [resized(np.asarray(weight * product, np.float32), cells) * np.float32(count) for product in products]
    return _moved(sums, grid, matrix, scale)


def _moved(sums: list[Floats], grid: Floats, matrix: Matrix, scale: tuple[float, float]) -> Floats:
    """The step of the grid that cells' sums ask for; they are in pixels of the plane's base, reduced by `scale`."""
    linear = matrix[:, :2]
    now = np.einsum("rc,hwc->hwr", np.linalg.inv(linear), grid.astype(np.float64)) * scale
    wanted = _solved(sums, now)
    return np.asarray(np.einsum("rc,hwc->hwr", linear, (wanted - now) / scale), np.float32)


def sought(plane: Plane, matrix: Matrix, grid: Floats, size: tuple[int, int]) -> Floats:
    """The step of the grid (gh, gw, 2) for places that gradients lead astray: those that are alike somewhere near.

    Each cell's window is looked for round about by normalised cross-correlation, which sees further than the slope
    of a texture finer than the step. Nothing is moved unless there are such places.
    """
    scale = (size[0] / plane.size[0], size[1] / plane.size[1])
    maps = grid_of(matrix, plane.size, spread(grid, plane.size))
    inside = covered(maps, (plane.answer.shape[1], plane.answer.shape[0]), 2.0) & plane.solid
    there = resized(inside.astype(np.float32), size) > 0.99
    ours, theirs = resized(luma(plane.base), size), resized(warped(luma(plane.answer), maps), size)
    rows, columns = grid.shape[:2]
    across, down, known = (np.zeros((rows, columns), np.float32) for _ in range(3))
    astray = 0
    for row in range(rows):
        for column in range(columns):
            middle = (int((column + 0.5) * size[0] / columns), int((row + 0.5) * size[1] / rows))
            found = _place(ours, theirs, there, middle)
            if found is not None:
                across[row, column], down[row, column], known[row, column] = *found, 1.0
                astray += found != (0.0, 0.0)
    if astray < _ASTRAY:
        return np.zeros_like(grid)
    none = np.zeros_like(known)
    return _moved([known, none, known, across, down], grid, matrix, scale)


def _place(
    ours: Floats, theirs: Floats, there: NDArray[np.bool_], middle: tuple[int, int]
) -> tuple[float, float] | None:
    """How far away a window of one picture lies in the other, in whole pixels; none where that is unclear."""
    import cv2

    x, y = middle
    far = _PATCH + _SEEK
    if not (far <= x < ours.shape[1] - far and far <= y < ours.shape[0] - far):
        return None
    if not there[y - far : y + far : 4, x - far : x + far : 4].all():
        return None
    patch = ours[y - _PATCH : y + _PATCH, x - _PATCH : x + _PATCH]
    if float(patch.std()) < _PATCH_TEXTURE:
        return None
    likeness_there = cv2.matchTemplate(theirs[y - far : y + far, x - far : x + far], patch, cv2.TM_CCOEFF_NORMED)
    here = float(likeness_there[_SEEK, _SEEK])
    if here >= _PATCH_ALIKE:
        return 0.0, 0.0
    _, best, _, (bx, by) = cv2.minMaxLoc(likeness_there)
    at_edge = bx in (0, 2 * _SEEK) or by in (0, 2 * _SEEK)
    return None if best < _PATCH_ALIKE or at_edge else (float(bx - _SEEK), float(by - _SEEK))


def _solved(sums: list[Floats], now: NDArray[np.float64]) -> NDArray[np.float64]:
    """The grid (h, w, 2) that fits the cells' sums and bends little."""
    height, width = sums[0].shape
    cells = height * width
    xx, xy, yy, xr, yr = (part.astype(np.float64).ravel() for part in sums)
    # Of what well-textured cells know; a middling one may lie in an edit and know nothing.
    known = float(np.quantile(xx + yy, 0.85)) + 1e-6
    # Both displacements of a cell lie side by side, so that only cells of neighbouring rows depend on each other.
    normal = np.asarray(np.kron(_plate(width, height), np.eye(2)) * (_STIFF * known), np.float64)
    across, down = 2 * np.arange(cells), 2 * np.arange(cells) + 1
    normal[across, across] += xx + _PULL * known
    normal[down, down] += yy + _PULL * known
    normal[across, down] += xy
    normal[down, across] += xy
    u, v = now[:, :, 0].ravel(), now[:, :, 1].ravel()
    right = np.stack([xr + xx * u + xy * v, yr + xy * u + yy * v], axis=1).ravel()
    # The plate reaches over two rows of cells.
    return _by_blocks(normal, right, 4 * width).reshape(height, width, 2)


def _by_blocks(normal: NDArray[np.float64], right: NDArray[np.float64], block: int) -> NDArray[np.float64]:
    """Solve a symmetric positive definite system (n, n) in which blocks depend on their neighbours only.

    Elimination by blocks (Golub and Van Loan, "Matrix Computations", 4.5.1): a thirtieth of the work of a full one.
    """
    bounds = [slice(start, min(start + block, len(right))) for start in range(0, len(right), block)]
    pivot, value = normal[bounds[0], bounds[0]], right[bounds[0]]
    reduced = []
    for before, here in pairwise(bounds):
        link = normal[before, here]
        both = np.linalg.solve(pivot, np.concatenate([link, value[:, None]], axis=1))
        reduced.append(both)
        # Not by @: products so small gain nothing from threads and are held up by them on a busy machine.
        taken = np.einsum("rk,ck->rc", link.T, both.T)
        pivot = normal[here, here] - taken[:, :-1]
        value = right[here] - taken[:, -1]
    solved = [np.linalg.solve(pivot, value)]
    for both in reversed(reduced):
        solved.append(both[:, -1] - both[:, :-1] @ solved[-1])
    return np.concatenate(solved[::-1])


@lru_cache(maxsize=8)
def _plate(width: int, height: int) -> NDArray[np.float64]:
    """The thin plate's bending energy as a matrix; planes cost nothing."""

    def second(count: int) -> NDArray[np.float64]:
        rows = np.zeros((count - 2, count))
        for row in range(count - 2):
            rows[row, row : row + 3] = 1, -2, 1
        return rows

    def first(count: int) -> NDArray[np.float64]:
        return np.diff(np.eye(count), axis=0)

    across = np.kron(np.eye(height), second(width))
    down = np.kron(second(height), np.eye(width))
    mixed = np.kron(first(height), first(width))
    return across.T @ across + down.T @ down + 2 * mixed.T @ mixed
