"""Pictures of strangers through the real worker process: cut, flipped, nested, mislabelled, inflated.

Each is opened or refused in one plain sentence; nothing hangs, and nothing grows beyond its limits.
"""

import io
import random
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nanodesk.formats import errors
from nanodesk.formats.decode_client import DecodeWorker
from nanodesk.formats.limits import DecodeLimits
from nanodesk.formats.picture import DecodedPicture, PictureLayer, Wanted
from tests.formats import samples
from tests.formats.layer_files import bare, stack, stack_of, written, zipped

PLAIN = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "ICO", "PSD", "ORA")
OPTIONAL = ("HEIC", "JXL")
LIMITS = DecodeLimits(max_pixels=4_000_000, max_layer_pixels=8_000_000, seconds=20)
TECHNICAL = ("Traceback", "0x", "PIL", "cv2", "error:", "\n", "Error", "None", "psd_tools", "zipfile")


@pytest.fixture
def worker() -> Iterator[DecodeWorker]:
    one = DecodeWorker()
    yield one
    one.end()


def sample(kind: str) -> bytes:
    if kind == "PSD":
        return written("psd", stack())
    if kind == "ORA":
        return written("ora", bare(stack()))
    if kind == "HEIC":
        heif: Any = pytest.importorskip("pillow_heif")
        heif.register_heif_opener()
        return samples.saved(samples.picture(), "HEIF")
    if kind == "JXL":
        pytest.importorskip("pillow_jxl")
        return samples.saved(samples.picture(), "JXL")
    return samples.saved(samples.picture(48, 48, "P" if kind == "GIF" else "RGB"), kind)


def opened(worker: DecodeWorker, data: bytes, wanted: Wanted = Wanted.FRAMES) -> DecodedPicture | errors.DecodeError:
    try:
        picture = worker.decode_now(data, LIMITS, "odd", wanted)
    except errors.DecodeError as error:
        text = str(error)
        assert text.endswith("."), text
        assert not any(word in text for word in TECHNICAL), text
        return error
    assert picture.width * picture.height <= LIMITS.max_pixels
    return picture


@pytest.mark.parametrize("kind", [*PLAIN, *OPTIONAL])
def test_the_samples_themselves_open(worker, kind):
    picture = opened(worker, sample(kind))
    assert isinstance(picture, DecodedPicture), picture
    assert picture.format == kind


@pytest.mark.parametrize("kind", [*PLAIN, *OPTIONAL])
def test_cut_anywhere(worker, kind):
    data = sample(kind)
    for length in sorted({4, 9, 12, 27, 40, *np.linspace(2, len(data) - 1, 20).astype(int).tolist()}):
        opened(worker, data[:length])


@pytest.mark.parametrize("kind", [*PLAIN, *OPTIONAL])
def test_flipped_anywhere(worker, kind):
    data, chance = sample(kind), random.Random(kind)
    for number in range(60):
        broken = bytearray(data)
        # Headers matter most: half of the flips are there.
        reach = min(len(data), 200) if number % 2 else len(data)
        for _ in range(chance.randint(1, 4)):
            broken[chance.randrange(reach)] = chance.choice((0, 1, 127, 128, 255, chance.randrange(256)))
        opened(worker, bytes(broken))


@pytest.mark.parametrize("kind", PLAIN)
def test_mislabelled_and_glued(worker, kind):
    """The start of one format with the rest of another, and one inside another."""
    data = sample(kind)
    for other in PLAIN:
        opened(worker, data[:16] + sample(other)[16:])
    opened(worker, data + data)
    opened(worker, zipped({"stack.xml": stack_of('<layer src="a.png"/>'), "a.png": data, "mergedimage.png": data}))
    opened(worker, zipped({"mergedimage.png": zipped({"mergedimage.png": data})}))


def test_what_is_in_a_name_stays_text(worker):
    hostile = "<img src='file:///etc/passwd'>\u202e\x07" + "n" * 300
    picture = opened(worker, written("psd", [PictureLayer(hostile, stack()[2].pixels)]))
    assert isinstance(picture, DecodedPicture)
    name = picture.layers[0].name
    assert len(name) <= 200
    assert name.isprintable()


def peak_memory(worker: DecodeWorker) -> int:
    """In bytes, since the process began."""
    child = worker._child
    assert child is not None
    status = Path(f"/proc/{child.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) * 1024


def png_bomb(width: int, height: int) -> bytes:
    """Claims to be that large, and unpacks to zeros without end."""
    return samples.png((width, height, 8, 2), bytes(20_000_000))


def tiff_bomb() -> bytes:
    data = bytearray(samples.saved(Image.new("L", (64, 64)), "TIFF"))
    at = int.from_bytes(data[4:8], "little") + 2
    data[at + 8 : at + 12] = struct.pack("<I", 60_000)
    data[at + 20 : at + 24] = struct.pack("<I", 60_000)
    return bytes(data)


def psd_bomb() -> bytes:
    """A layer whose planes unpack to far more than its size says."""
    data = written("psd", [PictureLayer("bomb", np.zeros((2, 2, 4), np.uint8))], (2, 2))
    at = data.index(b"\0\1" + struct.pack(">HH", 2, 2), data.index(b"luni"))
    packed = zlib.compress(bytes(50_000_000), 9)
    return data[:at] + b"\0\2" + packed + data[at + 2 + 8 :]


def deep_zip() -> bytes:
    """A kilobyte for each megabyte."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), b"image/openraster")
        archive.writestr("stack.xml", b"<image>" + b" " * 15_000_000)
        for number in range(20):
            archive.writestr(f"data/{number}.png", bytes(10_000_000))
    return out.getvalue()


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
@pytest.mark.parametrize(
    "bomb",
    [
        png_bomb(60_000, 60_000),
        png_bomb(100, 100),
        samples.saved(Image.new("L", (9000, 9000)), "PNG"),
        tiff_bomb(),
        psd_bomb(),
        deep_zip(),
        sample("GIF")[:6] + b"\xff\xff\xff\xff" + sample("GIF")[10:],
    ],
    ids=["huge claim", "long rows", "really large", "tiff", "psd", "zip", "gif screen"],
)
def test_bombs_end_quickly_and_small(bomb):
    worker = DecodeWorker()
    worker.decode_now(sample("PNG"))
    before = peak_memory(worker)
    result = opened(worker, bomb)
    assert worker._child is not None  # it was refused by us, not killed
    assert worker._child.alive
    assert peak_memory(worker) - before < 250_000_000
    assert isinstance(result, errors.DecodeError | DecodedPicture)
    worker.end()


def test_after_something_hostile_the_same_process_opens_what_is_sound(worker):
    image = samples.picture()
    opened(worker, psd_bomb())
    first = worker._child
    picture = opened(worker, samples.saved(image, "PNG"))
    assert isinstance(picture, DecodedPicture)
    assert (picture.pixels == samples.bgra(image)).all()
    assert worker._child is first
