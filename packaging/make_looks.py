"""Write the looks of `resources/looks` from their recipes: `python packaging/make_looks.py`.

A recipe is a few plain steps on red, green and blue from 0 to 1. The cubes are ours, under the project's licence.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SIZE = 17
FOLDER = Path(__file__).resolve().parent.parent / "resources" / "looks"

Colours = NDArray[np.float64]
Step = Callable[[Colours], Colours]
LUMA = np.array([0.2126, 0.7152, 0.0722])


def curve(*points: tuple[float, float], channel: int | None = None) -> Step:
    """A smooth curve (monotone cubic, Fritsch and Butland 1984) through points, for one channel or all three."""

    def step(rgb: Colours) -> Colours:
        result = rgb.copy()
        chosen = slice(None) if channel is None else slice(channel, channel + 1)
        result[..., chosen] = _through(np.array(points), rgb[..., chosen])
        return result

    return step


def _through(points: Colours, values: Colours) -> Colours:
    x, y = points[:, 0], points[:, 1]
    width, slope = np.diff(x), np.diff(y) / np.diff(x)
    tangents = np.concatenate([slope[:1], np.zeros(len(x) - 2), slope[-1:]])
    for place in range(1, len(x) - 1):
        left, right = slope[place - 1], slope[place]
        if left * right > 0:
            tangents[place] = 2 * left * right / (left + right)
    at = np.clip(np.searchsorted(x, values, side="right") - 1, 0, len(x) - 2)
    t = np.clip((values - x[at]) / width[at], 0, 1)
    return np.asarray(
        y[at] * (2 * t**3 - 3 * t**2 + 1)
        + width[at] * tangents[at] * (t**3 - 2 * t**2 + t)
        + y[at + 1] * (3 * t**2 - 2 * t**3)
        + width[at] * tangents[at + 1] * (t**3 - t**2)
    )


def saturated(factor: float) -> Step:
    """Colours stronger or weaker about their luma."""

    def step(rgb: Colours) -> Colours:
        luma = (rgb @ LUMA)[..., None]
        return np.asarray(luma + (rgb - luma) * factor)

    return step


def toned(dark: tuple[float, float, float], light: tuple[float, float, float]) -> Step:
    """Amounts of red, green and blue added to what is dark and to what is light, fading to nothing at the ends."""

    def step(rgb: Colours) -> Colours:
        luma = np.clip((rgb @ LUMA)[..., None], 0, 1)
        shadows, lights = luma * (1 - luma) ** 2 * 6.75, luma**2 * (1 - luma) * 6.75
        return np.asarray(rgb + shadows * np.array(dark) + lights * np.array(light))

    return step


def grey(red: float, green: float, blue: float) -> Step:
    """One grey for all three channels, mixed with these weights."""
    return lambda rgb: np.repeat((rgb @ np.array([red, green, blue]))[..., None], 3, axis=-1)


def tinted(dark: tuple[float, float, float], light: tuple[float, float, float]) -> Step:
    """Luma from one colour to another."""

    def step(rgb: Colours) -> Colours:
        luma = np.clip((rgb @ LUMA)[..., None], 0, 1)
        return np.asarray(np.array(dark) + (np.array(light) - np.array(dark)) * luma)

    return step


def mixed(share: float, *steps: Step) -> Step:
    """A part of what the steps do."""
    return lambda rgb: rgb + (done(rgb, steps) - rgb) * share


def done(rgb: Colours, steps: tuple[Step, ...]) -> Colours:
    """The steps in order, cut off at black and white."""
    for step in steps:
        rgb = np.clip(step(rgb), 0, 1)
    return rgb


SOFT_S = curve((0, 0), (0.25, 0.2), (0.5, 0.5), (0.75, 0.81), (1, 1))
HARD_S = curve((0, 0), (0.2, 0.09), (0.5, 0.5), (0.8, 0.92), (1, 1))
FADED = curve((0, 0.1), (0.25, 0.29), (0.6, 0.62), (1, 0.95))

RECIPES: dict[str, tuple[Step, ...]] = {
    "1980s-film": (
        SOFT_S,
        saturated(1.08),
        toned((0.02, -0.005, 0.05), (0.06, 0.02, -0.06)),
        curve((0, 0.05), (0.3, 0.31), (0.7, 0.72), (1, 0.97)),
    ),
    "bleach-bypass": (mixed(0.55, grey(0.3, 0.6, 0.1)), HARD_S),
    "cross-process": (
        curve((0, 0), (0.25, 0.17), (0.6, 0.68), (1, 1), channel=0),
        curve((0, 0), (0.25, 0.22), (0.55, 0.62), (1, 1), channel=1),
        curve((0, 0.12), (0.5, 0.48), (1, 0.82), channel=2),
        saturated(1.15),
    ),
    "cyanotype": (tinted((0.02, 0.1, 0.24), (0.92, 0.97, 0.98)), SOFT_S),
    "faded": (saturated(0.82), FADED),
    "golden-hour": (
        toned((0.04, 0.005, -0.05), (0.1, 0.045, -0.1)),
        saturated(1.1),
        curve((0, 0.01), (0.5, 0.53), (1, 1)),
    ),
    "moonlight": (
        saturated(0.55),
        curve((0, 0), (0.5, 0.34), (1, 0.85)),
        toned((-0.04, 0.0, 0.07), (-0.07, -0.01, 0.06)),
    ),
    "noir": (grey(0.42, 0.48, 0.1), HARD_S, mixed(0.5, SOFT_S)),
    "polaroid": (
        saturated(0.9),
        curve((0, 0.09), (0.5, 0.55), (1, 0.97), channel=0),
        curve((0, 0.08), (0.5, 0.53), (1, 0.96), channel=1),
        curve((0, 0.14), (0.5, 0.51), (1, 0.86), channel=2),
    ),
    "slide-film": (SOFT_S, saturated(1.22), toned((0.0, -0.01, 0.015), (0.04, 0.015, -0.03))),
    "teal-orange": (
        toned((-0.08, 0.015, 0.07), (0.085, 0.015, -0.085)),
        SOFT_S,
        saturated(1.08),
    ),
    "vintage": (
        saturated(0.78),
        mixed(0.25, tinted((0.16, 0.1, 0.05), (1, 0.94, 0.8))),
        curve((0, 0.07), (0.3, 0.31), (0.7, 0.73), (1, 0.96)),
    ),
}


def cube(name: str) -> Colours:
    """A look's cube, red, green and blue at [blue, green, red]."""
    even = np.linspace(0, 1, SIZE)
    plain = np.stack(np.meshgrid(even, even, even, indexing="ij")[::-1], axis=-1)
    return done(plain, RECIPES[name])


def text(name: str) -> str:
    """A look as a `.cube` file: the red index runs fastest."""
    rows = "\n".join(f"{red:.5f} {green:.5f} {blue:.5f}" for red, green, blue in cube(name).reshape(-1, 3))
    return f'TITLE "{name}"\nLUT_3D_SIZE {SIZE}\n{rows}\n'


def main() -> int:
    """Write every look."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in RECIPES:
        (FOLDER / f"{name}.cube").write_text(text(name), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
