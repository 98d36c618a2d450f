"""The merged preview is made anew only where something changed, and is what a whole one would be."""

from dataclasses import replace

import numpy as np
import pytest

from nanodesk.document.document import Document
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.identity import LayerId
from nanodesk.document.layer import Layer, Pixels
from nanodesk.document.operations.layers import add_layer, set_content, set_opacity
from nanodesk.editor.pixel_store import PixelStore
from nanodesk.editor.previews import MERGED, SCREEN, Previews, factor_of, first_sight, previews
from nanodesk.imaging.codec import decode_plain

A, B = LayerId("a"), LayerId("b")


def noise(seed, width, height, alpha=255):
    block = np.random.default_rng(seed).integers(0, 256, (height, width, 4), np.uint8)
    block[..., 3] = alpha
    return block


@pytest.fixture
def store():
    return PixelStore()


@pytest.fixture
def document(store):
    document = add_layer(Document(Size(4300, 2100)), Layer(A, "a", Pixels(store.add(noise(1, 4300, 2100)))))
    return add_layer(document, Layer(B, "b", Pixels(store.add(noise(2, 300, 200, 128))), Point(3000, 1500)))


def test_a_preview_is_a_power_of_two_smaller(store, document):
    merged, thumbnail, _ = previews(document, store)
    assert factor_of(document.size) == 4
    assert (merged.width, merged.height) == (1075, 525)
    assert max(thumbnail.width, thumbnail.height) == 256
    assert merged.mime == "image/jpeg"
    assert decode_plain(merged.data).shape == (525, 1075, 4)


@pytest.mark.parametrize("size", [Size(1, 1), Size(2048, 2048), Size(2049, 10), Size(30_000, 20_000)])
def test_a_preview_is_never_larger_than_it_may_be(size):
    factor = factor_of(size)
    assert -(-size.width // factor) <= MERGED.width
    assert -(-size.height // factor) <= MERGED.height


def test_only_what_changed_is_made_anew_and_it_is_the_same(store, document):
    kept = Previews(store)
    kept.of(document)
    read = []
    original = store.tile

    def counted(tile_id):
        read.append(tile_id)
        return original(tile_id)

    store.tile = counted
    for place in (Rect(4200, 2000, 90, 90), Rect(0, 0, 5, 5), Rect(2047, 1000, 300, 4)):
        grid = document.layer(A).grid
        painted = store.paint(grid, place, np.full((place.height, place.width, 4), 200, np.uint8))
        document = set_content(document, A, Pixels(painted))
        read.clear()
        assert kept.of(document) == previews_apart(store, document, original)
        assert 0 < len(read) <= 3 * 8 * 9  # of 17 x 9 tiles
    document = set_opacity(document, B, 0.5)
    assert kept.of(document) == previews_apart(store, document, original)
    read.clear()
    assert kept.of(replace(document, dpi=300.0)) == previews_apart(store, document, original)
    assert read == []


def previews_apart(store, document, original):
    """A whole preview of its own, whose reading is not counted."""
    counted, store.tile = store.tile, original
    try:
        return previews(document, store)
    finally:
        store.tile = counted


def test_a_damaged_profile_does_not_keep_a_project_from_being_saved(store, document):
    merged, *_ = previews(replace(document, profile=b"no profile"), store)
    assert merged == previews(document, store)[0]


def test_another_size_is_made_whole(store, document):
    kept = Previews(store)
    kept.of(document)
    smaller = replace(document, size=Size(1000, 900))
    assert kept.of(smaller) == previews(smaller, store)
    assert kept.of(Document()) == ()


def test_a_transparent_one_is_kept_so(store):
    document = add_layer(Document(Size(300, 300)), Layer(B, "b", Pixels(store.add(noise(2, 300, 200, 128)))))
    merged, *_ = previews(document, store)
    assert merged.mime == "image/png"
    assert decode_plain(merged.data)[250:, :, 3].max() == 0


@pytest.mark.parametrize("size", [Size(1, 1), Size(257, 300), Size(1024, 1025), Size(4300, 2100)])
def test_what_goes_on_the_screen_comes_back_at_a_level_of_the_tiles(store, size):
    block = noise(1, size.width, size.height)
    document = add_layer(Document(size), Layer(A, "a", Pixels(store.add(block))))
    screen = previews(document, store)[2]
    assert screen.kind == "screen"
    seen = first_sight(screen, size)
    assert seen
    level, small = seen
    assert small.shape == (-(-size.height // 2**level), -(-size.width // 2**level), 4)
    assert max(small.shape) <= SCREEN
    if level == 0:
        assert (small == (block & [0xFC, 0xFC, 0xFC, 0xFF])).all()
    assert first_sight(screen, Size(size.width * 3, size.height)) is None
    for data in (b"", screen.data[:-1], screen.data[:3], b"\xff" * len(screen.data)):
        assert first_sight(replace(screen, data=data), size) is None
    assert first_sight(replace(screen, mime="image/png"), size) is None
    assert first_sight(None, size) is None
