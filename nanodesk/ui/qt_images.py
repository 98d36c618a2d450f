"""Arrays as Qt's images and back, without copying where that is safe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColorSpace, QColorTransform, QImage, QPixmap

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Block = NDArray[np.uint8]

_BOMB_PIXELS = 400_000_000


def image_of(block: Block, *, premultiplied: bool = False, opaque: bool = False) -> QImage:
    """A view of the pixels of an array; nothing is copied, and the array lives as long as the image does.

    Args:
        block: (h, w, 4) BGRA or (h, w) grey; its rows must be contiguous, otherwise it is copied once.
        premultiplied: the alpha is multiplied in already.
        opaque: the caller knows that every alpha is 255.

    Raises:
        ValueError: for an array of another shape.
    """
    import numpy as np

    if block.dtype != np.uint8 or block.ndim not in (2, 3) or (block.ndim == 3 and block.shape[2] != 4):
        raise ValueError("A picture is (h, w, 4), a mask (h, w), of 8 bits.")
    if block.ndim == 2:
        kind = QImage.Format.Format_Grayscale8
    elif opaque:
        kind = QImage.Format.Format_RGB32
    else:
        kind = QImage.Format.Format_ARGB32_Premultiplied if premultiplied else QImage.Format.Format_ARGB32
    height, width = block.shape[:2]
    if height == 0 or width == 0:
        return QImage()
    pixel = 1 if block.ndim == 2 else 4
    if block.strides[1] != pixel or (block.ndim == 3 and block.strides[2] != 1) or block.strides[0] < width * pixel:
        block = np.ascontiguousarray(block)
    # The binding keeps a reference to the buffer it was given, and with it to the array: the test sees to that.
    return QImage(_bytes_of(block), width, height, block.strides[0], kind)


def _bytes_of(block: Block) -> Any:
    import numpy as np

    height, width = block.shape[:2]
    pixel = 1 if block.ndim == 2 else 4
    if block.flags.c_contiguous:
        return block.reshape(-1).data
    length = block.strides[0] * (height - 1) + width * pixel
    return np.lib.stride_tricks.as_strided(block, (length,), (1,), writeable=False).data


def block_of(image: QImage) -> Block:
    """The pixels of an image as straight BGRA (h, w, 4), copied once; a null image gives no pixels."""
    import numpy as np

    if image.isNull():
        return np.zeros((0, 0, 4), np.uint8)
    straight = image.convertToFormat(QImage.Format.Format_ARGB32)
    rows = np.frombuffer(straight.constBits(), np.uint8).reshape(straight.height(), straight.bytesPerLine())
    return rows[:, : straight.width() * 4].reshape(straight.height(), straight.width(), 4).copy()


def pixmap_of(block: Block, ratio: float = 1.0) -> QPixmap:
    """A pixmap of straight BGRA or a mask, for a screen of `ratio` device pixels a logical pixel."""
    pixmap = QPixmap.fromImage(image_of(block))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def png_of(picture: object) -> bytes | None:
    """A QImage or QPixmap as it comes from a clipboard, as PNG bytes; none when it holds no picture."""
    if isinstance(picture, QPixmap):
        picture = picture.toImage()
    if not isinstance(picture, QImage) or picture.isNull() or picture.width() * picture.height() > _BOMB_PIXELS:
        return None
    data = QByteArray()
    buffer = QBuffer(data)
    if not buffer.open(QIODevice.OpenModeFlag.WriteOnly):
        return None
    # 80 is the fastest level that compresses at all; Qt's own default stores the pixels as they are.
    written = picture.save(buffer, "PNG", 80)  # type: ignore[call-overload] # the stub wants bytes, Qt wants text
    buffer.close()
    return bytes(data.data()) if written else None


class ScreenColours:
    """Turns colours of the document's profile into the screen's, which is taken to be sRGB."""

    def __init__(self, profile: bytes | None) -> None:
        self.profile = profile
        self._transform: QColorTransform | None = None
        if profile and profile[36:40] == b"acsp":  # the mark of every ICC profile
            space = QColorSpace.fromIccProfile(QByteArray(profile))
            screen = QColorSpace(QColorSpace.NamedColorSpace.SRgb)
            if space.isValid() and space != screen:
                transform = space.transformationToColorSpace(screen)
                self._transform = None if transform.isIdentity() else transform

    def applied(self, image: QImage) -> QImage:
        """The image itself where nothing needs converting, else a converted one."""
        if self._transform is None or image.isNull():
            return image
        converted: QImage = image.colorTransformed(self._transform)
        return converted if converted.format() == image.format() else converted.convertToFormat(image.format())
