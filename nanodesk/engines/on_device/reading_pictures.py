"""What a step must read from the picture before the canvas changes: its tilt, its margins, where the subject is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.geometry import Rect
from nanodesk.engines.errors import EngineError
from nanodesk.engines.on_device.sight import find_subject

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.engines.base import Block
    from nanodesk.engines.on_device.frames import Step

_ROOM = 0.06
"""Kept free round a subject that is cropped to, as a share of its longer edge."""


def straightened(step: Step, picture: Callable[[], Block]) -> Step | None:
    """The step with its angle, found by the picture's long lines where it is not given; none for a level picture.

    Raises:
        EngineError: when the lines do not agree.
    """
    from nanodesk.imaging.measuring import UnclearError, tilt

    if step.values:
        return step
    try:
        degrees = tilt(picture())
    except UnclearError:
        raise EngineError(
            "The picture has no clear level or upright lines; say by how many degrees it should be straightened."
        ) from None
    return None if abs(degrees) < 0.1 else replace(step, values=(("degrees", degrees),))


def content_of(block: Block) -> Rect:
    """What is left without plain margins."""
    from nanodesk.imaging.measuring import margins

    return margins(block)


def subject_rect(mask: Block) -> Rect:
    """The rectangle round a subject, with a little room."""
    import cv2
    import numpy as np

    x, y, width, height = cv2.boundingRect((mask > 100).astype(np.uint8))
    room = round(_ROOM * max(width, height))
    whole = Rect(0, 0, mask.shape[1], mask.shape[0])
    return Rect(x - room, y - room, width + 2 * room, height + 2 * room).intersected(whole)


def subject_near(block: Block, mask: Block, around: Rect) -> Block | None:
    """The subject as it stands out in what is selected, as a mask of the picture's size; none where none does."""
    import numpy as np

    room = max(8, max(around.width, around.height) // 8)
    crop = Rect(around.x - room, around.y - room, around.width + 2 * room, around.height + 2 * room)
    crop = crop.intersected(Rect(0, 0, block.shape[1], block.shape[0]))
    try:
        found = find_subject(np.ascontiguousarray(block[crop.y : crop.bottom, crop.x : crop.right]))
    except EngineError:
        return None
    result = np.zeros(mask.shape, np.uint8)
    result[crop.y : crop.bottom, crop.x : crop.right] = found
    shown = np.minimum(result, mask)
    return result if float(shown.sum()) > 0.1 * float(mask.sum()) else None
