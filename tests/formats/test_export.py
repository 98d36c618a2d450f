import io
import stat
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nanodesk.formats import errors, export
from nanodesk.formats.decode import decode
from nanodesk.formats.export import PictureOptions, encode, encode_picture, write_picture
from nanodesk.formats.metadata import SourceType, carried_exif
from nanodesk.formats.structure import png_chunks, png_sound
from nanodesk.formats.whole_file import write_whole
from nanodesk.imaging import colour
from tests.formats import samples

FORMATS = ("png", "jpeg", "webp", "tiff")
LOSSLESS: dict[str, dict[str, Any]] = {"png": {}, "tiff": {}, "webp": {"lossless": True}}


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def soft_picture() -> np.ndarray:
    pixels = samples.bgra(samples.picture(mode="RGBA"))
    pixels[:8, :, 3] = 0
    return pixels


@pytest.mark.parametrize("kind", LOSSLESS)
@pytest.mark.parametrize("soft", [True, False])
def test_lossless_formats_keep_every_pixel(kind, soft):
    pixels = soft_picture() if soft else samples.bgra(samples.picture())
    back = decode(encode(pixels, PictureOptions(kind, dpi=300, **LOSSLESS[kind])))
    assert (back.pixels == pixels).all()
    assert back.format == kind.upper()


@pytest.mark.parametrize("compression", range(10))
def test_every_compression_of_png_is_sound(compression):
    pixels = soft_picture()
    data = encode(pixels, PictureOptions(compression=compression))
    assert png_sound(data)
    assert (decode(data).pixels == pixels).all()


@pytest.mark.parametrize("kind", ["jpeg", "webp"])
def test_quality_counts(kind):
    pixels = samples.bgra(samples.picture(200, 200))
    fine, coarse = (encode(pixels, PictureOptions(kind, quality=quality)) for quality in (98, 20))
    assert len(fine) > 2 * len(coarse)
    assert np.abs(decode(fine).pixels.astype(int) - pixels).mean() < 4


def test_jpeg_lays_transparency_on_a_colour():
    pixels = np.zeros((16, 16, 4), np.uint8)
    back = decode(encode(pixels, PictureOptions("jpeg", background=(255, 0, 0))))
    assert np.abs(back.pixels[8, 8].astype(int) - [0, 0, 255, 255]).max() <= 3
    assert decode(encode_picture(pixels, "jpeg")).pixels[8, 8].min() >= 253


@pytest.mark.parametrize("kind", FORMATS)
def test_a_profile_is_always_embedded(kind):
    pixels = samples.bgra(samples.picture())
    plain = opened(encode_picture(pixels, kind)).info["icc_profile"]
    assert colour.describe(plain) == "sRGB"
    own = opened(encode_picture(pixels, kind, profile=samples.rgb_profile())).info["icc_profile"]
    assert own == samples.rgb_profile()


@pytest.mark.parametrize("kind", FORMATS)
def test_a_profile_of_any_length_is_embedded(kind):
    long = samples.rgb_profile("Long", extra={b"test": b"text\0\0\0\0" + bytes(range(256)) * 700})
    assert len(long) > 2 * 65_536
    data = encode_picture(samples.bgra(samples.picture()), kind, profile=long)
    assert opened(data).info["icc_profile"] == long
    assert decode(data).profile == long


@pytest.mark.parametrize("kind", ["png", "jpeg", "tiff"])
@pytest.mark.parametrize("dpi", [72, 300, 350.5])
def test_resolution_is_written(kind, dpi):
    told = opened(encode_picture(samples.bgra(samples.picture()), kind, dpi=dpi)).info["dpi"]
    assert float(told[0]) == pytest.approx(dpi, abs=0.6 if kind == "jpeg" else 0.01)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("source", list(SourceType))
def test_the_digital_source_type_is_in_the_xmp(kind, source):
    data = encode(samples.bgra(samples.picture()), PictureOptions(kind, source_type=source.value))
    image = opened(data)
    xmp = image.getxmp()["xmpmeta"]["RDF"]["Description"]["DigitalSourceType"] if kind != "tiff" else ""
    if kind == "tiff":
        tag: Any = image.tag_v2[700]  # type: ignore[attr-defined]  # only TIFF pictures have it
        assert source.value in bytes(tag).decode()
    else:
        assert xmp == f"http://cv.iptc.org/newscodes/digitalsourcetype/{source.value}"


@pytest.mark.parametrize("kind", FORMATS)
def test_nothing_else_is_said(kind):
    image = opened(encode_picture(samples.bgra(samples.picture()), kind))
    assert not {"exif", "xmp", "comment", "Software", "XML:com.adobe.xmp"} & set(image.info)
    if kind == "png":
        kinds = {chunk.kind for chunk in png_chunks(encode_picture(samples.bgra(samples.picture()), kind))}
        assert kinds == {b"IHDR", b"iCCP", b"IDAT", b"IEND"}


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_exif_is_carried_when_asked_without_the_place_and_upright(kind):
    taken = decode(samples.saved(samples.picture(), "JPEG", exif=samples.exif(6, gps=True)))
    assert taken.exif is not None
    data = encode(taken.pixels, PictureOptions(kind, exif=taken.exif))
    exif = opened(data).getexif()
    assert exif[0x010F] == "Maker"
    assert exif[0x0112] == 1
    assert 0x8825 not in exif
    assert decode(data).pixels.shape == taken.pixels.shape


def test_the_place_is_carried_only_when_asked():
    block = samples.exif(1, gps=True).removeprefix(b"Exif\0\0")
    kept = Image.Exif()
    kept.load(carried_exif(block, keep_place=True))
    assert kept.get_ifd(0x8825)
    with pytest.raises(ValueError, match="EXIF"):
        carried_exif(b"II rubbish")


def test_the_same_picture_gives_the_same_bytes():
    pixels = soft_picture()
    for kind in FORMATS:
        assert encode_picture(pixels, kind, dpi=300) == encode_picture(pixels, kind, dpi=300)


@pytest.mark.parametrize(("kind", "side"), [("jpeg", 65_501), ("webp", 16_384)])
def test_what_a_format_cannot_hold_is_said(kind, side, tmp_path):
    path = tmp_path / f"wide.{kind}"
    with pytest.raises(errors.WriteError, match=r"“wide\.\w+” could not be written: .* at most .* pixels a side"):
        write_picture(path, np.zeros((1, side, 4), np.uint8))
    assert not list(tmp_path.iterdir())
    with pytest.raises(errors.WriteError, match="no pixels"):
        encode_picture(np.zeros((0, 4, 4), np.uint8), kind)


def test_options_that_mean_nothing_are_mistakes():
    with pytest.raises(ValueError, match="gif"):
        encode_picture(soft_picture(), "gif")
    with pytest.raises(ValueError, match="made-up"):
        encode(soft_picture(), PictureOptions(source_type="made-up"))


def test_an_encoder_that_gives_up_is_a_sentence(monkeypatch):
    def refuse(*_: object) -> bytes:
        raise MemoryError

    monkeypatch.setitem(export._ENCODERS, "png", refuse)
    with pytest.raises(errors.WriteError, match=r"into PNG.*\.$"):
        encode_picture(soft_picture(), "png")


# ---------------------------------------------------------------------------------------------------- files


@pytest.mark.parametrize("name", ["a.png", "b.JPG", "c.jpeg", "d.webp", "e.tif", "f.tiff"])
def test_the_name_chooses_the_format(tmp_path, name):
    write_picture(tmp_path / name, samples.bgra(samples.picture()))
    assert decode((tmp_path / name).read_bytes()).format.lower() == export.format_for(Path(name))
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["a", "a.gif", "a.xcf", ".png"])
def test_other_names_are_refused_with_those_that_work(tmp_path, name):
    with pytest.raises(errors.UnknownSuffixError, match=r"\.png, \.jpg.*\.$"):
        write_picture(tmp_path / name, soft_picture())
    assert not list(tmp_path.iterdir())
    assert ".tif" in export.export_suffixes()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing/a.png", "folder is not there"),
        ("file/a.png", "is a file"),
        ("folder.png", "a folder has that name"),
        ("x" * 300 + ".png", "too long"),
        ("nul\0l.png", "cannot be used"),
    ],
)
def test_a_place_that_does_not_work_is_said(tmp_path, name, words):
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder.png").mkdir()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(errors.WriteError, match=words) as caught:
        write_picture(tmp_path / name, soft_picture())
    assert str(caught.value).endswith(".")
    assert sorted(tmp_path.iterdir()) == before


@pytest.fixture
def small_files():
    """Files may have 4 kB at most: the nearest to a full disk that needs no disk."""
    resource = pytest.importorskip("resource", reason="Windows has no such limit")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_write_that_fails_half_way_leaves_the_old_file(tmp_path, small_files):
    path = tmp_path / "a.png"
    path.write_bytes(b"what was there")
    with pytest.raises(errors.WriteError, match="larger than the disk allows"):
        write_whole(path, bytes(100_000))
    assert path.read_bytes() == b"what was there"
    assert [each.name for each in tmp_path.iterdir()] == ["a.png"]


@pytest.mark.parametrize(
    ("code", "words"),
    [("ENOSPC", "disk is full"), ("EACCES", "may not be written"), ("EROFS", "read"), ("EIO", "disk")],
)
def test_what_the_disk_says_is_told_plainly(tmp_path, monkeypatch, code, words):
    import errno

    path = tmp_path / "a.png"
    path.write_bytes(b"old")

    def refuse(_: int) -> None:
        raise OSError(getattr(errno, code), "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(errors.WriteError, match=rf"^“a.png” could not be written: .*{words}.*\.$"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.png"]


def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_link_is_followed(tmp_path):
    (tmp_path / "real.png").write_bytes(b"old")
    (tmp_path / "link.png").symlink_to("real.png")
    write_whole(tmp_path / "link.png", b"new")
    assert (tmp_path / "link.png").is_symlink()
    assert (tmp_path / "real.png").read_bytes() == b"new"


def test_png_profiles_are_compressed_as_the_format_asks():
    data = encode_picture(soft_picture(), "png")
    chunk = next(chunk for chunk in png_chunks(data) if chunk.kind == b"iCCP")
    body = data[chunk.start : chunk.start + chunk.length]
    assert zlib.decompress(body.partition(b"\0\0")[2]) == colour.srgb_profile()
