"""Resizing, turning and rotating a whole document: new pixels for every layer, computed off the loop's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.candidate import Turn
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.layer import Content, Layer, Mask, Pixels, Text
from nanodesk.document.operations.canvas import with_contents

if TYPE_CHECKING:
    from nanodesk.document.document import Document
    from nanodesk.document.identity import LayerId
    from nanodesk.document.tiles import TileGrid
    from nanodesk.editor.pixel_store import Block, PixelStore

Placed = tuple["Block", Point]
Reshape = Callable[["Block", Point], Placed]
"""New pixels and place of a picture, given its pixels (h, w, 4) or (h, w) and the place of its top left corner."""


def resized(document: Document, size: Size, pixels: PixelStore) -> Document:
    """Every layer scaled so that the canvas has the new size; slow.

    Raises:
        ValueError: when the size is empty.
    """
    from nanodesk.imaging.resample import resize

    if size.empty or document.size.empty:
        raise ValueError("A document needs at least one pixel each way.")
    across, down = size.width / document.size.width, size.height / document.size.height

    def reshape(block: Block, offset: Point) -> Placed:
        left, top = round(offset.x * across), round(offset.y * down)
        right, bottom = round((offset.x + block.shape[1]) * across), round((offset.y + block.shape[0]) * down)
        scaled = resize(block, Size(max(1, right - left), max(1, bottom - top)))
        return scaled, Point(left, top)

    return _reshaped(document, size, reshape, pixels)


def turned(document: Document, turn: Turn, pixels: PixelStore) -> Document:
    """Every layer turned by a multiple of 90° clockwise, or flipped, exactly; slow."""
    from nanodesk.imaging.resample import turn as turn_block

    width, height = document.size.width, document.size.height
    size = Size(height, width) if turn in {Turn.ROTATE_90, Turn.ROTATE_270} else document.size

    def reshape(block: Block, offset: Point) -> Placed:
        rect = Rect(offset.x, offset.y, block.shape[1], block.shape[0])
        return turn_block(block, turn), _turned_corner(rect, Size(width, height), turn)

    return _reshaped(document, size, reshape, pixels)


def _turned_corner(rect: Rect, canvas: Size, turn: Turn) -> Point:
    match turn:
        case Turn.ROTATE_90:
            return Point(canvas.height - rect.bottom, rect.x)
        case Turn.ROTATE_180:
            return Point(canvas.width - rect.right, canvas.height - rect.bottom)
        case Turn.ROTATE_270:
            return Point(rect.y, canvas.width - rect.right)
        case Turn.FLIP_HORIZONTAL:
            return Point(canvas.width - rect.right, rect.y)
        case Turn.FLIP_VERTICAL:
            return Point(rect.x, canvas.height - rect.bottom)


def rotated(document: Document, degrees: float, pixels: PixelStore) -> Document:
    """Every layer rotated clockwise about the middle of the canvas, which keeps its size; slow."""
    from nanodesk.imaging.resample import rotate

    middle = (document.size.width / 2, document.size.height / 2)

    def reshape(block: Block, offset: Point) -> Placed:
        return rotate(block, degrees, about=(middle[0] - offset.x, middle[1] - offset.y), offset=offset)

    return _reshaped(document, document.size, reshape, pixels)


def _reshaped(document: Document, size: Size, reshape: Reshape, pixels: PixelStore) -> Document:
    contents: dict[LayerId, tuple[Content, Point, Mask | None]] = {}
    for layer in document.layers.values():
        content, offset = _content(layer, reshape, pixels)
        mask = None if layer.mask is None else _mask(layer.mask, reshape, pixels)
        contents[layer.id] = (content, offset, mask)
    return with_contents(document, size, contents)


def _content(layer: Layer, reshape: Reshape, pixels: PixelStore) -> tuple[Content, Point]:
    if layer.grid is None:
        return layer.content, layer.offset
    grid, offset = _grid(layer.grid, layer.offset, reshape, pixels)
    if isinstance(layer.content, Text):
        return replace(layer.content, rendering=grid), offset
    return Pixels(grid), offset


def _grid(grid: TileGrid, offset: Point, reshape: Reshape, pixels: PixelStore) -> tuple[TileGrid, Point]:
    block, place = reshape(pixels.block(grid), offset)
    return pixels.add(block), place


def _mask(mask: Mask, reshape: Reshape, pixels: PixelStore) -> Mask:
    grid, offset = _grid(mask.grid, mask.offset, reshape, pixels)
    return replace(mask, grid=grid, offset=offset)
