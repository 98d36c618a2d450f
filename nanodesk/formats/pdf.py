"""One picture on one page of a PDF (ISO 32000-1), with its colour profile and what is to be said of it."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np

from nanodesk.imaging.codec import is_opaque, jpeg_buffer, over

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nanodesk.formats.structure import Parts

    Block = NDArray[np.uint8]

LONGEST = 100_000
_POINTS = 72.0
"""Of a page to the inch."""
_LONGEST_PAGE = 14_400.0
"""In points: what readers take without a scale of the page's own (ISO 32000-1, annex C)."""


class _Objects:
    """Numbered objects, and where each begins."""

    def __init__(self) -> None:
        self.parts: Parts = []
        self.starts: list[int] = []
        self.length = 0
        self.add(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def add(self, part: bytes | memoryview) -> None:
        self.parts.append(part)
        self.length += len(part)

    def put(self, entries: str, stream: bytes | memoryview | None = None) -> int:
        """One object; its number."""
        self.starts.append(self.length)
        number = len(self.starts)
        self.add(f"{number} 0 obj\n".encode())
        if stream is None:
            self.add(f"<< {entries} >>\nendobj\n".encode())
            return number
        self.add(f"<< {entries} /Length {len(stream)} >>\nstream\n".encode())
        self.add(stream)
        self.add(b"\nendstream\nendobj\n")
        return number

    def end(self, catalog: int) -> Parts:
        """The table of places, and the end."""
        begin = self.length
        rows = "".join(f"{start:010} 00000 n \n" for start in self.starts)
        count = len(self.starts) + 1
        self.add(f"xref\n0 {count}\n0000000000 65535 f \n{rows}".encode())
        self.add(f"trailer\n<< /Size {count} /Root {catalog} 0 R >>\nstartxref\n{begin}\n%%EOF\n".encode())
        return self.parts


def pdf_page(pixels: Block, dpi: float | None, profile: bytes, xmp: bytes, jpeg_quality: int | None) -> Parts:
    """A file in parts.

    Args:
        pixels: (h, w, 4), straight BGRA; transparency becomes a soft mask.
        dpi: decides the size of the page; 72 where none is given.
        profile: ICC bytes of the RGB profile of the pixels.
        xmp: a packet, or nothing.
        jpeg_quality: 1 to 100; none packs without loss.
    """
    height, width = pixels.shape[:2]
    across, down = page_size(width, height, dpi)
    file = _Objects()
    space = file.put("/N 3 /Alternate /DeviceRGB /Filter /FlateDecode", zlib.compress(profile))
    shape = f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent 8"
    soft = ""
    if not is_opaque(pixels):
        alpha = zlib.compress(np.ascontiguousarray(pixels[..., 3]).tobytes(), 1)
        soft = f" /SMask {file.put(f'{shape} /ColorSpace /DeviceGray /Filter /FlateDecode', alpha)} 0 R"
    packed, data = _packed(pixels, jpeg_quality)
    image = file.put(f"{shape} /ColorSpace [/ICCBased {space} 0 R] /Filter /{packed}{soft}", data)
    content = file.put("", f"q {across:.4f} 0 0 {down:.4f} 0 0 cm /Picture Do Q".encode())
    meta = f" /Metadata {file.put('/Type /Metadata /Subtype /XML', xmp)} 0 R" if xmp else ""
    pages = len(file.starts) + 2
    page = file.put(
        f"/Type /Page /Parent {pages} 0 R /MediaBox [0 0 {across:.4f} {down:.4f}] /Contents {content} 0 R "
        f"/Resources << /XObject << /Picture {image} 0 R >> >>"
    )
    file.put(f"/Type /Pages /Kids [{page} 0 R] /Count 1")
    return file.end(file.put(f"/Type /Catalog /Pages {pages} 0 R{meta}"))


def page_size(width: int, height: int, dpi: float | None) -> tuple[float, float]:
    """Width and height of the page in points; smaller than asked where readers could not show it."""
    scale = _POINTS / (dpi or _POINTS)
    scale = min(scale, _LONGEST_PAGE / max(width, height))
    return width * scale, height * scale


def _packed(pixels: Block, jpeg_quality: int | None) -> tuple[str, bytes | memoryview]:
    import cv2

    # Under a soft mask the colour must be the picture's own, not laid on white.
    colour = over(pixels) if is_opaque(pixels) else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGRA2BGR), np.uint8)
    if jpeg_quality is not None:
        opaque = np.asarray(cv2.cvtColor(colour, cv2.COLOR_BGR2BGRA), np.uint8)
        return "DCTDecode", jpeg_buffer(opaque, jpeg_quality, full_colour=jpeg_quality >= 90).data
    return "FlateDecode", zlib.compress(np.asarray(cv2.cvtColor(colour, cv2.COLOR_BGR2RGB), np.uint8).tobytes(), 1)
