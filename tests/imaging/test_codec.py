import numpy as np
import pytest

from nanodesk.imaging import codec
from nanodesk.imaging.codec_errors import CodecError, DamagedPictureError, PictureTooLargeError
from tests.formats import samples


def soft_picture() -> np.ndarray:
    return samples.bgra(samples.picture(mode="RGBA"))


def test_png_keeps_every_pixel_hidden_colour_included():
    pixels = soft_picture()
    pixels[:10, :, 3] = 0
    assert (codec.decode_plain(codec.encode_png(pixels)) == pixels).all()
    assert (codec.decode_plain(codec.encode_png(pixels, compression=6)) == pixels).all()


def test_an_opaque_png_has_no_alpha_channel():
    pixels = samples.bgra(samples.picture())
    data = codec.encode_png(pixels)
    assert data[25] == 2
    assert (codec.decode_plain(data) == pixels).all()


def test_a_mask_becomes_a_grey_png():
    mask = np.arange(48, dtype=np.uint8).reshape(6, 8)
    back = codec.decode_plain(codec.encode_png(mask))
    assert (back[..., 0] == mask).all()
    assert (back[..., 3] == 255).all()


def test_jpeg_lays_transparency_on_the_background():
    pixels = np.zeros((16, 16, 4), np.uint8)
    back = codec.decode_plain(codec.encode_jpeg(pixels, quality=100, background=(250, 120, 10)))
    assert np.abs(back[8, 8].astype(int) - [10, 120, 250, 255]).max() <= 3


def test_lossless_webp_keeps_what_is_visible():
    pixels = samples.bgra(samples.picture())
    assert (codec.decode_plain(codec.encode_webp(pixels)) == pixels).all()
    assert len(codec.encode_webp(pixels, quality=50)) < len(codec.encode_webp(pixels))


def test_laying_on_a_colour_rounds_to_nearest():
    pixels = soft_picture()
    alpha = pixels[..., 3:] / 255.0
    wanted = np.rint(pixels[..., :3] * alpha + np.array([30, 20, 10]) * (1 - alpha))
    assert np.abs(codec.over(pixels, (10, 20, 30)) - wanted).max() <= 0.5


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_size_is_told_from_the_header(kind):
    assert codec.picture_size(samples.saved(samples.picture(37, 21), kind)[:600]) == (37, 21)


def test_every_kind_of_webp_tells_its_size():
    for options in ({"lossless": True}, {"quality": 80}, {"quality": 80, "exif": samples.exif()}):
        assert codec.picture_size(samples.saved(samples.picture(37, 21), "WEBP", **options)) == (37, 21)


@pytest.mark.parametrize("data", [b"", b"\x89PNG", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0", b"RIFF....WEBP", b"GIF89a"])
def test_no_header_tells_no_size(data):
    assert codec.picture_size(data) is None


def test_damaged_and_oversized_pictures_are_refused():
    data = codec.encode_jpeg(soft_picture())
    with pytest.raises(DamagedPictureError):
        codec.decode_plain(b"nothing")
    with pytest.raises(DamagedPictureError):
        codec.decode_plain(data[: len(data) // 2])
    with pytest.raises(PictureTooLargeError, match="64 × 48"):
        codec.decode_plain(data, most_pixels=100)


def test_what_a_format_cannot_hold_is_refused():
    with pytest.raises(PictureTooLargeError, match="JPEG"):
        codec.encode_jpeg(np.zeros((1, 70_000, 4), np.uint8))
    with pytest.raises(PictureTooLargeError, match="WebP"):
        codec.encode_webp(np.zeros((17_000, 1, 4), np.uint8))
    with pytest.raises(CodecError):
        codec.encode_png(np.zeros((0, 3), np.uint8))
