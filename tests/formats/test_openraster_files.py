"""OpenRaster files of other writers, and those that ask for too much."""

import io
import struct
import zipfile

import pytest
from PIL import Image

from nanodesk.document.blend import BlendMode
from nanodesk.formats import errors
from nanodesk.formats.decode import decode
from nanodesk.formats.export import PictureOptions, encode
from nanodesk.formats.layered import decode_layers
from nanodesk.formats.limits import DecodeLimits
from nanodesk.formats.merging import merged
from nanodesk.formats.picture import Wanted
from tests.formats import samples
from tests.formats.layer_files import (
    SIZE,
    pixels,
    pixels_of,
    said,
    stack_of,
    zipped,
)


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


@pytest.mark.parametrize("whole", [b"", b"\x89PNG\r\n\x1a\n", samples.saved(samples.picture(5, 4), "PNG")])
def test_a_merged_picture_that_does_not_fit_is_made_anew(whole):
    png = samples.saved(samples.picture(*SIZE), "PNG")
    rows = '<layer name="a" src="a.png"/>'
    picture = decode_layers(zipped({"stack.xml": stack_of(rows), "a.png": png, "mergedimage.png": whole}))
    assert (picture.pixels == samples.bgra(samples.picture(*SIZE))).all()


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
