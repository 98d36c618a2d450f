"""Lossless packing of one tile, for cold layers, undo and the project file.

The tile's rows are laid out plane by plane with green taken from blue and red (the lossless colour transform of WebP),
then each row is replaced by its difference to the row above (the Up filter of PNG, RFC 2083, section 6.4), modulo 256,
and the result goes through Zstandard at level 1. Colour hidden under alpha 0 survives. Safe to call from any thread.
"""

from __future__ import annotations

import struct
import threading
from typing import TYPE_CHECKING

import numpy as np

from nanodesk.imaging.codec_errors import DamagedTileError

if TYPE_CHECKING:
    import zstandard
    from numpy.typing import NDArray

    Block = NDArray[np.uint8]

MOST = 256
"""The longest edge of a tile in pixels."""

_VERSION = 1
_STORED, _UP = 0, 1
_HEADER = struct.Struct("<BBBxHH")
_GROUP = 16
"""Rows that are summed side by side when a tile is unpacked: two short loops of large steps, not one of 255 small."""


class _Engines(threading.local):
    """Compressor and decompressor of one thread: neither may be shared."""

    def __init__(self) -> None:
        import zstandard

        self.compressor: zstandard.ZstdCompressor = zstandard.ZstdCompressor(level=1, write_checksum=True)
        self.decompressor: zstandard.ZstdDecompressor = zstandard.ZstdDecompressor()


_engines: _Engines | None = None


def _of_this_thread() -> _Engines:
    global _engines  # one for the process, made when the first tile is packed
    if _engines is None:
        _engines = _Engines()
    return _engines


def pack(tile: Block) -> bytes:
    """The tile, (h, w, 4) or (h, w), uint8, h and w from 1 to 256, as bytes; at most 8 bytes longer than it was.

    Raises:
        ValueError: for another shape or type.
    """
    channels = 4 if tile.ndim == 3 else 1
    if tile.dtype != np.uint8 or tile.shape[2:] not in ((), (4,)) or tile.ndim not in (2, 3):
        raise ValueError("A tile is (h, w, 4) or (h, w) with 8 bits a channel.")
    height, width = tile.shape[:2]
    if not (1 <= height <= MOST and 1 <= width <= MOST):
        raise ValueError("A tile has edges of 1 to 256 pixels.")
    rows = _planes(tile, channels).reshape(height, channels * width)
    delta = np.empty_like(rows)
    delta[0] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=delta[1:])
    packed = _of_this_thread().compressor.compress(delta.data)
    if len(packed) < tile.size:
        return _HEADER.pack(_VERSION, _UP, channels, height, width) + packed
    return _HEADER.pack(_VERSION, _STORED, channels, height, width) + tile.tobytes()


def _planes(tile: Block, channels: int) -> Block:
    """Rows of planes, (h, channels, w), with green taken from blue and red."""
    height, width = tile.shape[:2]
    if channels == 1:
        return np.ascontiguousarray(tile).reshape(height, 1, width)
    import cv2

    blue, green, red, alpha = cv2.split(tile)
    planes = np.empty((height, 4, width), np.uint8)
    np.subtract(blue, green, out=planes[:, 0])
    planes[:, 1] = green
    np.subtract(red, green, out=planes[:, 2])
    planes[:, 3] = alpha
    return planes


def unpack(data: bytes) -> Block:
    """The tile that `pack` was given: a fresh array of its shape, C order.

    Raises:
        DamagedTileError: when the bytes are not what `pack` wrote; nothing larger than a tile is ever allocated.
    """
    try:
        version, way, channels, height, width = _HEADER.unpack_from(data)
    except struct.error:
        raise DamagedTileError("A stored part of the picture is cut off.") from None
    if version != _VERSION or way not in (_STORED, _UP):
        raise DamagedTileError("A stored part of the picture is damaged, or was written by a newer version.")
    if channels not in (1, 4) or not (1 <= height <= MOST and 1 <= width <= MOST):
        raise DamagedTileError("A stored part of the picture is damaged.")
    shape = (height, width, 4) if channels == 4 else (height, width)
    size = height * width * channels
    body = memoryview(data)[_HEADER.size :]
    if way == _STORED:
        if len(body) != size:
            raise DamagedTileError("A stored part of the picture is cut off.")
        return np.frombuffer(body, np.uint8).reshape(shape).copy()
    rows = _summed(np.frombuffer(_inflated(body, size), np.uint8).reshape(height, channels * width))
    return _woven(rows.reshape(height, channels, width))


def _inflated(body: memoryview, size: int) -> bytes:
    import zstandard

    try:
        # The frame says how long it will be; that is checked before anything is allocated by it.
        if zstandard.get_frame_parameters(body).content_size == size:
            return _of_this_thread().decompressor.decompress(body, max_output_size=size)
    except zstandard.ZstdError:
        pass
    raise DamagedTileError("A stored part of the picture is damaged.")


def _summed(delta: Block) -> Block:
    """Running sum down the columns, modulo 256."""
    height, length = delta.shape
    groups = -(-height // _GROUP)
    rows = np.zeros((groups, _GROUP, length), np.uint8)
    rows.reshape(-1, length)[:height] = delta
    for row in range(1, _GROUP):
        rows[:, row] += rows[:, row - 1]
    for group in range(1, groups):
        rows[group] += rows[group - 1, -1]
    return rows.reshape(-1, length)[:height]


def _woven(planes: Block) -> Block:
    if planes.shape[1] == 1:
        return planes[:, 0].copy()
    import cv2

    planes[:, 0] += planes[:, 1]
    planes[:, 2] += planes[:, 1]
    tile = np.empty((planes.shape[0], planes.shape[2], 4), np.uint8)
    cv2.merge([planes[:, channel] for channel in range(4)], tile)
    return tile
