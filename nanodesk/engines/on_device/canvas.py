"""Changes of the canvas: what the document is told, and the same done to the picture that later edits see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.candidate import CropDocument, ResizeDocument, RotateDocument, Turn, TurnDocument
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.engines.errors import EngineError

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


def _crop(values: dict[str, object], size: Size, selection: Rect | None) -> tuple[Reshaping, ...]:
    if "ratio" in values:
        across, down = (float(part) for part in str(values["ratio"]).split(":"))
        rect = _of_shape(size, across / down)
    elif selection is not None and values.get("to") == "selection":
        rect = selection
    else:
        width, height = int(str(values["width"])), int(str(values["height"]))
        if width > size.width or height > size.height:
            raise EngineError(
                f"The picture is {size.width} × {size.height} px, too small to be cropped to {width} × {height} px;"
                " resize it instead."
            )
        rect = _centred(size, Size(width, height))
    return () if rect.size == size else (CropDocument(rect),)


def _of_shape(size: Size, ratio: float) -> Rect:
    width = min(size.width, max(1, round(size.height * ratio)))
    height = min(size.height, max(1, round(size.width / ratio)))
    return _centred(size, Size(width, height))


def _centred(size: Size, inner: Size) -> Rect:
    corner = Point((size.width - inner.width) // 2, (size.height - inner.height) // 2)
    return Rect.of(corner, inner)


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
    "crop": _crop,
    "resize": _resize,
}


def reshaped(block: Block, how: Reshaping) -> Block:
    """A picture or mask of the canvas's size as the document shows it afterwards; fresh."""
    import numpy as np

    from nanodesk.imaging.resample import resize, rotate, turn

    match how:
        case CropDocument(rect=rect):
            return block[rect.y : rect.bottom, rect.x : rect.right].copy()
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
