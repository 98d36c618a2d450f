"""What other formats call the blend modes."""

from __future__ import annotations

from nanodesk.document.blend import BlendMode

OPENRASTER = {
    BlendMode.NORMAL: "svg:src-over",
    BlendMode.MULTIPLY: "svg:multiply",
    BlendMode.SCREEN: "svg:screen",
    BlendMode.OVERLAY: "svg:overlay",
    BlendMode.DARKEN: "svg:darken",
    BlendMode.LIGHTEN: "svg:lighten",
    BlendMode.COLOR_DODGE: "svg:color-dodge",
    BlendMode.COLOR_BURN: "svg:color-burn",
    BlendMode.HARD_LIGHT: "svg:hard-light",
    BlendMode.SOFT_LIGHT: "svg:soft-light",
    BlendMode.DIFFERENCE: "svg:difference",
    BlendMode.HUE: "svg:hue",
    BlendMode.SATURATION: "svg:saturation",
    BlendMode.COLOR: "svg:color",
    BlendMode.LUMINOSITY: "svg:luminosity",
    BlendMode.PLUS_LIGHTER: "svg:plus",
}
"""The composite operations of OpenRaster 0.0.6; it has none for exclusion."""

PHOTOSHOP = {
    BlendMode.NORMAL: b"norm",
    BlendMode.MULTIPLY: b"mul ",
    BlendMode.SCREEN: b"scrn",
    BlendMode.OVERLAY: b"over",
    BlendMode.DARKEN: b"dark",
    BlendMode.LIGHTEN: b"lite",
    BlendMode.COLOR_DODGE: b"div ",
    BlendMode.COLOR_BURN: b"idiv",
    BlendMode.HARD_LIGHT: b"hLit",
    BlendMode.SOFT_LIGHT: b"sLit",
    BlendMode.DIFFERENCE: b"diff",
    BlendMode.EXCLUSION: b"smud",
    BlendMode.HUE: b"hue ",
    BlendMode.SATURATION: b"sat ",
    BlendMode.COLOR: b"colr",
    BlendMode.LUMINOSITY: b"lum ",
    BlendMode.PLUS_LIGHTER: b"lddg",
}
"""The keys of Photoshop's file format, "Layer records"; plus-lighter is its linear dodge."""

_READ_OPENRASTER = {name: mode for mode, name in OPENRASTER.items()} | {
    "": BlendMode.NORMAL,
    "svg:add": BlendMode.PLUS_LIGHTER,
    "svg:exclusion": BlendMode.EXCLUSION,
    "krita:exclusion": BlendMode.EXCLUSION,
    "krita:linear_dodge": BlendMode.PLUS_LIGHTER,
}
_READ_PHOTOSHOP = {key: mode for mode, key in PHOTOSHOP.items()} | {b"pass": BlendMode.NORMAL}


def from_openraster(name: str) -> BlendMode | None:
    """The mode of a `composite-op`; none for one that we do not have."""
    return _READ_OPENRASTER.get(name.strip())


def from_photoshop(key: bytes) -> BlendMode | None:
    """The mode of a four-letter key; none for one that we do not have."""
    return _READ_PHOTOSHOP.get(key)
