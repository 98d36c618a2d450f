"""The blend modes of W3C Compositing and Blending Level 1, and plus-lighter."""

from __future__ import annotations

from enum import StrEnum


class BlendMode(StrEnum):
    """How a layer's colour meets what lies below it; values are the standard's names."""

    NORMAL = "normal"
    MULTIPLY = "multiply"
    SCREEN = "screen"
    OVERLAY = "overlay"
    DARKEN = "darken"
    LIGHTEN = "lighten"
    COLOR_DODGE = "color-dodge"
    COLOR_BURN = "color-burn"
    HARD_LIGHT = "hard-light"
    SOFT_LIGHT = "soft-light"
    DIFFERENCE = "difference"
    EXCLUSION = "exclusion"
    HUE = "hue"
    SATURATION = "saturation"
    COLOR = "color"
    LUMINOSITY = "luminosity"
    PLUS_LIGHTER = "plus-lighter"

    @property
    def separable(self) -> bool:
        """Whether each colour channel blends by itself."""
        return self not in {BlendMode.HUE, BlendMode.SATURATION, BlendMode.COLOR, BlendMode.LUMINOSITY}
