"""The layers of a Photoshop file, read by psd-tools; meant for the worker process."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from nanodesk.document.blend import BlendMode
from nanodesk.formats.blend_names import from_photoshop
from nanodesk.formats.errors import TooLargeError
from nanodesk.formats.modes import convert
from nanodesk.formats.openraster import clean_name
from nanodesk.formats.picture import PictureLayer, PlacedMask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from PIL.Image import Image

    from nanodesk.formats.limits import DecodeLimits

    Block = NDArray[np.uint8]

_TRANSPARENCY = -1
_RESOLUTION_RESOURCE, _ICC_RESOURCE = 1005, 1039
_FARTHEST = 1_000_000
_RASTERISED = {
    "type": "Text", "smartobject": "A smart object", "shape": "A shape", "gradientfill": "A gradient",
    "patternfill": "A pattern", "solidcolorfill": "A fill",
}  # fmt: skip
"""What Photoshop keeps as more than pixels, though it stores these too."""


@dataclass(frozen=True, slots=True)
class Row:
    """A layer or group as the file lists it, with ours, still without pixels."""

    source: Any
    layer: PictureLayer
    base: Any = None
    """The layer that this one is clipped to."""


class PsdLayers:
    """A Photoshop file that was taken apart; pixels are unpacked one layer at a time.

    Attributes:
        rows: its layers and groups, groups first, siblings bottom first.
        notes: what cannot be shown as it was, one sentence each; more of them come with the pixels.
        size: width and height in pixels.
        profile: the ICC profile in the file.

    Raises:
        TooLargeError: when there are too many layers.
        Exception: whatever psd-tools raises on a broken file.
    """

    def __init__(self, data: bytes, limits: DecodeLimits, subject: str) -> None:
        from psd_tools import PSDImage

        logging.getLogger("psd_tools").setLevel(logging.CRITICAL)  # it tells names of layers there
        self._limits = limits
        self._subject = subject
        self._file: Any = PSDImage.open(io.BytesIO(data), max_alloc_bytes=limits.memory_bytes)
        self.size: tuple[int, int] = (int(self._file.width), int(self._file.height))
        self.profile: bytes | None = self._file.image_resources.get_data(_ICC_RESOURCE)
        self.notes: list[str] = []
        self.rows: list[Row] = []
        self._add_rows(self._file, None, 0)

    @property
    def has_merged(self) -> bool:
        """Whether the file's own merged picture is one, and not left blank to save space."""
        return bool(self._file.has_preview())

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def _add_rows(self, within: Any, group: int | None, depth: int) -> None:
        base: Any = None
        for source in within:
            if len(self.rows) >= self._limits.max_layers or depth > self._limits.max_layers:
                raise TooLargeError(
                    f"{self._subject} has more than the {self._limits.max_layers:,} layers that Nanodesk opens."
                )
            clipped = bool(source.clipping) and base is not None
            base = base if clipped else source
            row = self._row(source, group, base if clipped else None)
            if row is None:
                continue
            self.rows.append(row)
            if source.is_group():
                self._add_rows(source, len(self.rows) - 1, depth + 1)

    def _row(self, source: Any, group: int | None, base: Any) -> Row | None:
        is_group = bool(source.is_group())
        name = clean_name(str(source.name), "Group" if is_group else "Layer")
        if not is_group and not self._can_show(source, name):
            return None
        if source.has_effects():
            self._note(f"The effects of “{name}” (shadows, strokes and the like) were left out.")
        layer = PictureLayer(
            name=name,
            group=group,
            x=0 if is_group else int(source.left),
            y=0 if is_group else int(source.top),
            opacity=int(source.opacity) * int(source.fill_opacity) / 65025,
            blend_mode=self._mode(source, name, is_group),
            visible=bool(source.visible),
            locked=_locked(source),
        )
        if base is not None:
            layer = self._clipped(layer, base)
        return Row(source, layer, base)

    def _clipped(self, layer: PictureLayer, base: Any) -> PictureLayer:
        self._note("Clipped layers have masks now in place of what they were clipped to.")
        return replace(
            layer,
            visible=layer.visible and bool(base.visible),
            opacity=layer.opacity * int(base.opacity) * int(base.fill_opacity) / 65025,
        )

    def _can_show(self, source: Any, name: str) -> bool:
        if max(abs(int(source.left)), abs(int(source.top))) > _FARTHEST:
            self._note(f"“{name}” lies far outside of the picture and was left out.")
            return False
        kind = str(source.kind)
        if kind == "pixel" or _fill_colour(source) is not None:
            return True
        if kind in _RASTERISED and source.has_pixels():
            self._note(f"{_RASTERISED[kind]} (“{name}”) came in as pixels.")
            return True
        self._note(f"“{name}” is an adjustment or a fill that Nanodesk does not have; it was left out.")
        return False

    def _mode(self, source: Any, name: str, is_group: bool) -> BlendMode:
        key = bytes(source.blend_mode.value)
        mode = from_photoshop(key)
        if mode is None:
            shown = source.blend_mode.name.replace("_", " ").lower()
            self._note(f"“{name}” has a blend mode that Nanodesk does not have ({shown}); it is shown as Normal.")
            return BlendMode.NORMAL
        if mode is BlendMode.PLUS_LIGHTER:
            self._note(f"“{name}” was linear dodge and is plus lighter now: not quite the same where translucent.")
        if is_group and key == b"pass" and any(_blends(child) for child in source):
            self._note(f"The layers of the group “{name}” blend with each other now, and no more with what lies below.")
        return mode

    def layers(self) -> Iterator[PictureLayer]:
        """Each row with its pixels and its mask.

        Raises:
            TooLargeError: when they are more pixels than the limits allow.
            Exception: whatever psd-tools raises on a broken layer.
        """
        left = self._limits.max_layer_pixels
        for row in self.rows:
            left -= self._area(row)
            if left < 0:
                raise TooLargeError(f"The layers of {self._subject} have more pixels than Nanodesk opens.")
            layer = replace(row.layer, mask=self._mask(row))
            yield layer if row.source.is_group() else self._with_pixels(layer, row.source)

    def _area(self, row: Row) -> int:
        """Checked before anything is unpacked."""
        source = row.source
        area = 0 if source.is_group() else _pixels_of(source.size, self.size)
        mask = 0 if source.mask is None else _pixels_of(source.mask.size, (0, 0))
        if max(area, mask) > self._limits.max_pixels:
            raise TooLargeError(
                f"A layer of {self._subject} has more than the {self._limits.max_pixels:,} pixels that Nanodesk opens."
            )
        return area + mask

    def _with_pixels(self, layer: PictureLayer, source: Any) -> PictureLayer:
        colour = _fill_colour(source)
        if colour is not None:
            block = np.empty((self.size[1], self.size[0], 4), np.uint8)
            block[:] = (*colour[::-1], 255)
            return replace(layer, x=0, y=0, pixels=block)
        image = source.topil(apply_icc=False)
        if image is None:  # an empty layer
            return replace(layer, x=0, y=0, pixels=np.zeros((1, 1, 4), np.uint8))
        converted = convert(image, self.profile)
        for note in converted.notes:
            self._note(note)
        pixels = np.ascontiguousarray(converted.pixels)
        if image.mode in ("CMYK", "LAB"):  # Pillow has no alpha beside those
            alpha = source.topil(_TRANSPARENCY)
            if alpha is not None:
                pixels[..., 3] = np.asarray(alpha.convert("L"))
        return replace(layer, pixels=pixels)

    def _mask(self, row: Row) -> PlacedMask | None:
        own = _own_mask(row.source)
        if row.base is None:
            return own
        base = _alpha_of(row.base)
        if base is None:
            self._note(f"“{row.layer.name}” was clipped to a group; it is shown without that.")
            return own
        values = base.values
        for other in (_own_mask(row.base), own):
            if other is not None and other.enabled:
                seen = _sampled(other, base.x, base.y, (values.shape[1], values.shape[0]))
                values = np.asarray((values.astype(np.uint16) * seen + 127) // 255, np.uint8)
        return replace(base, values=values)


def deep_merged(data: bytes, limits: DecodeLimits) -> Image:
    """The merged picture of a file with more than 8 bits a channel, in 8 bits, with profile and resolution.

    Raises:
        Exception: whatever psd-tools raises on a broken file.
    """
    from psd_tools import PSDImage

    logging.getLogger("psd_tools").setLevel(logging.CRITICAL)
    file: Any = PSDImage.open(io.BytesIO(data), max_alloc_bytes=limits.memory_bytes)
    image: Image = file.topil(apply_icc=False)
    told = file.image_resources.get_data(_RESOLUTION_RESOURCE)
    profile = file.image_resources.get_data(_ICC_RESOURCE)
    image.info |= {} if profile is None else {"icc_profile": profile}
    image.info |= {} if told is None else {"dpi": int(told.horizontal) / 65536}
    return image


def _pixels_of(size: tuple[int, int], otherwise: tuple[int, int]) -> int:
    width, height = size if size[0] > 0 and size[1] > 0 else otherwise
    return int(width) * int(height)


def _locked(source: Any) -> bool:
    locks = source.locks
    return bool(locks is not None and locks.complete)


def _blends(source: Any) -> bool:
    return bytes(source.blend_mode.value) not in (b"norm", b"pass")


def _fill_colour(source: Any) -> tuple[int, int, int] | None:
    """Red, green, blue of a fill with one colour and no outline; none for everything else."""
    if source.kind != "solidcolorfill" or source.has_vector_mask():
        return None
    try:
        data = source.data
        red, green, blue = (round(float(data[key])) for key in (b"Rd  ", b"Grn ", b"Bl  "))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return (min(255, max(0, red)), min(255, max(0, green)), min(255, max(0, blue)))


def _own_mask(source: Any) -> PlacedMask | None:
    mask = source.mask
    if mask is None:
        return None
    image = mask.topil()
    outside = 255 if mask.background_color >= 128 else 0
    if image is None:  # it hides everything, or nothing
        return PlacedMask(np.full((1, 1), outside, np.uint8), 0, 0, outside, enabled=not mask.disabled)
    values = np.array(image.convert("L"), np.uint8)
    return PlacedMask(values, int(mask.left), int(mask.top), outside, enabled=not mask.disabled)


def _alpha_of(source: Any) -> PlacedMask | None:
    """Where a layer covers what lies below it; none for a group."""
    if source.is_group() or source.width < 1 or source.height < 1:
        return None
    alpha = source.topil(_TRANSPARENCY)
    if alpha is None:
        values = np.full((source.height, source.width), 255, np.uint8)
    else:
        values = np.array(alpha.convert("L"), np.uint8)
    return PlacedMask(values, int(source.left), int(source.top))


def _sampled(mask: PlacedMask, x: int, y: int, size: tuple[int, int]) -> Block:
    """A mask's values in a rectangle."""
    out = np.full((size[1], size[0]), mask.outside, np.uint8)
    height, width = mask.values.shape
    left, top = max(x, mask.x), max(y, mask.y)
    right, bottom = min(x + size[0], mask.x + width), min(y + size[1], mask.y + height)
    if left < right and top < bottom:
        out[top - y : bottom - y, left - x : right - x] = mask.values[
            top - mask.y : bottom - mask.y, left - mask.x : right - mask.x
        ]
    return out
