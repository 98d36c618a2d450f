"""HEIC and JPEG XL: read where their packages are, and named where they are not."""

import struct
import sys
from typing import Any

import pytest

from nanodesk.formats import errors
from nanodesk.formats.decode import decode
from nanodesk.formats.jxl import jxl_size
from nanodesk.formats.limits import DecodeLimits
from tests.formats import samples

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40)


def heic(image: Any, **options: Any) -> bytes:
    package: Any = pytest.importorskip("pillow_heif")
    package.register_heif_opener()
    return samples.saved(image, "HEIF", **options)


def jxl(image: Any, **options: Any) -> bytes:
    pytest.importorskip("pillow_jxl")
    return samples.saved(image, "JXL", **options)


@pytest.mark.parametrize(
    ("data", "words", "package", "module"),
    [
        (HEIC, "a HEIC photo", "pillow-heif", "pillow_heif"),
        (b"\xff\x0a" + bytes(20), "a JPEG XL picture", "pillow-jxl-plugin", "pillow_jxl"),
    ],
)
def test_without_its_package_it_is_named(monkeypatch, data, words, package, module):
    for name in [one for one in sys.modules if one.split(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(errors.UnsupportedFormatError, match=rf"“cat” is {words}.*{package}.*\.$"):
        decode(data, name="cat")


def test_a_photo_of_a_telephone_is_read_upright():
    image = samples.picture(120, 80)
    picture = decode(heic(image, quality=-1, exif=samples.exif(6, gps=True), icc_profile=samples.rgb_profile()))
    assert (picture.width, picture.height, picture.format) == (80, 120, "HEIC")
    assert picture.profile == samples.rgb_profile()
    assert picture.exif is not None


def test_a_photo_of_a_telephone_whose_end_is_missing_is_called_cut_off():
    data = heic(samples.picture(120, 80))
    with pytest.raises(errors.CutOffError, match="“cat” is cut off"):
        decode(data[: len(data) * 2 // 3], name="cat")


def test_lossless_jxl_comes_back_exactly():
    image = samples.picture(120, 80, "RGBA")
    picture = decode(jxl(image, lossless=True))
    assert picture.format == "JXL"
    assert (picture.pixels == samples.bgra(image)).all()


def test_what_the_file_says_twice_turns_it_once():
    """JPEG XL says how to turn a picture itself; its EXIF block must not do it again (ISO/IEC 18181-2)."""
    picture = decode(jxl(samples.picture(120, 80), exif=samples.exif(6)))
    assert (picture.width, picture.height, picture.orientation) == (120, 80, 1)


@pytest.mark.parametrize(
    "size", [(8, 8), (256, 256), (120, 80), (377, 530), (160, 90), (1, 1), (3000, 2), (512, 512), (15, 12)]
)
@pytest.mark.parametrize("boxed", [False, True])
def test_the_size_of_a_jxl_is_read_from_its_header(size, boxed):
    data = jxl(samples.picture(*size), use_container=boxed)
    assert jxl_size(data) == size


def test_the_size_of_a_jxl_is_checked_before_it_is_decoded():
    data = jxl(samples.picture(200, 100))
    with pytest.raises(errors.TooLargeError) as caught:
        decode(data, DecodeLimits(max_pixels=1000))
    assert caught.value.size == (200, 100)


def test_a_jxl_that_does_not_tell_its_size_is_refused():
    with pytest.raises(errors.DamagedPictureError, match=r"“cat” is damaged.*\.$"):
        decode(b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(40), name="cat")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\x0a",
        struct.pack(">I4s", 3, b"jxlc") + bytes(20),
        struct.pack(">I4s", 16, b"free") + bytes(8),
        struct.pack(">I4sQ", 1, b"free", 1) + bytes(20),
        struct.pack(">I4s", 40, b"jxlc") + b"nonsense" * 4,
        (struct.pack(">I4s", 8, b"free")) * 2000,
    ],
)
def test_a_size_that_is_not_there_is_none(data):
    assert jxl_size(data) is None


def test_a_codestream_in_parts_tells_its_size():
    bare = jxl(samples.picture(120, 80), use_container=False)
    assert jxl_size(struct.pack(">I4sI", 100, b"jxlp", 0) + bare) == (120, 80)
    assert jxl_size(struct.pack(">I4sQ", 1, b"jxlc", 99) + bare) == (120, 80)
