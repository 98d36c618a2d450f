"""Layers for files that have some: a fixed stack with everything, and any stack at all."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from nanodesk.document.blend import BlendMode
from nanodesk.formats.export import PictureOptions, encode
from nanodesk.formats.merging import merged
from nanodesk.formats.picture import DecodedPicture, PictureLayer, PlacedMask
from tests.formats import samples

SIZE = (60, 40)
ORA_MODES = [mode for mode in BlendMode if mode is not BlendMode.EXCLUSION]


def pixels(width: int = 20, height: int = 15, seed: int = 2, mode: str = "RGBA") -> np.ndarray:
    return samples.bgra(samples.picture(width, height, mode, seed))


def mask(width: int = 20, height: int = 15, x: int = 3, y: int = -2, outside: int = 0) -> PlacedMask:
    return PlacedMask(np.ascontiguousarray(pixels(width, height, 9)[..., 0]), x, y, outside)


def said(picture: DecodedPicture, words: str) -> bool:
    """Whether a note of the picture holds the words."""
    return any(words in note for note in picture.notes)


def pixels_of(layer: PictureLayer) -> np.ndarray:
    assert layer.pixels is not None
    return layer.pixels


def values_of(layer: PictureLayer) -> np.ndarray:
    assert layer.mask is not None
    return layer.mask.values


def stack() -> list[PictureLayer]:
    """A background, a group in a group, a mask, a hidden and a locked layer, names of all kinds."""
    return [
        PictureLayer("Hintergrund", pixels(*SIZE, 1, "RGB"), locked=True),
        PictureLayer("Gruppe 猫", group=None, opacity=0.8, blend_mode=BlendMode.MULTIPLY, mask=mask(30, 30, 5, 5)),
        PictureLayer("Édit", pixels(), 1, -5, 10, 0.5, BlendMode.SCREEN, mask=mask(20, 15, -5, 10)),
        PictureLayer("inner", None, 1, visible=False),
        PictureLayer("deep", pixels(8, 8, 3), 3, 50, 35, 1, BlendMode.COLOR),
        PictureLayer("hidden " + "n" * 150, pixels(10, 10, 5), None, 50, 20, visible=False),
    ]


def bare(layers: list[PictureLayer]) -> list[PictureLayer]:
    """Without masks and exclusion, as OpenRaster has it."""
    modes = {BlendMode.EXCLUSION: BlendMode.DIFFERENCE}
    return [replace(one, mask=None, blend_mode=modes.get(one.blend_mode, one.blend_mode)) for one in layers]


def written(kind: str, layers: list[PictureLayer], size: tuple[int, int] = SIZE, **options: object) -> bytes:
    chosen = PictureOptions(kind, dpi=300, **options)  # type: ignore[arg-type]  # fields by name
    return encode(merged(layers, size), chosen, layers)


def same(one: PictureLayer, other: PictureLayer) -> bool:
    """Whether two layers are the same but for the rounding of their opacity to 8 bits."""
    if abs(one.opacity - other.opacity) > 0.5 / 255 + 1e-6:
        return False
    for first, second in ((one.pixels, other.pixels), (_values(one), _values(other))):
        if first is None or second is None:
            if first is not second:
                return False
        elif not np.array_equal(first, second):
            return False
    masks = [None if each.mask is None else replace(each.mask, values=None) for each in (one, other)]  # type: ignore[arg-type]  # only to be compared
    plain = [replace(each, pixels=None, mask=None, opacity=1.0) for each in (one, other)]
    return masks[0] == masks[1] and plain[0] == plain[1]


def _values(layer: PictureLayer) -> np.ndarray | None:
    return None if layer.mask is None else layer.mask.values


_edges = st.integers(1, 12)
_places = st.integers(-30, 70)


@st.composite
def _masks(draw: st.DrawFn) -> PlacedMask:
    values = pixels(draw(_edges), draw(_edges), draw(st.integers(0, 9)))[..., 1]
    return PlacedMask(
        np.ascontiguousarray(values), draw(_places), draw(_places), draw(st.sampled_from((0, 255))), draw(st.booleans())
    )


@st.composite
def stacks(draw: st.DrawFn) -> list[PictureLayer]:
    """Any tree of up to eight layers and groups."""
    layers: list[PictureLayer] = []

    def add(group: int | None, depth: int) -> None:
        for _ in range(draw(st.integers(0 if depth else 1, 3))):
            if len(layers) == 8:
                return
            is_group = depth < 3 and draw(st.booleans())
            picture = None if is_group else pixels(draw(_edges), draw(_edges), draw(st.integers(0, 99)))
            layers.append(
                PictureLayer(
                    draw(st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=20)),
                    picture,
                    group,
                    0 if is_group else draw(_places),
                    0 if is_group else draw(_places),
                    draw(st.floats(0, 1)),
                    draw(st.sampled_from(BlendMode)),
                    draw(st.booleans()),
                    draw(st.booleans()),
                    draw(st.none() | _masks()),
                )
            )
            if is_group:
                add(len(layers) - 1, depth + 1)

    add(None, 0)
    return layers


def zipped(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP whose first member says that it is OpenRaster."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), b"image/openraster")
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def stack_of(rows: str, attributes: str = 'w="60" h="40"') -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><image {attributes}><stack>{rows}</stack></image>'.encode()
