"""Base pictures of about a megapixel: sample photos enlarged and given back detail and grain, made-up and real ones."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

SAMPLES = Path(__file__).parents[2] / "resources" / "samples"
PHOTOS = Path(__file__).parent / "photos"
NAMES = ("astronaut", "coffee", "sky", "bricks", "market", "lake", "photographer", "otter")
"""Two small photographs, made-up pictures (mostly flat, repeating, of many small things), and three real ones."""
MORE = ("cat", "facade", "spices")
"""Others, met only where there are more cases than a covering set needs."""
REAL = ("facade", "lake", "photographer", "otter", "spices")
"""Photographs large enough as they are, with their own detail and noise; photos/README.md tells whose they are."""


@lru_cache(maxsize=8)
def photo(name: str, edge: int = 1152) -> np.ndarray:
    """A picture (h, w, 3) BGR, float32, 0 to 1, its longer edge `edge` pixels long; a real one is never enlarged.

    A real photograph whose longer edge is shorter than `edge` comes as large as it is.
    """
    made = {"sky": _sky, "bricks": _bricks, "market": _market}.get(name)
    picture = made(edge) if made else (_as_taken if name in REAL else _enlarged)(name, edge)
    picture.setflags(write=False)
    return picture


def _as_taken(name: str, edge: int) -> np.ndarray:
    """A real photograph, averaged in whole blocks, so that its noise stays even, then cut from the middle."""
    read = cv2.imread(str(PHOTOS / f"{name}.jpg"))
    assert read is not None
    height, width = read.shape[:2]
    block = max(1, max(width, height) // edge)
    size = (width // block, height // block)
    whole = read[: size[1] * block, : size[0] * block].astype(np.float32) / 255
    picture = cv2.resize(whole, size, interpolation=cv2.INTER_AREA)
    share = min(1.0, edge / max(size))
    wide, tall = round(size[0] * share), round(size[1] * share)
    left, top = (size[0] - wide) // 2, (size[1] - tall) // 2
    return np.ascontiguousarray(picture[top : top + tall, left : left + wide], np.float32)


def _enlarged(name: str, edge: int) -> np.ndarray:
    """A photograph enlarged, with fine structure where it is busy, and grain: it had too little for its new size."""
    read = cv2.imread(str(SAMPLES / f"{name}.jpg"))
    assert read is not None
    factor = edge / max(read.shape[:2])
    size = (round(read.shape[1] * factor), round(read.shape[0] * factor))
    picture = cv2.resize(read, size, interpolation=cv2.INTER_CUBIC).astype(np.float32) / 255
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    busy = np.sqrt(cv2.GaussianBlur((grey - cv2.GaussianBlur(grey, (0, 0), 2.0)) ** 2, (0, 0), 5))
    sharp = picture + 0.9 * (picture - cv2.GaussianBlur(picture, (0, 0), 1.6))
    detail = _pink(size, seed=len(name), finest=1.0, coarsest=4.0)
    return _grainy(sharp + (1.6 * busy * detail)[:, :, None], 0.008, seed=len(name))


def _sky(edge: int) -> np.ndarray:
    """Mostly an even sky, a ridge of hills and trees at the bottom."""
    width, height = edge, edge * 2 // 3
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    top, bottom = np.array([0.78, 0.52, 0.30], np.float32), np.array([0.92, 0.83, 0.74], np.float32)
    picture = top + (bottom - top) * down[:, :, None] + np.zeros((1, width, 1), np.float32)
    picture = picture + 0.02 * _pink((width, height), 5, 60, 240)[:, :, None]
    ridge = 0.74 + 0.08 * _pink((width, height), 6, 20, 200)
    land = np.clip((down - ridge) * height / 2, 0, 1)[:, :, None]
    ground = np.array([0.16, 0.30, 0.24], np.float32) * (1 + 0.5 * _pink((width, height), 7, 1.5, 24))[:, :, None]
    return _grainy(picture * (1 - land) + np.clip(ground, 0, 1) * land, 0.006, seed=3)


def _bricks(edge: int) -> np.ndarray:
    """A wall: rows of bricks that are nearly the same, so that one place looks like many."""
    width, height = edge, edge * 3 // 4
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    tall, wide = 36.0, 84.0
    row = np.floor(y / tall)
    along = x + (row % 2) * wide / 2
    column = np.floor(along / wide)
    edge_x, edge_y = along - column * wide, y - row * tall
    mortar = np.clip(np.minimum.reduce([edge_x, wide - edge_x, edge_y, tall - edge_y]) - 3, 0, 2) / 2
    random = np.random.default_rng(11)
    shade = random.uniform(0.85, 1.15, (64, 64)).astype(np.float32)[row.astype(int) % 64, column.astype(int) % 64]
    brick = (
        np.array([0.24, 0.33, 0.60], np.float32) * (shade * (1 + 0.22 * _pink((width, height), 9, 1.2, 10)))[..., None]
    )
    joint = np.array([0.62, 0.66, 0.68], np.float32) * (1 + 0.10 * _pink((width, height), 8, 1.0, 4))[..., None]
    light = (1.1 - 0.35 * x / width)[:, :, None]
    return _grainy((joint * (1 - mortar[..., None]) + brick * mortar[..., None]) * light, 0.008, seed=4)


def _market(edge: int) -> np.ndarray:
    """Leaves upon leaves: hundreds of shaded ellipses, busy everywhere."""
    width, height = edge, edge * 3 // 4
    random = np.random.default_rng(21)
    picture = np.full((height, width, 3), 0.3, np.float32)
    for _ in range(900):
        colour = random.uniform(0.05, 0.95, 3).astype(np.float32)
        centre = (int(random.integers(0, width)), int(random.integers(0, height)))
        axes = (int(random.integers(8, 60)), int(random.integers(6, 40)))
        angle = float(random.uniform(0, 180))
        cv2.ellipse(picture, centre, axes, angle, 0, 360, [float(c) * 0.6 for c in colour], -1, cv2.LINE_AA)
        inner = (max(2, axes[0] - 4), max(2, axes[1] - 4))
        cv2.ellipse(picture, centre, inner, angle, 0, 360, [float(c) for c in colour], -1, cv2.LINE_AA)
    return _grainy(picture * (1 + 0.15 * _pink((width, height), 13, 1.2, 12))[:, :, None], 0.010, seed=5)


def _pink(size: tuple[int, int], seed: int, finest: float, coarsest: float) -> np.ndarray:
    """Noise (h, w), of deviation one, with as much in each octave between two wavelengths (sigma in pixels)."""
    random = np.random.default_rng(seed)
    width, height = size
    total = np.zeros((height, width), np.float32)
    sigma = finest
    while sigma <= coarsest:
        factor = max(1, int(sigma / 1.5))
        small = random.standard_normal((height // factor + 2, width // factor + 2), np.float32)
        soft = cv2.GaussianBlur(small, (0, 0), sigma / factor)
        total += cv2.resize(soft / soft.std(), (width, height), interpolation=cv2.INTER_CUBIC)
        sigma *= 2
    return np.asarray(total / (total.std() + 1e-6), np.float32)


def _grainy(picture: np.ndarray, sigma: float, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    grain = random.standard_normal((*picture.shape[:2], 1), np.float32) * sigma
    grain = grain + random.standard_normal(picture.shape, np.float32) * (sigma * 0.5)
    rounded = np.rint(np.clip(picture + grain, 0, 1) * 255) / 255
    return np.ascontiguousarray(rounded, np.float32)
