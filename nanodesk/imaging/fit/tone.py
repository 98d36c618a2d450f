"""Matching the answer's tone to the base: robust, and learned only where nothing seems to have changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nanodesk.imaging.fit.plane import Floats, blurred, lab, resized

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEARNING_EDGE = 200
"""The longest edge of the small pictures that the tone is learned from."""
_ROUNDS, _LAST_ROUNDS = 9, 2
_SETTLED = 2e-4
"""Coefficients that move less than this are settled: a colour moves by far less than one step of eight bits."""
_THINNED, _LEAST_THINNED = 7, 8000
"""Only one pixel of so many takes part until the coefficients are settled, where there are at least so many."""
_BOUND = 2.5
"""From so many deviations a pixel counts less and less (Cauchy)."""


@dataclass(frozen=True, eq=False)
class Tone:
    """A colour transfer: terms of the answer's colour and of the place, linear in its coefficients.

    Attributes:
        coefficients: (terms, 3), what to add to the answer's BGR.
        delta_e: how far it moves colours on average.
    """

    coefficients: NDArray[np.float64]
    delta_e: float

    def applied(self, answer: Floats) -> Floats:
        """A registered answer (h, w, 3) BGR, all of it, in the base's tone."""
        return self.within(answer, (0.0, 0.0, 1.0, 1.0))

    def within(self, answer: Floats, box: tuple[float, float, float, float]) -> Floats:
        """A part of the registered answer in the base's tone; `box` is left, top, right, bottom, 0 to 1 of the base."""
        left, top, right, bottom = box
        height, width = answer.shape[:2]
        x = (np.arange(width, dtype=np.float32) + np.float32(0.5)) / width * (right - left) + left
        y = ((np.arange(height, dtype=np.float32) + np.float32(0.5)) / height * (bottom - top) + top)[:, None]
        low = self.coefficients.astype(np.float32)
        moved = answer.copy()
        channels = [answer[:, :, channel] for channel in range(3)]
        places = _places(x, y)
        for channel in range(3):
            colour, square, place = low[:4, channel], low[4, channel], low[5:, channel]
            added = colour[0] + sum(colour[1 + other] * channels[other] for other in range(3))
            added = added + square * channels[channel] * channels[channel]
            field = sum(weight * term for weight, term in zip(place[: len(places)], places, strict=True))
            gain = place[len(places)] * x + place[len(places) + 1] * y
            moved[:, :, channel] += np.asarray(added + field + gain * channels[channel], np.float32)
        return moved


def _places(x: Floats, y: Floats) -> list[Floats]:
    """The terms of the place: a smooth field of the second degree, without its constant."""
    x, y = x - np.float32(0.5), y - np.float32(0.5)
    return [x + 0 * y, y + 0 * x, x * x + 0 * y, x * y, y * y + 0 * x]


TERMS = 12


def identity() -> Tone:
    """A transfer that changes nothing."""
    return Tone(np.zeros((TERMS, 3)), 0.0)


def learn(base: Floats, answer: Floats, trust: Floats) -> Tone:
    """The transfer that takes the registered answer (h, w, 3) to the base.

    Iteratively re-weighted least squares with Cauchy's weights, which leave an edit out, drawn a little towards no
    change so that colours the picture lacks are not thrown about.

    Args:
        trust: (h, w), 0 to 1: how sure it is, before colours are compared, that a place did not change.
    """
    factor = min(1.0, _LEARNING_EDGE / max(base.shape[:2]))
    size = (max(4, round(base.shape[1] * factor)), max(4, round(base.shape[0] * factor)))
    ours, theirs = (resized(blurred(picture, min(2.5, 0.5 / factor)), size) for picture in (base, answer))
    weight = resized(trust, size).ravel().astype(np.float64)
    if float((weight > 0.2).mean()) < 0.005:
        return identity()
    x = (np.arange(size[0], dtype=np.float32) + np.float32(0.5)) / size[0]
    y = ((np.arange(size[1], dtype=np.float32) + np.float32(0.5)) / size[1])[:, None]
    places = [np.broadcast_to(term, theirs.shape[:2]).ravel() for term in _places(x, y)]
    flat = theirs.reshape(-1, 3)
    rest = (ours - theirs).reshape(-1, 3).astype(np.float64)
    # Clipped pixels say nothing about the curve.
    clipped = (flat.min(axis=1) < 0.004) | (flat.max(axis=1) > 0.996)
    weight[clipped] *= 0.2
    designs = [_design(flat, channel, places, x, y, theirs.shape[:2]) for channel in range(3)]
    coefficients = _solved(designs, rest, weight)
    tone = Tone(coefficients, 0.0)
    moved = tone.applied(theirs)
    far = np.linalg.norm(lab(moved) - lab(theirs), axis=2)
    return Tone(coefficients, float(far.mean()))


def _design(
    flat: Floats, channel: int, places: list[Floats], x: Floats, y: Floats, shape: tuple[int, ...]
) -> NDArray[np.float64]:
    """The terms (terms, pixels) of one channel."""
    own = flat[:, channel]
    across = np.broadcast_to(x, shape[:2]).ravel() * own
    down = np.broadcast_to(y, shape[:2]).ravel() * own
    terms = [np.ones_like(own), flat[:, 0], flat[:, 1], flat[:, 2], own * own, *places, across, down]
    return np.stack(terms).astype(np.float64)


def _solved(
    designs: list[NDArray[np.float64]], rest: NDArray[np.float64], trust: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Settled on a few of the pixels (terms, pixels) first, then in a round or two on all that are trusted."""
    known = np.flatnonzero(trust > 0)
    start = np.zeros((TERMS, 3))
    if len(known) < _LEAST_THINNED:
        return _settled(designs, rest, (trust, known), start, _ROUNDS)
    start = _settled(designs, rest, (trust, known[::_THINNED]), start, _ROUNDS)
    return _settled(designs, rest, (trust, known), start, _LAST_ROUNDS)


def _settled(
    designs: list[NDArray[np.float64]],
    rest: NDArray[np.float64],
    known: tuple[NDArray[np.float64], NDArray[np.intp]],
    start: NDArray[np.float64],
    rounds: int,
) -> NDArray[np.float64]:
    """The coefficients (terms, 3) after so many rounds on the pixels of `known`: the trust of all, and which they are.

    Args:
        start: coefficients that tell the first weights; zeros where nothing is known yet.
    """
    trust = known[0][known[1]]
    designs, rest = [design[:, known[1]] for design in designs], rest[known[1]].T
    coefficients = start.copy()
    weight = _weights(designs, rest, trust, coefficients) if start.any() else trust
    total = float(trust.sum())
    draw = np.diag([1e-4, 3e-3, 3e-3, 3e-3, 3e-3, *[3e-3] * 5, 3e-3, 3e-3]) * total
    for _ in range(rounds):
        before = coefficients.copy()
        share = max(0.05, float(weight.sum()) / total)
        for channel, design in enumerate(designs):
            weighted = design * weight
            # Not by @: a product so small gains nothing from threads and is held up by them on a busy machine.
            normal = np.einsum("rp,cp->rc", weighted, design) + draw * share * 0.1
            coefficients[:, channel] = np.linalg.solve(normal, np.einsum("rp,p->r", weighted, rest[channel]))
        if float(np.abs(coefficients - before).max()) < _SETTLED:
            break
        weight = _weights(designs, rest, trust, coefficients)
    return coefficients


def _weights(
    designs: list[NDArray[np.float64]],
    rest: NDArray[np.float64],
    trust: NDArray[np.float64],
    coefficients: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Cauchy's, of what the coefficients leave of the rest (3, pixels)."""
    told = [np.einsum("rp,r->p", design, coefficients[:, channel]) for channel, design in enumerate(designs)]
    far = np.sqrt(np.square(rest - np.stack(told)).sum(axis=0))
    spread = max(0.004, _weighted_median(far, trust))
    return np.asarray(trust / np.square(1 + np.square(far / (_BOUND * spread))), np.float64)


def _weighted_median(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    order = np.argsort(values)
    running = np.cumsum(weights[order])
    return float(values[order[int(np.searchsorted(running, running[-1] / 2))]])
