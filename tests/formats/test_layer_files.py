"""Files with layers: what we write, others read; what we write, we read back."""

import io
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from PIL import Image
from psd_tools import PSDImage
from psd_tools.constants import BlendMode as PsdMode

from nanodesk.document.blend import BlendMode
from nanodesk.formats import errors, openraster
from nanodesk.formats.decode import decode
from nanodesk.formats.export import PictureOptions, encode
from nanodesk.formats.layered import decode_layers
from nanodesk.formats.merging import merged
from nanodesk.formats.picture import PictureLayer
from tests.formats import samples
from tests.formats.layer_files import (
    ORA_MODES,
    SIZE,
    bare,
    mask,
    pixels,
    pixels_of,
    same,
    stack,
    stacks,
    values_of,
    written,
)

quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(stacks())
@quick
def test_any_stack_comes_back_from_a_photoshop_file(layers):
    back = decode_layers(written("psd", layers))
    assert len(back.layers) == len(layers)
    for one, other in zip(layers, back.layers, strict=True):
        assert same(one, other), (one, other)


@given(stacks())
@quick
def test_any_stack_without_masks_comes_back_from_openraster(layers):
    layers = bare(layers)
    back = decode_layers(written("ora", layers))
    assert len(back.layers) == len(layers)
    for one, other in zip(layers, back.layers, strict=True):
        assert same(one, other), (one, other)
    assert back.notes == ()
    assert (back.pixels == merged(layers, SIZE)).all()


@pytest.mark.parametrize("kind", ["psd", "ora"])
def test_profile_and_resolution_come_back(kind):
    layers = bare(stack())
    back = decode_layers(written(kind, layers, profile=samples.rgb_profile()))
    assert (back.format, back.dpi, back.profile) == (kind.upper(), 300.0, samples.rgb_profile())
    assert np.abs(back.pixels.astype(int) - merged(layers, SIZE)).max() <= 1


@pytest.mark.parametrize("kind", ["psd", "ora"])
def test_the_same_layers_give_the_same_bytes(kind):
    assert written(kind, bare(stack())) == written(kind, bare(stack()))


@pytest.mark.parametrize("kind", ["psd", "ora"])
def test_one_picture_becomes_a_file_with_one_layer(kind):
    block = pixels(30, 20)
    back = decode_layers(encode(block, PictureOptions(kind)))
    assert [layer.name for layer in back.layers] == ["Picture"]
    assert (pixels_of(back.layers[0]) == block).all()


def test_psd_tools_reads_our_file_as_it_was_meant():
    layers = stack()
    file: Any = PSDImage.open(io.BytesIO(written("psd", layers)))
    assert [layer.name for layer in file.descendants()] == [layer.name for layer in layers]
    group, edit = file[1], file[1][0]
    assert group.is_group()
    assert (group.blend_mode, group.opacity, group.has_mask()) == (PsdMode.MULTIPLY, 204, True)
    assert (edit.left, edit.top, edit.opacity, edit.blend_mode) == (-5, 10, 128, PsdMode.SCREEN)
    assert np.array_equal(np.asarray(edit.mask.topil()), values_of(layers[2]))
    assert not file[1][1].visible
    assert file[0].locks.complete
    assert file.has_preview()
    assert np.array_equal(np.asarray(file[0].topil()), pixels_of(layers[0])[..., [2, 1, 0, 3]])


@pytest.mark.parametrize("mode", [mode for mode in BlendMode if mode is not BlendMode.PLUS_LIGHTER])
def test_psd_tools_composites_our_file_to_our_picture(mode):
    """All but plus-lighter, which is Photoshop's linear dodge only where nothing is translucent."""
    group = PictureLayer("group", None, opacity=0.8)
    layers = [PictureLayer("base", pixels(*SIZE, 1, "RGB")), group, PictureLayer("top", pixels(), 1, 5, 4, 0.5, mode)]
    file = PSDImage.open(io.BytesIO(written("psd", layers)))
    theirs = np.asarray(file.composite(force=True))[..., [2, 1, 0]].astype(int)
    assert np.abs(theirs - merged(layers, SIZE)[..., :3]).max() <= 1


@pytest.mark.parametrize("soft", [True, False])
def test_pillow_shows_the_merged_picture_of_our_photoshop_file(soft):
    layers = [PictureLayer("one", pixels(*SIZE, 1, "RGBA" if soft else "RGB"))]
    image = Image.open(io.BytesIO(written("psd", layers)))
    image.load()
    assert image.mode == ("RGBA" if soft else "RGB")
    assert image.size == SIZE
    alpha = pixels_of(layers[0])[..., 3:].astype(int)
    on_white = (pixels_of(layers[0])[..., [2, 1, 0]].astype(int) * alpha + 255 * (255 - alpha) + 127) // 255
    assert (np.asarray(image)[..., :3] == on_white).all()


def test_openraster_is_built_as_the_format_asks():
    layers = bare(stack())
    data = written("ora", layers, source_type="compositeWithTrainedAlgorithmicMedia")
    assert data[30:54] == b"mimetypeimage/openraster"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
        image = ET.fromstring(archive.read("stack.xml"))
        assert (image.get("w"), image.get("h"), image.get("xres")) == ("60", "40", "300")
        top = image.find("stack")
        assert top is not None
        assert [one.get("name") for one in top] == [layers[5].name, "Gruppe 猫", "Hintergrund"]
        group = top[1]
        assert (group.get("composite-op"), group.get("isolation"), group.get("opacity")) == (
            "svg:multiply",
            "isolate",
            "0.8",
        )
        source = str(top[2].get("src"))
        with Image.open(io.BytesIO(archive.read(source))) as layer:
            assert np.array_equal(np.asarray(layer.convert("RGBA")), pixels_of(layers[0])[..., [2, 1, 0, 3]])
        with Image.open(io.BytesIO(archive.read("mergedimage.png"))) as whole:
            assert whole.size == SIZE
            xmp = str(whole.info["XML:com.adobe.xmp"])
            assert "compositeWithTrainedAlgorithmicMedia" in xmp
        with Image.open(io.BytesIO(archive.read("Thumbnails/thumbnail.png"))) as small:
            assert max(small.size) <= 256


def test_a_large_picture_has_a_small_thumbnail():
    layers = [PictureLayer("one", pixels(600, 200, 1, "RGB"))]
    with zipfile.ZipFile(io.BytesIO(written("ora", layers, (600, 200)))) as archive:
        assert decode(archive.read("Thumbnails/thumbnail.png")).pixels.shape == (85, 256, 4)


@pytest.mark.parametrize("mode", ORA_MODES)
def test_every_mode_of_openraster_has_a_name(mode):
    layer = PictureLayer("one", pixels(), blend_mode=mode)
    assert decode_layers(written("ora", [layer])).layers[0].blend_mode is mode


def test_what_a_photoshop_file_cannot_hold_is_said():
    with pytest.raises(errors.WriteError, match="30,000 pixels a side"):
        encode(np.zeros((1, 30_001, 4), np.uint8), PictureOptions("psd"))
    many = [PictureLayer(str(number), np.zeros((1, 1, 4), np.uint8)) for number in range(0x8000)]
    with pytest.raises(errors.WriteError, match="32,767 layers"):
        encode(np.zeros((1, 1, 4), np.uint8), PictureOptions("psd"), many)


def test_openraster_takes_no_layer_that_it_cannot_hold():
    odd = replace(stack()[0], blend_mode=BlendMode.EXCLUSION)
    with pytest.raises(errors.WriteError):
        encode(pixels(*SIZE), PictureOptions("ora"), [odd])
    assert openraster.clean_name("\n\0", "Layer") == "Layer"
    assert mask().enabled
