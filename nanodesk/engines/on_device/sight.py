"""Where things are in the picture of a run: the subject, the sky, a half or third, a layer; slow, for a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.geometry import Rect, Size
from nanodesk.engines.errors import EngineError
from nanodesk.engines.on_device.areas import area_mask
from nanodesk.engines.on_device.canvas import reshaped
from nanodesk.engines.on_device.targets import is_area, range_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.engines.base import Block, RequestPicture
    from nanodesk.engines.on_device.canvas import Reshaping

_NEEDS_SUBJECT = {"subject", "background"}


class Sight:
    """Masks (h, w) of a picture by what they show, found when first asked for and kept as the canvas changes."""

    def __init__(self, base: Block) -> None:
        """Look at the base; the canvas may change since."""
        self._base = base
        self._changes: list[Reshaping] = []
        self._found: dict[str, Block] = {}

    def lacks_subject(self, target: str) -> bool:
        """Whether the subject must be found first."""
        return target.removeprefix("not-") in _NEEDS_SUBJECT and "subject" not in self._found

    def reshape(self, change: Reshaping) -> None:
        """Go along with a change of the canvas."""
        self._changes.append(change)
        self._found = {name: reshaped(mask, change) for name, mask in self._found.items()}

    def mask(self, target: str, size: Size, picture: Callable[[], Block]) -> Block | None:
        """What a target covers on a canvas of that size; none for all of it, and for what is no place.

        Args:
            picture: what the canvas shows now, for where the base says nothing.

        Raises:
            EngineError: when it cannot be found.
        """
        name = target.removeprefix("not-")
        if name == "background":
            mask = 255 - self._seen("subject", find_subject, picture)
        elif name == "subject":
            mask = self._seen("subject", find_subject, picture)
        elif name == "sky":
            mask = self._seen("sky", find_sky, picture)
        elif is_area(name):
            mask = area_mask(name, size)
        else:
            return None
        return 255 - mask if target.startswith("not-") else mask

    def _seen(self, name: str, find: Callable[[Block], Block], picture: Callable[[], Block]) -> Block:
        """Found in the base, which shows more than a cropped or adjusted picture; else in the picture."""
        if name not in self._found:
            mask = find(self._base)
            for change in self._changes:
                mask = reshaped(mask, change)
            self._found[name] = mask if mask.any() else find(picture())
        return self._found[name]


def find_subject(block: Block) -> Block:
    """Where the subject is, as a mask (h, w).

    Raises:
        EngineError: when there is no clear subject, or the model is not there.
    """
    from nanodesk.imaging.subject import NoSubjectError, subject_mask
    from nanodesk.resources import resource_path

    try:
        return subject_mask(block, resource_path("models", "u2netp.onnx"))
    except NoSubjectError:
        raise EngineError("No clear subject was found; draw a selection around it.") from None
    except OSError:
        raise EngineError("The model that finds subjects is missing; install Nanodesk again.") from None


def find_sky(block: Block) -> Block:
    """Where the sky is, as a mask (h, w).

    Raises:
        EngineError: when there is none.
    """
    from nanodesk.imaging.sky import NoSkyError, sky_mask

    try:
        return sky_mask(block)
    except NoSkyError:
        raise EngineError("No sky was found in this picture; draw a selection around it.") from None


def layer_mask(picture: RequestPicture, size: Size) -> Block:
    """Where a named layer shows, as a mask (h, w) of the canvas.

    Raises:
        EngineError: when it is not known where the layer lies.
    """
    import numpy as np

    height, width = picture.pixels.shape[:2]
    offset = picture.offset
    if offset is None:
        if (width, height) != (size.width, size.height):
            raise EngineError(f"“{picture.name}” is no layer of this picture; draw a selection around it instead.")
        return np.ascontiguousarray(picture.pixels[:, :, 3])
    mask = np.zeros((size.height, size.width), np.uint8)
    seen = Rect(offset.x, offset.y, width, height).intersected(Rect(0, 0, size.width, size.height))
    if not seen.empty:
        own = picture.pixels[seen.y - offset.y : seen.bottom - offset.y, seen.x - offset.x : seen.right - offset.x]
        mask[seen.y : seen.bottom, seen.x : seen.right] = own[:, :, 3]
    return mask


def is_place(target: str) -> bool:
    """Whether a target is found in the picture, not in a range of its tones or colours."""
    return target != "picture" and not range_of(target)
