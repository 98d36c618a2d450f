"""The outer build of encoded pictures: chunks, boxes, and whether the end is there."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Parts = list[bytes | memoryview]
"""A file in pieces, to be written one after the other without being copied together first."""

PNG_START = b"\x89PNG\r\n\x1a\n"
_MOST_CHUNKS = 1_000_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk of a PNG: where its data lies, and whether all of it is there."""

    kind: bytes
    start: int
    length: int
    whole: bool


def png_chunks(data: bytes) -> Iterator[Chunk]:
    """The chunks of a PNG in order, up to IEND or to where the file ends."""
    at = len(PNG_START)
    for _ in range(_MOST_CHUNKS):
        if at + 8 > len(data):
            return
        length, kind = struct.unpack_from(">I4s", data, at)
        yield Chunk(kind, at + 8, length, at + 12 + length <= len(data))
        if kind == b"IEND":
            return
        at += 12 + length


def png_sound(data: bytes) -> bool:
    """Whether every chunk of a PNG is there with the right check sum, IEND included."""
    kind = b""
    view = memoryview(data)
    for chunk in png_chunks(data):
        end = chunk.start + chunk.length
        if not chunk.whole or zlib.crc32(view[chunk.start - 4 : end]) != int.from_bytes(data[end : end + 4]):
            return False
        kind = chunk.kind
    return kind == b"IEND"


def png_with(data: memoryview, chunks: Iterable[tuple[bytes, bytes]]) -> Parts:
    """A PNG, in parts, with more chunks (kind, data) right after its header."""
    after_header = len(PNG_START) + 25
    parts: Parts = [data[:after_header]]
    for kind, body in chunks:
        parts += [struct.pack(">I", len(body)), kind, body, struct.pack(">I", zlib.crc32(kind + body))]
    return [*parts, data[after_header:]]


def jpeg_with(data: memoryview, dpi: float | None, segments: Iterable[tuple[int, bytes]]) -> Parts:
    """A JPEG that begins with a JFIF header, in parts, with a resolution and more segments (marker, data) behind it.

    JFIF 1.02: the unit is the twelfth byte of the header's data, the two densities follow.
    """
    after_header = 20
    header = bytearray(data[:after_header])
    if header[2:4] != b"\xff\xe0" or header[6:11] != b"JFIF\0":
        raise ValueError("The JPEG does not begin with a JFIF header.")
    if dpi:
        density = max(1, min(0xFFFF, round(dpi)))
        header[13:18] = struct.pack(">BHH", 1, density, density)
    parts: Parts = [bytes(header)]
    for marker, body in segments:
        parts += [struct.pack(">BBH", 0xFF, marker, len(body) + 2), body]
    return [*parts, data[after_header:]]


def icc_segments(profile: bytes) -> Iterator[tuple[int, bytes]]:
    """A profile as JPEG segments (ICC.1:2010, B.4): as many as it takes, numbered from 1."""
    most = 65_519
    count = -(-len(profile) // most)
    for number in range(count):
        part = profile[number * most : (number + 1) * most]
        yield 0xE2, b"ICC_PROFILE\0" + bytes((number + 1, count)) + part


def cut_off(kind: str, data: bytes) -> bool:
    """Whether the end of the file is missing; kinds that do not show it from outside give False."""
    check = _CHECKS.get(kind)
    return check is not None and check(data)


def _png_cut(data: bytes) -> bool:
    last = None
    for last in png_chunks(data):
        if not last.whole:
            # Some writers leave out the check sum of IEND; every decoder takes it.
            return last.kind != b"IEND"
    return last is None or last.kind != b"IEND"


def _jpeg_cut(data: bytes) -> bool:
    """ITU T.81, B.1.1: without an end of image after the first scan, lines are missing.

    A thumbnail inside the headers has an end of its own, so these are skipped.
    """
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xDA:
            return data.find(b"\xff\xd9", at) < 0
        at += 1 if marker == 0xFF else 2 + int.from_bytes(data[at + 2 : at + 4])
    return at + 4 > len(data)


def _webp_cut(data: bytes) -> bool:
    return len(data) < 12 or int.from_bytes(data[4:8], "little") + 8 > len(data)


def _avif_cut(data: bytes) -> bool:
    """ISO/IEC 14496-12, 4.2: boxes at the top; a size of 0 reaches to the end, 1 means a 64-bit size follows."""
    at = 0
    while at < len(data):
        if at + 8 > len(data):
            return True
        size = int.from_bytes(data[at : at + 4])
        if size == 0:
            return False
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16])
        if size < 8:
            return False
        at += size
    return at > len(data)


def _tiff_cut(data: bytes) -> bool:
    order = "<" if data[:2] == b"II" else ">"
    form, at = ("Q", 8) if data[2:4].strip(b"\0") == b"+" else ("I", 4)
    if len(data) < at + struct.calcsize(form):
        return True
    (first,) = struct.unpack_from(order + form, data, at)
    return bool(first + 2 > len(data))


def _psd_cut(data: bytes) -> bool:
    """Photoshop's file format: three sections that tell their length, and the merged picture behind them."""
    at = 26
    for _ in range(3):
        if at + 4 > len(data):
            return True
        at += 4 + int.from_bytes(data[at : at + 4])
    channels, height, width = (int(one) for one in struct.unpack_from(">HII", data, 12))
    rows = height * channels
    left = len(data) - at - 2
    if left < 0 or int.from_bytes(data[at : at + 2]) == 0:
        return left < rows * ((width * psd_bits(data) + 7) // 8)
    if left < 2 * rows or int.from_bytes(data[at : at + 2]) != 1:
        return left < 2 * rows
    return bool(left < 2 * rows + sum(struct.unpack_from(f">{rows}H", data, at + 2)))


_CHECKS: dict[str, Callable[[bytes], bool]] = {
    "PNG": _png_cut,
    "JPEG": _jpeg_cut,
    "WEBP": _webp_cut,
    "AVIF": _avif_cut,
    "HEIC": _avif_cut,
    "TIFF": _tiff_cut,
    "PSD": _psd_cut,
}


def avif_bits(data: bytes) -> int:
    """Bits a channel of an AVIF picture, from its codec configuration (AV1-ISOBMFF, 2.3.3)."""
    at = data.find(b"av1C")
    if at < 0 or at + 7 > len(data):
        return 8
    flags = data[at + 6]
    if not flags & 0x40:
        return 8
    return 12 if flags & 0x20 else 10


def psd_has_transparency(data: bytes) -> bool:
    """Whether the merged picture's fourth channel is its transparency, and not a stored selection.

    Photoshop's file format, "Layer and Mask Information": a negative layer count says so.
    """
    return _psd_layer_count(data) < 0


def psd_has_layers(data: bytes) -> bool:
    """Whether a Photoshop file says that it has any layer besides its merged picture.

    With more than 8 bits they stand in a block of their own behind an empty list; such a file may have some.
    """
    at = 26
    for _ in range(2):
        at += 4 + int.from_bytes(data[at : at + 4])
    deep = psd_bits(data) > 8 and int.from_bytes(data[at : at + 4]) > 0
    return deep or _psd_layer_count(data) != 0


def _psd_layer_count(data: bytes) -> int:
    at = 26
    for _ in range(2):
        at += 4 + int.from_bytes(data[at : at + 4])
    if int.from_bytes(data[at : at + 4]) == 0 or int.from_bytes(data[at + 4 : at + 8]) == 0:
        return 0
    return int.from_bytes(data[at + 8 : at + 10], signed=True)


def psd_bits(data: bytes) -> int:
    """Bits a channel of a Photoshop file, from its header."""
    return int.from_bytes(data[22:24])


def psd_size(data: bytes) -> tuple[int, int] | None:
    """Width and height that the header of a Photoshop file claims; none when the header is not all there."""
    return None if len(data) < 26 else (int.from_bytes(data[18:22]), int.from_bytes(data[14:18]))
