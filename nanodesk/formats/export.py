"""Pixels to files for other programs, always with a colour profile, and with little else.

PNG, JPEG, WebP, AVIF, TIFF and PDF hold one picture; OpenRaster and Photoshop files its layers too.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from nanodesk.formats import openraster, pdf, photoshop
from nanodesk.formats.errors import UnknownSuffixError, WriteError
from nanodesk.formats.metadata import SourceType, carried_exif, xmp_packet
from nanodesk.formats.picture import PictureLayer
from nanodesk.formats.structure import Parts, icc_segments, jpeg_with, png_with
from nanodesk.formats.whole_file import write_whole
from nanodesk.imaging.codec import LONGEST_JPEG, LONGEST_WEBP, WHITE, Colour, is_opaque, jpeg_buffer, over, png_buffer
from nanodesk.imaging.colour import srgb_profile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
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
    ".avif": "avif",
    ".ora": "ora",
    ".psd": "psd",
    ".pdf": "pdf",
}
LAYERED = ("ora", "psd")
"""The formats that hold layers."""

_NAMES = {
    "png": "PNG", "jpeg": "JPEG", "webp": "WebP", "tiff": "TIFF", "avif": "AVIF", "ora": "OpenRaster",
    "psd": "a Photoshop file", "pdf": "PDF",
}  # fmt: skip
_LONGEST = {
    "png": 1_000_000, "jpeg": LONGEST_JPEG, "webp": LONGEST_WEBP, "tiff": 1_000_000, "avif": 65_535,
    "ora": 1_000_000, "psd": photoshop.LONGEST, "pdf": pdf.LONGEST,
}  # fmt: skip
_AVIF_SPEED = 9
"""Of 0 to 10: seven times as quick as the usual 6, for a file five percent larger, measured on a photo of 11 MP."""
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
        format: "png", "jpeg", "webp", "avif", "tiff", "pdf", "ora" or "psd".
        quality: 1 to 100, for JPEG, WebP, AVIF and PDF.
        lossless: for WebP and PDF.
        compression: 0 to 9 for PNG: 1 is quick and good for photographs, more is smaller for drawings.
        background: what shows through in a JPEG, which has no transparency.
        dpi: pixels an inch; none writes none. WebP and AVIF have no place for it.
        profile: ICC bytes of the RGB profile that the pixels are in; none means sRGB. It is embedded either way.
        source_type: a `SourceType`, where a generative model had a hand in the picture.
        exif: an EXIF block to carry along, for all but TIFF and PDF.
        keep_place: carry along where it was taken.
        keep_camera: carry along the rest of the block.
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
    keep_place: bool = False
    keep_camera: bool = True

    @property
    def icc(self) -> bytes:
        """The profile to embed."""
        return self.profile or srgb_profile()


@dataclass(frozen=True, slots=True)
class Extras:
    """What goes into a file besides its pixels; empty for what does not."""

    xmp: bytes = b""
    exif: bytes = b""


_NO_EXTRAS = Extras()


def export_suffixes() -> tuple[str, ...]:
    """The endings of file names that can be written, such as ".png"."""
    return tuple(FORMATS_BY_SUFFIX)


def format_for(path: Path) -> str:
    """The format that a file's name stands for: "png", "jpeg", "psd", ….

    Raises:
        UnknownSuffixError: when it stands for none of them.
    """
    try:
        return FORMATS_BY_SUFFIX[path.suffix.lower()]
    except KeyError:
        known = ", ".join(FORMATS_BY_SUFFIX)
        raise UnknownSuffixError(f"“{path.name}” does not end in one of {known}: give it one of these.") from None


def write_picture(
    path: Path, pixels: Block, options: PictureOptions | None = None, layers: Sequence[PictureLayer] = ()
) -> None:
    """Write pixels (h, w, 4), straight BGRA, to a file, whole or not at all.

    Args:
        path: of the file; without `options` its ending chooses the format.
        layers: what the pixels are made of, for a format that holds layers; without any it gets one.

    Raises:
        WriteError: with the reason, in one plain sentence; what was at the path is still there.
    """
    chosen = options or PictureOptions(format=format_for(path))
    try:
        parts = _parts(pixels, chosen, layers)
    except WriteError as error:
        raise WriteError(f"“{path.name}” could not be written: {error}") from error
    write_whole(path, *parts)


def encode_picture(pixels: Block, kind: str, profile: bytes | None = None, dpi: float | None = None) -> bytes:
    """Pixels (h, w, 4), straight BGRA, as a file of that format with everything else as usual.

    Raises:
        WriteError: when the format cannot hold them.
    """
    return encode(pixels, PictureOptions(format=kind, profile=profile, dpi=dpi))


def encode(pixels: Block, options: PictureOptions, layers: Sequence[PictureLayer] = ()) -> bytes:
    """Pixels (h, w, 4), straight BGRA, as the bytes of a file.

    Raises:
        WriteError: when the format cannot hold them, or the encoder gives up.
        ValueError: for options that mean nothing.
    """
    return b"".join(_parts(pixels, options, layers))


def _parts(pixels: Block, options: PictureOptions, layers: Sequence[PictureLayer]) -> Parts:
    if options.format not in _NAMES:
        raise ValueError(f"There is no format called {options.format!r}.")
    name, longest = _NAMES[options.format], _LONGEST[options.format]
    height, width = pixels.shape[:2]
    if max(height, width) > longest:
        raise WriteError(f"{name} holds at most {longest:,} pixels a side; make the picture smaller, or use TIFF.")
    if height == 0 or width == 0:
        raise WriteError("The picture has no pixels.")
    extras = Extras(
        b"" if options.source_type is None else xmp_packet(SourceType(options.source_type)),
        b"" if options.exif is None else carried_exif(options.exif, options.keep_place, options.keep_camera),
    )
    try:
        if options.format in LAYERED:
            own = layers or [PictureLayer("Picture", pixels)]
            return _LAYERED_ENCODERS[options.format](pixels, options, extras, own)
        return _ENCODERS[options.format](pixels, options, extras)
    except WriteError:
        raise
    except Exception as error:
        # Encoders raise their own kinds of exception, most often for want of memory.
        raise WriteError(f"The picture could not be turned into {name}; try another format.") from error


def _png(pixels: Block, options: PictureOptions, extras: Extras) -> Parts:
    """OpenCV's PNG with the chunks of the PNG specification (third edition, section 11.3) that it does not write."""
    chunks = [(b"iCCP", b"ICC profile\0\0" + zlib.compress(options.icc))]
    if options.dpi:
        per_metre = round(options.dpi / 0.0254)
        chunks.append((b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)))
    if extras.xmp:
        chunks.append((b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + extras.xmp))
    if extras.exif:
        chunks.append((b"eXIf", extras.exif))
    return png_with(png_buffer(pixels, options.compression).data, chunks)


def _jpeg(pixels: Block, options: PictureOptions, extras: Extras) -> Parts:
    """OpenCV's JPEG with EXIF, XMP and profile behind its JFIF header, in the order that readers expect."""
    segments = [(0xE1, b"Exif\0\0" + extras.exif)] if extras.exif else []
    if extras.xmp:
        segments.append((0xE1, b"http://ns.adobe.com/xap/1.0/\0" + extras.xmp))
    segments += icc_segments(options.icc)
    fine = options.quality >= _FINE_QUALITY
    data = jpeg_buffer(pixels, options.quality, options.background, full_colour=fine)
    return jpeg_with(data.data, options.dpi, segments)


def _named(extras: Extras) -> dict[str, Any]:
    """As Pillow's writers take them."""
    return {name: data for name, data in (("xmp", extras.xmp), ("exif", extras.exif)) if data}


def _webp(pixels: Block, options: PictureOptions, extras: Extras) -> Parts:
    # For lossless less than half the time of Pillow's defaults, for a file one percent larger.
    how: dict[str, Any] = {"lossless": True, "exact": True, "quality": 20, "method": 1}
    if not options.lossless:
        how = {"quality": options.quality, "method": 2}
    return _saved(_image(_lean(pixels)), "WEBP", options, **how, **_named(extras))


def _avif(pixels: Block, options: PictureOptions, extras: Extras) -> Parts:
    fine = options.quality >= _FINE_QUALITY
    how = {"quality": options.quality, "subsampling": "4:4:4" if fine else "4:2:0", "speed": _AVIF_SPEED}
    return _saved(_image(_lean(pixels)), "AVIF", options, **how, **_named(extras))


def _tiff(pixels: Block, options: PictureOptions, extras: Extras) -> Parts:
    """LZW, which every reader of TIFF knows: a third of deflate's time here for a tenth more bytes."""
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    tags = ImageFileDirectory_v2()
    tags[_PREDICTOR_TAG] = _HORIZONTAL
    if extras.xmp:
        tags.tagtype[_XMP_TAG] = _BYTE
        tags[_XMP_TAG] = extras.xmp
    return _saved(_image(_lean(pixels)), "TIFF", options, compression="tiff_lzw", tiffinfo=tags)


def _pdf(pixels: Block, options: PictureOptions, extras: Extras) -> Parts:
    return pdf.pdf_page(pixels, options.dpi, options.icc, extras.xmp, None if options.lossless else options.quality)


def _psd(pixels: Block, options: PictureOptions, extras: Extras, layers: Sequence[PictureLayer]) -> Parts:
    told = ((photoshop.PROFILE, options.icc), (photoshop.EXIF, extras.exif), (photoshop.XMP, extras.xmp))
    resources = {number: data for number, data in told if data}
    return photoshop.photoshop_file(pixels, layers, options.dpi or 72.0, resources)


def _ora(pixels: Block, options: PictureOptions, extras: Extras, layers: Sequence[PictureLayer]) -> Parts:
    """Layers as PNGs of their own; profile, origin and camera data are the merged picture's."""
    from nanodesk.document.geometry import Size
    from nanodesk.imaging.resample import resize
    from nanodesk.imaging.thumbnail import fitted

    height, width = pixels.shape[:2]
    xml, sources = openraster.stack_xml(layers, (width, height), options.dpi)

    def png(picture: Block, own: Extras = _NO_EXTRAS) -> bytes:
        return b"".join(_png(picture, options, own))

    def members() -> Iterator[tuple[str, bytes]]:
        for place, name in sources.items():
            picture = layers[place].pixels
            assert picture is not None
            yield name, png(picture)
        yield openraster.MERGED, png(pixels, extras)
        yield openraster.THUMBNAIL, png(resize(pixels, fitted(Size(width, height), Size(256, 256))))

    return [openraster.packed(xml, members())]


_ENCODERS: dict[str, Callable[[Block, PictureOptions, Extras], Parts]] = {
    "png": _png,
    "jpeg": _jpeg,
    "webp": _webp,
    "avif": _avif,
    "tiff": _tiff,
    "pdf": _pdf,
}
_LAYERED_ENCODERS: dict[str, Callable[[Block, PictureOptions, Extras, Sequence[PictureLayer]], Parts]] = {
    "ora": _ora,
    "psd": _psd,
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


def _saved(image: Image, kind: str, options: PictureOptions, **how: Any) -> Parts:
    out = io.BytesIO()
    if options.dpi and kind == "TIFF":
        how["dpi"] = (options.dpi, options.dpi)
    image.save(out, kind, icc_profile=options.icc, **how)
    return [out.getbuffer()]
