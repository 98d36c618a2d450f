"""One picture of layers, by the exact painter: for files that carry none of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.document import Document
from nanodesk.document.geometry import Point, Size
from nanodesk.document.identity import LayerId
from nanodesk.document.layer import Content, Group, Layer, Mask, Pixels
from nanodesk.imaging.painter import flatten
from nanodesk.imaging.tiling import split

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from nanodesk.document.tiles import TileGrid, TileId
    from nanodesk.formats.picture import PictureLayer

    Block = NDArray[np.uint8]


def merged(layers: Sequence[PictureLayer], size: tuple[int, int]) -> Block:
    """All that is visible of the layers, as (h, w, 4), straight BGRA."""
    tiles: dict[TileId, Block] = {}

    def stored(block: Block) -> TileGrid:
        grid, found = split(block)
        tiles.update(found)
        return grid

    children: dict[int | None, tuple[LayerId, ...]] = {}
    for place, layer in enumerate(layers):
        children[layer.group] = (*children.get(layer.group, ()), LayerId(str(place)))
    made: dict[LayerId, Layer] = {}
    for place, layer in enumerate(layers):
        content: Content = Group(children.get(place, ())) if layer.pixels is None else Pixels(stored(layer.pixels))
        mask = None
        if layer.mask is not None:
            given = layer.mask
            mask = Mask(stored(given.values), Point(given.x, given.y), given.outside, given.enabled)
        made[LayerId(str(place))] = Layer(
            LayerId(str(place)),
            layer.name,
            content,
            Point(layer.x, layer.y),
            layer.opacity,
            layer.blend_mode,
            layer.visible,
            mask=mask,
        )
    document = Document(Size(*size), layers=made, root=children.get(None, ()))
    return flatten(document, tiles.__getitem__, threads=1)
