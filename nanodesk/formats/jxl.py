"""The size that a JPEG XL picture claims: its reader decodes before it tells."""

from __future__ import annotations

_BARE = b"\xff\x0a"
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_LENGTHS = (9, 13, 18, 30)
_MOST_BOXES = 1000


class _Bits:
    """Numbers from a run of bits, lowest first (ISO/IEC 18181-1, B.2)."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        taken = self._value & ((1 << count) - 1)
        self._value >>= count
        return taken


def jxl_size(data: bytes) -> tuple[int, int] | None:
    """Width and height by the size header (ISO/IEC 18181-1, D.2); none where it cannot be found."""
    start = _codestream(data)
    if start is None or len(data) < start + 12 or data[start : start + 2] != _BARE:
        return None
    bits = _Bits(data[start + 2 : start + 14])
    small = bits.take(1)
    height = _side(bits, small)
    ratio = bits.take(3)
    if ratio == 0:
        return _side(bits, small), height
    across, down = _RATIOS[ratio - 1]
    return height * across // down, height


def _side(bits: _Bits, small: int) -> int:
    if small:
        return 8 * (1 + bits.take(5))
    return 1 + bits.take(_LENGTHS[bits.take(2)])


def _codestream(data: bytes) -> int | None:
    """Where the codestream begins: at once, or in a box of a container (ISO/IEC 18181-2)."""
    if data.startswith(_BARE):
        return 0
    at = 0
    for _ in range(_MOST_BOXES):
        if at + 16 > len(data):
            return None
        size, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        head = 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16]), 16
        if kind == b"jxlc":
            return at + head
        if kind == b"jxlp":
            return at + head + 4
        if size < head:
            return None
        at += size
    return None
