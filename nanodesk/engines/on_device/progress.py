"""What is being done, for the progress line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.engines.on_device.row import Kind
from nanodesk.engines.on_device.summary import target_words
from nanodesk.engines.on_device.table import TABLE

if TYPE_CHECKING:
    from nanodesk.engines.on_device.frames import Step

_DOING = {
    "blur": "Blurring {}",
    "lens-blur": "Blurring {}",
    "motion-blur": "Blurring {}",
    "sharpen": "Sharpening {}",
    "clarity": "Working on the detail of {}",
    "denoise": "Removing the noise",
    "pixelate": "Pixelating {}",
    "remove-background": "Removing the background",
    "replace-background": "Replacing the background",
    "remove": "Filling the selection from its surroundings",
    "fill": "Filling the selection",
    "text": "Drawing the text",
    "rotate": "Turning the picture",
    "flip": "Turning the picture",
    "straighten": "Straightening the picture",
    "crop": "Cropping the picture",
    "resize": "Resizing the picture",
    "upscale": "Enlarging the picture",
    "extend": "Extending the canvas",
    "border": "Drawing the border",
    "corners": "Rounding the corners",
    "drop-shadow": "Drawing the shadow",
}


def message(step: Step) -> str:
    """One step in a few words: “Blurring the background”."""
    words = target_words(step.target)
    where = words if step.target.startswith("@") else f"the {words[0].lower()}{words[1:]}"
    if step.target.startswith("not-") or step.target == "outside":
        where = words[0].lower() + words[1:]
    if step.operation in _DOING:
        return _DOING[step.operation].format(where)
    doing = "Adding light to" if TABLE[step.operation].kind is Kind.OVERLAY else "Adjusting"
    return f"{doing} {where}"
