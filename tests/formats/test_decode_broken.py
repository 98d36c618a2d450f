"""Pictures that are cut, flipped, mislabelled or inflated: one plain sentence each, or a picture."""

import io
import struct
import time
import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import Image, ImageFile

from nanodesk.formats import errors, structure
from nanodesk.formats.decode import decode
from nanodesk.formats.limits import MOST_PIXELS, DecodeLimits
from tests.formats import samples

KINDS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "ICO")
SVG = b'<?xml version="1.0"?>\n<!-- made by hand -->\n<svg xmlns="http://www.w3.org/2000/svg"><image href="/x"/></svg>'


def sample(kind: str) -> bytes:
    image = samples.picture(48, 48, "P" if kind == "GIF" else "RGB")
    return samples.saved(image, kind)


def is_a_plain_sentence(error: BaseException) -> bool:
    text = str(error)
    technical = ("Traceback", "0x", "PIL", "cv2", "error:", "\n", "Error", "None")
    return text.endswith(".") and text[0] in "T“" and not any(word in text for word in technical)


@pytest.mark.parametrize("kind", [*KINDS, "PSD"])
def test_a_file_cut_anywhere_is_refused_in_a_plain_sentence(kind):
    data = samples.psd(np.zeros((3, 40, 40), np.uint8), 0) if kind == "PSD" else sample(kind)
    for length in {1, 8, 20, 40, *np.linspace(2, len(data) * 0.9, 25).astype(int)}:
        with pytest.raises(errors.DecodeError) as caught:
            decode(data[:length])
        assert is_a_plain_sentence(caught.value), str(caught.value)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "TIFF", "AVIF", "GIF"])
def test_a_file_cut_in_its_pixels_is_called_cut_off(kind):
    data = sample(kind)
    with pytest.raises(errors.CutOffError, match="“holiday” is cut off"):
        decode(data[: int(len(data) * 0.7)], name="holiday")


@pytest.mark.parametrize("compression", ["raw", "tiff_adobe_deflate", "tiff_lzw", "packbits"])
def test_a_compressed_tiff_is_called_cut_off_too(compression):
    data = samples.saved(samples.picture(), "TIFF", compression=compression)
    at = data.index(b"II*\0")
    with pytest.raises(errors.DamagedPictureError):
        decode(data[at : len(data) // 2])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "GIF"])
def test_what_there_is_of_a_cut_off_file_can_be_opened(kind):
    data = samples.saved(samples.picture(160, 160, "P" if kind == "GIF" else "RGB"), kind)
    whole = decode(data)
    part = decode(data[: int(len(data) * 0.8)], DecodeLimits().cut_off())
    assert part.pixels.shape == whole.pixels.shape
    there = slice(80, 160) if kind == "BMP" else slice(0, 80)  # a BMP begins at the bottom
    assert (part.pixels[there] == whole.pixels[there]).all()
    assert not (part.pixels == whole.pixels).all()
    if kind in ("PNG", "JPEG"):
        assert "cut off" in part.notes[0]
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


def test_what_there_is_of_a_cut_off_tiff_can_be_opened():
    data = samples.saved(samples.picture(160, 160), "TIFF")  # written raw: directory first, pixels behind it
    part = decode(data[: len(data) // 2], DecodeLimits().cut_off())
    assert "cut off" in part.notes[0]
    assert (part.pixels[:40] == samples.bgra(samples.picture(160, 160))[:40]).all()


def test_a_broken_second_frame_does_not_matter():
    frames = [Image.new("RGB", (50, 50), colour) for colour in ("red", "lime")]
    data = samples.saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    second = data.rindex(b"\x2c")
    assert decode(data[: second + 5]).pixels[5, 5].tolist() == [0, 0, 255, 255]


@pytest.mark.parametrize(
    ("boxes", "missing"),
    [
        (struct.pack(">I4s", 8, b"ftyp"), False),
        (struct.pack(">I4s", 0, b"mdat") + bytes(5), False),
        (struct.pack(">I4sQ", 1, b"mdat", 20) + bytes(4), False),
        (struct.pack(">I4sQ", 1, b"mdat", 21) + bytes(4), True),
        (struct.pack(">I4s", 3, b"mdat"), False),
        (b"\0\0\0", True),
    ],
)
def test_boxes_tell_whether_the_end_is_there(boxes, missing):
    assert structure.cut_off("AVIF", boxes) == missing


def test_other_endings_that_are_missing():
    assert structure.cut_off("TIFF", b"II*\0\1")
    assert structure.cut_off("TIFF", struct.pack("<2sHHHQ", b"II", 43, 8, 0, 1000))
    assert structure.cut_off("JPEG", b"\xff\xd8\xff\xff\xff")
    assert not structure.cut_off("GIF", b"")


def test_a_file_with_nothing_left_of_it_is_refused_even_then():
    with pytest.raises(errors.CutOffError, match="so early"):
        decode(sample("JPEG")[:100], DecodeLimits().cut_off())


@pytest.mark.parametrize("kind", KINDS)
def test_flipped_bits_end_in_a_picture_or_a_plain_sentence(kind):
    data = sample(kind)
    rng = np.random.default_rng(11)
    for _ in range(60):
        broken = bytearray(data)
        for _ in range(rng.integers(1, 6)):
            broken[rng.integers(len(data))] ^= 1 << rng.integers(8)
        try:
            picture = decode(bytes(broken), DecodeLimits(max_pixels=1_000_000))
        except errors.DecodeError as error:
            assert is_a_plain_sentence(error), str(error)  # noqa: PT017 - either way is right
        else:
            assert picture.pixels.shape[2] == 4


def test_a_png_with_a_flipped_pixel_is_damaged_not_different():
    data = bytearray(sample("PNG"))
    data[data.index(b"IDAT") + 60] ^= 4
    with pytest.raises(errors.DamagedPictureError):
        decode(bytes(data))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "web page"),
        (b"\n  <html lang=en>", "web page"),
        (b"hello", "not a picture"),
        (b"PK\3\4" + bytes(100), "ZIP archive"),
        (b"%PDF-1.7", "PDF"),
        (b"\0\0\0\x20ftypisom" + bytes(40), "film"),
        (b"\0\0\0\x18ftypmp42" + bytes(40), "film"),
        (bytes(1000), "not a picture"),
    ],
)
def test_what_is_no_picture_is_named(data, words):
    with pytest.raises(errors.NotAPictureError, match=words) as caught:
        decode(data, name="cat.png")
    assert str(caught.value).startswith("“cat.png” is ")
    assert is_a_plain_sentence(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        SVG,
        b"\xef\xbb\xbf" + SVG,
        SVG.decode().encode("utf-16"),
        b"<svg/>",
        b'<svg:svg xmlns:svg="http://www.w3.org/2000/svg"/>',
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x"><svg>',
        b"   <SVG width='1'>",
    ],
)
def test_svg_is_refused_by_name(data):
    with pytest.raises(errors.UnsupportedFormatError, match="SVG drawing"):
        decode(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"gimp xcf v011" + bytes(40), "GIMP"),
        (b"8BPS\0\2" + bytes(40), "PSB"),
    ],
)
def test_pictures_of_other_kinds_are_named(data, words):
    with pytest.raises(errors.UnsupportedFormatError, match=words):
        decode(data)


@pytest.mark.parametrize("inside", KINDS)
def test_the_name_does_not_matter(inside):
    assert decode(sample(inside), name="wrong.svg").format == inside


def test_a_huge_png_is_refused_at_once():
    bomb = samples.png((60_000, 60_000, 8, 6), bytes(1000))
    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(errors.TooLargeError, match="60,000 × 60,000") as caught:
        decode(bomb, name="bomb.png")
    assert time.perf_counter() - began < 1
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    assert caught.value.size == (60_000, 60_000)
    assert is_a_plain_sentence(caught.value)
    with pytest.raises(errors.TooLargeError):
        decode(bomb, DecodeLimits().anyway())


def huge_headers() -> dict[str, bytes]:
    gif = bytearray(sample("GIF"))
    gif[6:10] = struct.pack("<HH", 65_000, 65_000)
    bmp = bytearray(sample("BMP"))
    bmp[18:26] = struct.pack("<ii", 60_000, 60_000)
    jpeg = bytearray(sample("JPEG"))
    at = jpeg.index(b"\xff\xc0")
    jpeg[at + 5 : at + 9] = struct.pack(">HH", 65_000, 65_000)
    webp = bytearray(samples.saved(samples.picture(), "WEBP", exif=samples.exif()))
    webp[24:30] = (60_000).to_bytes(3, "little") * 2
    psd = bytearray(samples.psd(np.zeros((3, 4, 4), np.uint8), 0))
    psd[14:22] = struct.pack(">II", 30_000, 30_000)
    tiff = samples.saved(samples.picture(), "TIFF")
    wide = tiff.replace(struct.pack("<HHII", 256, 4, 1, 64), struct.pack("<HHII", 256, 4, 1, 60_000))
    wide = wide.replace(struct.pack("<HHII", 257, 4, 1, 48), struct.pack("<HHII", 257, 4, 1, 60_000))
    inner = samples.png((30_000, 30_000, 8, 6), bytes(1000))
    ico = struct.pack("<HHH", 0, 1, 1) + struct.pack("<BBBBHHII", 0, 0, 0, 0, 1, 32, len(inner), 22) + inner
    every = {"GIF": gif, "BMP": bmp, "JPEG": jpeg, "WEBP": webp, "PSD": psd, "TIFF": wide, "ICO": ico}
    return {kind: bytes(data) for kind, data in every.items()}


@pytest.mark.parametrize("kind", ["GIF", "BMP", "JPEG", "WEBP", "PSD", "TIFF", "ICO"])
def test_every_kind_of_inflated_header_is_refused_before_it_is_unpacked(kind):
    began = time.perf_counter()
    with pytest.raises(errors.DecodeError) as caught:
        decode(huge_headers()[kind])
    assert time.perf_counter() - began < 2
    assert is_a_plain_sentence(caught.value)
    if kind != "ICO":
        assert isinstance(caught.value, errors.TooLargeError)


def test_a_profile_that_inflates_is_not_swallowed():
    bomb = b"x\0\0" + zlib.compress(bytes(200_000_000))
    data = samples.png((1, 1, 8, 2), b"\0\1\2\3", samples.chunk(b"iCCP", bomb))
    try:
        picture = decode(data)
    except errors.DecodeError as error:
        assert is_a_plain_sentence(error)  # noqa: PT017 - either way is right
    else:
        assert picture.profile is None


def test_a_designer_may_want_a_larger_picture_anyway():
    data = sample("PNG")
    few = DecodeLimits(max_pixels=100)
    with pytest.raises(errors.TooLargeError, match=r"48 × 48 pixels, more than the 100 "):
        decode(data, few)
    assert decode(data, few.anyway()).width == 48
    assert few.anyway().max_pixels == MOST_PIXELS


def test_a_file_that_is_too_long_is_refused():
    with pytest.raises(errors.TooLargeError, match="MB"):
        decode(sample("PNG"), DecodeLimits(max_file_bytes=10))


def test_empty_dimensions_are_damage():
    with pytest.raises(errors.DamagedPictureError, match="0 × 0"):
        decode(samples.png((0, 0, 8, 2), b""))


def test_whatever_a_decoder_raises_becomes_a_sentence(monkeypatch):
    for raised in (SyntaxError("x"), NotImplementedError("x"), MemoryError(), EOFError(), RecursionError("x")):

        def refuse(self: object, error: BaseException = raised) -> None:
            raise error

        monkeypatch.setattr("PIL.BmpImagePlugin.BmpImageFile.load", refuse)
        with pytest.raises(errors.DecodeError) as caught:
            decode(sample("BMP"))
        assert is_a_plain_sentence(caught.value)


def test_pillows_own_settings_are_as_they_were():
    before = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES
    decode(sample("PNG"), DecodeLimits(max_pixels=5_000, accept_cut_off=True))
    assert before == (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)
    Image.open(io.BytesIO(sample("PNG"))).load()
