"""A picture as it came in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from nanodesk.document.blend import BlendMode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Wanted(StrEnum):
    """What of a file that holds more than one picture is opened."""

    MERGED = "merged"
    """One picture: all layers as the program that wrote them showed them, or the first frame or page."""
    LAYERS = "layers"
    """The layers too, where the format has any."""
    FRAMES = "frames"
    """The layers, and each frame of an animation or page of a document as one."""


@dataclass(frozen=True, slots=True)
class PlacedMask:
    """A mask with its place.

    Attributes:
        values: (h, w), uint8; 255 shows, 0 hides.
        x, y: its top left corner in pixels of the whole picture.
        outside: the value, 0 or 255, beyond its edges.
        enabled: a disabled mask is kept and limits nothing.
    """

    values: NDArray[np.uint8] = field(repr=False)
    x: int = 0
    y: int = 0
    outside: int = 0
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class PictureLayer:
    """One layer or group of a file with layers; in a list of them a group stands before what is in it.

    Siblings follow each other from the bottom up.

    Attributes:
        pixels: (h, w, 4), uint8, BGRA, straight alpha, in the profile of the whole picture; none for a group.
        group: the place in the list of the group that it lies in; none at the top.
        x, y: its top left corner in pixels of the whole picture.
        opacity: 0 to 1.
    """

    name: str
    pixels: NDArray[np.uint8] | None = field(default=None, repr=False)
    group: int | None = None
    x: int = 0
    y: int = 0
    opacity: float = 1.0
    blend_mode: BlendMode = BlendMode.NORMAL
    visible: bool = True
    locked: bool = False
    mask: PlacedMask | None = None


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
        exif: what the camera said, place included, as an EXIF block without its "Exif" heading, written anew without
            thumbnail and makers' notes; none where there is none.
        source_type: the IPTC digital source type that the file claims, where it is one of a generative model's.
        layers: what `pixels` is made of, where that was wanted and the file says.
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
    source_type: str | None = None
    layers: tuple[PictureLayer, ...] = field(default=(), repr=False)

    @property
    def width(self) -> int:
        """In pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """In pixels."""
        return int(self.pixels.shape[0])
