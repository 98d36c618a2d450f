"""Words drawn as a picture, in the shipped typeface, wrapped to the canvas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nanodesk.document.geometry import Point, Rect

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.ImageFont import FreeTypeFont

    from nanodesk.document.layer import Parameter

Block = NDArray[np.uint8]
Style = tuple[tuple[str, "Parameter"], ...]

_MARGIN = 0.05
"""Of the shorter edge of the area, kept free round the words."""
_SHARE = 0.09
"""Of the shorter edge of the area: the size of letters where no size is given."""
_LEAST_PX, _MOST_PX = 4.0, 4000.0
_LEADING = 1.25


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How words look and where they stand.

    Attributes:
        colour: `#rrggbb`, in the document's colour profile.
        place: "top", "bottom", "left", "right", "centre" or a corner such as "top-left".
        weight: 400, 500 or 600.
        size_px: height of the typeface's em; none follows from the area's size times `scale`.
    """

    colour: str = "#ffffff"
    place: str = "bottom"
    weight: int = 600
    size_px: float | None = None
    scale: float = 1.0


def render_text(words: str, style: TextStyle, area: Rect, fonts: Path) -> tuple[Block, Point, Style]:
    """The words drawn in an area of the document, broken into lines that fit it, smaller where they would not.

    Args:
        words: exactly what is drawn; line breaks are kept.
        area: whose edges and middle the place is meant by, in document pixels.
        fonts: the folder with `Inter-Regular.ttf`, `Inter-Medium.ttf` and `Inter-SemiBold.ttf`.

    Returns:
        A fresh picture (h, w, 4), just as large as the words, the place of its top left corner in the document, and
        the whole style by name, with sizes in pixels.

    Raises:
        ValueError: when there is nothing to draw, or the area is empty.
        OSError: when the typeface cannot be read.
    """
    from PIL import ImageFont

    if not words.strip() or area.empty:
        raise ValueError("A text needs words and a place to stand.")
    path = fonts / f"Inter-{_face(style.weight)}.ttf"
    short = min(area.width, area.height)
    margin = round(short * _MARGIN)
    room = max(1, area.width - 2 * margin), max(1, area.height - 2 * margin)
    size = style.size_px if style.size_px is not None else short * _SHARE * style.scale
    size = min(_MOST_PX, max(_LEAST_PX, size))
    while True:
        font = ImageFont.truetype(str(path), size)
        lines = _wrapped(words, font, room[0])
        wide = max(font.getlength(line) for line in lines)
        if (wide <= room[0] and len(lines) * size * _LEADING <= room[1] * 1.05) or size <= _LEAST_PX:
            break
        size = max(_LEAST_PX, size * 0.9)
    across = "left" if "left" in style.place else "right" if "right" in style.place else "centre"
    block, ink = _drawn(lines, font, across, style.colour)
    offset = _placed(area, ink, style.place, margin)
    values: Style = (
        ("font", "Inter"),
        ("size_px", round(size, 2)),
        ("weight", style.weight),
        ("colour", style.colour),
        ("align", across),
        ("place", style.place),
        ("lines", "\n".join(lines)),
    )
    return block, offset, values


def _face(weight: int) -> str:
    return "Regular" if weight < 450 else "Medium" if weight < 550 else "SemiBold"


def _wrapped(words: str, font: FreeTypeFont, width: float) -> list[str]:
    lines: list[str] = []
    for paragraph in words.splitlines():
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and font.getlength(longer) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines


def _drawn(lines: list[str], font: FreeTypeFont, align: str, colour: str) -> tuple[Block, tuple[int, int]]:
    """The lines as a picture that fits them, and its width and height."""
    from PIL import Image, ImageDraw

    step = font.size * _LEADING
    widths = [font.getlength(line) for line in lines]
    pad = round(font.size)
    canvas = (round(max(widths)) + 2 * pad, round(step * len(lines)) + 2 * pad)
    image = Image.new("L", canvas)
    draw = ImageDraw.Draw(image)
    for place, (line, width) in enumerate(zip(lines, widths, strict=True)):
        free = max(widths) - width
        left = pad + {"left": 0.0, "right": free, "centre": free / 2}[align]
        draw.text((left, pad + place * step), line, fill=255, font=font)
    ink = image.getbbox()
    if ink is not None:
        image = image.crop(ink)
    coverage = np.asarray(image, np.uint8)
    block = np.empty((*coverage.shape, 4), np.uint8)
    block[:, :, :3] = [int(colour[place : place + 2], 16) for place in (5, 3, 1)]
    block[:, :, 3] = coverage
    return block, (image.width, image.height)


def _placed(area: Rect, ink: tuple[int, int], place: str, margin: int) -> Point:
    width, height = ink
    x = area.x + (area.width - width) // 2
    y = area.y + (area.height - height) // 2
    if "left" in place:
        x = area.x + margin
    if "right" in place:
        x = area.right - margin - width
    if "top" in place:
        y = area.y + margin
    if "bottom" in place:
        y = area.bottom - margin - height
    return Point(x, y)
