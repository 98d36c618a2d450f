"""A text step as a live text layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.engines.base import OfferedText
from nanodesk.engines.on_device.naming import layer_name

if TYPE_CHECKING:
    from nanodesk.document.geometry import Rect
    from nanodesk.engines.on_device.frames import Step


def lettered(step: Step, area: Rect) -> OfferedText:
    """The words drawn in an area of the canvas, with their style by name; slow, for a thread."""
    from nanodesk.imaging.text import TextStyle, render_text
    from nanodesk.resources import resource_path

    values = dict(step.values)
    style = TextStyle(
        colour=str(values["colour"]),
        place=str(values["place"]),
        weight=int(values["weight"]),
        size_px=float(values["size_px"]) if "size_px" in values else None,
        scale=float(values.get("size", 1.0)),
        align=str(values.get("align", "")),
        outline_colour=str(values.get("outline_colour", "")),
        shadow=bool(values.get("shadow", False)),
        fit=str(values.get("fit", "")),
        wrap=bool(values.get("wrap", True)),
        opacity=float(values.get("opacity", 1.0)),
    )
    words = str(values["text"])
    rendering, offset, named = render_text(words, style, area, resource_path("fonts"))
    return OfferedText(layer_name([step]), words, named, rendering, offset)
