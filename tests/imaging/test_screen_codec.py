import numpy as np
import pytest

from nanodesk.imaging.codec_errors import DamagedTileError
from nanodesk.imaging.screen_codec import pack, unpack


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (257, 511), (1024, 1024)])
def test_a_picture_comes_back_but_for_its_lowest_bits(shape):
    block = np.random.default_rng(sum(shape)).integers(0, 256, (*shape, 4), np.uint8)
    before = block.copy()
    back = unpack(pack(block), *shape)
    assert np.array_equal(back, block & np.array([0xFC, 0xFC, 0xFC, 0xFF], np.uint8))
    assert np.array_equal(block, before)


def test_what_is_damaged_or_of_another_size_is_refused():
    data = pack(np.random.default_rng(1).integers(0, 256, (40, 50, 4), np.uint8))
    for spoiled, size in (
        (data[:-1], (40, 50)),
        (b"", (40, 50)),
        (data, (50, 41)),
        (data, (0, 50)),
        (b"x" * 90, (4, 5)),
    ):
        with pytest.raises(DamagedTileError):
            unpack(spoiled, *size)
    flipped = bytearray(data)
    flipped[len(data) // 2] ^= 1
    with pytest.raises(DamagedTileError):
        unpack(bytes(flipped), 40, 50)


def test_what_is_too_large_is_not_packed():
    with pytest.raises(ValueError, match="1024"):
        pack(np.zeros((1025, 1, 4), np.uint8))
