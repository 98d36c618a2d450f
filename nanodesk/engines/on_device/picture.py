"""Steps done to a picture: adjustments, filters and what treats the background; slow, for a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.layer import Adjustment, AdjustmentStep
from nanodesk.engines.errors import EngineError
from nanodesk.engines.on_device.row import Kind
from nanodesk.engines.on_device.table import TABLE

if TYPE_CHECKING:
    from nanodesk.engines.base import Block
    from nanodesk.engines.on_device.frames import Step

_FULL_BLUR = 0.04
"""Standard deviation of a blur of 100 %, as a share of the longest edge."""
_FULL_SHARPNESS = 2.0
"""How much detail a sharpening of 100 % adds."""


def adjustment_of(steps: list[Step]) -> Adjustment:
    """Pointwise steps as one live adjustment."""
    return Adjustment(tuple(AdjustmentStep(step.operation, step.values) for step in steps))


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


def done(block: Block, step: Step, subject: Block | None, mask: Block | None) -> Block:
    """A picture (h, w, 4) after one step; fresh, and byte-identical where `mask` (h, w) is 0.

    Args:
        subject: where the subject is, for steps whose target is the subject or the background.
    """
    from nanodesk.imaging.filters import mix

    result = _whole(block, step, subject)
    if (
        subject is not None
        and step.target in {"subject", "background"}
        and TABLE[step.operation].kind
        in {
            Kind.POINTWISE,
            Kind.SPATIAL,
        }
    ):
        result = mix(block, result, subject if step.target == "subject" else 255 - subject)
    return result if mask is None else mix(block, result, mask)


def _whole(block: Block, step: Step, subject: Block | None) -> Block:
    from nanodesk.imaging import adjust, filters

    values = dict(step.values)
    match step.operation:
        case "blur":
            sigma = _sigma(values, block)
            if subject is None or step.target not in {"subject", "background"}:
                return filters.gaussian_blur(block, sigma)
            return filters.background_blur(block, subject if step.target == "background" else 255 - subject, sigma)
        case "sharpen":
            sigma = float(values.get("radius", max(0.8, max(block.shape[:2]) / 2500)))
            amount = float(values.get("amount", 40)) / 100 * _FULL_SHARPNESS
            return filters.unsharp_mask(block, amount, sigma)
        case "remove-background" | "replace-background":
            assert subject is not None
            cut = filters.cut_out(block, subject)
            if step.operation == "remove-background":
                return cut
            colour = str(values["colour"])
            blue, green, red = (int(colour[place : place + 2], 16) for place in (5, 3, 1))
            return filters.over_colour(cut, (blue, green, red))
    return adjust.apply(adjustment_of([step]), block)


def _sigma(values: dict[str, float | int | str | bool], block: Block) -> float:
    """Standard deviation in pixels of a blur given by radius or by strength."""
    if "radius" in values:
        return float(values["radius"])
    return float(values["amount"]) / 100 * _FULL_BLUR * float(max(block.shape[:2]))
