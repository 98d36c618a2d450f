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
        align: "left", "centre" or "right"; nothing follows from the place.
        outline_colour: of a line round the letters, `#rrggbb`; nothing for no line.
        outline: width of that line as a share of the em.
        shadow: whether a soft black shadow lies behind the letters.
        fit: "width" for letters as large as the area is wide, in the lines that are written; else nothing.
        wrap: whether lines that are too long are broken.
        opacity: 0 to 1.
    """

    colour: str = "#ffffff"
    place: str = "bottom"
    weight: int = 600
    size_px: float | None = None
    scale: float = 1.0
    align: str = ""
    outline_colour: str = ""
    outline: float = 0.06
    shadow: bool = False
    fit: str = ""
    wrap: bool = True
    opacity: float = 1.0


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
    if not words.strip() or area.empty:
        raise ValueError("A text needs words and a place to stand.")
    margin = round(min(area.width, area.height) * _MARGIN)
    room = max(1, area.width - 2 * margin), max(1, area.height - 2 * margin)
    font, lines = _sized(words, style, room, fonts / f"Inter-{_face(style.weight)}.ttf")
    across = style.align or ("left" if "left" in style.place else "right" if "right" in style.place else "centre")
    block = _drawn(lines, font, across, style)
    offset = _placed(area, (block.shape[1], block.shape[0]), style.place, margin)
    values: Style = (
        ("font", "Inter"),
        ("size_px", round(font.size, 2)),
        ("weight", style.weight),
        ("colour", style.colour),
        ("align", across),
        ("place", style.place),
        ("outline_colour", style.outline_colour),
        ("outline_px", round(style.outline * font.size, 2) if style.outline_colour else 0.0),
        ("shadow", style.shadow),
        ("fit", style.fit),
        ("wrap", style.wrap),
        ("opacity", style.opacity),
        ("lines", "\n".join(lines)),
    )
    return block, offset, values


def _sized(words: str, style: TextStyle, room: tuple[int, int], path: Path) -> tuple[FreeTypeFont, list[str]]:
    """The typeface at the largest size, no larger than wished, at which the words fit; and their lines."""
    from PIL import ImageFont

    size = style.size_px if style.size_px is not None else min(room) * _SHARE * style.scale / (1 - 2 * _MARGIN)
    wraps = style.wrap and style.fit != "width"
    if style.fit == "width":
        probe = ImageFont.truetype(str(path), 100.0)
        size = 100.0 * room[0] / max(1.0, max(probe.getlength(line) for line in words.splitlines()))
    size = min(_MOST_PX, max(_LEAST_PX, size))
    while True:
        font = ImageFont.truetype(str(path), size)
        lines = _wrapped(words, font, room[0] if wraps else float("inf"))
        wide = max(font.getlength(line) for line in lines)
        # The last step of a fit may be a hair too wide: letters are placed on whole pixels.
        fits = wide <= room[0] * 1.01 and len(lines) * size * _LEADING <= room[1] * 1.05
        if fits or size <= _LEAST_PX:
            return font, lines
        size = max(_LEAST_PX, size * 0.9)


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


def _drawn(lines: list[str], font: FreeTypeFont, align: str, style: TextStyle) -> Block:
    """The lines as a picture that fits them: shadow, outline and letters over each other."""
    from nanodesk.imaging.overlay import laid_over

    letters = _coverage(lines, font, align, 0.0)
    covers: list[tuple[Block, str]] = [(letters, style.colour)]
    if style.outline_colour:
        covers.insert(0, (_coverage(lines, font, align, style.outline * font.size), style.outline_colour))
    if style.shadow:
        covers.insert(0, (_shadow(covers[0][0], font.size), "#000000"))
    block, *above = (_inked(cover, colour) for cover, colour in covers)
    for layer in above:
        block = laid_over(block, layer, Point())
    rows, columns = np.flatnonzero(block[:, :, 3].any(axis=1)), np.flatnonzero(block[:, :, 3].any(axis=0))
    if len(rows):
        block = np.ascontiguousarray(block[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    if style.opacity < 1:
        block[:, :, 3] = np.rint(block[:, :, 3] * max(0.0, style.opacity))
    return block


def _inked(cover: Block, colour: str) -> Block:
    block = np.empty((*cover.shape, 4), np.uint8)
    block[:, :, :3] = [int(colour[place : place + 2], 16) for place in (5, 3, 1)]
    block[:, :, 3] = cover
    return block


def _coverage(lines: list[str], font: FreeTypeFont, align: str, stroke: float) -> Block:
    """How much of each pixel the letters cover (h, w), with room for a line and a shadow round them."""
    from PIL import Image, ImageDraw

    step = font.size * _LEADING
    widths = [font.getlength(line) for line in lines]
    pad = round(font.size)
    image = Image.new("L", (round(max(widths)) + 2 * pad, round(step * len(lines)) + 2 * pad))
    draw = ImageDraw.Draw(image)
    for place, (line, width) in enumerate(zip(lines, widths, strict=True)):
        free = max(widths) - width
        left = pad + {"left": 0.0, "right": free, "centre": free / 2}[align]
        draw.text((left, pad + place * step), line, fill=255, font=font, stroke_width=stroke)
    return np.asarray(image, np.uint8)


def _shadow(cover: Block, size: float) -> Block:
    """The cover moved down and to the right by 5 % of the em, blurred by 4 %, at 60 %."""
    import cv2

    shift = max(1, round(size * 0.05))
    moved = np.zeros_like(cover)
    moved[shift:, shift:] = cover[:-shift, :-shift]
    soft = cv2.GaussianBlur(moved, (0, 0), max(0.6, size * 0.04))
    return np.asarray(cv2.convertScaleAbs(soft, alpha=0.6), np.uint8)


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
