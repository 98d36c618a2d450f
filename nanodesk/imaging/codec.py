"""Plain PNG, JPEG and WebP bytes to pixels and back, without colour profiles or metadata.

For requests, previews and thumbnails. Files of other programs come in through `nanodesk.formats.decode`, in a worker
process, and go out through `nanodesk.formats.export`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nanodesk.imaging.codec_errors import CodecError, DamagedPictureError, PictureTooLargeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Block = NDArray[np.uint8]

Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""

WHITE: Colour = (255, 255, 255)
MOST_PIXELS = 200_000_000
LONGEST_JPEG = 65_500
LONGEST_WEBP = 16_383

_PNG = b"\x89PNG\r\n\x1a\n"
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE_MARKERS = frozenset(range(0xD0, 0xD8)) | {0x01, 0xFF}


def is_opaque(pixels: Block) -> bool:
    """Whether a picture (h, w, 4) has no transparency at all, or is a mask (h, w)."""
    if pixels.ndim == 2:
        return True
    step = max(1, (1 << 20) // max(1, pixels.shape[1]))
    return all(bool((pixels[top : top + step, :, 3] == 255).all()) for top in range(0, pixels.shape[0], step))


def over(pixels: Block, background: Colour = WHITE) -> Block:
    """A picture (h, w, 4), straight BGRA, laid on one colour: (h, w, 3) BGR, rounded to nearest."""
    import cv2

    if is_opaque(pixels):
        return _recoloured(pixels, cv2.COLOR_BGRA2BGR)
    below = np.array(background[::-1], np.uint32)
    out = np.empty((*pixels.shape[:2], 3), np.uint8)
    rows = max(1, (1 << 18) // max(1, pixels.shape[1]))
    for top in range(0, pixels.shape[0], rows):
        strip = pixels[top : top + rows].astype(np.uint32)
        alpha = strip[..., 3:]
        out[top : top + rows] = (strip[..., :3] * alpha + below * (255 - alpha) + 127) // 255
    return out


def grey(mask: Block) -> Block:
    """A mask (h, w) as an opaque picture (h, w, 4)."""
    import cv2

    return np.asarray(cv2.cvtColor(mask, cv2.COLOR_GRAY2BGRA), np.uint8)


def encode_png(pixels: Block, compression: int = 1) -> bytes:
    """A picture (h, w, 4) BGRA or a mask (h, w) as PNG; alpha is left out where all is opaque.

    Args:
        compression: 0 to 9; 1 is by far the quickest, more is smaller for drawings and screenshots.

    Raises:
        CodecError: when it could not be encoded.
    """
    return png_buffer(pixels, compression).tobytes()


def png_buffer(pixels: Block, compression: int = 1) -> Block:
    """What `encode_png` gives, as an array: large bytes cost every thread a moment each time they are copied."""
    import cv2

    data = over(pixels) if pixels.ndim == 3 and is_opaque(pixels) else pixels
    parameters = [cv2.IMWRITE_PNG_COMPRESSION, compression]
    if compression <= 1:
        # Of the pairs tried the quickest on photographs, and within one percent of what slower levels reach there.
        parameters += [cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE]
        parameters += [cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_SUB]
    else:
        parameters += [cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_FILTERED]
        parameters += [cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_ALL_FILTERS]
    return _encoded(".png", data, parameters)


def encode_jpeg(pixels: Block, quality: int = 90, background: Colour = WHITE) -> bytes:
    """A picture (h, w, 4) BGRA as JPEG, laid on `background` where it is transparent.

    Raises:
        PictureTooLargeError: when an edge is longer than JPEG can hold.
        CodecError: when it could not be encoded.
    """
    return jpeg_buffer(pixels, quality, background).tobytes()


def jpeg_buffer(pixels: Block, quality: int = 90, background: Colour = WHITE, full_colour: bool = False) -> Block:
    """What `encode_jpeg` gives, as an array.

    Args:
        full_colour: keep colour at full resolution (4:4:4), not at half.
    """
    import cv2

    if max(pixels.shape[:2]) > LONGEST_JPEG:
        raise PictureTooLargeError(f"A JPEG can be at most {LONGEST_JPEG:,} pixels wide or high.")
    data = pixels if pixels.ndim == 2 else over(pixels, background)
    sampling = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444 if full_colour else cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420
    parameters = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling]
    return _encoded(".jpg", data, parameters)


def encode_webp(pixels: Block, quality: int | None = None) -> bytes:
    """A picture (h, w, 4) BGRA as WebP, lossless without a `quality` of 1 to 100.

    Colour hidden under alpha 0 is kept or not, as the encoder likes.

    Raises:
        PictureTooLargeError: when an edge is longer than WebP can hold.
        CodecError: when it could not be encoded.
    """
    import cv2

    if max(pixels.shape[:2]) > LONGEST_WEBP:
        raise PictureTooLargeError(f"A WebP picture can be at most {LONGEST_WEBP:,} pixels wide or high.")
    parameters = [cv2.IMWRITE_WEBP_QUALITY, 101 if quality is None else quality]
    return _encoded(".webp", pixels, parameters).tobytes()


def _encoded(suffix: str, data: Block, parameters: Sequence[int]) -> Block:
    import cv2

    try:
        done, encoded = cv2.imencode(suffix, data, parameters)
    except cv2.error:
        done = False
    if not done:
        raise CodecError("The picture could not be encoded.")
    return np.asarray(encoded, np.uint8).reshape(-1)


def decode_plain(data: bytes, most_pixels: int = MOST_PIXELS) -> Block:
    """Pixels (h, w, 4), straight BGRA, of a PNG, JPEG or WebP picture with 8 bits a channel that we wrote ourselves.

    Profiles, orientation and other metadata are ignored.

    Raises:
        DamagedPictureError: when the bytes are no such picture, or only a part of one.
        PictureTooLargeError: when it has more pixels than `most_pixels`.
    """
    import cv2

    size = picture_size(data)
    if size is None:
        raise DamagedPictureError("The stored picture is damaged.")
    if size[0] * size[1] > most_pixels:
        raise PictureTooLargeError(f"The stored picture claims to be {size[0]:,} × {size[1]:,} pixels.")
    try:
        read = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        read = None
    if read is None or read.dtype != np.uint8:
        raise DamagedPictureError("The stored picture is damaged.")
    return as_bgra(np.asarray(read, np.uint8))


def as_bgra(pixels: Block) -> Block:
    """Grey (h, w), BGR (h, w, 3) or BGRA pixels as BGRA; the same array where they are that already."""
    import cv2

    if pixels.ndim == 2:
        return _recoloured(pixels, cv2.COLOR_GRAY2BGRA)
    if pixels.shape[2] == 3:
        return _recoloured(pixels, cv2.COLOR_BGR2BGRA)
    return pixels


def _recoloured(pixels: Block, code: int) -> Block:
    import cv2

    return np.asarray(cv2.cvtColor(pixels, code), np.uint8)


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height that the header of a PNG, JPEG or WebP picture claims; none when it claims nothing."""
    if data.startswith(_PNG) and data[12:16] == b"IHDR" and len(data) >= 24:
        return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    if data.startswith(b"\xff\xd8"):
        return _jpeg_size(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP" and len(data) >= 30:
        return _webp_size(data)
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """ITU T.81, B.2.2: the frame header."""
    at = 2
    while at + 9 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker in _BARE_MARKERS:
            at += 1 if marker == 0xFF else 2
        elif marker in _FRAME_MARKERS:
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return None


def _webp_size(data: bytes) -> tuple[int, int] | None:
    """RFC 9649: the extended, the lossless and the lossy header."""
    kind = data[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
    return None
