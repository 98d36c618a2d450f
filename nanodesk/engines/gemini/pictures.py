"""Pictures as they are sent: sRGB, opaque, shrunk to what the model looks at, freshly encoded, no metadata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.document.geometry import Rect, Size

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nanodesk.engines.gemini.framing import Framing

    Block = NDArray[np.uint8]

LONGEST_REFERENCE = 2048
"""Pixels of the long side of a reference as sent."""

SMALL = 1024 * 1024
"""A picture of at most so many pixels is sent without loss, where that stays below `MOST_LOSSLESS` bytes."""

MOST_LOSSLESS = 1_500_000
QUALITY = 93


@dataclass(frozen=True, slots=True)
class EncodedForSending:
    """Bytes with what they are."""

    data: bytes
    mime: str
    size: Size


def base_as_sent(base: Block, profile: bytes | None, framing: Framing) -> EncodedForSending:
    """The part of a base (h, w, 4) that the framing says, grown to its frame by repeating the edge, and scaled."""
    import cv2
    import numpy as np

    from nanodesk.imaging.resample import resize

    clip, frame = framing.clip, framing.frame
    part = _opaque(base[clip.y : clip.bottom, clip.x : clip.right], profile)
    beyond = (clip.y - frame.y, frame.bottom - clip.bottom, clip.x - frame.x, frame.right - clip.right)
    if any(beyond):
        scale = framing.sent.width / frame.width
        inner = Size(max(1, round(clip.width * scale)), max(1, round(clip.height * scale)))
        left, top = round(beyond[2] * scale), round(beyond[0] * scale)
        part = resize(part, inner)
        rest = (framing.sent.height - top - inner.height, framing.sent.width - left - inner.width)
        wider = cv2.copyMakeBorder(part, top, max(0, rest[0]), left, max(0, rest[1]), cv2.BORDER_REPLICATE)
        part = np.asarray(wider, np.uint8)
    return _encoded(resize(part, framing.sent) if part.shape[1::-1] != _pair(framing.sent) else part)


def reference_as_sent(pixels: Block, profile: bytes | None) -> EncodedForSending:
    """A reference (h, w, 4), shrunk where its long side is more than the model looks at."""
    from nanodesk.imaging.resample import resize

    height, width = pixels.shape[:2]
    factor = min(1.0, LONGEST_REFERENCE / max(1, width, height))
    size = Size(max(1, round(width * factor)), max(1, round(height * factor)))
    part = pixels if factor == 1.0 else resize(pixels, size)
    return _encoded(_opaque(part, profile))


def _pair(size: Size) -> tuple[int, int]:
    return size.width, size.height


def _opaque(part: Block, profile: bytes | None) -> Block:
    """In sRGB, transparent parts laid on white: the models know no alpha."""
    from nanodesk.imaging.codec import is_opaque, over
    from nanodesk.imaging.colour import to_srgb

    part = to_srgb(part, profile)
    return part if is_opaque(part) else over(part)


def _encoded(part: Block) -> EncodedForSending:
    from nanodesk.imaging.codec import encode_png, jpeg_buffer

    height, width = part.shape[:2]
    size = Size(width, height)
    if width * height <= SMALL:
        data = encode_png(part, 6)
        if len(data) <= MOST_LOSSLESS:
            return EncodedForSending(data, "image/png", size)
    return EncodedForSending(jpeg_buffer(part, QUALITY, full_colour=True).tobytes(), "image/jpeg", size)


def box_of(mask: Block) -> Rect:
    """The rectangle around everything that a mask (h, w) marks; empty where it marks nothing."""
    import cv2

    x, y, width, height = cv2.boundingRect(mask)
    return Rect(int(x), int(y), int(width), int(height))
