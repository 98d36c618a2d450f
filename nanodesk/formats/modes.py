"""Any kind of pixels that Pillow reads, turned into 8-bit BGRA on purpose: scaled, never clipped, and said."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from nanodesk.imaging.codec import as_bgra
from nanodesk.imaging.colour import describe, is_srgb, space, srgb_profile, usable

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from PIL.Image import Image
    from PIL.ImageCms import ImageCmsProfile

    Block = NDArray[np.uint8]

_NAMES = {
    "1": "black and white", "L": "grey", "LA": "grey", "La": "grey", "I": "grey", "F": "grey", "P": "palette",
    "PA": "palette", "CMYK": "CMYK", "LAB": "Lab", "YCbCr": "YCbCr",
}  # fmt: skip
PROFILE_DROPPED = "Its colour profile is damaged or of the wrong kind; its colours were taken as sRGB."


@dataclass(slots=True)
class Converted:
    """Pixels (h, w, 4) BGRA, the RGB profile they are in (none: sRGB), and what was done to them."""

    pixels: Block
    profile: bytes | None = None
    notes: list[str] = field(default_factory=list)


def mode_name(mode: str) -> str:
    """A Pillow mode in words: "RGB", "grey", "CMYK", …."""
    return _NAMES.get(mode, "grey" if mode.startswith("I;16") else "RGB")


def rgb_profile(embedded: bytes | None, notes: list[str]) -> bytes | None:
    """What an RGB picture's embedded profile amounts to: itself, or none when it is sRGB or cannot be used."""
    if not embedded:
        return None
    if space(embedded) != "RGB" or not usable(embedded):
        notes.append(PROFILE_DROPPED)
        return None
    return None if is_srgb(embedded) else embedded


def convert(image: Image, embedded: bytes | None) -> Converted:
    """The pixels of a loaded picture as BGRA.

    Args:
        image: a loaded Pillow image of any mode.
        embedded: the ICC profile in the file.

    Raises:
        Exception: whatever Pillow raises on a picture that it cannot convert.
    """
    name = mode_name(image.mode)
    by_name: dict[str, Callable[[Image, bytes | None], Converted]] = {
        "CMYK": _from_cmyk,
        "Lab": _from_lab,
        "grey": _from_grey,
        "black and white": _from_bits,
    }
    converted = by_name.get(name, _from_rgb)(image, embedded)
    if name == "palette":
        converted.notes.append("Its palette was turned into full colour.")
    return converted


def _array(image: Image) -> Block:
    """RGB or RGBA as BGRA."""
    import cv2

    pixels = np.asarray(image)
    code = cv2.COLOR_RGB2BGRA if pixels.shape[2] == 3 else cv2.COLOR_RGBA2BGRA
    return np.asarray(cv2.cvtColor(pixels, code), np.uint8)


def _from_rgb(image: Image, embedded: bytes | None) -> Converted:
    notes: list[str] = []
    profile = rgb_profile(embedded, notes)
    if image.mode not in ("RGB", "RGBA"):
        image = image.convert("RGBA" if image.has_transparency_data or image.mode == "RGBa" else "RGB")
    elif image.mode == "RGB" and "transparency" in image.info:
        image = image.convert("RGBA")
    return Converted(_array(image), profile, notes)


def _from_cmyk(image: Image, embedded: bytes | None) -> Converted:
    from PIL import ImageCms

    if embedded and space(embedded) == "CMYK":
        try:
            rgb = _through_profile(image, embedded, "CMYK")
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
        else:
            told = f"It was CMYK; its colours were converted to sRGB through its own profile ({describe(embedded)})."
            return Converted(_array(rgb), None, [told])
    reason = "with a profile that is damaged" if embedded else "without a profile"
    told = f"It was CMYK {reason}; its colours were converted to sRGB plainly and may look brighter than in print."
    return Converted(_array(image.convert("RGB")), None, [told])


def _from_lab(image: Image, _: bytes | None) -> Converted:
    from PIL import ImageCms

    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    transform = ImageCms.buildTransform(lab, _opened(srgb_profile()), "LAB", "RGB")
    return Converted(_array(transform.apply(image)), None, ["It was Lab; its colours were converted to sRGB."])


def _from_bits(image: Image, _: bytes | None) -> Converted:
    told = "It had one bit for each pixel; it is RGB now."
    return Converted(_array(image.convert("RGBA" if "transparency" in image.info else "RGB")), None, [told])


def _from_grey(image: Image, embedded: bytes | None) -> Converted:
    notes = ["It was grey; it is RGB now."]
    grey, alpha = _grey_and_alpha(image, notes)
    kind = space(embedded) if embedded else ""
    profile = rgb_profile(embedded, notes) if kind == "RGB" else None
    pixels = _through_grey_profile(grey, embedded, notes) if embedded and kind != "RGB" else as_bgra(grey)
    if alpha is not None:
        pixels[..., 3] = alpha
    return Converted(pixels, profile, notes)


def _grey_and_alpha(image: Image, notes: list[str]) -> tuple[Block, Block | None]:
    if image.mode in ("LA", "La"):
        # "La" is multiplied by its alpha; RGBA of either is straight.
        whole = np.asarray(image.convert("LA").convert("RGBA"))
        return np.ascontiguousarray(whole[..., 0]), np.ascontiguousarray(whole[..., 3])
    values = np.asarray(image)
    through = image.info.get("transparency")
    alpha = None
    if isinstance(through, int):
        alpha = np.where(values == through, 0, 255).astype(np.uint8)
    return _eight_bits(values, notes), alpha


def _eight_bits(values: NDArray[np.generic], notes: list[str]) -> Block:
    """Grey of any depth in 8 bits: the high byte of 16 bits, 255 for 1.0, else stretched over its own range."""
    if values.dtype == np.uint8:
        return np.asarray(values, np.uint8)
    if values.dtype.kind == "f":
        wide = np.nan_to_num(np.asarray(values, np.float32), nan=0.0)
        low, high = min(0.0, float(wide.min())), max(1.0, float(wide.max()))
        told = "Its numbers with a decimal point were scaled to 8 bits"
    else:
        low, high = min(0.0, float(values.min())), float(values.max())
        if low == 0 and high <= 0xFFFF:
            return np.asarray(np.asarray(values, np.uint16) >> 8, np.uint8)
        wide = np.asarray(values, np.float32)
        told = "Its 32 bits were scaled to 8"
    own_range = (low, high) != (0.0, 1.0)
    notes.append(f"{told}, over the range that it uses." if own_range else f"{told}.")
    return np.asarray(np.rint((wide - low) * (255.0 / (high - low))), np.uint8)


def _through_grey_profile(grey: Block, embedded: bytes, notes: list[str]) -> Block:
    from PIL import Image, ImageCms

    if space(embedded) != "grey":
        notes.append(PROFILE_DROPPED)
        return as_bgra(grey)
    try:
        rgb = _through_profile(Image.fromarray(grey), embedded, "L")
    except (ImageCms.PyCMSError, OSError, ValueError):
        notes.append(PROFILE_DROPPED)
        return as_bgra(grey)
    notes.append(f"Its grey tones were converted to sRGB through its own profile ({describe(embedded)}).")
    return _array(rgb)


def _opened(profile: bytes) -> ImageCmsProfile:
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(io.BytesIO(profile))


def _through_profile(image: Image, embedded: bytes, mode: str) -> Image:
    """The picture in sRGB; `mode` is Pillow's name of the kind of pixels that the embedded profile is for."""
    from PIL import ImageCms

    transform = ImageCms.buildTransform(
        _opened(embedded),
        _opened(srgb_profile()),
        mode,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    return transform.apply(image)
