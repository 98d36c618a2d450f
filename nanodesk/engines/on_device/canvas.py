"""Changes of the canvas: what the document is told, and the same done to the picture that later edits see."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from nanodesk.document.candidate import CropDocument, ResizeDocument, RotateDocument, Turn, TurnDocument
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.engines.errors import EngineError
from nanodesk.engines.on_device.areas import part_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.engines.base import Block
    from nanodesk.engines.on_device.frames import Step

Reshaping = CropDocument | ResizeDocument | TurnDocument | RotateDocument

_TURNS = {90.0: Turn.ROTATE_90, 180.0: Turn.ROTATE_180, 270.0: Turn.ROTATE_270}


def reshapings(step: Step, size: Size, selection: Rect | None) -> tuple[Reshaping, ...]:
    """What a step does to a canvas of that size, in order; nothing where the canvas is that way already.

    Args:
        selection: the rectangle round what the edit is tied to.
    """
    return _WAYS[step.operation](dict(step.values), size, selection)


def _rotation(values: dict[str, object], size: Size, _: Rect | None) -> tuple[Reshaping, ...]:
    degrees = float(str(values["degrees"])) % 360
    turn = _TURNS.get(degrees)
    if turn is not None:
        return (TurnDocument(turn),)
    return (RotateDocument(degrees if degrees <= 180 else degrees - 360),) if degrees else ()


def _flip(values: dict[str, object], size: Size, _: Rect | None) -> tuple[Reshaping, ...]:
    turn = Turn.FLIP_HORIZONTAL if values["axis"] == "horizontal" else Turn.FLIP_VERTICAL
    return (TurnDocument(turn),)


def _straighten(values: dict[str, object], size: Size, _: Rect | None) -> tuple[Reshaping, ...]:
    degrees = float(str(values["degrees"]))
    return (RotateDocument(degrees), CropDocument(inner(size, degrees)))


def inner(size: Size, degrees: float) -> Rect:
    """The largest rectangle of a canvas's own shape that stays full when the canvas is rotated within itself."""
    angle = math.radians(abs(degrees))
    across, down = size.width, size.height
    scale = 1 / (math.cos(angle) + math.sin(angle) * max(across / down, down / across))
    # A pixel less on each side: the outermost ones are mixed with the transparent corners.
    kept = Size(max(1, math.floor(across * scale) - 2), max(1, math.floor(down * scale) - 2))
    return _centred(size, kept)


def _crop(values: dict[str, object], size: Size, selection: Rect | None) -> tuple[Reshaping, ...]:
    whole = Rect(0, 0, size.width, size.height)
    place = str(values.get("place", "centre"))
    if "ratio" in values:
        across, down = (float(part) for part in str(values["ratio"]).split(":"))
        rect = _of_shape(size, across / down, place)
    elif "part" in values:
        rect = part_of(str(values["part"]), size)
    elif "side" in values:
        rect = _without_sides(values, size)
    elif "to" in values:
        rect = whole if selection is None else selection.intersected(whole)
    else:
        rect = _of_size(values, size, place)
    return () if rect.size == size else (CropDocument(rect),)


def _of_size(values: dict[str, object], size: Size, place: str) -> Rect:
    width, height = int(str(values.get("width", size.width))), int(str(values.get("height", size.height)))
    if width > size.width or height > size.height:
        raise EngineError(
            f"The picture is {size.width} × {size.height} px, too small to be cropped to {width} × {height} px;"
            " resize it instead."
        )
    return _centred(size, Size(width, height), place)


def _without_sides(values: dict[str, object], size: Size) -> Rect:
    sides = sides_of(str(values["side"]))
    lengths = {"left": size.width, "right": size.width, "top": size.height, "bottom": size.height}
    off = {}
    for side in ("left", "top", "right", "bottom"):
        share = float(str(values["percent"])) / 100 * lengths[side] if "percent" in values else float(str(values["px"]))
        off[side] = round(share) if side in sides else 0
    rect = Rect(
        off["left"], off["top"], size.width - off["left"] - off["right"], size.height - off["top"] - off["bottom"]
    )
    if rect.width < 1 or rect.height < 1:
        raise EngineError(f"The picture is {size.width} × {size.height} px; cropping that off would leave nothing.")
    return rect


def sides_of(place: str) -> tuple[str, ...]:
    """The sides that a word means: “left-right” are two, “all” four."""
    return ("left", "top", "right", "bottom") if place == "all" else tuple(place.split("-"))


def _of_shape(size: Size, ratio: float, place: str = "centre") -> Rect:
    width = min(size.width, max(1, round(size.height * ratio)))
    height = min(size.height, max(1, round(size.width / ratio)))
    return _centred(size, Size(width, height), place)


def _centred(size: Size, inside: Size, place: str = "centre") -> Rect:
    """A smaller rectangle in the middle, or moved to the sides that the place names."""
    x, y = (size.width - inside.width) // 2, (size.height - inside.height) // 2
    sides = place.split("-")
    x = 0 if "left" in sides else size.width - inside.width if "right" in sides else x
    y = 0 if "top" in sides else size.height - inside.height if "bottom" in sides else y
    return Rect.of(Point(x, y), inside)


def _resize(values: dict[str, object], size: Size, _: Rect | None) -> tuple[Reshaping, ...]:
    numbers = {name: float(str(value)) for name, value in values.items()}
    if "width" in numbers and "height" in numbers:
        wanted = Size(int(numbers["width"]), int(numbers["height"]))
        rect = _of_shape(size, wanted.width / wanted.height)
        cropped: tuple[Reshaping, ...] = () if rect.size == size else (CropDocument(rect),)
        return cropped if rect.size == wanted else (*cropped, ResizeDocument(wanted))
    if "percent" in numbers:
        factor = numbers["percent"] / 100
    elif "long_edge" in numbers:
        factor = numbers["long_edge"] / max(size.width, size.height)
    elif "width" in numbers:
        factor = numbers["width"] / size.width
    else:
        factor = numbers["height"] / size.height
    wanted = Size(max(1, round(size.width * factor)), max(1, round(size.height * factor)))
    if wanted.area > MOST_AREA:
        raise EngineError(
            f"The picture would become {wanted.width} × {wanted.height} px, more than this computer can hold;"
            " choose a smaller size."
        )
    return () if wanted == size else (ResizeDocument(wanted),)


MOST_AREA = 200_000_000
"""The most pixels that a picture is resized to."""

_WAYS: dict[str, Callable[[dict[str, object], Size, Rect | None], tuple[Reshaping, ...]]] = {
    "rotate": _rotation,
    "flip": _flip,
    "straighten": _straighten,
    "crop": _crop,
    "resize": _resize,
    "upscale": _resize,
}


def _cropped(block: Block, rect: Rect) -> Block:
    """The part within a rectangle; what lies beyond the block is transparent, or nothing in a mask."""
    import numpy as np

    whole = Rect(0, 0, block.shape[1], block.shape[0])
    if whole.contains(rect):
        return block[rect.y : rect.bottom, rect.x : rect.right].copy()
    result = np.zeros((rect.height, rect.width, *block.shape[2:]), np.uint8)
    seen = whole.intersected(rect)
    result[seen.y - rect.y : seen.bottom - rect.y, seen.x - rect.x : seen.right - rect.x] = block[
        seen.y : seen.bottom, seen.x : seen.right
    ]
    return result


def resized(size: Size, how: Reshaping) -> Size:
    """How large the canvas is after a change."""
    match how:
        case CropDocument(rect=rect):
            return rect.size
        case ResizeDocument(size=new):
            return new
        case TurnDocument(turn=Turn.ROTATE_90 | Turn.ROTATE_270):
            return Size(size.height, size.width)
    return size


def reshaped(block: Block, how: Reshaping) -> Block:
    """A picture or mask of the canvas's size as the document shows it afterwards; fresh."""
    import numpy as np

    from nanodesk.imaging.resample import resize, rotate, turn

    match how:
        case CropDocument(rect=rect):
            return _cropped(block, rect)
        case ResizeDocument(size=size):
            return resize(block, size)
        case TurnDocument(turn=way):
            return turn(block, way)
        case RotateDocument(degrees=degrees):
            height, width = block.shape[:2]
            rotated, corner = rotate(block, degrees, about=(width / 2, height / 2), offset=Point())
            seen = Rect(0, 0, width, height).intersected(Rect.of(corner, Size(rotated.shape[1], rotated.shape[0])))
            result = np.zeros_like(block)
            result[seen.y : seen.bottom, seen.x : seen.right] = rotated[
                seen.y - corner.y : seen.bottom - corner.y, seen.x - corner.x : seen.right - corner.x
            ]
            return result
