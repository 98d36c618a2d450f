"""Bringing the base down to the answer's sharpness, so that lost resolution does not look like a change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nanodesk.imaging.fit.plane import Floats, blurred

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIGMAS = (0.0, 0.8, 1.5, 2.6, 4.5)
"""Blurs (pixels of the plane) whose mixture stands for the answer's point spread."""
_ROUNDS = 5


@dataclass(frozen=True)
class Spread:
    """The answer's point spread against the base, as shares of Gaussian blurs.

    Attributes:
        luma: a share for each of the blurs, summing to one.
        colour: the same for the colour channels, which JPEG halves.
    """

    luma: tuple[float, ...]
    colour: tuple[float, ...]

    @property
    def sigma_px(self) -> float:
        """One Gaussian about as wide, in pixels of the plane."""
        variance = sum(share * sigma * sigma for share, sigma in zip(self.luma, _SIGMAS, strict=True))
        return float(np.sqrt(max(0.0, variance)))

    def applied(self, base: Floats) -> Floats:
        """The base (h, w, 3), luma and colour apart, as sharp as the answer."""
        result = np.zeros_like(base)
        for place, sigma in enumerate(_SIGMAS):
            soft = base if sigma == 0 else blurred(base, sigma)
            result += soft * np.array([self.luma[place], *[self.colour[place]] * 2], np.float32)
        return result


def learn_spread(base: Floats, answer: Floats, trust: NDArray[np.bool_]) -> Spread:
    """The mixture of blurs of the base that comes closest to the answer where `trust` is true.

    Args:
        base, answer: (h, w, 3), luma and two of colour.
    """
    inside = trust.copy()
    inside[:4], inside[-4:], inside[:, :4], inside[:, -4:] = False, False, False, False
    flat = np.flatnonzero(inside)
    if len(flat) < 400:
        return Spread((1.0, *[0.0] * (len(_SIGMAS) - 1)), (1.0, *[0.0] * (len(_SIGMAS) - 1)))
    chosen = flat[:: max(1, len(flat) // 30_000)]
    picked = [(base if sigma == 0 else blurred(base, sigma)).reshape(-1, 3)[chosen] for sigma in _SIGMAS]
    target = answer.reshape(-1, 3)[chosen]
    luma = _mixture([part[:, :1] for part in picked], target[:, :1])
    colour = _mixture([part[:, 1:] for part in picked], target[:, 1:])
    return Spread(luma, colour)


def _mixture(picked: list[Floats], target: Floats) -> tuple[float, ...]:
    """Shares summing to one by robust least squares, the widest blur being what the others are told against."""
    widest = picked[-1].ravel()
    columns = np.stack([part.ravel() - widest for part in picked[:-1]]).astype(np.float64)
    rest = (target.ravel() - widest).astype(np.float64)
    weight = np.ones_like(rest)
    shares = np.zeros(len(columns))
    for _ in range(_ROUNDS):
        weighted = columns * weight
        # Not by @: products so small gain nothing from threads and are held up by them on a busy machine.
        normal = np.einsum("rp,cp->rc", weighted, columns)
        normal += np.eye(len(shares)) * (1e-3 * float(np.trace(normal)) / len(shares) + 1e-9)
        shares = np.linalg.solve(normal, np.einsum("rp,p->r", weighted, rest))
        miss = np.abs(rest - np.einsum("rp,r->p", columns, shares))
        weight = 1 / (1 + np.square(miss / (2.5 * (float(np.median(miss)) + 1e-5))))
    return (*(float(share) for share in shares), float(1 - shares.sum()))
