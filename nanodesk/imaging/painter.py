"""The exact painter: what a document looks like, in any rectangle of it, from its values and its tiles.

It decides what is true for canvas, request, export and tests. It works on pieces of the document's own tile grid: what
is empty or covered there is never looked up. Intermediate results are float32, so that layers do not add up rounding.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from nanodesk.document.blend import BlendMode
from nanodesk.document.geometry import Point, Rect
from nanodesk.document.layer import Adjustment, Group, Layer, Mask
from nanodesk.document.tiles import TILE, TileGrid, TileKind
from nanodesk.imaging.adjust import apply as adjust
from nanodesk.imaging.alpha import alpha_of, from_floats, premultiplied, to_floats
from nanodesk.imaging.composite import adjusted_over, group_over, over, weight_of
from nanodesk.imaging.tiling import Lookup, assemble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nanodesk.document.document import Document
    from nanodesk.document.identity import LayerId

Block = NDArray[np.uint8]
Floats = NDArray[np.float32]


class PaintingCancelledError(Exception):
    """The picture was no longer wanted."""


def flatten(
    document: Document,
    lookup: Lookup,
    *,
    rect: Rect | None = None,
    threads: int = 2,
    cancelled: Callable[[], bool] | None = None,
) -> Block:
    """All that is visible, as a fresh picture (h, w, 4): BGRA, straight alpha, in the document's profile.

    Args:
        rect: the part wanted; beyond the canvas there may be layers, and else it is transparent.
        cancelled: asked before each piece, from several threads.

    Raises:
        PaintingCancelledError: when `cancelled` said so.
    """
    part = document.rect if rect is None else rect
    block = np.zeros((part.size.height, part.size.width, 4), np.uint8)

    def put(piece: Rect) -> None:
        if cancelled is not None and cancelled():
            raise PaintingCancelledError
        painted = _piece(document, lookup, piece, premultiply=False)
        if painted is not None:
            block[piece.y - part.y : piece.bottom - part.y, piece.x - part.x : piece.right - part.x] = painted

    _each(list(pieces(part)), put, threads)
    return block


def _each(places: list[Rect], put: Callable[[Rect], None], threads: int) -> None:
    if threads <= 1 or len(places) < 4:
        for piece in places:
            put(piece)
        return
    with ThreadPoolExecutor(threads, thread_name_prefix="paint") as pool:
        for _ in pool.map(put, places):
            pass


def paint_rect(document: Document, lookup: Lookup, rect: Rect, *, premultiplied: bool = False) -> Block:
    """The same on the caller's thread; premultiplied for blitting where wanted."""
    block = np.zeros((rect.size.height, rect.size.width, 4), np.uint8)
    for piece in pieces(rect):
        painted = _piece(document, lookup, piece, premultiply=premultiplied)
        if painted is not None:
            block[piece.y - rect.y : piece.bottom - rect.y, piece.x - rect.x : piece.right - rect.x] = painted
    return block


def pieces(rect: Rect) -> Iterator[Rect]:
    """The parts of a rectangle that lie in different places of the document's tile grid, row by row."""
    if rect.empty:
        return
    for row in range(rect.y // TILE, -(-rect.bottom // TILE)):
        for column in range(rect.x // TILE, -(-rect.right // TILE)):
            yield rect.intersected(Rect(column * TILE, row * TILE, TILE, TILE))


def _piece(document: Document, lookup: Lookup, piece: Rect, *, premultiply: bool) -> Block | None:
    """One piece painted; none where nothing shows."""
    showing = _showing(document, document.root, piece)
    if not showing:
        return None
    if len(showing) == 1 and _plain(showing[0]) and showing[0].grid is not None:
        block = _pixels(showing[0].grid, showing[0].offset, lookup, piece)
        return premultiplied(block) if premultiply and not _covers(showing[0], piece) else block
    # Always the whole place of the grid: vector instructions round the last columns of a narrow array in another way,
    # and the same pixel must come out the same in every rectangle.
    whole = Rect(piece.x // TILE * TILE, piece.y // TILE * TILE, TILE, TILE)
    made = _composited(document, _showing(document, document.root, whole), lookup, whole)
    opaque = _covers(showing[0], piece)
    if made.dtype == np.uint8:
        straight = cast("Block", made)
        block = premultiplied(straight) if premultiply and not opaque else straight
    else:
        floats = cast("Floats", made)
        block = _rounded(floats) if premultiply or opaque else from_floats(floats)
    return block[piece.y - whole.y : piece.bottom - whole.y, piece.x - whole.x : piece.right - whole.x]


def _rounded(floats: Floats) -> Block:
    import cv2

    return np.asarray(cv2.convertScaleAbs(floats), np.uint8)


def _showing(document: Document, ids: tuple[LayerId, ...], piece: Rect) -> list[Layer]:
    """The layers that can be seen in a piece, bottom first, from the top-most one on that covers what lies below."""
    found: list[Layer] = []
    for layer_id in reversed(ids):
        layer = document.layers[layer_id]
        if not _shows(layer, piece):
            continue
        found.append(layer)
        if _plain(layer) and _covers(layer, piece):
            break
    found.reverse()
    while found and isinstance(found[0].content, Adjustment):
        found.pop(0)  # there is nothing below for it to adjust
    return found


def _shows(layer: Layer, piece: Rect) -> bool:
    if not layer.visible or layer.opacity <= 0 or _masked_out(layer.mask, piece):
        return False
    match layer.content:
        case Group(children=children):
            return bool(children)
        case Adjustment(steps=steps):
            return bool(steps)
    grid = layer.grid
    return grid is not None and any(grid.at(*place) for place in _places(grid, layer.offset, piece))


def _places(grid: TileGrid, offset: Point, piece: Rect) -> Iterator[tuple[int, int]]:
    return grid.under(piece.translated(Point(-offset.x, -offset.y)))


def _masked_out(mask: Mask | None, piece: Rect) -> bool:
    if mask is None or not mask.enabled or mask.outside:
        return False
    return not any(mask.grid.at(*place) for place in _places(mask.grid, mask.offset, piece))


def _plain(layer: Layer) -> bool:
    """Whether a layer's pixels show as they are."""
    return layer.grid is not None and _whole(layer)


def _covers(layer: Layer, piece: Rect) -> bool:
    """Whether a layer is known to be opaque all over a piece, opacity and mask apart."""
    grid = layer.grid
    if grid is None or not _plain(layer) or not Rect.of(layer.offset, grid.size).contains(piece):
        return False
    tiles = [grid.at(*place) for place in _places(grid, layer.offset, piece)]
    return all(tile is not None and tile.kind is TileKind.OPAQUE for tile in tiles)


def _composited(document: Document, showing: list[Layer], lookup: Lookup, piece: Rect) -> Block | Floats:
    """Layers over each other, bottom first, on a transparent backdrop.

    Straight bytes while nothing but whole adjustments came over the lowest picture; premultiplied floats after that.
    """
    backdrop: Block | Floats = np.zeros((piece.height, piece.width, 4), np.float32)
    for place, layer in enumerate(showing):
        if place == 0 and _plain(layer) and layer.grid is not None:
            backdrop = _pixels(layer.grid, layer.offset, lookup, piece)
        elif backdrop.dtype == np.uint8 and isinstance(layer.content, Adjustment) and _whole(layer):
            backdrop = adjust(layer.content, cast("Block", backdrop))
        else:
            backdrop = _painted(document, layer, _as_floats(backdrop), lookup, piece)
    return backdrop


def _as_floats(backdrop: Block | Floats) -> Floats:
    return to_floats(cast("Block", backdrop)) if backdrop.dtype == np.uint8 else cast("Floats", backdrop)


def _whole(layer: Layer) -> bool:
    """Whether a layer acts fully everywhere."""
    masked = layer.mask is not None and layer.mask.enabled
    return layer.opacity >= 1 and layer.blend_mode is BlendMode.NORMAL and not masked


def _painted(document: Document, layer: Layer, backdrop: Floats, lookup: Lookup, piece: Rect) -> Floats:
    mask = _mask(layer.mask, lookup, piece)
    grid = layer.grid
    if grid is not None:
        source = _pixels(grid, layer.offset, lookup, piece)
        return over(backdrop, source, weight_of(alpha_of(source), layer.opacity, mask), layer.blend_mode)
    weight = weight_of(np.full((piece.height, piece.width), 255, np.uint8), layer.opacity, mask)
    if isinstance(layer.content, Adjustment):
        adjusted = adjust(layer.content, _straight(backdrop))
        return adjusted_over(backdrop, adjusted, weight, layer.blend_mode)
    inner = _showing(document, layer.children, piece)
    if not inner:
        return backdrop
    return group_over(backdrop, _as_floats(_composited(document, inner, lookup, piece)), weight, layer.blend_mode)


def _straight(backdrop: Floats) -> Block:
    """A backdrop as straight bytes; the quick way where it is opaque."""
    return _rounded(backdrop) if float(backdrop[:, :, 3].min()) > 254.5 else from_floats(backdrop)


def _pixels(grid: TileGrid, offset: Point, lookup: Lookup, piece: Rect) -> Block:
    """The pixels of a grid in a piece; the tile itself where they are one."""
    inside = piece.translated(Point(-offset.x, -offset.y))
    places = list(grid.under(inside))
    if len(places) == 1 and grid.rect(*places[0]).contains(inside):
        tile = grid.at(*places[0])
        if tile is not None:
            place = grid.rect(*places[0])
            pixels = lookup(tile.id)
            return pixels[inside.y - place.y : inside.bottom - place.y, inside.x - place.x : inside.right - place.x]
    return assemble(grid, lookup, inside)


def _mask(mask: Mask | None, lookup: Lookup, piece: Rect) -> Block | None:
    """The values of a mask in a piece; none where it limits nothing."""
    if mask is None or not mask.enabled:
        return None
    inside = _pixels(mask.grid, mask.offset, lookup, piece)
    if mask.outside == 0:
        return inside
    values = np.full((piece.height, piece.width), mask.outside, np.uint8)
    seen = piece.intersected(Rect.of(mask.offset, mask.grid.size))
    if not seen.empty:
        place = (slice(seen.y - piece.y, seen.bottom - piece.y), slice(seen.x - piece.x, seen.right - piece.x))
        values[place] = inside[place]
    return values


def halved(
    top_left: Block | None, top_right: Block | None, bottom_left: Block | None, bottom_right: Block | None
) -> Block:
    """Up to four premultiplied tiles as one of half their size each way: the next mip level, by area average.

    A tile that is not there lies beyond the canvas. Odd edges average the pixels that there are.
    """
    left = [tile for tile in (top_left, bottom_left) if tile is not None]
    right = [tile for tile in (top_right, bottom_right) if tile is not None]
    halves = [np.concatenate(column) if len(column) > 1 else column[0] for column in (left, right) if column]
    block = np.concatenate(halves, axis=1) if len(halves) > 1 else halves[0]
    return _half(np.ascontiguousarray(block))


def _half(block: Block) -> Block:
    import cv2

    height, width = block.shape[:2]
    if height % 2 or width % 2:
        block = np.pad(block, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    size = (block.shape[1] // 2, block.shape[0] // 2)
    return np.asarray(cv2.resize(block, size, interpolation=cv2.INTER_AREA), np.uint8)
