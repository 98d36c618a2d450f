"""The frames of an animation and the pages of a document, one layer each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nanodesk.formats.errors import TooLargeError
from nanodesk.formats.modes import convert
from nanodesk.formats.picture import PictureLayer
from nanodesk.formats.refusals import check_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.ImageFile import ImageFile

    from nanodesk.formats.limits import DecodeLimits


def frame_count(image: ImageFile) -> int:
    """How many frames or pages a picture that is not loaded says that it has."""
    try:
        return max(1, int(getattr(image, "n_frames", 1)))
    except Exception:  # noqa: BLE001 - a broken second frame is none; the first one is what counts
        return 1


def frames(image: Any, limits: DecodeLimits, subject: str, word: str) -> Iterator[PictureLayer | str]:
    """Each frame as a layer, the first one at the bottom and the only one visible; a sentence where one is broken.

    Args:
        word: "Frame" or "Page".

    Raises:
        TooLargeError: when they are too many, or together too large.
    """
    count = frame_count(image)
    if count > limits.max_layers:
        raise TooLargeError(
            f"{subject} has {count:,} {word.lower()}s, more than the {limits.max_layers:,} that Nanodesk opens."
        )
    left = limits.max_layer_pixels
    for number in range(count):
        try:
            image.seek(number)
            check_size(image.size, limits, subject)
            left -= image.width * image.height
            if left < 0:
                raise TooLargeError(f"The {word.lower()}s of {subject} have more pixels than Nanodesk opens.")
            image.load()
            converted = convert(image.copy(), image.info.get("icc_profile"))
        except TooLargeError:
            raise
        except Exception:  # noqa: BLE001 - what came before a broken frame is worth having
            yield f"From {word.lower()} {number + 1} on it is damaged; what comes before was opened."
            return
        yield PictureLayer(f"{word} {number + 1}", np.ascontiguousarray(converted.pixels), visible=number == 0)
