"""How alike two registered pictures are, place by place, whatever their tone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_FAINT = 0.010
"""The standard deviation of luma (0 to 1) from which a window counts as having texture."""


@dataclass(frozen=True, eq=False)
class Likeness:
    """Normalised cross-correlation in windows.

    Attributes:
        value: (h, w), -1 to 1.
        deviation: (h, w), the base's standard deviation.
        texture: (h, w), true where the base has enough of it for the value to mean something.
    """

    value: Floats
    deviation: Floats
    texture: NDArray[np.bool_]

    def share(self, least: float) -> float:
        """Of what has texture, how much is at least so alike; 0 where nothing has."""
        count = int(self.texture.sum())
        return float((self.value[self.texture] >= least).sum()) / count if count else 0.0


def likeness_of_rest(base: Floats, answer: Floats, rest: NDArray[np.bool_], radius: int) -> Likeness:
    """The same as `likeness`, each window counting only those of its pixels that are in `rest` (h, w)."""
    import cv2

    window = (2 * radius + 1, 2 * radius + 1)
    share = rest.astype(np.float32)
    total = np.asarray(cv2.blur(share, window, borderType=cv2.BORDER_REFLECT), np.float32)
    known = np.maximum(total, np.float32(1e-3))

    def mean(values: Floats) -> Floats:
        return np.asarray(cv2.blur(values * share, window, borderType=cv2.BORDER_REFLECT) / known, np.float32)

    mean_base, mean_answer = mean(base), mean(answer)
    var_base = np.maximum(mean(base * base) - mean_base * mean_base, 0)
    var_answer = np.maximum(mean(answer * answer) - mean_answer * mean_answer, 0)
    both = mean(base * answer) - mean_base * mean_answer
    value = both / np.sqrt(var_base * var_answer + np.float32(1e-8))
    enough = rest & (total > 0.3)
    return Likeness(np.asarray(value, np.float32), np.sqrt(var_base), (var_base > _FAINT * _FAINT) & enough)


def likeness(base: Floats, answer: Floats, inside: NDArray[np.bool_], radius: int = 6) -> Likeness:
    """Compare two luma planes (h, w) in windows of `radius`; `inside` is where both are there.

    Lewis, "Fast normalized cross-correlation" (1995), by box filters.
    """
    import cv2

    window = (2 * radius + 1, 2 * radius + 1)

    def mean(values: Floats) -> Floats:
        return np.asarray(cv2.blur(values, window, borderType=cv2.BORDER_REFLECT), np.float32)

    mean_base, mean_answer = mean(base), mean(answer)
    var_base = np.maximum(mean(base * base) - mean_base * mean_base, 0)
    var_answer = np.maximum(mean(answer * answer) - mean_answer * mean_answer, 0)
    both = mean(base * answer) - mean_base * mean_answer
    value = both / np.sqrt(var_base * var_answer + np.float32(1e-8))
    whole = cv2.erode(inside.astype(np.uint8), np.ones(window, np.uint8), borderValue=1) > 0
    return Likeness(np.asarray(value, np.float32), np.sqrt(var_base), (var_base > _FAINT * _FAINT) & whole)
