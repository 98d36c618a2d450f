"""Which part of the picture is sent, in which shape and size class, and where the answer belongs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.document.geometry import Rect, Size
from nanodesk.document.run import SentPart

if TYPE_CHECKING:
    from nanodesk.document.run import RunOptions
    from nanodesk.engines.gemini.models import Catalogue, Model

LONGEST_BASE = 3072
"""Device pixels of the long side of the base as sent; more is not looked at by the models."""

SMALL_SHARE = 0.35
"""A selection smaller than this share of the canvas is sent with its surroundings alone, unless chosen otherwise."""

CONTEXT = 0.5
"""The surroundings on each side, as a share of the selection's longer side."""

ENOUGH = 0.985
"""The sides of an answer are rounded to what the model likes: an earlier answer is not to need the next class."""

LEAST_PART = 512
"""A part is never smaller than this on its shorter side, where the canvas allows: the model needs to see something."""


@dataclass(frozen=True, slots=True)
class Framing:
    """How a base is put into a request.

    Attributes:
        clip: the part of the base that is sent, base pixels.
        frame: the same grown to the ratio, where it may reach beyond the base; the answer covers this.
        ratio: what shape is asked for.
        image_size: what size class is asked for; empty where the model must not be told.
        sent: size of the picture sent, pixels.
        whole: whether all of the base is sent.
    """

    clip: Rect
    frame: Rect
    ratio: str
    image_size: str
    sent: Size
    whole: bool


def framing(base: Size, selected: Rect | None, options: RunOptions, model: Model, table: Catalogue) -> Framing:
    """The framing for a base of this size.

    Args:
        selected: the box around every selection; none where an edit is not tied to one.
    """
    whole = Rect(0, 0, base.width, base.height)
    clip = whole
    if selected is not None and not selected.empty and _apart(selected, base, options.part):
        clip = _surroundings(selected, whole)
    ratio = nearest_ratio(clip.size, model.ratios)
    frame = _grown(clip, ratio, whole)
    clip = frame.intersected(whole)
    size = size_class(frame.size, ratio, options.size, model, table)
    answer = table.pixels(ratio, size)
    factor = min(1.0, min(LONGEST_BASE, max(answer.width, answer.height, 1024)) / max(frame.width, frame.height))
    sent = Size(max(1, round(frame.width * factor)), max(1, round(frame.height * factor)))
    return Framing(clip, frame, ratio, size if model.sends_size else "", sent, clip == whole)


def _apart(selected: Rect, base: Size, part: SentPart) -> bool:
    if part is SentPart.AUTO:
        return selected.width * selected.height < SMALL_SHARE * base.width * base.height
    return part is SentPart.SURROUNDINGS


def _surroundings(selected: Rect, whole: Rect) -> Rect:
    margin = round(CONTEXT * max(selected.width, selected.height))
    width = max(selected.width + 2 * margin, LEAST_PART)
    height = max(selected.height + 2 * margin, LEAST_PART)
    x = selected.x - (width - selected.width) // 2
    y = selected.y - (height - selected.height) // 2
    return _moved_in(Rect(x, y, min(width, whole.width), min(height, whole.height)), whole)


def _moved_in(rect: Rect, whole: Rect) -> Rect:
    x = min(max(rect.x, 0), max(0, whole.width - rect.width))
    y = min(max(rect.y, 0), max(0, whole.height - rect.height))
    return Rect(x, y, rect.width, rect.height)


def _grown(clip: Rect, ratio: str, whole: Rect) -> Rect:
    """The clip grown to the ratio: into the picture as far as there is any, then beyond it, evenly on both sides."""
    across, down = sides(ratio)
    width, height = clip.width, clip.height
    if width * down < height * across:
        width = math.ceil(height * across / down)
    else:
        height = math.ceil(width * down / across)
    return Rect(
        _start(clip.x, clip.width, width, whole.width), _start(clip.y, clip.height, height, whole.height), width, height
    )


def _start(start: int, length: int, wanted: int, limit: int) -> int:
    begin = start - (wanted - length) // 2
    if wanted >= limit:
        return -((wanted - limit) // 2)
    return min(max(begin, 0), limit - wanted)


def sides(ratio: str) -> tuple[int, int]:
    """Width and height of a ratio such as "3:2"."""
    across, _, down = ratio.partition(":")
    return int(across), int(down)


def nearest_ratio(size: Size, ratios: tuple[str, ...]) -> str:
    """The ratio that needs the least padding around a picture of this size."""

    def padding(ratio: str) -> float:
        across, down = sides(ratio)
        return abs(math.log(max(1, size.width) * down / (max(1, size.height) * across)))

    return min(ratios, key=padding)


def size_class(frame: Size, ratio: str, wanted: str, model: Model, table: Catalogue) -> str:
    """The class chosen, as far as the model has it; else the smallest that is at least the frame, or the largest."""
    if wanted in model.sizes:
        return wanted
    if wanted != "auto":
        return model.sizes[0] if wanted == "512" else model.sizes[-1]
    for size in model.sizes:
        answer = table.pixels(ratio, size)
        if answer.width >= ENOUGH * frame.width and answer.height >= ENOUGH * frame.height:
            return size
    return model.sizes[-1]
