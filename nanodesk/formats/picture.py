"""A picture as it came in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class DecodedPicture:
    """Pixels with what is known of them.

    Attributes:
        pixels: (h, w, 4), uint8, BGRA, straight alpha, C order, upright, nobody else's.
        profile: ICC bytes of the RGB profile that the pixels are in; none means sRGB.
        dpi: pixels an inch across; none where the file does not say.
        notes: what was converted on purpose, one plain sentence each.
        format: "PNG", "JPEG", …, told by the content.
        mode: the kind of pixels in the file: "RGB", "CMYK", "grey", "palette", ….
        bits: of each channel in the file.
        orientation: the EXIF orientation that was applied, 1 to 8; 1 is none.
        exif: the file's EXIF block without its "Exif" heading, place and camera included; none where there is none.
    """

    pixels: NDArray[np.uint8] = field(repr=False)
    profile: bytes | None = field(default=None, repr=False)
    dpi: float | None = None
    notes: tuple[str, ...] = ()
    format: str = ""
    mode: str = "RGB"
    bits: int = 8
    orientation: int = 1
    exif: bytes | None = field(default=None, repr=False)

    @property
    def width(self) -> int:
        """In pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """In pixels."""
        return int(self.pixels.shape[0])
