"""Cases with a known truth: a photo, an edit, and what a model does to all of the picture on the way."""

from __future__ import annotations

import copy
import itertools
from dataclasses import dataclass, fields

import cv2
import numpy as np

from tests.fit_cases.editing import KINDS, edited
from tests.fit_cases.photos import MORE, NAMES, photo

SEEN = 2.0
"""Delta E from which a difference is part of the true mask."""


@dataclass(frozen=True)
class Recipe:
    """What is done to a picture. Shift is a share of the edge, bend that of the deepest dent in base pixels."""

    name: str
    kind: str
    scale: float
    shift: float
    turn_deg: float
    tint: float
    bend_px: float
    resolution: float
    blur: float
    noise: float
    quality: int
    seed: int


LEVELS: dict[str, tuple[object, ...]] = {
    "name": NAMES,
    "kind": KINDS,
    "scale": (0.97, 1.0, 1.03),
    "shift": (0.0, 0.01, 0.03),
    "turn_deg": (0.0, -0.5, 1.0),
    "tint": (0.0, 0.03, 0.06),
    "bend_px": (0.0, 3.0, 6.0),
    "resolution": (0.3, 0.6, 1.0),
    "blur": (0.0, 0.6),
    "noise": (0.0, 0.008, 0.015),
    "quality": (75, 85, 95),
}

ALL_LEVELS = {**LEVELS, "name": NAMES + MORE}
"""What cases beyond the covering set are drawn from."""


@dataclass(frozen=True, eq=False)
class Case:
    """A base, an answer, and the truth about them.

    Attributes:
        base, answer: BGRA.
        ideal: BGRA, the base with the edit at its own size and sharpness.
        matrix: (2, 3), edge points of the base to those of the answer, before the bend.
        dent: (h, w, 2) in base pixels: where in the edited picture each pixel of the answer's plane was taken from,
            beyond the affine part, told at the base's points.
        truth: (h, w) true where the edit shows by more than delta E 2 in the answer beside the same picture without the
            edit, treated the same (resolution, softness, noise grain for grain, JPEG); without what only the
            compression has spread.
        seen: (h, w) true where the answer shows the base's place.
    """

    recipe: Recipe
    base: np.ndarray
    answer: np.ndarray
    ideal: np.ndarray
    matrix: np.ndarray
    dent: np.ndarray
    truth: np.ndarray
    seen: np.ndarray


def covering(count: int | None = None) -> list[Recipe]:
    """Recipes in which every two levels of different factors meet at least once; more, at random, up to `count`."""
    names = list(LEVELS)
    random = np.random.default_rng(7)
    pairs = {
        (a, x, b, y)
        for a, b in itertools.combinations(range(len(names)), 2)
        for x in range(len(LEVELS[names[a]]))
        for y in range(len(LEVELS[names[b]]))
    }
    rows: list[tuple[int, ...]] = []
    while pairs:
        best: tuple[int, tuple[int, ...]] = (-1, ())
        first = min(pairs)
        for _ in range(60):
            row = [int(random.integers(0, len(LEVELS[name]))) for name in names]
            row[first[0]], row[first[2]] = first[1], first[3]
            met = sum((a, row[a], b, row[b]) in pairs for a, b in itertools.combinations(range(len(names)), 2))
            if met > best[0]:
                best = (met, tuple(row))
        row = list(best[1])
        rows.append(best[1])
        pairs -= {(a, row[a], b, row[b]) for a, b in itertools.combinations(range(len(names)), 2)}
    while count is not None and len(rows) < count:
        rows.append(tuple(int(random.integers(0, len(ALL_LEVELS[name]))) for name in names))
    return [_recipe(row, seed) for seed, row in enumerate(rows)]


def _recipe(row: tuple[int, ...], seed: int) -> Recipe:
    values = {name: ALL_LEVELS[name][level] for name, level in zip(LEVELS, row, strict=True)}
    assert set(values) | {"seed"} == {field.name for field in fields(Recipe)}
    return Recipe(**values, seed=seed)  # type: ignore[arg-type]  # fields by name


def made(recipe: Recipe, edge: int = 1152) -> Case:
    """The pictures and the truth of a recipe."""
    random = np.random.default_rng(recipe.seed)
    picture = photo(recipe.name, edge)
    changed = edited(picture, recipe.kind, recipe.seed)
    height, width = picture.shape[:2]
    size = (round(width * recipe.resolution), round(height * recipe.resolution))
    matrix = _matrix(recipe, (width, height), size, random)
    dent = _dent((width, height), recipe.bend_px, random)
    maps = _maps(matrix, dent, size)
    # Averaged before it is sampled, as any careful enlarger or reducer does.
    sigma = float(np.hypot(0.45 * max(0.0, 1 / recipe.resolution - 1), recipe.blur / recipe.resolution))
    soft, plain = (cv2.GaussianBlur(one, (0, 0), sigma) if sigma > 0.1 else one for one in (changed, picture))
    answer, unchanged = (
        _photographed(
            cv2.remap(one, *maps, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101), recipe, copy.deepcopy(random)
        )
        for one in (soft, plain)
    )
    across, down = (axis - np.float32(0.5) for axis in _shown(matrix, dent, (width, height)))
    written, kept = (
        cv2.remap(one[:, :, :3], across, down, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE) / np.float32(255)
        for one in (answer, unchanged)
    )
    truth = (_delta_e(soft, plain) > SEEN) & (_delta_e(written, kept) > SEEN)
    base, ideal = (
        np.dstack([np.rint(one * 255), np.full((height, width), 255)]).astype(np.uint8) for one in (picture, changed)
    )
    return Case(recipe, base, answer, ideal, matrix, dent, truth, _seen(matrix, dent, size))


def _delta_e(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    ours, theirs = (cv2.cvtColor(np.clip(picture, 0, 1), cv2.COLOR_BGR2Lab) for picture in (one, other))
    return np.asarray(np.linalg.norm(ours - theirs, axis=2))


def _matrix(recipe: Recipe, base: tuple[int, int], answer: tuple[int, int], random: np.random.Generator) -> np.ndarray:
    """Scaled and turned about the middle, shifted; then to the answer's size."""
    direction = random.uniform(0, 2 * np.pi)
    shift = recipe.shift * np.array([np.cos(direction) * base[0], np.sin(direction) * base[1]])
    turn = np.deg2rad(recipe.turn_deg)
    linear = recipe.scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    middle = np.array(base) / 2
    moved = np.column_stack([linear, middle + shift - linear @ middle])
    return np.diag([answer[0] / base[0], answer[1] / base[1]]) @ moved


def _dent(size: tuple[int, int], deepest: float, random: np.random.Generator) -> np.ndarray:
    """A smooth displacement (h, w, 2) of a few soft dents."""
    width, height = size
    dent = np.zeros((height, width, 2), np.float32)
    if deepest == 0:
        return dent
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    for _ in range(3):
        cx, cy = random.uniform(0.1, 0.9) * width, random.uniform(0.1, 0.9) * height
        reach = random.uniform(0.14, 0.25) * width
        bump = np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * reach * reach))
        angle = random.uniform(0, 2 * np.pi)
        dent[:, :, 0] += bump * np.float32(np.cos(angle))
        dent[:, :, 1] += bump * np.float32(np.sin(angle))
    return dent * np.float32(deepest / np.hypot(dent[..., 0], dent[..., 1]).max())


def _maps(matrix: np.ndarray, dent: np.ndarray, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """For each pixel of the answer the pixel index of the base it shows: the affine part undone, then the dent."""
    inverse = cv2.invertAffineTransform(matrix)
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float64) + 0.5
    ours_x = (inverse[0, 0] * x + inverse[0, 1] * y + inverse[0, 2] - 0.5).astype(np.float32)
    ours_y = (inverse[1, 0] * x + inverse[1, 1] * y + inverse[1, 2] - 0.5).astype(np.float32)
    dented = cv2.remap(dent, ours_x, ours_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return ours_x + dented[:, :, 0], ours_y + dented[:, :, 1]


def places(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """Where in the answer (edge points) each pixel of the base is truly shown."""
    height, width = case.base.shape[:2]
    return _shown(case.matrix, case.dent, (width, height))


def _shown(matrix: np.ndarray, dent: np.ndarray, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) + np.float32(0.5)
    # p + dent(p) = base point: solved by a few rounds, the dent being smooth.
    px, py = x.copy(), y.copy()
    if dent.any():
        for _ in range(4):
            there = cv2.remap(dent, px - 0.5, py - 0.5, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            px, py = x - there[:, :, 0], y - there[:, :, 1]
    low = matrix.astype(np.float32)
    return low[0, 0] * px + low[0, 1] * py + low[0, 2], low[1, 0] * px + low[1, 1] * py + low[1, 2]


def _seen(matrix: np.ndarray, dent: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    ax, ay = _shown(matrix, dent, (dent.shape[1], dent.shape[0]))
    return (ax > 2) & (ay > 2) & (ax < size[0] - 2) & (ay < size[1] - 2)


def _photographed(picture: np.ndarray, recipe: Recipe, random: np.random.Generator) -> np.ndarray:
    """Tint, a smooth shade over the picture, noise and JPEG; BGRA."""
    height, width = picture.shape[:2]
    gains = 1 + recipe.tint * random.uniform(-1, 1, 3)
    gamma = 1 + recipe.tint * random.uniform(-1, 1)
    lift = recipe.tint * random.uniform(-0.4, 0.4, 3)
    x, y = np.linspace(-1, 1, width)[None, :], np.linspace(-1, 1, height)[:, None]
    shade = 1 + 0.4 * recipe.tint * (random.uniform(-1, 1) * x + random.uniform(-1, 1) * y - 0.5 * (x * x + y * y))
    toned = np.power(np.clip(picture, 0, 1), gamma) * gains * shade[:, :, None] + lift
    toned = toned + random.standard_normal(picture.shape) * recipe.noise
    block = np.rint(np.clip(toned, 0, 1) * 255).astype(np.uint8)
    written = cv2.imencode(".jpg", block, [cv2.IMWRITE_JPEG_QUALITY, recipe.quality])[1]
    read = cv2.imdecode(written, cv2.IMREAD_COLOR)
    assert read is not None
    return np.dstack([read, np.full((height, width), 255, np.uint8)])
