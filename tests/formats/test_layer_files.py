"""Files with layers: what we write, others read; what others write, we read."""

import io
import struct
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
from nanodesk.formats.limits import DecodeLimits
from nanodesk.formats.merging import merged
from nanodesk.formats.picture import PictureLayer, Wanted
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
    stack_of,
    stacks,
    values_of,
    written,
    zipped,
)

quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def psd_of(build, size=SIZE, mode="RGBA", **new):
    """A file by psd-tools, which is not our writer."""
    file = PSDImage.new(mode, size, **new)
    build(file)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def said(picture, words):
    return any(words in note for note in picture.notes)


# ------------------------------------------------------------------------------------------------------ round trips


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


# ------------------------------------------------------------------------------------------------ independent readers


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


# ----------------------------------------------------------------------------------- Photoshop files of other writers


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


# ------------------------------------------------------------------------------------------ OpenRaster of other writers


def test_what_other_writers_say_otherwise_is_understood():
    png = samples.saved(samples.picture(*SIZE), "PNG")
    rows = (
        '<layer name="a" src="d/a.png" x="3" y="oops" opacity="7" composite-op="svg:add"/>'
        '<filter/><stack x="9" name=" "><layer src="d/a.png" composite-op="krita:vivid_light" name="b\tc"/></stack>'
    )
    picture = decode_layers(zipped({"stack.xml": stack_of(rows), "d/a.png": png}))
    group, inner, top = picture.layers
    assert (group.name, group.x, group.pixels) == ("Group", 0, None)
    assert (inner.name, inner.group, inner.blend_mode) == ("b c", 0, BlendMode.NORMAL)
    assert (top.x, top.y, top.opacity, top.blend_mode) == (3, 0, 1.0, BlendMode.PLUS_LIGHTER)
    assert said(picture, "“b c” has a blend mode that Nanodesk does not have (krita:vivid_light)")
    assert said(picture, "another kind than layer and group")
    assert (picture.pixels == merged(picture.layers, SIZE)).all()
    assert decode_layers(zipped({"stack.xml": stack_of(rows), "d/a.png": png}), wanted=Wanted.MERGED).layers == ()


def test_layers_are_brought_to_the_profile_of_the_merged_picture():
    block = pixels(*SIZE, 1, "RGB")
    plain = encode(block, PictureOptions("png"))
    wide = encode(block, PictureOptions("png", profile=samples.rgb_profile()))
    rows = '<layer name="a" src="a.png"/>'
    picture = decode_layers(zipped({"stack.xml": stack_of(rows), "a.png": plain, "mergedimage.png": wide}))
    assert picture.profile == samples.rgb_profile()
    assert not (pixels_of(picture.layers[0]) == block).all()


def test_a_damaged_layer_is_empty_and_said():
    png = samples.saved(samples.picture(*SIZE), "PNG")
    rows = '<layer name="bad" src="bad.png"/><layer name="gone" src="gone.png"/><layer name="good" src="good.png"/>'
    members = {"stack.xml": stack_of(rows), "good.png": png, "bad.png": png[:90]}
    picture = decode_layers(zipped(members))
    assert [int(pixels_of(layer).any()) for layer in picture.layers] == [1, 0, 0]
    assert said(picture, "“bad” is damaged")
    assert said(picture, "“gone” is damaged")


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"<image>",
        b"<other/>",
        b"<image/>",
        b'<!DOCTYPE image [<!ENTITY a "b">]><image w="1" h="1"><stack/></image>',
        b'<!DOCTYPE image [<!ENTITY a SYSTEM "file:///etc/passwd">]><image w="1" h="1"><stack name="&a;"/></image>',
        stack_of("<stack>" * 100 + "</stack>" * 100),
        stack_of("", 'w="0" h="9"'),
        "\ud800".encode("utf-16", "surrogatepass"),
    ],
)
def test_a_stack_that_is_none_is_refused(xml):
    with pytest.raises(errors.DamagedPictureError, match=r"^“odd” is damaged.*\.$"):
        decode_layers(zipped({"stack.xml": xml}), name="odd")


def test_a_merged_picture_must_be_a_png():
    jpeg = samples.saved(samples.picture(), "JPEG")
    data = zipped({"stack.xml": stack_of(""), "mergedimage.png": jpeg})
    with pytest.raises(errors.DamagedPictureError, match="merged picture is no PNG"):
        decode_layers(data)


def test_krita_files_give_their_merged_picture():
    image = samples.picture(*SIZE)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), b"application/x-krita")
        archive.writestr("mergedimage.png", samples.saved(image, "PNG"))
    picture = decode(out.getvalue())
    assert picture.format == "KRA"
    assert (picture.pixels == samples.bgra(image)).all()
    assert said(picture, "merged picture of the Krita file")


def test_zips_of_other_kinds_are_no_pictures():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), b"application/epub+zip")
    with pytest.raises(errors.NotAPictureError, match="a ZIP archive"):
        decode(out.getvalue())


# ------------------------------------------------------------------------------------------------------------- bombs


def test_a_member_that_unpacks_to_too_much_is_refused_before_it_is():
    data = zipped({"stack.xml": stack_of('<layer src="a.png"/>'), "mergedimage.png": bytes(30_000_000)})
    assert len(data) < 100_000
    with pytest.raises(errors.TooLargeError, match="unpacks to more"):
        decode_layers(data, DecodeLimits(max_file_bytes=20_000_000))


def test_a_member_that_lies_about_its_length_is_refused():
    data = bytearray(zipped({"stack.xml": stack_of(""), "mergedimage.png": bytes(3_000_000)}))
    at = data.rindex(b"PK\1\2", 0, len(data))
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    with pytest.raises(errors.DecodeError):
        decode_layers(bytes(data), DecodeLimits(max_file_bytes=1_000_000))


def test_the_same_layer_a_thousand_times_is_too_much():
    png = samples.saved(Image.new("RGB", (500, 500)), "PNG")
    rows = '<layer src="a.png"/>' * 1000
    members = {"stack.xml": stack_of(rows), "a.png": png, "mergedimage.png": png}
    with pytest.raises(errors.TooLargeError, match="more pixels"):
        decode_layers(zipped(members), DecodeLimits(max_layer_pixels=2_000_000))
    with pytest.raises(errors.TooLargeError, match="more than the 900 layers"):
        decode_layers(zipped(members), DecodeLimits(max_layers=900))


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


# ------------------------------------------------------------------------------------------------------------ frames


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


# ---------------------------------------------------------------------------------------------------------- refusals


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
