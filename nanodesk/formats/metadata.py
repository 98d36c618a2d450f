"""What a file says besides its pixels: EXIF, resolution, and the XMP note on how a picture was made."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from nanodesk.formats.structure import png_chunks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Exif, Image

    Block = NDArray[np.uint8]

_ORIENTATION = 0x0112
_GPS = 0x8825
_CAMERA = 0x8769
_MAKER_NOTE, _USER_COMMENT = 0x927C, 0x9286
_PSD_RESOLUTION, _PSD_EXIF, _PSD_XMP = 1005, 1058, 1060
_XMP_TAG = 700
_MADE = re.compile(rb"digitalsourcetype/(compositeWithTrainedAlgorithmicMedia|trainedAlgorithmicMedia)\b")
_EXIF_HEADING = b"Exif\0\0"
_VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_MOST_LEAN_EXIF = 16_000
_MOST_EXIF = 65_000
"""A JPEG can hold no more; what is longer is not worth carrying."""


class SourceType(StrEnum):
    """IPTC's Digital Source Type (cv.iptc.org) of pictures that a generative model had a hand in."""

    COMPOSITE = "compositeWithTrainedAlgorithmicMedia"
    """A picture with generated parts."""
    GENERATED = "trainedAlgorithmicMedia"
    """A picture that is generated as a whole."""


def xmp_packet(source_type: SourceType) -> bytes:
    """An XMP packet (ISO 16684-1) that says nothing but the digital source type."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
        f"<Iptc4xmpExt:DigitalSourceType>{_VOCABULARY}{source_type.value}</Iptc4xmpExt:DigitalSourceType>"
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def exif_of(kind: str, data: bytes, image: Image) -> bytes | None:
    """The file's EXIF block without its heading; a TIFF's is mixed with how the file is built and is left."""
    if kind == "PNG":
        raw: Any = _png_exif(data)
    elif kind == "TIFF":
        return None
    elif kind == "PSD":
        raw = psd_resource(image, _PSD_EXIF)
    else:
        raw = image.info.get("exif")
    if not isinstance(raw, bytes):
        return None
    raw = raw.removeprefix(_EXIF_HEADING)
    return raw if raw[:2] in (b"II", b"MM") and len(raw) < _MOST_EXIF else None


def source_type_of(image: Image) -> str | None:
    """The digital source type in a file's XMP, where it is one of a generative model's; before the picture is loaded.

    The packet is searched, not parsed: what a stranger's file says of itself needs no reader of XML.
    """
    tags: Any = getattr(image, "tag_v2", {})
    packet = image.info.get("xmp") or psd_resource(image, _PSD_XMP) or tags.get(_XMP_TAG) or b""
    text = packet.encode() if isinstance(packet, str) else packet
    found = _MADE.search(text) if isinstance(text, bytes) else None
    return None if found is None else SourceType(found.group(1).decode()).value


def psd_resource(image: Image, number: int) -> bytes | None:
    """An image resource of a Photoshop file; none where it is not there."""
    every: Any = getattr(image, "resources", ())
    return next((bytes(data) for one, _, data in every if one == number), None)


def _png_exif(data: bytes) -> bytes | None:
    for chunk in png_chunks(data):
        if chunk.kind == b"eXIf" and chunk.whole:
            return data[chunk.start : chunk.start + chunk.length]
    return None


def _parsed(exif: bytes) -> Exif:
    from PIL.Image import Exif as Empty

    parsed = Empty()
    parsed.load(_EXIF_HEADING + exif)
    return parsed


def orientation(exif: bytes | None) -> int:
    """The orientation an EXIF block asks for, 1 to 8; 1 where it asks for none or cannot be read."""
    if exif is None:
        return 1
    try:
        return _valid(_parsed(exif).get(_ORIENTATION))
    except Exception:  # noqa: BLE001 - broken metadata is no reason to refuse a picture
        return 1


def orientation_of(kind: str, exif: bytes | None, image: Image) -> int:
    """How a picture must be turned; asked before it is loaded.

    A TIFF says so in its own directory; JPEG XL and HEIC readers have turned it, whatever the EXIF block says.
    """
    if kind == "TIFF":
        tags: Any = getattr(image, "tag_v2", {})
        return _valid(tags.get(_ORIENTATION))
    return 1 if kind in ("JXL", "HEIC") else orientation(exif)


def _valid(value: object) -> int:
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def upright(pixels: Block, turn: int) -> Block:
    """Pixels turned as an EXIF orientation (CIPA DC-008, tag 274) asks; the same array for 1."""
    import cv2
    import numpy as np

    if turn == 2:
        return np.asarray(cv2.flip(pixels, 1), np.uint8)
    if turn == 3:
        return np.asarray(cv2.rotate(pixels, cv2.ROTATE_180), np.uint8)
    if turn == 4:
        return np.asarray(cv2.flip(pixels, 0), np.uint8)
    if turn == 5:
        return np.asarray(cv2.transpose(pixels), np.uint8)
    if turn == 6:
        return np.asarray(cv2.rotate(pixels, cv2.ROTATE_90_CLOCKWISE), np.uint8)
    if turn == 7:
        return np.asarray(cv2.flip(cv2.transpose(pixels), -1), np.uint8)
    if turn == 8:
        return np.asarray(cv2.rotate(pixels, cv2.ROTATE_90_COUNTERCLOCKWISE), np.uint8)
    return pixels


def dpi_of(image: Image) -> float | None:
    """Pixels an inch across; none where the file says nothing believable."""
    told = image.info.get("dpi") or _psd_dpi(image)
    try:
        value = float(told[0] if isinstance(told, tuple) else told)  # type: ignore[arg-type]  # Pillow's stubs do not know what a tag holds
    except (TypeError, ValueError, ZeroDivisionError, IndexError):
        return None
    if not 10 <= value <= 100_000:  # a TIFF without a resolution has 1
        return None
    # PNG and BMP count by the metre: 299.9994 was 300 before.
    return float(round(value)) if abs(value - round(value)) < 0.02 else round(value, 3)


def _psd_dpi(image: Image) -> float | None:
    """Photoshop's file format, "ResolutionInfo structure": 16.16 fixed point, always by the inch."""
    data = psd_resource(image, _PSD_RESOLUTION)
    return int.from_bytes(data[:4]) / 65536 if data and len(data) >= 4 else None


def lean_exif(exif: bytes | None) -> bytes | None:
    """An EXIF block without its thumbnail and its makers' private notes; none where nothing readable is left."""
    if exif is None:
        return None
    try:
        parsed = _parsed(exif)
        inner = parsed.get_ifd(_CAMERA)
        for tag in (_MAKER_NOTE, _USER_COMMENT):
            inner.pop(tag, None)
        parsed.get_ifd(_GPS)  # read now, since it is written only then
        lean = parsed.tobytes().removeprefix(_EXIF_HEADING)
    except Exception:  # noqa: BLE001 - broken metadata is no reason to refuse a picture
        return None
    return lean if len(lean) < _MOST_LEAN_EXIF and (len(parsed) or len(inner)) else None


def carried_exif(exif: bytes, keep_place: bool = False, keep_camera: bool = True) -> bytes:
    """An EXIF block fit for an exported picture: upright, and with no more than is wanted of place and camera.

    Returns:
        Nothing at all where nothing is wanted or left.

    Raises:
        ValueError: when the block cannot be read.
    """
    try:
        parsed = _parsed(exif)
        place = dict(parsed.get_ifd(_GPS)) if keep_place else {}
        if not keep_camera:
            for tag in list(parsed):
                del parsed[tag]
        elif _ORIENTATION in parsed:
            parsed[_ORIENTATION] = 1
        if _GPS in parsed and not place:
            del parsed[_GPS]
        if place:
            parsed.get_ifd(_GPS).update(place)
        return parsed.tobytes().removeprefix(_EXIF_HEADING) if len(parsed) or place else b""
    except Exception as error:
        raise ValueError("The EXIF block cannot be read.") from error


def exif_says(exif: bytes | None) -> tuple[bool, bool]:
    """Whether an EXIF block says anything of the camera or author, and of the place."""
    if exif is None:
        return False, False
    try:
        parsed = _parsed(exif)
        place = bool(parsed.get_ifd(_GPS))
        camera = bool(set(parsed) - {_GPS, _CAMERA, _ORIENTATION}) or bool(parsed.get_ifd(_CAMERA))
    except Exception:  # noqa: BLE001 - what cannot be read says nothing
        return False, False
    return camera, place
