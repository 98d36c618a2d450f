"""Layered Photoshop files (Adobe Photoshop File Formats Specification, 2019), written part by part.

8-bit RGB. Layers and the merged picture are packed with PackBits, which every reader of the format knows.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np

from nanodesk.document.blend import BlendMode
from nanodesk.formats.blend_names import PHOTOSHOP
from nanodesk.formats.errors import WriteError
from nanodesk.imaging.codec import is_opaque, over

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from nanodesk.formats.picture import PictureLayer
    from nanodesk.formats.structure import Parts

    Block = NDArray[np.uint8]

LONGEST = 30_000
RESOLUTION, PROFILE, VERSION, EXIF, XMP = 1005, 1039, 1057, 1058, 1060
_LARGEST = (1 << 31) - 1
_RGB = 3
_RLE = b"\0\1"
_TRANSPARENCY, _MASK = -1, -2
_HIDDEN, _IRRELEVANT = 0x02, 0x18
_OPEN_GROUP, _END_OF_GROUP = 1, 3
_LOCKED = 0x80000000
_LONGEST_NAME = 255

Channels = list[tuple[int, bytes]]
"""Channel number and packed data of each plane of a layer."""


def photoshop_file(merged: Block, layers: Sequence[PictureLayer], dpi: float, resources: Mapping[int, bytes]) -> Parts:
    """A file in parts.

    Args:
        merged: (h, w, 4), straight BGRA: what readers without layers show.
        layers: groups before what is in them, siblings bottom first; text and adjustments must be pixels already.
        resources: more image resources by their number: profile, EXIF, XMP.

    Raises:
        WriteError: when the format cannot hold it.
    """
    height, width = merged.shape[:2]
    transparent = not is_opaque(merged)
    head = struct.pack(">4sH6xHIIHH", b"8BPS", 1, 4 if transparent else 3, height, width, 8, _RGB)
    own = {RESOLUTION: _resolution(dpi), VERSION: _version()}
    section = b"".join(_resource(number, data) for number, data in sorted({**own, **resources}.items()))
    parts: Parts = [head, struct.pack(">II", 0, len(section)), section]
    parts += _layer_section(layers, transparent)
    parts += _merged(merged, transparent)
    if sum(len(part) for part in parts) > _LARGEST:
        raise WriteError("a Photoshop file holds at most 2 GB; use OpenRaster or a smaller size.")
    return parts


def _resource(number: int, data: bytes) -> bytes:
    return struct.pack(">4sHHI", b"8BIM", number, 0, len(data)) + data + b"\0" * (len(data) % 2)


def _resolution(dpi: float) -> bytes:
    fixed = max(1, min(0x7FFFFFFF, round(dpi * 65536)))
    return struct.pack(">IHHIHH", fixed, 1, 1, fixed, 1, 1)


def _version() -> bytes:
    """It says that the merged picture is a true one."""
    name = _unicode("Nanodesk")
    return struct.pack(">IB", 1, 1) + name + name + struct.pack(">I", 1)


def _unicode(text: str) -> bytes:
    encoded = text.encode("utf-16-be", "replace")
    return struct.pack(">I", len(encoded) // 2) + encoded


# ----------------------------------------------------------------------------------------------------------- layers


def _layer_section(layers: Sequence[PictureLayer], transparent: bool) -> Parts:
    """Records first, then their planes; a group's end stands below what is in it, the group itself above."""
    rows = _rows(layers)
    if not rows:
        return [struct.pack(">I", 0)]
    planes: Parts = []
    records = b""
    for layer, divider in rows:
        channels = _channels(layer, divider)
        records += _record(layer, divider, channels)
        planes += [data for _, data in channels]
    # A negative count: the fourth plane of the merged picture is its transparency, not a stored selection.
    count = struct.pack(">h", -len(rows) if transparent else len(rows))
    length = len(count) + len(records) + sum(len(plane) for plane in planes)
    padding = -length % 4
    total = length + padding
    if total > _LARGEST:
        raise WriteError("a Photoshop file holds at most 2 GB; use OpenRaster or a smaller size.")
    head = struct.pack(">II", total + 8, total) + count
    return [head, records, *planes, b"\0" * padding, struct.pack(">I", 0)]


Row = tuple["PictureLayer", int]
"""A layer, and the kind of divider it is written as; 0 for one with pixels."""


def _rows(layers: Sequence[PictureLayer]) -> list[Row]:
    children: dict[int | None, list[int]] = {}
    for place, layer in enumerate(layers):
        children.setdefault(layer.group, []).append(place)
    rows: list[Row] = []

    def add(group: int | None) -> None:
        for place in children.get(group, ()):
            layer = layers[place]
            if layer.pixels is None:
                rows.append((layer, _END_OF_GROUP))
                add(place)
                rows.append((layer, _OPEN_GROUP))
            else:
                rows.append((layer, 0))

    add(None)
    if len(rows) > 0x7FFF:
        raise WriteError("a Photoshop file holds at most 32,767 layers; merge some first.")
    return rows


def _channels(layer: PictureLayer, divider: int) -> Channels:
    if layer.pixels is None:
        channels: Channels = [(number, b"\0\0") for number in (_TRANSPARENCY, 0, 1, 2)]
    else:
        blue, green, red, alpha = (np.ascontiguousarray(layer.pixels[..., plane]) for plane in range(4))
        planes = ((_TRANSPARENCY, alpha), (0, red), (1, green), (2, blue))
        channels = [(number, _RLE + _packed(plane)) for number, plane in planes]
    if layer.mask is not None and divider != _END_OF_GROUP:
        channels.append((_MASK, _RLE + _packed(layer.mask.values)))
    return channels


def _packed(plane: Block) -> bytes:
    """Lengths of the rows, then the rows: PackBits."""
    from psd_tools.compression import encode_rle

    height, width = plane.shape
    return encode_rle(np.ascontiguousarray(plane).tobytes(), width, height, 8, 1)


def _record(layer: PictureLayer, divider: int, channels: Channels) -> bytes:
    end = divider == _END_OF_GROUP
    key = PHOTOSHOP[BlendMode.NORMAL if end else layer.blend_mode]
    flags = (0 if layer.visible or end else _HIDDEN) | (_IRRELEVANT if divider else 0)
    name = "</Layer group>" if end else layer.name[:_LONGEST_NAME]
    extra = _mask_record(layer, end) + struct.pack(">I", 0) + _short_name(name) + _block(b"luni", _unicode(name))
    if divider:
        extra += _block(b"lsct", struct.pack(">I4s4s", divider, b"8BIM", key))
    if layer.locked and not end:
        extra += _block(b"lspf", struct.pack(">I", _LOCKED))
    place = _place(layer)
    return (
        struct.pack(">iiiiH", *place, len(channels))
        + b"".join(struct.pack(">hI", number, len(data)) for number, data in channels)
        + struct.pack(">4s4sBBBBI", b"8BIM", key, 255 if end else round(layer.opacity * 255), 0, flags, 0, len(extra))
        + extra
    )


def _place(layer: PictureLayer) -> tuple[int, int, int, int]:
    """Top, left, bottom, right."""
    if layer.pixels is None:
        return (0, 0, 0, 0)
    height, width = layer.pixels.shape[:2]
    return (layer.y, layer.x, layer.y + height, layer.x + width)


def _mask_record(layer: PictureLayer, end: bool) -> bytes:
    mask = layer.mask
    if mask is None or end:
        return struct.pack(">I", 0)
    height, width = mask.values.shape
    edges = (mask.y, mask.x, mask.y + height, mask.x + width)
    return struct.pack(">IiiiiBBxx", 20, *edges, mask.outside, 0 if mask.enabled else 2)


def _short_name(name: str) -> bytes:
    """The name for readers without Unicode, padded to a multiple of 4."""
    short = name.encode("mac-roman", "replace")[:_LONGEST_NAME]
    data = bytes((len(short),)) + short
    return data + b"\0" * (-len(data) % 4)


def _block(key: bytes, data: bytes) -> bytes:
    padded = data + b"\0" * (-len(data) % 4)
    return struct.pack(">4s4sI", b"8BIM", key, len(padded)) + padded


# ---------------------------------------------------------------------------------------------------------- merged


def _merged(pixels: Block, transparent: bool) -> Parts:
    """The merged picture: on white where it is transparent, as readers expect, and its transparency behind it."""
    colour = over(pixels)
    planes = [np.ascontiguousarray(colour[..., plane]) for plane in (2, 1, 0)]
    if transparent:
        planes.append(np.ascontiguousarray(pixels[..., 3]))
    table = 2 * pixels.shape[0]
    packed = [_packed(plane) for plane in planes]
    return [_RLE, *(one[:table] for one in packed), *(one[table:] for one in packed)]
