import contextlib
import struct
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nanodesk.imaging.codec import decode_plain
from nanodesk.imaging.codec_errors import DamagedTileError
from nanodesk.imaging.tile_codec import pack, unpack
from nanodesk.resources import resource_path

SIDES = st.integers(1, 40)
SHAPES = st.one_of(st.tuples(SIDES, SIDES), st.tuples(SIDES, SIDES, st.just(4)))


SHAPES_AT_THE_EDGES = [(256, 256, 4), (256, 256), (1, 256, 4), (256, 1), (17, 255, 4), (16, 16), (33, 1, 4)]


def photo(name: str) -> np.ndarray:
    return decode_plain(resource_path("samples", name).read_bytes())


def photo_tile() -> np.ndarray:
    return np.ascontiguousarray(photo("coffee.jpg")[:256, :256])


@given(hnp.arrays(np.uint8, SHAPES))
def test_every_tile_comes_back_exactly(tile):
    back = unpack(pack(tile))
    assert back.shape == tile.shape
    assert back.dtype == np.uint8
    assert back.flags.c_contiguous
    assert back.flags.writeable
    assert (back == tile).all()


@pytest.mark.parametrize(
    "shape", [(256, 256, 4), (256, 256), (1, 256, 4), (256, 1), (17, 255, 4), (16, 16), (33, 1, 4)]
)
@pytest.mark.parametrize("fill", ["noise", "flat", "ramp"])
def test_the_edges_of_what_a_tile_can_be_come_back(shape, fill):
    if fill == "noise":
        tile = np.random.default_rng(3).integers(0, 256, shape, np.uint8)
    elif fill == "flat":
        tile = np.full(shape, 200, np.uint8)
    else:
        tile = (np.arange(np.prod(shape)) % 251).astype(np.uint8).reshape(shape)
    assert (unpack(pack(tile)) == tile).all()


def test_colour_under_no_alpha_is_kept():
    tile = photo_tile()
    tile[..., 3] = 0
    assert (unpack(pack(tile)) == tile).all()


def test_a_part_of_a_larger_picture_needs_no_copy_first():
    picture = np.random.default_rng(5).integers(0, 256, (600, 700, 4), np.uint8)
    part = picture[100:356, 300:500]
    assert (unpack(pack(part)) == part).all()
    mask = picture[100:356, 300:500, 3]
    assert (unpack(pack(mask)) == mask).all()


@pytest.mark.parametrize("name", ["cat.jpg", "astronaut.jpg", "coffee.jpg"])
def test_a_photograph_takes_less_than_half(name):
    pixels = photo(name)
    packed = 0
    for y in range(0, pixels.shape[0], 256):
        for x in range(0, pixels.shape[1], 256):
            packed += len(pack(pixels[y : y + 256, x : x + 256]))
    assert packed < 0.5 * pixels.nbytes


def test_noise_grows_by_the_header_only():
    tile = np.random.default_rng(1).integers(0, 256, (256, 256, 4), np.uint8)
    assert len(pack(tile)) == tile.nbytes + 8


@pytest.mark.parametrize(
    "tile",
    [
        np.zeros((257, 10, 4), np.uint8),
        np.zeros((0, 10), np.uint8),
        np.zeros((4, 4, 3), np.uint8),
        np.zeros((4, 4, 4), np.uint16),
        np.zeros(4, np.uint8),
        np.zeros((2, 2, 2, 4), np.uint8),
    ],
)
def test_what_is_no_tile_is_refused(tile):
    with pytest.raises(ValueError, match="tile"):
        pack(tile)


@pytest.mark.parametrize("kind", ["photo", "noise"])
def test_a_tile_cut_anywhere_is_called_damaged(kind):
    tile = photo_tile() if kind == "photo" else np.random.default_rng(1).integers(0, 256, (9, 9, 4), np.uint8)
    data = pack(tile)
    for length in {*range(12), *np.linspace(0, len(data) - 1, 60).astype(int)}:
        with pytest.raises(DamagedTileError):
            unpack(data[:length])


def test_a_flipped_bit_is_noticed_or_harmless():
    tile = photo_tile()
    data = pack(tile)
    rng = np.random.default_rng(7)
    for _ in range(300):
        broken = bytearray(data)
        broken[rng.integers(len(data))] ^= 1 << rng.integers(8)
        try:
            back = unpack(bytes(broken))
        except DamagedTileError:
            continue
        assert back.nbytes <= 256 * 256 * 4
        assert back.shape != tile.shape or (back == tile).all()


@given(st.binary(max_size=300))
def test_any_bytes_end_in_a_tile_or_a_clean_error(data):
    with contextlib.suppress(DamagedTileError):
        assert unpack(data).nbytes <= 256 * 256 * 4


def test_a_bomb_is_not_unpacked():
    import zstandard

    bomb = zstandard.ZstdCompressor().compress(bytes(50_000_000))
    with pytest.raises(DamagedTileError):
        unpack(struct.pack("<BBBxHH", 1, 1, 4, 256, 256) + bomb)


def test_threads_pack_side_by_side():
    tiles = [np.random.default_rng(n).integers(0, n + 2, (256, 256, 4), np.uint8) for n in range(4)]
    wrong = []

    def work(tile: np.ndarray) -> None:
        for _ in range(10):
            if not (unpack(pack(tile)) == tile).all():
                wrong.append(tile)

    threads = [threading.Thread(target=work, args=(tile,)) for tile in tiles]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
