"""Pixels to files for other programs: PNG, JPEG, WebP and TIFF, always with a colour profile, and little else."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from nanodesk.formats.errors import UnknownSuffixError, WriteError
from nanodesk.formats.metadata import SourceType, carried_exif, xmp_packet
from nanodesk.formats.structure import Parts, icc_segments, jpeg_with, png_with
from nanodesk.formats.whole_file import write_whole
from nanodesk.imaging.codec import LONGEST_JPEG, LONGEST_WEBP, WHITE, Colour, is_opaque, jpeg_buffer, over, png_buffer
from nanodesk.imaging.colour import srgb_profile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray
    from PIL.Image import Image

    Block = NDArray[np.uint8]

FORMATS_BY_SUFFIX = {
    ".png": "png",
    ".jpg": "jpeg",
    ".jpeg": "jpeg",
    ".webp": "webp",
    ".tif": "tiff",
    ".tiff": "tiff",
}
_NAMES = {"png": "PNG", "jpeg": "JPEG", "webp": "WebP", "tiff": "TIFF"}
_LONGEST = {"png": 1_000_000, "jpeg": LONGEST_JPEG, "webp": LONGEST_WEBP, "tiff": 1_000_000}
_XMP_TAG = 700
_BYTE = 1
_PREDICTOR_TAG = 317
_HORIZONTAL = 2
"""Each pixel as its difference to the one before: TIFF 6.0, section 14. A third smaller."""
_FINE_QUALITY = 90
"""From here on a JPEG keeps colour at full resolution."""


@dataclass(frozen=True, slots=True)
class PictureOptions:
    """How a picture is written.

    Attributes:
        format: "png", "jpeg", "webp" or "tiff".
        quality: 1 to 100, for JPEG and WebP.
        lossless: for WebP.
        compression: 0 to 9 for PNG: 1 is quick and good for photographs, more is smaller for drawings.
        background: what shows through in a JPEG, which has no transparency.
        dpi: pixels an inch; none writes none. WebP has no place for it.
        profile: ICC bytes of the RGB profile that the pixels are in; none means sRGB. It is embedded either way.
        source_type: a `SourceType`, where a generative model had a hand in the picture.
        exif: an EXIF block to carry along, for all but TIFF; its place is left out.
    """

    format: str = "png"
    quality: int = 92
    lossless: bool = False
    compression: int = 1
    background: Colour = WHITE
    dpi: float | None = None
    profile: bytes | None = field(default=None, repr=False)
    source_type: str | None = None
    exif: bytes | None = field(default=None, repr=False)


def export_suffixes() -> tuple[str, ...]:
    """The endings of file names that can be written, such as ".png"."""
    return tuple(FORMATS_BY_SUFFIX)


def format_for(path: Path) -> str:
    """The format that a file's name stands for: "png", "jpeg", "webp" or "tiff".

    Raises:
        UnknownSuffixError: when it stands for none of them.
    """
    try:
        return FORMATS_BY_SUFFIX[path.suffix.lower()]
    except KeyError:
        known = ", ".join(FORMATS_BY_SUFFIX)
        raise UnknownSuffixError(f"“{path.name}” does not end in one of {known}: give it one of these.") from None


def write_picture(path: Path, pixels: Block, options: PictureOptions | None = None) -> None:
    """Write pixels (h, w, 4), straight BGRA, to a file, whole or not at all.

    Args:
        path: of the file; without `options` its ending chooses the format.

    Raises:
        WriteError: with the reason, in one plain sentence; what was at the path is still there.
    """
    chosen = options or PictureOptions(format=format_for(path))
    try:
        parts = _parts(pixels, chosen)
    except WriteError as error:
        raise WriteError(f"“{path.name}” could not be written: {error}") from error
    write_whole(path, *parts)


def encode_picture(pixels: Block, kind: str, profile: bytes | None = None, dpi: float | None = None) -> bytes:
    """Pixels (h, w, 4), straight BGRA, as a file of that format with everything else as usual.

    Raises:
        WriteError: when the format cannot hold them.
    """
    return encode(pixels, PictureOptions(format=kind, profile=profile, dpi=dpi))


def encode(pixels: Block, options: PictureOptions) -> bytes:
    """Pixels (h, w, 4), straight BGRA, as the bytes of a file.

    Raises:
        WriteError: when the format cannot hold them, or the encoder gives up.
        ValueError: for options that mean nothing.
    """
    return b"".join(_parts(pixels, options))


def _parts(pixels: Block, options: PictureOptions) -> Parts:
    encoder = _ENCODERS.get(options.format)
    if encoder is None:
        raise ValueError(f"There is no format called {options.format!r}.")
    name, longest = _NAMES[options.format], _LONGEST[options.format]
    height, width = pixels.shape[:2]
    if max(height, width) > longest:
        raise WriteError(f"{name} holds at most {longest:,} pixels a side; make the picture smaller, or use TIFF.")
    if height == 0 or width == 0:
        raise WriteError("The picture has no pixels.")
    xmp = b"" if options.source_type is None else xmp_packet(SourceType(options.source_type))
    exif = b"" if options.exif is None else carried_exif(options.exif)
    try:
        return encoder(pixels, options, xmp, exif)
    except Exception as error:
        # Encoders raise their own kinds of exception, most often for want of memory.
        raise WriteError(f"The picture could not be turned into {name}; try another format.") from error


def _png(pixels: Block, options: PictureOptions, xmp: bytes, exif: bytes) -> Parts:
    """OpenCV's PNG with the chunks of the PNG specification (third edition, section 11.3) that it does not write."""
    profile = options.profile or srgb_profile()
    chunks = [(b"iCCP", b"ICC profile\0\0" + zlib.compress(profile))]
    if options.dpi:
        per_metre = round(options.dpi / 0.0254)
        chunks.append((b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)))
    if xmp:
        chunks.append((b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp))
    if exif:
        chunks.append((b"eXIf", exif))
    return png_with(png_buffer(pixels, options.compression).data, chunks)


def _jpeg(pixels: Block, options: PictureOptions, xmp: bytes, exif: bytes) -> Parts:
    """OpenCV's JPEG with EXIF, XMP and profile behind its JFIF header, in the order that readers expect."""
    segments = [(0xE1, b"Exif\0\0" + exif)] if exif else []
    if xmp:
        segments.append((0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp))
    segments += icc_segments(options.profile or srgb_profile())
    fine = options.quality >= _FINE_QUALITY
    data = jpeg_buffer(pixels, options.quality, options.background, full_colour=fine)
    return jpeg_with(data.data, options.dpi, segments)


def _webp(pixels: Block, options: PictureOptions, xmp: bytes, exif: bytes) -> Parts:
    extras: dict[str, Any] = {"xmp": xmp} if xmp else {}
    if exif:
        extras["exif"] = exif
    if options.lossless:
        # Less than half the time of Pillow's defaults, for a file one percent larger.
        return _saved(_image(_lean(pixels)), "WEBP", options, lossless=True, exact=True, quality=20, method=1, **extras)
    return _saved(_image(_lean(pixels)), "WEBP", options, quality=options.quality, method=2, **extras)


def _tiff(pixels: Block, options: PictureOptions, xmp: bytes, _: bytes) -> Parts:
    """LZW, which every reader of TIFF knows: a third of deflate's time here for a tenth more bytes."""
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    tags = ImageFileDirectory_v2()
    tags[_PREDICTOR_TAG] = _HORIZONTAL
    if xmp:
        tags.tagtype[_XMP_TAG] = _BYTE
        tags[_XMP_TAG] = xmp
    return _saved(_image(_lean(pixels)), "TIFF", options, compression="tiff_lzw", tiffinfo=tags)


_ENCODERS: dict[str, Callable[[Block, PictureOptions, bytes, bytes], Parts]] = {
    "png": _png,
    "jpeg": _jpeg,
    "webp": _webp,
    "tiff": _tiff,
}


def _lean(pixels: Block) -> Block:
    """Without the alpha channel where nothing is transparent."""
    return over(pixels) if is_opaque(pixels) else pixels


def _image(pixels: Block) -> Image:
    """BGR or BGRA as a Pillow image."""
    import cv2
    from PIL import Image

    code = cv2.COLOR_BGR2RGB if pixels.shape[2] == 3 else cv2.COLOR_BGRA2RGBA
    return Image.fromarray(np.asarray(cv2.cvtColor(pixels, code), np.uint8))


def _saved(image: Image, kind: str, options: PictureOptions, **extras: Any) -> Parts:
    out = io.BytesIO()
    if options.dpi and kind != "WEBP":
        extras["dpi"] = (options.dpi, options.dpi)
    image.save(out, kind, icc_profile=options.profile or srgb_profile(), **extras)
    return [out.getbuffer()]
