"""Putting a picture that covers a frame back where it belongs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from nanodesk.document.geometry import Rect, Size

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Block = NDArray[np.uint8]


def into_clip(picture: Block, frame: Rect, clip: Rect) -> Block:
    """The part of a picture (h, w, 4) that shows `clip`, scaled to its size.

    The picture is taken to cover `frame`; one that has rather the shape of the clip than that of the frame (a model
    that left the padding away) is taken to cover the clip.

    Args:
        frame, clip: in the same plane, pixels; the clip lies within the frame.
    """
    from nanodesk.imaging.resample import resize

    height, width = picture.shape[:2]
    if _shape_distance(width, height, clip) < _shape_distance(width, height, frame):
        frame = clip
    if frame == clip:
        return picture if (width, height) == (clip.width, clip.height) else resize(picture, clip.size)
    across, down = width / frame.width, height / frame.height
    left, top = (clip.x - frame.x) * across, (clip.y - frame.y) * down
    right, bottom = left + clip.width * across, top + clip.height * down
    return _resampled(picture, (left, top, right, bottom), clip.size)


def onto_frame(part: Block, clip: Rect, frame: Rect, size: Size) -> Block:
    """A picture of `size` that covers `frame`, of a part (h, w, 4), opaque, that shows `clip`; its edges go on beyond.

    What `into_clip` then takes out of that lies where the part was, to a fraction of a pixel.

    Args:
        frame, clip: in the same plane, pixels; the clip lies within the frame.
    """
    import cv2
    import numpy as np

    from nanodesk.imaging.resample import resize

    left, top = clip.x - frame.x, clip.y - frame.y
    if frame == clip:
        return part if size == clip.size else resize(part, size)
    if size == frame.size:
        right, bottom = frame.right - clip.right, frame.bottom - clip.bottom
        return np.asarray(cv2.copyMakeBorder(part, top, bottom, left, right, cv2.BORDER_REPLICATE), np.uint8)
    return _resampled(part, (-left, -top, frame.width - left, frame.height - top), size)


def _shape_distance(width: int, height: int, rect: Rect) -> float:
    return abs(math.log(width * rect.height / (height * rect.width)))


def _resampled(picture: Block, box: tuple[float, float, float, float], size: Size) -> Block:
    """A box of the picture, which need not begin at whole pixels, at another size."""
    import cv2
    import numpy as np

    from nanodesk.imaging.resample import resize

    left, top, right, bottom = box
    shrink_x, shrink_y = (right - left) / size.width, (bottom - top) / size.height
    flags = cv2.INTER_LANCZOS4
    if max(shrink_x, shrink_y) > 1:  # averaged first: a warp alone would skip pixels
        height, width = picture.shape[:2]
        smaller = Size(max(1, round(width / shrink_x)), max(1, round(height / shrink_y)))
        picture = resize(picture, smaller)
        left, right = left * smaller.width / width, right * smaller.width / width
        top, bottom = top * smaller.height / height, bottom * smaller.height / height
        flags = cv2.INTER_CUBIC
    x_scale, y_scale = (right - left) / size.width, (bottom - top) / size.height
    # Pixel centres: the middle of the first pixel of the result lies half a step into the box.
    matrix = np.array([[x_scale, 0, left + x_scale / 2 - 0.5], [0, y_scale, top + y_scale / 2 - 0.5]], np.float64)
    result = cv2.warpAffine(
        picture,
        matrix,
        (size.width, size.height),
        flags=flags | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(result, np.uint8)
