"""From steps of the table to live adjustments: what a picture must be asked first, and the range of a target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.layer import AdjustmentStep
from nanodesk.engines.on_device.targets import COLOURS, TONES, range_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.document.layer import Parameter
    from nanodesk.engines.base import Block
    from nanodesk.engines.on_device.frames import Step

HARD = {"threshold", "posterise"}
"""What a blur or sharpening after it must see done: it comes to something else before."""


def adjustment_of(step: Step, picture: Callable[[], Block]) -> AdjustmentStep | None:
    """A pointwise step as it is kept in the document; none where the picture is that way already.

    Args:
        picture: what the canvas shows now, for steps that measure it.
    """
    values: dict[str, Parameter] = dict(step.values)
    match step.operation:
        case "auto-levels":
            return _levels(picture())
        case "auto-white-balance":
            return _balance(picture())
        case "recolour":
            values["from"] = _middle(str(values["range"]))
    within = range_of(step.target)
    if within and step.operation not in TONES and "range" not in values:
        values["range"] = within
    return AdjustmentStep(step.operation, tuple(values.items()))


def _levels(block: Block) -> AdjustmentStep | None:
    from nanodesk.imaging.measuring import tones

    black, white = tones(block)
    if white - black < 8 or (black <= 1 and white >= 254):
        return None
    return AdjustmentStep("levels", (("black", black), ("white", white)))


def _balance(block: Block) -> AdjustmentStep | None:
    from nanodesk.imaging.measuring import UnclearError, light

    try:
        red, green, blue = light(block)
    except UnclearError:
        return None
    if max(abs(gain - 1) for gain in (red, green, blue)) < 0.01:
        return None
    return AdjustmentStep("white-balance", (("red", red), ("green", green), ("blue", blue)))


def _middle(name: str) -> str:
    from nanodesk.imaging.tonal_range import centre_of

    assert name in COLOURS
    return centre_of(name)
