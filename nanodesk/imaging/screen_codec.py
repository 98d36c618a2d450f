"""Packing of one small picture that is to be on the screen before anything else: needs numpy and Zstandard alone.

The two lowest bits of colour are dropped, green is taken from blue and red, and each row is replaced by its difference
to the row above, plane by plane, as in `tile_codec`; the whole goes through Zstandard at level 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nanodesk.imaging.codec_errors import DamagedTileError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Block = NDArray[np.uint8]

MOST = 1024
"""The longest edge of such a picture in pixels."""


def pack(block: Block) -> bytes:
    """The picture, straight BGRA (h, w, 4), as bytes.

    Raises:
        ValueError: when it is too large.
    """
    import zstandard

    if max(block.shape[:2]) > MOST:
        raise ValueError("Such a picture has edges of 1024 pixels at most.")
    planes = np.moveaxis(block, 2, 0).copy(order="C")
    planes[:3] &= 0xFC
    planes[0] -= planes[1]
    planes[2] -= planes[1]
    planes[:, 1:] = planes[:, 1:] - planes[:, :-1]
    return zstandard.ZstdCompressor(level=1, write_checksum=True).compress(planes.data)


def unpack(data: bytes, height: int, width: int) -> Block:
    """The picture of that size: straight BGRA, a fresh array.

    Raises:
        DamagedTileError: when the bytes are not such a picture; nothing larger is ever allocated.
    """
    import zstandard

    size = height * width * 4
    try:
        if 0 < height <= MOST and 0 < width <= MOST and zstandard.frame_content_size(data) == size:
            raw = zstandard.ZstdDecompressor().decompress(data, max_output_size=size)
            planes = np.frombuffer(raw, np.uint8).reshape(4, height, width)
            planes = np.add.accumulate(planes, axis=1, dtype=np.uint8)
            planes[0] += planes[1]
            planes[2] += planes[1]
            return np.ascontiguousarray(np.moveaxis(planes, 0, 2))
    except zstandard.ZstdError:
        pass
    raise DamagedTileError("A small picture is damaged.")
