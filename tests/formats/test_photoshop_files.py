"""Photoshop files of other writers, and those that ask for too much."""

import io
import struct

import numpy as np
import pytest
from PIL import Image
from psd_tools import PSDImage
from psd_tools.constants import BlendMode as PsdMode
from psd_tools.constants import Tag
from psd_tools.psd.descriptor import Bool, Descriptor, DescriptorBlock, DescriptorBlock2, Double
from psd_tools.psd.tagged_blocks import TaggedBlock

from nanodesk.document.blend import BlendMode
from nanodesk.formats import errors
from nanodesk.formats.decode import decode
from nanodesk.formats.export import PictureOptions, encode
from nanodesk.formats.layered import decode_layers
from nanodesk.formats.limits import DecodeLimits
from nanodesk.formats.picture import PictureLayer, Wanted
from tests.formats import samples
from tests.formats.layer_files import (
    SIZE,
    pixels,
    pixels_of,
    said,
    same,
    stack,
    values_of,
    written,
)


def psd_of(build, size=SIZE, mode="RGBA", **new):
    """A file by psd-tools, which is not our writer."""
    file = PSDImage.new(mode, size, **new)
    build(file)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def test_a_clipped_layer_gets_the_shape_of_what_it_was_clipped_to():
    def build(file):
        base = file.create_pixel_layer(Image.new("RGBA", (20, 20), (255, 0, 0, 128)), name="base", left=5, top=5)
        base.opacity = 128
        top = file.create_pixel_layer(Image.new("RGBA", (60, 40), (0, 255, 0, 255)), name="top")
        top.clipping = True

    picture = decode_layers(psd_of(build))
    top = picture.layers[1]
    assert top.mask is not None
    assert (top.mask.x, top.mask.y, top.mask.outside) == (5, 5, 0)
    assert (top.mask.values == 128).all()
    assert top.opacity == pytest.approx(128 / 255)
    assert said(picture, "Clipped layers")


def test_a_clipped_layer_keeps_its_own_mask_too():
    def build(file):
        file.create_pixel_layer(Image.new("RGBA", (20, 20), (255, 0, 0, 255)), name="base", left=5, top=5)
        top = file.create_pixel_layer(Image.new("RGBA", (60, 40), (0, 255, 0, 255)), name="top")
        top.create_mask(Image.new("L", (10, 40), 200), top=0, left=0)
        top.clipping = True

    values = values_of(decode_layers(psd_of(build)).layers[1])
    assert (values[:, :5] == 200).all()
    assert (values[:, 5:] == 0).all()


def test_a_layer_clipped_to_a_group_is_shown_and_said():
    def build(file):
        group = file.create_group(name="group")
        group.create_pixel_layer(Image.new("RGBA", (20, 20), (255, 0, 0, 255)), name="in it")
        top = file.create_pixel_layer(Image.new("RGBA", (60, 40), (0, 255, 0, 255)), name="top")
        top.clipping = True

    picture = decode_layers(psd_of(build))
    assert picture.layers[2].mask is None
    assert said(picture, "clipped to a group")


def test_a_mode_that_we_do_not_have_is_normal_and_said():
    def build(file):
        layer = file.create_pixel_layer(Image.new("RGBA", (20, 20), (255, 0, 0, 255)), name="odd")
        layer.blend_mode = PsdMode.VIVID_LIGHT

    picture = decode_layers(psd_of(build))
    assert picture.layers[0].blend_mode is BlendMode.NORMAL
    assert said(picture, "“odd” has a blend mode that Nanodesk does not have (vivid light)")


def test_a_group_that_lets_its_layers_through_is_said_only_where_it_matters():
    def build(mode):
        def built(file):
            group = file.create_group(name="group")
            layer = group.create_pixel_layer(Image.new("RGBA", (20, 20), (255, 0, 0, 255)), name="in it")
            layer.blend_mode = mode

        return built

    assert decode_layers(psd_of(build(PsdMode.NORMAL))).notes == ()
    assert said(decode_layers(psd_of(build(PsdMode.MULTIPLY))), "“group” blend with each other")


def marked(layer, key, data=None):
    """Make a layer one of another kind."""
    if data is None:
        layer.tagged_blocks.set_data(key)
    else:
        layer.tagged_blocks[key] = TaggedBlock(key=key, data=data)
    return layer


def test_text_and_smart_objects_come_in_as_pixels_and_adjustments_not_at_all():
    def build(file):
        for name, key in (("words", Tag.TYPE_TOOL_INFO), ("placed", Tag.PLACED_LAYER1), ("inverted", Tag.INVERT)):
            layer = file.create_pixel_layer(Image.new("RGBA", (20, 20), (255, 0, 0, 255)), name=name)
            marked(layer, key, None if key is Tag.INVERT else bytes(8))

    picture = decode_layers(psd_of(build))
    assert [layer.name for layer in picture.layers] == ["words", "placed"]
    assert said(picture, "Text (“words”) came in as pixels")
    assert said(picture, "A smart object (“placed”) came in as pixels")
    assert said(picture, "“inverted” is an adjustment or a fill")


def test_a_fill_of_one_colour_covers_the_canvas():
    def build(file):
        colour, block = Descriptor(name="", classID=b"RGBC"), DescriptorBlock(classID=b"null")
        for key, value in ((b"Rd  ", 10.0), (b"Grn ", 20.4), (b"Bl  ", 250.0)):
            colour[key] = Double(value)
        block[b"Clr "] = colour
        layer = file.create_pixel_layer(Image.new("RGBA", (1, 1)), name="fill", left=7)
        marked(layer, Tag.SOLID_COLOR_SHEET_SETTING, block)

    (fill,) = decode_layers(psd_of(build)).layers
    assert pixels_of(fill).shape == (SIZE[1], SIZE[0], 4)
    assert (pixels_of(fill) == [250, 20, 10, 255]).all()
    assert (fill.x, fill.y) == (0, 0)


def test_effects_are_left_out_and_said():
    def build(file):
        layer = file.create_pixel_layer(Image.new("RGBA", (20, 20), (255, 0, 0, 255)), name="shadowed")
        shadow = Descriptor(name="", classID=b"DrSh")
        shadow[b"enab"] = shadow[b"present"] = Bool(True)
        block = DescriptorBlock2(classID=b"null")
        block[b"masterFXSwitch"] = Bool(True)
        block[b"DrSh"] = shadow
        marked(layer, Tag.OBJECT_BASED_EFFECTS_LAYER_INFO, block)

    assert said(decode_layers(psd_of(build)), "The effects of “shadowed”")


def test_an_empty_layer_is_one():
    def build(file):
        file.create_pixel_layer(Image.new("RGBA", (20, 20), (255, 0, 0, 255)), name="full")
        file.create_group(name="empty")

    picture = decode_layers(psd_of(build))
    assert [(layer.name, layer.pixels is None) for layer in picture.layers] == [("full", False), ("empty", True)]


@pytest.mark.parametrize("depth", [16, 32])
def test_deep_layers_are_brought_to_8_bits(depth):
    def build(file):
        block = np.zeros((10, 12, 4), np.float32)
        block[..., 0], block[..., 3] = 0.5, 1.0
        file.create_pixel_layer_from_array(block, name="deep")

    picture = decode_layers(psd_of(build, depth=depth))
    assert pixels_of(picture.layers[0])[0, 0].tolist() in ([0, 0, 127, 255], [0, 0, 128, 255])
    assert picture.bits == depth
    assert said(picture, f"Its {depth} bits for each channel were reduced to 8")


def test_a_photoshop_file_whose_end_is_missing_opens_when_that_is_wanted():
    layers = stack()
    data = written("psd", layers)
    cut = data[: len(data) - 4000]
    with pytest.raises(errors.CutOffError, match="“half” is cut off"):
        decode_layers(cut, name="half")
    picture = decode_layers(cut, DecodeLimits().cut_off())
    assert said(picture, "cut off")
    assert all(same(one, other) for one, other in zip(layers, picture.layers, strict=True))
    with pytest.raises(errors.DecodeError):
        decode_layers(data[:900], DecodeLimits().cut_off())


def test_the_size_of_a_photoshop_file_is_checked_before_it_is_unpacked():
    data = bytearray(psd_of(lambda file: None, depth=16))
    data[14:22] = struct.pack(">II", 250_000, 250_000)
    with pytest.raises(errors.TooLargeError) as caught:
        decode_layers(bytes(data))
    assert caught.value.size == (250_000, 250_000)


def test_cmyk_layers_come_in_as_rgb_with_their_transparency():
    def build(file):
        file.create_pixel_layer(Image.new("CMYK", (20, 20), (0, 255, 255, 0)), name="red")

    picture = decode_layers(psd_of(build, mode="CMYK"))
    blue, green, red, alpha = pixels_of(picture.layers[0])[5, 5].tolist()
    assert red > 200
    assert max(blue, green) < 60
    assert alpha == 255
    assert said(picture, "CMYK")


def test_a_file_without_a_merged_picture_gets_one_of_its_layers():
    layers = [PictureLayer("one", pixels(*SIZE, 1, "RGB"))]
    data = encode(np.full((SIZE[1], SIZE[0], 4), 255, np.uint8), PictureOptions("psd"), layers)
    at = data.index(b"8BIM" + struct.pack(">H", 1057)) + 12 + 4
    assert data[at] == 1
    blank = data[:at] + b"\0" + data[at + 1 :]
    assert (decode(blank).pixels == 255).all()
    assert (decode_layers(blank, wanted=Wanted.MERGED).pixels == pixels_of(layers[0])).all()


def test_without_layers_wanted_only_the_merged_picture_is_opened_and_said():
    data = written("psd", stack())
    picture = decode_layers(data, wanted=Wanted.MERGED)
    assert picture.layers == ()
    assert said(picture, "Only the merged picture of the Photoshop file")
    assert not said(decode_layers(data), "Only the merged")
    assert decode_layers(samples.psd(np.zeros((3, 4, 4), np.uint8), 0)).layers == ()


def test_too_many_or_too_large_layers_of_a_photoshop_file_are_refused():
    data = written("psd", stack())
    with pytest.raises(errors.TooLargeError, match="more than the 3 layers"):
        decode_layers(data, DecodeLimits(max_layers=3))
    with pytest.raises(errors.TooLargeError, match="more pixels"):
        decode_layers(data, DecodeLimits(max_layer_pixels=2500))


def test_a_layer_larger_than_a_picture_may_be_is_refused_before_it_is_unpacked():
    layers = [PictureLayer("one", pixels(*SIZE, 1, "RGB")), PictureLayer("big", pixels(20, 15))]
    data = written("psd", layers)
    place = struct.pack(">iiii", 0, 0, 15, 20)
    huge = data.replace(place, struct.pack(">iiii", 0, 0, 60_000, 60_000))
    with pytest.raises(errors.TooLargeError, match="A layer of"):
        decode_layers(huge)
    far = data.replace(place, struct.pack(">iiii", 2_000_000_000, 0, 2_000_000_015, 20))
    picture = decode_layers(far)
    assert [layer.name for layer in picture.layers] == ["one"]
    assert said(picture, "“big” lies far outside")
