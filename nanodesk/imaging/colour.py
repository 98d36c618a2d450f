"""Colour profiles: what they are called, and pixels from one RGB profile to another.

Conversions are LittleCMS's (through Pillow's ImageCms), relative colorimetric with black point compensation, done in
strips so that other threads get their turn. A profile of `None` means sRGB throughout.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from nanodesk.imaging.codec_errors import ColourProfileError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.ImageCms import ImageCmsProfile, ImageCmsTransform

    Block = NDArray[np.uint8]

_STRIP_PIXELS = 1 << 18
_CREATED = b"\x07\xd0\x00\x01\x00\x01\x00\x00\x00\x00\x00\x00"
"""2000-01-01 in the form of an ICC header: LittleCMS would write the time of day, and no two exports would be alike."""

_SPACES = {b"RGB ": "RGB", b"GRAY": "grey", b"CMYK": "CMYK", b"Lab ": "Lab"}
_SHORT_NAMES = ("sRGB", "Display P3", "Adobe RGB (1998)", "ProPhoto RGB")


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """An ICC profile of sRGB, the same bytes every time."""
    from PIL import ImageCms

    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made[:24] + _CREATED + made[36:]


def space(profile: bytes) -> str:
    """What kind of pixels a profile is for: "RGB", "grey", "CMYK", "Lab", or "" for anything else.

    Only the header is looked at; the rest may still be damaged.
    """
    return _SPACES.get(profile[16:20], "") if len(profile) >= 128 and profile[36:40] == b"acsp" else ""


@lru_cache(maxsize=32)
def usable(profile: bytes) -> bool:
    """Whether pixels can be converted from this RGB profile to sRGB."""
    try:
        _transform(profile, None)
    except ColourProfileError:
        return False
    return True


@lru_cache(maxsize=32)
def is_srgb(profile: bytes | None) -> bool:
    """Whether every colour means the same in this profile as in sRGB, to one step of 255."""
    if profile is None:
        return True
    levels = np.linspace(0, 255, 9).round().astype(np.uint8)
    grid = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(27, 27, 3)
    sample = np.dstack([grid, np.full((27, 27), 255, np.uint8)])
    try:
        converted = _converted(sample, _transform(profile, None))
    except ColourProfileError:
        return False
    return int(np.abs(converted.astype(np.int16) - sample).max()) <= 1


@lru_cache(maxsize=32)
def describe(profile: bytes | None) -> str:
    """The profile's name for people, such as "sRGB", "Display P3" or "Adobe RGB (1998)"."""
    if profile is None or is_srgb(profile):
        return "sRGB"
    from PIL import ImageCms

    try:
        told = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile)))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return "Unknown profile"
    name = "".join(character for character in told if character.isprintable()).strip()
    for short in _SHORT_NAMES[1:]:
        if name.lower().startswith(short.split(" (", maxsplit=1)[0].lower()):
            return short
    return name[:80] or "Unknown profile"


def to_srgb(pixels: Block, profile: bytes | None) -> Block:
    """The pixels (h, w, 4) BGRA of `profile` in sRGB; the very same array when they are that already.

    Raises:
        ColourProfileError: when the profile is damaged or is not one for RGB.
    """
    return convert(pixels, profile, None)


def convert(pixels: Block, from_profile: bytes | None, to_profile: bytes | None) -> Block:
    """The pixels (h, w, 4), straight BGRA, taken from one RGB profile to another; alpha stays as it is.

    Returns:
        A fresh array, or the very same array when the two profiles mean the same.

    Raises:
        ColourProfileError: when a profile is damaged or is not one for RGB.
    """
    if from_profile == to_profile or (is_srgb(from_profile) and is_srgb(to_profile)):
        return pixels
    return _converted(pixels, _transform(from_profile, to_profile))


def _converted(pixels: Block, transform: ImageCmsTransform) -> Block:
    import cv2
    from PIL import Image

    height, width = pixels.shape[:2]
    out = np.empty((height, width, 4), np.uint8)
    rows = max(1, _STRIP_PIXELS // max(1, width))
    for top in range(0, height, rows):
        strip = cv2.cvtColor(pixels[top : top + rows], cv2.COLOR_BGRA2RGBA)
        # Straight alpha: LittleCMS converts the colour and copies the fourth channel.
        source = Image.frombuffer("RGBA", (width, strip.shape[0]), strip, "raw", "RGBA", 0, 1)
        result = np.asarray(transform.apply(source))
        cv2.cvtColor(result, cv2.COLOR_RGBA2BGRA, dst=out[top : top + rows])
    out[..., 3] = pixels[..., 3]
    return out


@lru_cache(maxsize=8)
def _transform(from_profile: bytes | None, to_profile: bytes | None) -> ImageCmsTransform:
    from PIL import ImageCms

    try:
        return ImageCms.buildTransform(
            _opened(from_profile),
            _opened(to_profile),
            "RGBA",
            "RGBA",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        raise ColourProfileError("The colour profile is damaged, or is not one for RGB pictures.") from None


def _opened(profile: bytes | None) -> ImageCmsProfile:
    from PIL import ImageCms

    data = srgb_profile() if profile is None else profile
    if space(data) != "RGB":
        raise ColourProfileError("The colour profile is damaged, or is not one for RGB pictures.")
    return ImageCms.ImageCmsProfile(io.BytesIO(data))
