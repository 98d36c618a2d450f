"""Bodies of replies as they lie in a file: packed with zstd, which takes the slack out of base64."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from nanodesk.storage.errors import DamagedProjectError, called

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 256 * 1024 * 1024
"""Bytes of a body; a row that claims more is somebody's trick."""


def packed_reply(body: bytes) -> tuple[bytes, bytes]:
    """The packed bytes of a body, and their SHA-256."""
    import zstandard

    packed = zstandard.ZstdCompressor(level=1).compress(body)
    return packed, hashlib.sha256(packed).digest()


def unpacked_reply(packed: bytes, digest: bytes, path: Path) -> bytes:
    """The body.

    Raises:
        DamagedProjectError: when the bytes are not what was written.
    """
    import zstandard

    if hashlib.sha256(packed).digest() == digest:
        try:
            size = zstandard.frame_content_size(packed)
            if 0 <= size <= LARGEST:
                return zstandard.ZstdDecompressor().decompress(packed, max_output_size=LARGEST)
        except zstandard.ZstdError:
            pass
    raise DamagedProjectError(f"An answer kept in {called(path)} is damaged.")
