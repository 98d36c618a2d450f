import gc
import io
import weakref

import numpy as np
import pytest
from PySide6.QtGui import QColorSpace, QImage

from nanodesk.ui.qt_images import ScreenColours, block_of, image_of, pixmap_of, png_of

pytestmark = pytest.mark.usefixtures("qapp")


class Watched(np.ndarray):
    """An array whose end can be seen."""


def noise(height=30, width=20, channels=4):
    shape = (height, width, channels) if channels > 1 else (height, width)
    return np.random.default_rng(1).integers(0, 256, shape, np.uint8)


def test_there_and_back_changes_nothing():
    block = noise()
    assert (block_of(image_of(block)) == block).all()


def test_the_bytes_are_blue_green_red_alpha():
    block = np.zeros((1, 1, 4), np.uint8)
    block[0, 0] = (10, 20, 30, 255)
    colour = image_of(block).pixelColor(0, 0)
    assert (colour.blue(), colour.green(), colour.red()) == (10, 20, 30)
    assert image_of(block, premultiplied=True).format() == QImage.Format.Format_ARGB32_Premultiplied
    assert image_of(block, opaque=True).format() == QImage.Format.Format_RGB32


def test_the_array_lives_as_long_as_the_image_and_no_longer():
    block = noise(300, 256).view(Watched)
    block.flags.writeable = False
    known, watched = np.array(block), weakref.ref(block)
    image = image_of(block)
    del block
    gc.collect()
    assert watched() is not None
    shared = QImage(image)
    del image
    gc.collect()
    assert (block_of(shared) == known).all()
    del shared
    gc.collect()
    assert watched() is None


def test_nothing_is_copied():
    block = noise()
    image = image_of(block)
    block[0, 0] = (1, 2, 3, 255)
    assert image.pixelColor(0, 0).red() == 3


@pytest.mark.parametrize("part", [np.s_[5:20, 3:11], np.s_[::2], np.s_[:, ::-1], np.s_[2:3, :]])
def test_parts_of_an_array_are_shown_too(part):
    block = noise()[part]
    assert (block_of(image_of(block)) == block).all()


def test_masks_are_grey():
    mask = noise(channels=1)
    image = image_of(mask)
    assert image.format() == QImage.Format.Format_Grayscale8
    assert image.pixelColor(4, 7).red() == mask[7, 4]


def test_no_pixels_make_no_image():
    assert image_of(np.zeros((0, 5, 4), np.uint8)).isNull()
    assert block_of(QImage()).shape == (0, 0, 4)


@pytest.mark.parametrize("block", [np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4, 4), np.float32)])
def test_other_arrays_are_refused(block):
    with pytest.raises(ValueError, match="8 bits"):
        image_of(block)


def test_a_thumbnail_has_the_screens_density():
    pixmap = pixmap_of(noise(80, 104), 2.0)
    assert (pixmap.width(), pixmap.deviceIndependentSize().width()) == (104, 52)


def test_a_clipboard_picture_becomes_png():
    from PIL import Image

    block = noise()
    data = png_of(image_of(block)) or b""
    assert (np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))[..., [2, 1, 0, 3]] == block).all()
    assert png_of(None) is None
    assert png_of(QImage()) is None
    assert png_of("words") is None


def test_wide_colours_are_brought_to_the_screens():
    profile = bytes(QColorSpace(QColorSpace.NamedColorSpace.DisplayP3).iccProfile().data())
    block = np.full((2, 2, 4), 255, np.uint8)
    block[..., :3] = (60, 90, 200)
    image = image_of(block, opaque=True)
    shown = ScreenColours(profile).applied(image)
    assert shown.format() == image.format()
    assert shown.pixelColor(0, 0).red() > 200
    srgb = bytes(QColorSpace(QColorSpace.NamedColorSpace.SRgb).iccProfile().data())
    for same in (None, b"", b"no profile", srgb):
        assert ScreenColours(same).applied(image) is image
