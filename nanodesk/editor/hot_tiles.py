"""Which tiles stay raw in memory: what was touched last, then the picture, as far as memory is to be spent on it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nanodesk.document.tiles import TileGrid, TileId
    from nanodesk.editor.editor import Editor

HOT_STEPS = 10
"""So many newest steps keep their tiles raw, for undoing at once."""

HOT_BYTES = 384 * 1024 * 1024
"""Raw bytes beyond which even the picture's own tiles are packed: eight layers of 12 megapixels."""


def hot_tiles(editor: Editor, shapes: Mapping[TileId, tuple[int, ...]], most: int | None = None) -> set[TileId]:
    """The tiles to keep raw: of the newest steps before and after, newest first, then of the document.

    Args:
        shapes: of every tile that is known.
        most: bytes that they may take; `HOT_BYTES` where none is given.
    """
    left = HOT_BYTES if most is None else most
    hot: set[TileId] = set()
    for grid in _newest_first(editor):
        for tile in grid.tiles:
            if tile is None or tile.id in hot:
                continue
            left -= math.prod(shapes.get(tile.id, (0,)))
            if left < 0:
                return hot
            hot.add(tile.id)
    return hot


def _newest_first(editor: Editor) -> Iterator[TileGrid]:
    history = editor.history
    for step_id in reversed(history.line(history.current)[-HOT_STEPS:]):
        change = editor.change_in_memory(step_id)
        for pair in () if change is None else change.layers.values():
            for layer in (pair.after, pair.before):
                if layer is not None:
                    yield from layer.grids()
    yield from editor.state.grids()
