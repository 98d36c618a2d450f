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
    from nanodesk.imaging.colour import to_srgb
    from nanodesk.imaging.frame import onto_frame

    clip = framing.clip
    part = _on_white(base[clip.y : clip.bottom, clip.x : clip.right])
    return _encoded(to_srgb(onto_frame(part, clip, framing.frame, framing.sent), profile))


def reference_as_sent(pixels: Block, profile: bytes | None) -> EncodedForSending:
    """A reference (h, w, 4), shrunk where its long side is more than the model looks at."""
    from nanodesk.imaging.colour import to_srgb
    from nanodesk.imaging.resample import resize

    height, width = pixels.shape[:2]
    factor = min(1.0, LONGEST_REFERENCE / max(1, width, height))
    size = Size(max(1, round(width * factor)), max(1, round(height * factor)))
    part = pixels if factor == 1.0 else resize(pixels, size)
    return _encoded(to_srgb(_on_white(part), profile))


def _on_white(part: Block) -> Block:
    """Opaque, transparent parts laid on white: the models know no alpha."""
    import cv2
    import numpy as np

    from nanodesk.imaging.codec import is_opaque, over

    return part if is_opaque(part) else np.asarray(cv2.cvtColor(over(part), cv2.COLOR_BGR2BGRA), np.uint8)


def _encoded(part: Block) -> EncodedForSending:
    from nanodesk.imaging.codec import encode_png, jpeg_buffer

    height, width = part.shape[:2]
    size = Size(width, height)
    if width * height <= SMALL:
        data = encode_png(part)  # more effort takes seven times as long and saves a tenth
        if len(data) <= MOST_LOSSLESS:
            return EncodedForSending(data, "image/png", size)
    return EncodedForSending(jpeg_buffer(part, QUALITY, full_colour=True).tobytes(), "image/jpeg", size)


def box_of(mask: Block) -> Rect:
    """The rectangle around everything that a mask (h, w) marks; empty where it marks nothing."""
    import cv2

    x, y, width, height = cv2.boundingRect(mask)
    return Rect(int(x), int(y), int(width), int(height))
