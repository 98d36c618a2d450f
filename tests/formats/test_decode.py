import io
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps

from nanodesk.formats.decode import decode
from nanodesk.formats.picture import DecodedPicture
from nanodesk.formats.sniff import PICTURE_SUFFIXES
from nanodesk.formats.structure import avif_bits
from nanodesk.imaging import colour
from tests.formats import samples

KINDS: dict[str, dict[str, Any]] = {
    "PNG": {},
    "JPEG": {"quality": 95},
    "WEBP": {"lossless": True, "exact": True},
    "BMP": {},
    "TIFF": {},
    "AVIF": {"quality": 95},
}


def near(decoded: DecodedPicture, wanted: np.ndarray, by: int = 0) -> bool:
    return bool(np.abs(decoded.pixels.astype(int) - wanted).max() <= by)


def well_formed(picture: DecodedPicture) -> bool:
    pixels = picture.pixels
    return (
        pixels.dtype == np.uint8
        and pixels.shape == (picture.height, picture.width, 4)
        and pixels.flags.c_contiguous
        and pixels.flags.writeable
    )


def said(picture: DecodedPicture, words: str) -> bool:
    return any(words in note for note in picture.notes)


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_is_told_by_its_content_and_read_as_pillow_reads_it(kind):
    data = samples.saved(samples.picture(65, 43), kind, **KINDS[kind])
    picture = decode(data)
    assert picture.format == kind
    assert well_formed(picture)
    assert near(picture, samples.bgra(Image.open(io.BytesIO(data))))
    assert (picture.profile, picture.notes, picture.mode, picture.bits) == (None, (), "RGB", 8)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "ICO"])
def test_transparency_comes_in_straight(kind):
    image = samples.picture(32, 32, "RGBA")
    options = {"ICO": {"sizes": [(32, 32)]}}.get(kind, KINDS.get(kind, {}))
    assert near(decode(samples.saved(image, kind, **options)), samples.bgra(image))


@pytest.mark.parametrize(
    "options", [{"progressive": True}, {"subsampling": 0}, {"subsampling": 2}, {"optimize": True}, {"keep_rgb": True}]
)
def test_every_jpeg_reads_as_pillow_reads_it(options):
    data = samples.saved(samples.picture(67, 45), "JPEG", **options)
    assert near(decode(data), samples.bgra(Image.open(io.BytesIO(data))))


@pytest.mark.parametrize("options", [{"quality": 60}, {"quality": 60, "exif": samples.exif()}, {"lossless": True}])
def test_every_webp_reads_as_pillow_reads_it(options):
    data = samples.saved(samples.picture(67, 45, "RGBA"), "WEBP", **options)
    assert near(decode(data), samples.bgra(Image.open(io.BytesIO(data))))


def test_gamma_and_background_of_a_png_change_nothing():
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    extra = samples.chunk(b"gAMA", (100_000).to_bytes(4)) + samples.chunk(b"bKGD", bytes(6))
    assert (decode(samples.png((4, 2, 8, 2), rows, extra)).pixels[..., :3] == pixels[..., ::-1]).all()


def test_bytes_and_pixels_are_not_shared_between_calls():
    data = samples.saved(samples.picture(), "PNG")
    first = decode(data).pixels
    first[:] = 7
    assert not (decode(data).pixels == 7).all()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_pictures_are_turned_upright(kind, orientation):
    image = samples.picture(40, 24)
    tagged = samples.saved(image, kind, exif=samples.exif(orientation), **KINDS[kind])
    wanted = samples.bgra(ImageOps.exif_transpose(Image.open(io.BytesIO(tagged))))
    picture = decode(tagged)
    assert near(picture, wanted)
    assert well_formed(picture)
    assert picture.orientation == orientation
    assert said(picture, "upright") == (orientation != 1)


def test_exif_is_kept_aside_for_who_wants_it():
    assert decode(samples.saved(samples.picture(), "JPEG", exif=samples.exif(1, gps=True))).exif is not None
    assert decode(samples.saved(samples.picture(), "PNG")).exif is None


def test_broken_exif_does_not_stop_a_picture():
    data = samples.saved(samples.picture(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff rubbish")
    assert decode(data).orientation == 1


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP"])
def test_resolution_is_read(kind):
    assert decode(samples.saved(samples.picture(), kind, dpi=(300, 300))).dpi == 300


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "GIF"])
def test_no_resolution_is_none(kind):
    assert decode(samples.saved(samples.picture(), kind)).dpi is None


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF"])
def test_a_p3_picture_keeps_its_own_profile(kind):
    data = samples.saved(samples.picture(), kind, icc_profile=samples.rgb_profile(), **KINDS[kind])
    picture = decode(data)
    assert picture.profile == samples.rgb_profile()
    assert picture.notes == ()
    assert near(picture, samples.bgra(Image.open(io.BytesIO(data))))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_an_srgb_profile_is_no_profile(kind):
    data = samples.saved(samples.picture(), kind, icc_profile=samples.lcms_srgb())
    assert decode(data).profile is None


@pytest.mark.parametrize("profile", [b"rubbish", samples.rgb_profile()[:250], samples.cmyk_profile()])
def test_a_profile_that_cannot_be_used_is_left_out_and_said(profile):
    picture = decode(samples.saved(samples.picture(), "JPEG", icc_profile=profile))
    assert picture.profile is None
    assert said(picture, "profile is damaged")


def test_sixteen_bit_grey_is_scaled_and_said():
    values = np.array([[0, 255, 256, 30000, 60000, 65535]], np.uint16)
    for data in (samples.png16(values), samples.saved(Image.fromarray(values), "TIFF")):
        picture = decode(data)
        assert picture.pixels[0, :, 1].tolist() == [0, 0, 1, 117, 234, 255]
        assert picture.bits == 16
        assert said(picture, "16 bits")
        assert said(picture, "grey")


def test_sixteen_bit_colour_is_scaled_and_said():
    values = np.array([[[60000, 256, 65535], [0, 30000, 255]]], np.uint16)
    picture = decode(samples.png16(values))
    assert picture.pixels.tolist() == [[[255, 1, 234, 255], [0, 117, 0, 255]]]
    assert said(picture, "16 bits")
    with_alpha = decode(samples.png16(np.array([[[60000, 256, 65535, 30000]]], np.uint16)))
    assert with_alpha.pixels.tolist() == [[[255, 1, 234, 117]]]


def test_one_sixteen_bit_value_can_be_transparent():
    values = np.array([[300, 301]], np.uint16)
    data = samples.png16(values, samples.chunk(b"tRNS", (300).to_bytes(2)))
    assert decode(data).pixels[0, :, 3].tolist() == [0, 255]


def test_floats_from_0_to_1_fill_all_8_bits():
    picture = decode(samples.saved(Image.fromarray(np.array([[0, 0.5, 1]], np.float32)), "TIFF"))
    assert picture.pixels[0, :, 0].tolist() == [0, 128, 255]
    assert said(picture, "scaled to 8 bits.")


def test_wider_numbers_are_stretched_over_their_own_range():
    floats = decode(samples.saved(Image.fromarray(np.array([[-2, 0, np.nan, 3]], np.float32)), "TIFF"))
    assert floats.pixels[0, :, 0].tolist() == [0, 102, 102, 255]
    assert said(floats, "range that it uses")
    whole = decode(samples.saved(Image.fromarray(np.array([[0, 250_000, 1_000_000]], np.int32)), "TIFF"))
    assert whole.pixels[0, :, 0].tolist() == [0, 64, 255]


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_goes_through_its_profile(kind):
    ink = Image.new("CMYK", (16, 16), (255, 0, 0, 0))  # 100 % cyan, which this profile makes L* 20
    picture = decode(samples.saved(ink, kind, icc_profile=samples.cmyk_profile()))
    assert picture.mode == "CMYK"
    assert picture.profile is None
    assert said(picture, "Inks of a test")
    assert np.ptp(picture.pixels[8, 8, :3]) <= 1
    assert abs(int(picture.pixels[8, 8, 0]) - 48) <= 6  # L* 20 is about 48 in sRGB


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
@pytest.mark.parametrize("profile", [None, b"rubbish", samples.cmyk_profile()[:300]])
def test_cmyk_without_a_profile_is_converted_plainly(kind, profile):
    options = {"icc_profile": profile} if profile else {}
    picture = decode(samples.saved(Image.new("CMYK", (16, 16), (255, 0, 0, 0)), kind, **options))
    assert np.abs(picture.pixels[8, 8].astype(int) - [255, 255, 0, 255]).max() <= 3
    assert said(picture, "plainly")


def test_grey_becomes_rgb():
    picture = decode(samples.saved(samples.picture(mode="L"), "PNG"))
    assert near(picture, samples.bgra(samples.picture(mode="L")))
    assert picture.mode == "grey"
    assert said(picture, "grey")


def test_grey_goes_through_its_profile():
    image = Image.new("L", (8, 8), 55)  # linear light: 55/255 is about 127 in sRGB
    picture = decode(samples.saved(image, "PNG", icc_profile=samples.grey_profile(1.0)))
    assert abs(int(picture.pixels[0, 0, 0]) - 127) <= 2
    assert picture.profile is None
    assert said(picture, "Grey of a test")


def test_grey_with_an_rgb_profile_keeps_it():
    picture = decode(samples.saved(samples.picture(mode="L"), "PNG", icc_profile=samples.rgb_profile()))
    assert picture.profile == samples.rgb_profile()


def test_grey_with_a_useless_profile_says_so():
    for profile in (samples.cmyk_profile(), samples.grey_profile()[:150]):
        picture = decode(samples.saved(samples.picture(mode="L"), "JPEG", icc_profile=profile))
        assert said(picture, "profile is damaged")
        assert near(picture, decode(samples.saved(samples.picture(mode="L"), "JPEG")).pixels)


def test_grey_with_alpha_keeps_it():
    image = samples.picture(mode="RGBA").convert("LA")
    assert near(decode(samples.saved(image, "PNG")), samples.bgra(image))


def test_a_grey_level_can_be_transparent():
    image = Image.fromarray(np.array([[10, 20]], np.uint8))
    assert decode(samples.saved(image, "PNG", transparency=20)).pixels[0, :, 3].tolist() == [255, 0]


def test_a_colour_can_be_transparent():
    image = Image.fromarray(np.array([[[1, 2, 3], [4, 5, 6]]], np.uint8))
    assert decode(samples.saved(image, "PNG", transparency=(4, 5, 6))).pixels[0, :, 3].tolist() == [255, 0]


def test_a_palette_with_transparency():
    image = samples.picture(mode="RGB").quantize(16)
    picture = decode(samples.saved(image, "PNG", transparency=bytes(range(0, 256, 16))))
    wanted = Image.open(io.BytesIO(samples.saved(image, "PNG", transparency=bytes(range(0, 256, 16)))))
    assert near(picture, samples.bgra(wanted))
    assert picture.mode == "palette"
    assert said(picture, "palette")


def test_one_bit_a_pixel():
    image = Image.fromarray(np.array([[0, 255, 0]], np.uint8)).convert("1")
    for kind in ("PNG", "TIFF", "BMP"):
        picture = decode(samples.saved(image, kind))
        assert picture.pixels[0, :, 0].tolist() == [0, 255, 0]
    assert said(decode(samples.saved(image, "PNG")), "one bit")


def test_lab_is_converted():
    picture = decode(samples.saved(Image.new("LAB", (4, 4), (255, 128, 128)), "TIFF"))
    assert picture.mode == "Lab"
    assert picture.pixels[0, 0].min() >= 253


def test_ycbcr_tiff_is_converted():
    data = samples.saved(samples.picture().convert("YCbCr"), "TIFF")
    assert near(decode(data), samples.bgra(Image.open(io.BytesIO(data))), by=1)


def test_only_the_first_frame_of_an_animation():
    frames = [Image.new("RGB", (20, 10), colour) for colour in ("red", "lime", "blue")]
    for kind in ("GIF", "WEBP", "PNG"):
        picture = decode(samples.saved(frames[0], kind, save_all=True, append_images=frames[1:], lossless=True))
        assert picture.pixels[5, 5].tolist() == [0, 0, 255, 255]
        assert said(picture, "first frame")
    pages = decode(samples.saved(frames[0], "TIFF", save_all=True, append_images=frames[1:]))
    assert said(pages, "first page")
    assert not said(decode(samples.saved(frames[0], "GIF")), "first frame")


def test_the_depth_of_an_avif_is_read_from_its_configuration():
    data = samples.saved(samples.picture(), "AVIF")
    assert decode(data).bits == 8
    at = data.index(b"av1C") + 6
    assert avif_bits(data[:at] + b"\x40" + data[at + 1 :]) == 10
    assert avif_bits(data[:at] + b"\x60" + data[at + 1 :]) == 12


@pytest.mark.parametrize(("layers", "alpha"), [(-1, [255, 128]), (1, [255, 255]), (0, [255, 255])])
def test_a_photoshop_file_gives_its_merged_picture(layers, alpha):
    planes = np.array([[[10, 200]], [[20, 210]], [[30, 220]], [[255, 128]]], np.uint8)
    picture = decode(samples.psd(planes, layers))
    assert picture.format == "PSD"
    assert said(picture, "merged") is (layers != 0)
    assert picture.pixels[0, 0].tolist() == [30, 20, 10, 255]
    assert picture.pixels[0, :, 3].tolist() == alpha
    # 200 on white at half alpha was 145 before.
    assert picture.pixels[0, 1, 2] == (145 if layers < 0 else 200)


def test_an_unknown_profile_name_does_not_matter():
    profile = samples.rgb_profile("")
    assert decode(samples.saved(samples.picture(), "PNG", icc_profile=profile)).profile == profile
    assert colour.describe(profile) == "Unknown profile"


def test_file_dialogs_get_suffixes():
    assert ".jpg" in PICTURE_SUFFIXES
    assert ".svg" not in PICTURE_SUFFIXES
