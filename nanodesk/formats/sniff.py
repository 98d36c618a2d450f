"""What a file is, told by its content and never by its name."""

from __future__ import annotations

import re

from nanodesk.formats.errors import DecodeError, NotAPictureError, UnsupportedFormatError

PICTURE_SUFFIXES = (
    ".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".ico", ".psd", ".ora", ".kra",
    ".heic", ".heif", ".jxl",
)  # fmt: skip
"""What files that can be opened are usually called: for file dialogs, not for deciding."""

_HEAD = 4096
_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"\0\0\1\0", "ICO"),
    (b"8BPS\0\1", "PSD"),
    (b"\xff\x0a", "JXL"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "JXL"),
)
_PACKED = ((b"image/openraster", "ORA"), (b"application/x-krita", "KRA"))
"""What the first member of a ZIP says, which is called `mimetype` and stored (openraster.org, "File layout")."""
_NOT_OPENED = (
    (b"8BPS\0\2", "a Photoshop large document (PSB)"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (b"gimp xcf", "a GIMP file"),
    (b"v/1\x01", "an OpenEXR picture"),
    (b"#?RADIANCE", "a Radiance HDR picture"),
    (b"DDS ", "a DDS texture"),
    (b"\0\0\2\0", "a mouse cursor"),
    (b"icns", "a macOS icon"),
    (b"%!PS", "a PostScript drawing"),
    (b"\xc5\xd0\xd3\xc6", "a PostScript drawing"),
    (b"\xd7\xcd\xc6\x9a", "a Windows metafile"),
)
_NO_PICTURES = (
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3\0", "a project or a database"),
    (b"PK\3\4", "a ZIP archive"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"{", "text"),
)
_BRANDS = {
    b"avif": "AVIF", b"avis": "AVIF",
    b"heic": "HEIC", b"heix": "HEIC", b"hevc": "HEIC", b"hevx": "HEIC", b"heim": "HEIC", b"heis": "HEIC",
}  # fmt: skip
_MARKUP = re.compile(rb"<\s*(svg|html|!doctype\s+html|\?xml|!doctype\s+svg|[a-z]+:svg)\b", re.IGNORECASE)
_SAVE_AS = "open it in the program that made it and save it as PNG or JPEG."


def sniff(data: bytes, subject: str = "The picture") -> str:
    """The format, one of PNG JPEG WEBP GIF BMP TIFF AVIF ICO PSD ORA KRA HEIC JXL.

    Args:
        data: the whole file, or at least its first 4 KiB.
        subject: how the sentence of an error begins.

    Raises:
        NotAPictureError: when it is empty, or no picture.
        UnsupportedFormatError: when it is a picture or drawing of another kind; SVG among them, because a drawing
            can pull in other files of this computer.
    """
    if not data:
        raise NotAPictureError(f"{subject} is empty: there is nothing in the file.")
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        return _by_brand(data, subject)
    if data[:4] == b"PK\3\4" and data[30:38] == b"mimetype":
        for start, kind in _PACKED:
            if data[38:_HEAD].startswith(start):
                return kind
    raise _refusal(data[:_HEAD], subject)


def _by_brand(data: bytes, subject: str) -> str:
    """ISO/IEC 14496-12, 4.3: the major brand, then the compatible ones."""
    end = min(int.from_bytes(data[:4]), _HEAD)
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, end, 4))]
    kinds = [_BRANDS[brand] for brand in brands if brand in _BRANDS]
    if "AVIF" in kinds:
        return "AVIF"
    if "HEIC" in kinds:
        return "HEIC"
    raise NotAPictureError(f"{subject} is a film or sound, not a picture.")


def _refusal(head: bytes, subject: str) -> DecodeError:
    for start, what in _NOT_OPENED:
        if head.startswith(start):
            return UnsupportedFormatError(f"{subject} is {what}, which Nanodesk does not open; {_SAVE_AS}")
    if _is_svg(head):
        return UnsupportedFormatError(
            f"{subject} is an SVG drawing, which Nanodesk does not open; export it as PNG from the program it was "
            "drawn in."
        )
    if _markup(head):
        return NotAPictureError(f"{subject} is a web page or other text, not a picture.")
    for start, what in _NO_PICTURES:
        if head.startswith(start):
            return NotAPictureError(f"{subject} is {what}, not a picture.")
    return NotAPictureError(f"{subject} is not a picture in any format that Nanodesk knows.")


def _plain(head: bytes) -> bytes:
    """Markup in UTF-16 and after a byte order mark, as ASCII."""
    return head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")


def _is_svg(head: bytes) -> bool:
    text = _plain(head)
    return text.startswith(b"<") and re.search(rb"<\s*([a-z]+:)?svg[\s/>]", text, re.IGNORECASE) is not None


def _markup(head: bytes) -> bool:
    return _MARKUP.match(_plain(head)) is not None
