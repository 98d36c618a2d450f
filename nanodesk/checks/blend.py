"""Whether what was inserted looks pasted on: inside against a ring round it, and the seam between them.

The traits are those by which people judge composites (Xue, Agarwala, Dorsey and Rushmeier, "Understanding and improving
the realism of image composites", 2012), with grain, sharpness and the seam's gradient.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nanodesk.checks.traits import Traits, measured, seam_ratio
from nanodesk.document.geometry import Rect

if TYPE_CHECKING:
    from collections.abc import Callable

Block = NDArray[np.uint8]

BLIND = (
    "It cannot see whether the new part belongs there, has the right size or perspective, or throws the right shadow.",
    "A part that was blended in smoothly can pass although it is plainly wrong.",
)
"""What no figure here can tell; shown with every result."""

_WORKING_EDGE = 1400
_LEAST_PIXELS = 200


class Trait(StrEnum):
    """What is compared."""

    LIGHTNESS = "lightness"
    WARMTH = "warmth"
    SATURATION = "saturation"
    CONTRAST = "contrast"
    GRAIN = "grain"
    SHARPNESS = "sharpness"
    SEAM = "seam"


@dataclass(frozen=True)
class Finding:
    """One trait compared.

    Attributes:
        inside, outside: its measure in the new part and in the ring: L* and b* and chroma in CIE units, contrast and
            grain as a deviation of L*, sharpness as a ratio, the seam's gradient against that of its surroundings.
        severity: how far they are apart; 1 is where most people begin to notice.
        sentence: what is wrong, in words; what is right, where the severity is below 1.
        request: the edit that a generative engine could be asked for.
    """

    trait: Trait
    inside: float
    outside: float
    severity: float
    sentence: str
    request: str


@dataclass(frozen=True)
class BlendCheck:
    """All traits, the worst first.

    Attributes:
        findings: one for each trait; none where the part or its ring is too small to be compared.
        blind: what the check cannot see.
    """

    findings: tuple[Finding, ...]
    blind: tuple[str, ...] = BLIND

    @property
    def worst(self) -> Finding | None:
        """The trait that gives the new part away; none where nothing stands out."""
        return self.findings[0] if self.findings and self.findings[0].severity >= 1 else None

    @property
    def sentence(self) -> str:
        """The result in one line for people."""
        if not self.findings:
            return "The new part, or what is round it, is too small to be compared."
        if self.worst is None:
            return "The new part matches its surroundings in light, colour, grain and sharpness."
        return self.worst.sentence


def check_blend(picture: Block, mask: Block) -> BlendCheck:
    """Compare the new part of a picture (h, w, 4) BGRA with a ring round it.

    Args:
        picture: the composite, with the new part in place.
        mask: (h, w), 255 in the new part.

    Raises:
        ValueError: when the two are not of one size.
    """
    if picture.shape[:2] != mask.shape:
        raise ValueError("A picture is checked with a mask of its own size.")
    cut = _neighbourhood(picture, mask)
    if cut is None:
        return BlendCheck(())
    part, inner = cut
    inside, ring = _zones(inner)
    if int(inside.sum()) < _LEAST_PIXELS or int(ring.sum()) < _LEAST_PIXELS:
        return BlendCheck(())
    one, other = measured(part, inside), measured(part, ring)
    findings = [judge(one, other) for judge in _JUDGES]
    ratio = seam_ratio(part, inner)
    findings.append(_seam(ratio))
    findings.sort(key=lambda finding: -finding.severity)
    return BlendCheck(tuple(findings))


def _neighbourhood(picture: Block, mask: Block) -> tuple[Block, Block] | None:
    """The new part with as much round it, reduced where that is large."""
    import cv2

    rows, columns = np.flatnonzero((mask >= 128).any(axis=1)), np.flatnonzero((mask >= 128).any(axis=0))
    if not len(rows):
        return None
    box = Rect(int(columns[0]), int(rows[0]), int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1))
    reach = max(24, max(box.width, box.height) // 3)
    wide = Rect(box.x - reach, box.y - reach, box.width + 2 * reach, box.height + 2 * reach)
    seen = wide.intersected(Rect(0, 0, picture.shape[1], picture.shape[0]))
    part = picture[seen.y : seen.bottom, seen.x : seen.right]
    inner = mask[seen.y : seen.bottom, seen.x : seen.right]
    factor = _WORKING_EDGE / max(part.shape[:2])
    if factor < 1:
        size = (max(1, round(part.shape[1] * factor)), max(1, round(part.shape[0] * factor)))
        part, inner = (
            np.asarray(cv2.resize(one, size, interpolation=cv2.INTER_AREA), np.uint8) for one in (part, inner)
        )
    return np.ascontiguousarray(part, np.uint8), np.ascontiguousarray(inner, np.uint8)


def _zones(mask: Block) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The new part without its very edge, and a ring about as wide as a third of it."""
    import cv2

    within = cv2.erode((mask >= 250).astype(np.uint8), np.ones((5, 5), np.uint8), borderValue=1) > 0
    area = max(1, int((mask >= 128).sum()))
    reach = 2 * max(8, round(0.35 * float(np.sqrt(area)) / 2)) + 1
    near = cv2.dilate((mask > 0).astype(np.uint8), np.ones((reach, reach), np.uint8)) > 0
    edge = cv2.dilate((mask > 0).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return np.asarray(within, np.bool_), np.asarray(near & ~edge, np.bool_)


def _lightness(one: Traits, other: Traits) -> Finding:
    apart = one.lightness - other.lightness
    # A subject may well be lighter than what is behind it: only what leaves the surroundings' own range counts.
    severity = max(0.0, abs(apart) - 0.7 * other.lightness_spread) / 12
    word, mend = ("bright", "Darken") if apart > 0 else ("dark", "Brighten")
    return _finding(
        Trait.LIGHTNESS,
        (one.lightness, other.lightness, severity),
        f"The new part is too {word} for its surroundings.",
        f"{mend} the inserted part so that its light matches the scene around it.",
    )


def _warmth(one: Traits, other: Traits) -> Finding:
    apart = one.warmth - other.warmth
    severity = max(0.0, abs(apart) - 0.7 * other.warmth_spread) / 10
    word, mend = ("warm", "cooler") if apart > 0 else ("cool", "warmer")
    return _finding(
        Trait.WARMTH,
        (one.warmth, other.warmth, severity),
        f"The new part is too {word} for its surroundings.",
        f"Give the inserted part a {mend} light, the same colour of light as the scene around it.",
    )


def _saturation(one: Traits, other: Traits) -> Finding:
    octaves = float(np.log2((one.chroma + 4) / (other.chroma + 4)))
    severity = max(0.0, abs(octaves) - 0.5) / 0.8
    word, mend = ("colourful", "less saturated") if octaves > 0 else ("pale", "more saturated")
    return _finding(
        Trait.SATURATION,
        (one.chroma, other.chroma, severity),
        f"The new part is too {word} for its surroundings.",
        f"Make the colours of the inserted part {mend}, like those of the scene around it.",
    )


def _contrast(one: Traits, other: Traits) -> Finding:
    octaves = float(np.log2((one.contrast + 1) / (other.contrast + 1)))
    severity = max(0.0, abs(octaves) - 0.6) / 0.8
    word, mend = ("harsh", "softer") if octaves > 0 else ("flat", "stronger")
    return _finding(
        Trait.CONTRAST,
        (one.contrast, other.contrast, severity),
        f"The new part is too {word} for its surroundings.",
        f"Give the inserted part a {mend} contrast, to match the scene around it.",
    )


def _grain(one: Traits, other: Traits) -> Finding:
    octaves = float(np.log2((one.grain + 0.25) / (other.grain + 0.25)))
    severity = max(0.0, abs(octaves) - 0.35) / 0.6
    word, mend = ("grainy", "less grain, like") if octaves > 0 else ("smooth", "the same fine grain as")
    return _finding(
        Trait.GRAIN,
        (one.grain, other.grain, severity),
        f"The new part is too {word} for its surroundings.",
        f"Redraw the inserted part with {mend} the photo around it.",
    )


def _sharpness(one: Traits, other: Traits) -> Finding:
    octaves = float(np.log2(max(1e-3, one.sharpness) / max(1e-3, other.sharpness)))
    severity = max(0.0, abs(octaves) - 0.2) / 0.3
    word, mend = ("sharp", "softer") if octaves > 0 else ("soft", "sharper")
    return _finding(
        Trait.SHARPNESS,
        (one.sharpness, other.sharpness, severity),
        f"The new part is too {word} for its surroundings.",
        f"Make the inserted part {mend}, as sharp as the photo around it.",
    )


def _seam(ratio: float) -> Finding:
    return _finding(
        Trait.SEAM,
        (ratio, 1.0, max(0.0, ratio - 1.0) / 1.4),
        "The edge of the new part shows as a line.",
        "Blend the edges of the inserted part into the scene around it.",
    )


def _finding(trait: Trait, known: tuple[float, float, float], wrong: str, request: str) -> Finding:
    inside, outside, severity = known
    right = f"The {trait.value} of the new part matches its surroundings."
    return Finding(trait, inside, outside, severity, wrong if severity >= 1 else right, request)


_JUDGES: tuple[Callable[[Traits, Traits], Finding], ...] = (
    _lightness,
    _warmth,
    _saturation,
    _contrast,
    _grain,
    _sharpness,
)
