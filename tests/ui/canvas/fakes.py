"""A project as the canvas sees it: a real editor, and a painter that counts what it is asked for."""

import asyncio
import functools
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from nanodesk.document.change import Change
from nanodesk.document.damage import damage
from nanodesk.document.document import Document
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.identity import LayerId
from nanodesk.document.layer import Layer, Pixels
from nanodesk.document.operations.layers import add_layer
from nanodesk.document.tiles import TILE, Tile, TileGrid, TileId, TileKind
from nanodesk.editor.editor import Editor
from nanodesk.editor.signal import Signal

if TYPE_CHECKING:
    from nanodesk.editor.notice import Notice

Place = tuple[int, int]


def grid_of(size: Size, mark: str = "a") -> TileGrid:
    """A grid whose tiles are told apart by a mark; the fake painter needs no pixels behind it."""
    columns, rows = -(-size.width // TILE), -(-size.height // TILE)
    return TileGrid(size, 4, tuple(Tile(TileId(f"{mark}{n}"), TileKind.OPAQUE) for n in range(columns * rows)))


def layer_of(name: str, size: Size, offset: Point = Point(), **values: object) -> Layer:
    return replace(Layer(LayerId(name), name, Pixels(grid_of(size, name)), offset), **values)  # type: ignore[arg-type]  # fields by name


COLOURS = {"red": (30, 30, 220), "blue": (220, 60, 30), "green": (40, 180, 40)}
"""Blue, green, red of a layer by its name; others are grey."""


class FakePainter:
    """Plain colours: each layer is opaque in its rectangle; only Normal and opacity are known."""

    def __init__(self, editor: Editor) -> None:
        self.editor = editor
        self.damaged: Signal[Rect | None] = Signal()
        self.asked: list[tuple[int, Place]] = []
        self.rendered_parts: list[tuple[Rect, int]] = []
        self.gate: asyncio.Event | None = None
        self.broken = False
        self.open_iterators = 0
        editor.changed.connect(self._changed)

    def _changed(self, change: Change) -> None:
        if change.touches_document:
            self.damaged.emit(damage(change, self.editor.document))

    async def tiles(self, level: int, places: Sequence[Place]) -> AsyncIterator[tuple[Place, np.ndarray]]:
        self.open_iterators += 1
        try:
            for place in places:
                self.asked.append((level, place))
                if self.gate is not None:
                    await self.gate.wait()
                await asyncio.sleep(0)
                if self.broken:
                    raise OSError("the tile cannot be read")
                edge = TILE << level
                rect = Rect(place[0] * edge, place[1] * edge, edge, edge).intersected(self.editor.document.rect)
                assert not rect.empty, f"a tile beside the document was asked for: {level} {place}"
                yield place, painted(self.editor.document, rect, level)
        finally:
            self.open_iterators -= 1

    async def rendered(self, document: Document, rect: Rect, level: int) -> np.ndarray:
        self.rendered_parts.append((rect, level))
        await asyncio.sleep(0)
        if self.gate is not None:
            await self.gate.wait()
        return painted(document, rect.intersected(document.rect), level)

    async def picture_thumbnail(self, grid: TileGrid, max_size: Size) -> np.ndarray:
        mask = np.zeros((grid.size.height, grid.size.width), np.uint8)
        mask[10:30, 10:30] = 255
        return mask

    def colour_at(self, x: int, y: int) -> tuple[int, int, int, int] | None:
        pixel = painted(self.editor.document, Rect(x, y, 1, 1), 0)[0, 0]
        return int(pixel[2]), int(pixel[1]), int(pixel[0]), int(pixel[3])

    async def pick(self, x: int, y: int) -> LayerId | None:
        for layer, _ in self.editor.document.walk():
            if layer.rect is not None and layer.visible and layer.rect.contains(Rect(x, y, 1, 1)):
                return layer.id
        return None


def painted(document: Document, rect: Rect, level: int) -> np.ndarray:
    scale = 1 << level
    height, width = -(-rect.height // scale), -(-rect.width // scale)
    block = np.zeros((height, width, 4), np.float64)
    for layer_id in document.root:
        layer = document.layers[layer_id]
        if layer.rect is None or not layer.visible:
            continue
        part = layer.rect.intersected(rect).translated(Point(-rect.x, -rect.y))
        if part.empty:
            continue
        colour = np.array([*COLOURS.get(str(layer.id).split("-")[0], (128, 128, 128)), 255.0]) * layer.opacity
        where = (slice(part.y // scale, -(-part.bottom // scale)), slice(part.x // scale, -(-part.right // scale)))
        block[where] = colour + block[where] * (1.0 - layer.opacity)
    return np.rint(block).astype(np.uint8)


class FakeProject:
    """What the canvas asks of a project."""

    def __init__(self, *layers: Layer, size: Size = Size(0, 0)) -> None:
        self.editor = Editor()
        self.painter = FakePainter(self.editor)
        self.notices: Signal[Notice] = Signal()
        self.status_changed: Signal[()] = Signal()
        self.told: list[Notice] = []
        self.notices.connect(self.told.append)
        self.name = "Café poster"
        if not size.empty:
            self.editor.apply_document("Add picture", lambda document: replace(document, size=size))
        for layer in layers:
            self.editor.apply_document(f"Add {layer.name}", functools.partial(add_layer, layer=layer))

    def layer(self, name: str) -> Layer:
        return self.editor.document.layer(LayerId(name))

    def labels(self) -> list[str]:
        history = self.editor.history
        return [history.step(step_id).label for step_id in history.line(history.current)][1:]
