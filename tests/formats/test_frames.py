"""Frames of animations and pages of documents as layers."""

import pytest
from PIL import Image

from nanodesk.formats import errors
from nanodesk.formats.layered import decode_layers
from nanodesk.formats.limits import DecodeLimits
from nanodesk.formats.picture import Wanted
from tests.formats import samples
from tests.formats.layer_files import (
    pixels_of,
    said,
)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF", "AVIF"])
def test_frames_become_layers_when_that_is_wanted(kind):
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "lime", "blue")]
    data = samples.saved(frames[0], kind, save_all=True, append_images=frames[1:])
    picture = decode_layers(data, wanted=Wanted.FRAMES)
    word = "Page" if kind == "TIFF" else "Frame"
    assert [layer.name for layer in picture.layers] == [f"{word} {number}" for number in (1, 2, 3)]
    assert [layer.visible for layer in picture.layers] == [True, False, False]
    assert [int(pixels_of(layer)[5, 5, :3].argmax()) for layer in picture.layers] == [2, 1, 0]
    assert not said(picture, "Only the first frame")
    assert decode_layers(data).layers == ()
    with pytest.raises(errors.TooLargeError, match=r"3 (frame|page)s"):
        decode_layers(data, DecodeLimits(max_layers=2), wanted=Wanted.FRAMES)
    with pytest.raises(errors.TooLargeError, match="more pixels"):
        decode_layers(data, DecodeLimits(max_layer_pixels=1000), wanted=Wanted.FRAMES)


def test_one_frame_is_no_animation():
    data = samples.saved(samples.picture(), "GIF")
    assert decode_layers(data, wanted=Wanted.FRAMES).layers == ()


def test_frames_before_a_broken_one_are_worth_having():
    frames = [samples.picture(50, 40, "P", seed) for seed in range(4)]
    data = samples.saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    picture = decode_layers(data[: int(len(data) * 0.6)] + b"\x3b", wanted=Wanted.FRAMES)
    assert 1 <= len(picture.layers) < 4 or said(picture, "damaged")
