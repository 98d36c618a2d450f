"""Bytes of another program's picture to pixels: `decode(bytes, limits) -> DecodedPicture`.

The format is told by the content, the size is checked before anything is unpacked, and whatever a decoder raises ends
as one plain sentence. `nanodesk.formats.decode_client` runs this in a process of its own, for bytes from outside.
"""

from __future__ import annotations

import importlib
import io
import threading
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from nanodesk.formats import metadata, refusals, structure
from nanodesk.formats.errors import DamagedPictureError, FormatError, UnsupportedFormatError
from nanodesk.formats.jxl import jxl_size
from nanodesk.formats.limits import DEFAULT_LIMITS, MOST_PIXELS, DecodeLimits
from nanodesk.formats.modes import Converted, convert, mode_name, rgb_profile
from nanodesk.formats.openraster import MERGED, Archive
from nanodesk.formats.picture import DecodedPicture
from nanodesk.formats.psd_layers import deep_merged
from nanodesk.formats.sniff import sniff
from nanodesk.imaging.codec import as_bgra, picture_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

    Block = NDArray[np.uint8]

_PLUGINS = {
    "PNG": ("PIL.PngImagePlugin", "PngImageFile"),
    "JPEG": ("PIL.JpegImagePlugin", "JpegImageFile"),
    "WEBP": ("PIL.WebPImagePlugin", "WebPImageFile"),
    "GIF": ("PIL.GifImagePlugin", "GifImageFile"),
    "BMP": ("PIL.BmpImagePlugin", "BmpImageFile"),
    "TIFF": ("PIL.TiffImagePlugin", "TiffImageFile"),
    "AVIF": ("PIL.AvifImagePlugin", "AvifImageFile"),
    "ICO": ("PIL.IcoImagePlugin", "IcoImageFile"),
    "PSD": ("PIL.PsdImagePlugin", "PsdImageFile"),
    "HEIC": ("pillow_heif.as_plugin", "HeifImageFile"),
    "JXL": ("pillow_jxl.JpegXLImagePlugin", "JXLImageFile"),
}
_CLAIMED: dict[str, Callable[[bytes], tuple[int, int] | None]] = {"JXL": jxl_size, "PSD": structure.psd_size}
"""What tells the size of those kinds that the codec does not know."""
_OPTIONAL = {"HEIC": ("a HEIC photo", "pillow-heif"), "JXL": ("a JPEG XL picture", "pillow-jxl-plugin")}
"""What is read by a package that need not be installed, and what that is called."""
_pillow_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Source:
    """One picture on its way in."""

    data: bytes
    kind: str
    limits: DecodeLimits
    subject: str
    cut: bool


def decode(data: bytes, limits: DecodeLimits = DEFAULT_LIMITS, name: str = "") -> DecodedPicture:
    """The picture in `data` as 8-bit BGRA, upright, in its own RGB profile.

    Opened are PNG, JPEG, WebP, GIF (first frame), BMP, TIFF (first page), AVIF, ICO (largest), the merged pictures of
    PSD, OpenRaster and Krita, and HEIC and JPEG XL where their readers are installed. Grey, CMYK, Lab, palettes and
    more than 8 bits are converted, and `notes` says so. `nanodesk.formats.layered` opens layers and frames.

    Args:
        data: the whole file.
        limits: what it may take; time and memory are kept by the worker process, not here.
        name: of the file, for the sentences of errors.

    Raises:
        DecodeError: one of its kinds, with a plain sentence.
    """
    subject = refusals.subject_of(name)
    refusals.check_file(data, limits, subject)
    kind = sniff(data, subject)
    if kind in ("ORA", "KRA"):
        return _merged_member(data, kind, limits, name)
    claimed = _CLAIMED.get(kind, picture_size)(data)
    if claimed is None and kind == "JXL":  # its reader would decode it before it tells
        raise refusals.explained(ValueError(), subject, limits)
    if claimed is not None:
        refusals.check_size(claimed, limits, subject)
    cut = structure.cut_off(kind, data)
    if cut and not limits.accept_cut_off:
        raise refusals.cut_off(subject, limits)
    try:
        with pillow_within(limits):
            return _decoded(_Source(data, kind, limits, subject, cut))
    except FormatError:
        raise
    except Exception as error:
        # Decoders raise a dozen kinds of exception on broken files: no list of them would be complete.
        raise refusals.explained(error, subject, limits) from error


def _merged_member(data: bytes, kind: str, limits: DecodeLimits, name: str) -> DecodedPicture:
    """The merged picture that OpenRaster and Krita files carry; it is a PNG and nothing else."""
    subject = refusals.subject_of(name)
    inner = Archive(data, limits, subject).member(MERGED)
    if sniff(inner, subject) != "PNG":
        raise DamagedPictureError(f"{subject} is damaged: its merged picture is no PNG; get it again.")
    picture = decode(inner, limits, name)
    program = "OpenRaster" if kind == "ORA" else "Krita"
    told = f"Only the merged picture of the {program} file was opened, without its layers."
    return replace(picture, format=kind, notes=(*picture.notes, told))


@contextmanager
def pillow_within(limits: DecodeLimits) -> Iterator[None]:
    """Set what Pillow keeps in global variables; one picture at a time, which is what a worker process has anyway."""
    from PIL import Image, ImageFile

    with _pillow_lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of odd metadata; what matters is raised or noted
        before = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES
        # Pillow raises at twice this number: it guards pictures inside pictures, whose size is not seen from outside.
        Image.MAX_IMAGE_PIXELS = max(1, min(limits.max_pixels, MOST_PIXELS) // 2)
        ImageFile.LOAD_TRUNCATED_IMAGES = limits.accept_cut_off
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = before


def _decoded(source: _Source) -> DecodedPicture:
    image = _opened(source)
    refusals.check_size(image.size, source.limits, source.subject)
    if source.kind == "TIFF" and _strips_missing(image, len(source.data)):
        source = _cut_tiff(source)
    notes = _notes_before(source, image)
    mode, bits = image.mode, _bits(source, image)
    embedded = image.info.get("icc_profile") or None
    exif = metadata.exif_of(source.kind, source.data, image)
    orientation = metadata.orientation_of(source.kind, exif, image)
    converted = _quick(source, image, embedded) or _slow(source, image, embedded)
    pixels = converted.pixels
    if source.kind != "TIFF":  # Pillow has turned that one while loading it
        pixels = metadata.upright(pixels, orientation)
    if 8 < bits <= 16 or (source.kind == "PSD" and bits > 8):
        notes.append(f"Its {bits} bits for each channel were reduced to 8.")
    if orientation != 1:
        notes.append("It was turned upright, as its camera noted.")
    return DecodedPicture(
        pixels=np.ascontiguousarray(pixels),
        profile=converted.profile,
        dpi=metadata.dpi_of(image),
        notes=(*notes, *converted.notes),
        format=source.kind,
        mode=mode_name(mode),
        bits=bits,
        orientation=orientation,
        exif=metadata.lean_exif(exif),
        source_type=metadata.source_type_of(image),
    )


def _opened(source: _Source) -> Image:
    if source.kind == "PSD" and structure.psd_bits(source.data) > 8:  # Pillow has no reader for those
        return deep_merged(source.data, source.limits)
    return opened(source.kind, source.data, source.subject)


def opened(kind: str, data: bytes, subject: str) -> ImageFile:
    """A file as a Pillow picture that is not loaded yet, by the reader of its kind and no other.

    Raises:
        UnsupportedFormatError: when that reader is not installed.
        Exception: whatever the reader raises on a broken file.
    """
    module, name = _PLUGINS[kind]
    try:
        plugin = importlib.import_module(module)
    except ImportError as error:
        if kind not in _OPTIONAL:
            raise
        what, package = _OPTIONAL[kind]
        raise UnsupportedFormatError(
            f"{subject} is {what}, and the package that reads it is not installed: install {package}, or save the "
            "picture as JPEG or PNG first."
        ) from error
    image: ImageFile = getattr(plugin, name)(io.BytesIO(data))
    return image


def _strips_missing(image: Image, length: int) -> bool:
    """Whether a TIFF's directory points behind the end of the file (TIFF 6.0, strips and tiles)."""
    tags: Any = getattr(image, "tag_v2", {})
    for places, lengths in ((273, 279), (324, 325)):
        at, count = tags.get(places), tags.get(lengths)
        if at and count and max(a + c for a, c in zip(at, count, strict=False)) > length:
            return True
    return False


def _cut_tiff(source: _Source) -> _Source:
    if not source.limits.accept_cut_off:
        raise refusals.cut_off(source.subject, source.limits)
    return _Source(source.data, source.kind, source.limits, source.subject, cut=True)


def _notes_before(source: _Source, image: Image) -> list[str]:
    notes = []
    if source.cut:
        notes.append("The file is cut off; what there is of it was opened.")
    if source.kind == "PSD" and structure.psd_has_layers(source.data):
        notes.append("Only the merged picture of the Photoshop file was opened, without its layers.")
    elif _has_more_frames(image):
        part, whole = ("page", "document") if source.kind == "TIFF" else ("frame", "animation")
        notes.append(f"Only the first {part} of the {whole} was opened.")
    return notes


def _has_more_frames(image: Image) -> bool:
    try:
        more = bool(getattr(image, "is_animated", False))
        image.seek(0)
    except Exception:  # noqa: BLE001 - a broken second frame is none; the first one is what counts
        return False
    return more


def _bits(source: _Source, image: Image) -> int:
    if source.kind == "PNG":
        return max(1, source.data[24])
    if source.kind == "AVIF":
        return structure.avif_bits(source.data)
    if source.kind == "PSD":
        return structure.psd_bits(source.data)
    if source.kind == "HEIC":
        return int(image.info.get("bit_depth", 8))
    if source.kind == "TIFF":
        told: Any = getattr(image, "tag_v2", {}).get(258, (8,))
        return int(max(told)) if isinstance(told, tuple) else int(told)
    return 1 if image.mode == "1" else 8


def _quick(source: _Source, image: Image, embedded: bytes | None) -> Converted | None:
    """What OpenCV reads to the same pixels as Pillow, in half the time; none for everything else."""
    if source.cut or not _is_plain(source, image):
        return None
    import cv2

    flags = cv2.IMREAD_COLOR if source.kind == "JPEG" else cv2.IMREAD_UNCHANGED
    read = cv2.imdecode(np.frombuffer(source.data, np.uint8), flags | cv2.IMREAD_IGNORE_ORIENTATION)
    if read is None or read.dtype != np.uint8 or read.shape[1::-1] != image.size or read.ndim != 3:
        return None
    notes: list[str] = []
    return Converted(as_bgra(np.asarray(read, np.uint8)), rgb_profile(embedded, notes), notes)


def _is_plain(source: _Source, image: Image) -> bool:
    if image.mode not in ("RGB", "RGBA") or "transparency" in image.info:
        return False
    if source.kind == "PNG":
        depth, colour, interlaced = source.data[24], source.data[25], source.data[28]
        plain = depth == 8 and colour in (2, 6) and not interlaced
        return plain and not getattr(image, "is_animated", False) and structure.png_sound(source.data)
    return source.kind == "JPEG" or (source.kind == "WEBP" and not getattr(image, "is_animated", False))


def _slow(source: _Source, image: Image, embedded: bytes | None) -> Converted:
    image.load()
    converted = convert(image, embedded)
    if source.kind == "PSD" and image.mode == "RGBA" and structure.psd_bits(source.data) == 8:
        converted.pixels = _psd_merged(converted.pixels, structure.psd_has_transparency(source.data))
    return converted


def _psd_merged(pixels: Block, transparent: bool) -> Block:
    """Photoshop lays its merged picture on white: taken off again where the fourth channel is its transparency."""
    if not transparent:
        pixels[..., 3] = 255
        return pixels
    alpha = pixels[..., 3:].astype(np.float32)
    colour = pixels[..., :3].astype(np.float32)
    lifted = 255.0 - (255.0 - colour) * (255.0 / np.maximum(alpha, 1.0))
    pixels[..., :3] = np.rint(np.clip(lifted, 0.0, 255.0)).astype(np.uint8)
    return pixels
