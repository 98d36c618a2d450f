"""What lies under a place of the canvas."""

from __future__ import annotations

import math
from enum import Enum
from typing import TYPE_CHECKING

from nanodesk.document.geometry import Point, Rect
from nanodesk.ui.canvas.compare import HANDLE_REACH, CompareMode, line_at

if TYPE_CHECKING:
    from nanodesk.ui.canvas.compare import Compare
    from nanodesk.ui.canvas.viewport import Viewport


class Part(Enum):
    """The parts of the canvas that answer to the mouse."""

    DIVIDER = "divider"
    DOCUMENT = "document"
    OUTSIDE = "outside"


def shown_part(viewport: Viewport) -> Rect:
    """The part of the widget that the document takes, in device pixels."""
    whole = Rect(0, 0, viewport.document.width, viewport.document.height)
    widget = Rect(0, 0, round(viewport.width * viewport.ratio), round(viewport.height * viewport.ratio))
    return viewport.device_rect(whole).intersected(widget)


def part_at(viewport: Viewport, compare: Compare, x: float, y: float) -> Part:
    """What lies at a place, given in logical pixels."""
    if compare.mode is CompareMode.SPLIT:
        shown = shown_part(viewport)
        line = line_at(compare.position, shown) / viewport.ratio
        if abs(x - line) <= HANDLE_REACH and shown.y <= y * viewport.ratio < shown.bottom:
            return Part.DIVIDER
    return Part.OUTSIDE if pixel_at(viewport, x, y) is None else Part.DOCUMENT


def pixel_at(viewport: Viewport, x: float, y: float) -> Point | None:
    """The document pixel at a place, given in logical pixels; none beside the document."""
    across, down = viewport.to_document(x, y)
    column, row = math.floor(across), math.floor(down)
    if 0 <= column < viewport.document.width and 0 <= row < viewport.document.height:
        return Point(column, row)
    return None
