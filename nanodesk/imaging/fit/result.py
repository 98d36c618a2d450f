"""What a fit gives: a layer of changed pixels, its mask, the islands, and what is known about them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nanodesk.document.geometry import Rect, Size
    from nanodesk.imaging.fit.islands import Island
    from nanodesk.imaging.fit.register import Geometry

Block = NDArray[np.uint8]


class FitKind(StrEnum):
    """What became of the base in the answer."""

    EDIT = "edit"
    """Parts of it changed; only they are inserted."""
    RESTYLE = "restyle"
    """All of it changed; the whole answer is inserted, registered."""
    NONE = "none"
    """Nothing changed that the answer's own noise does not explain."""
    UNALIGNED = "unaligned"
    """The answer could not be brought onto the base; it is there as it came, at the base's size."""
    NEW = "new"
    """It was drawn from words alone, so there was nothing to fit it to; it is there as it came, at the base's size."""


@dataclass(frozen=True, eq=False)
class Fit:
    """An answer fitted to its base.

    Attributes:
        kind: what became of the base.
        size: the base's size.
        geometry: how the answer lies on the base.
        tone_delta_e: how far the answer's tone was off, mean delta E.
        blur_px: how much softer the answer is, as the sigma of a Gaussian in base pixels.
        noise_delta_e: what counted as noise at a place of middling detail.
        islands: every part that changed, the strongest first.
        kept: the numbers of the islands that the mask shows.
        rect: where layer and mask lie in the base, in pixels; empty when nothing changed.
        layer: (rect's height, rect's width, 4) BGRA: the answer's pixels at the base's place, size, tone and grain.
        outline: (rect's height, rect's width): the mask of all islands together.
        numbers: (rect's height, rect's width): which island a pixel of the outline belongs to, 0 for none.
        mask: (rect's height, rect's width): the mask of the kept islands. Where it is 0 the base must stay as it is.
    """

    kind: FitKind
    size: Size
    geometry: Geometry
    tone_delta_e: float
    blur_px: float
    noise_delta_e: float
    islands: tuple[Island, ...]
    kept: frozenset[int]
    rect: Rect
    layer: Block
    outline: Block
    numbers: Block
    mask: Block

    @property
    def changed_share(self) -> float:
        """How much of the base the mask covers, 0 to 1."""
        total = self.size.width * self.size.height
        return float(np.count_nonzero(self.mask >= 128)) / total if total else 0.0

    @property
    def side_effects(self) -> tuple[Island, ...]:
        """The islands that nobody seems to have asked for."""
        return tuple(island for island in self.islands if island.side_effect)

    @property
    def sentence(self) -> str:
        """What was found, in one line for people."""
        match self.kind:
            case FitKind.UNALIGNED:
                return "The answer could not be aligned with the picture, so it is shown whole, as the model made it."
            case FitKind.NEW:
                return "The picture was drawn from words alone, so it is shown whole, as the model made it."
            case FitKind.NONE:
                return f"Nothing changed beyond the answer's own noise{self._aligned()}."
            case FitKind.RESTYLE:
                return f"The whole picture was redrawn{self._aligned()}."
        return f"{self._changed()}{self._dropped()}{self._aligned()}."

    def _changed(self) -> str:
        parts = len(self.kept)
        share = self.changed_share * 100
        told = "less than 0.1" if share < 0.05 else f"{share:.1f}"
        if not parts:
            return "No part is kept"
        return f"Only {'one part' if parts == 1 else f'{parts} parts'} changed, {told} % of the picture"

    def _dropped(self) -> str:
        dropped = len(self.islands) - len(self.kept)
        if not dropped:
            return ""
        return f"; {dropped} side effect{'s' if dropped > 1 else ''} dropped"

    def _aligned(self) -> str:
        shift, zoom = self.geometry.shift_px, abs(self.geometry.scale - 1) * 100
        turned = abs(self.geometry.rotation_deg)
        if shift < 0.05 and zoom < 0.05 and turned < 0.02 and self.geometry.bend_px < 0.3:
            return ""
        words = [f"{shift:.1f} px", f"{zoom:.1f} %"]
        if turned >= 0.05:
            words.append(f"{turned:.1f}°")
        bent = ", unbent" if self.geometry.bend_px >= 0.7 else ""
        return f"; aligned {', '.join(words)}{bent}"

    def with_islands(self, kept: Iterable[int]) -> Fit:
        """The same fit showing these islands (by number) and no others."""
        chosen = frozenset(kept) & {island.number for island in self.islands}
        return replace(self, kept=chosen, mask=mask_of(self.outline, self.numbers, chosen))

    def composite(self, base: Block) -> Block:
        """The base (h, w, 4) with the layer over it; fresh. Outside the mask it is the base, byte for byte.

        Raises:
            ValueError: when the base is not of the size that was fitted.
        """
        from nanodesk.imaging.filters import mix

        if base.shape[:2] != (self.size.height, self.size.width):
            raise ValueError("A fit belongs to a base of its own size.")
        result = base.copy()
        if not self.rect.empty:
            place = result[self.rect.y : self.rect.bottom, self.rect.x : self.rect.right]
            place[:] = mix(np.ascontiguousarray(place), self.layer, self.mask)
        return result

    def full_mask(self) -> Block:
        """The mask at the base's size (h, w)."""
        mask = np.zeros((self.size.height, self.size.width), np.uint8)
        mask[self.rect.y : self.rect.bottom, self.rect.x : self.rect.right] = self.mask
        return mask


def mask_of(outline: Block, numbers: Block, kept: Iterable[int]) -> Block:
    """The outline where a pixel's island is one of those kept, 0 elsewhere; fresh."""
    shown = np.zeros(256, np.uint8)
    shown[list(kept)] = 255
    return np.minimum(outline, shown[numbers])
