"""100 strokes of 900 x 90 pixels on a 12 megapixel photo: what they cost in tiles and in bytes."""

import asyncio
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from nanodesk.document.document import Document
from nanodesk.document.geometry import Rect, Size
from nanodesk.document.identity import LayerId
from nanodesk.document.layer import Layer, Pixels
from nanodesk.document.tiles import TileGrid
from nanodesk.editor.workspace import Workspace
from nanodesk.resources import resource_path
from nanodesk.storage.settings import Settings

STROKES = 100


def photo(rng: np.random.Generator) -> np.ndarray:
    """A shipped sample at 12 megapixels, with grain."""
    sample = np.asarray(cv2.imread(str(resource_path("samples", "coffee.jpg"))))
    large = np.asarray(cv2.resize(sample, (4000, 3000), interpolation=cv2.INTER_CUBIC), np.int16)
    large = large + rng.normal(0, 3, large.shape).astype(np.int16)
    block = np.full((3000, 4000, 4), 255, np.uint8)
    block[..., :3] = np.clip(large, 0, 255)
    return block


def written(folder: Path) -> int:
    """Bytes of the recovery file."""
    return sum(path.stat().st_size for path in folder.rglob("*.recovery"))


def begun(_: Document, layer: Layer) -> Document:
    return Document(Size(4000, 3000), layers={layer.id: layer}, root=(layer.id,))


def painted(document: Document, layer_id: LayerId, grid: TileGrid) -> Document:
    layer = replace(document.layer(layer_id), content=Pixels(grid))
    return replace(document, layers={**document.layers, layer_id: layer})


async def story(folder: Path) -> None:
    space = Workspace([], Settings(folder / "settings.json"), folder / "recovery")
    project = space.new()
    rng = np.random.default_rng(2)
    block = photo(rng)
    layer = Layer(LayerId("paint"), "paint", Pixels(project.pixels.add(block)))
    project.editor.apply_document("Begin", partial(begun, layer=layer))
    await project.keeping.flushed()
    tiles, size = project.pixels.added, written(folder)
    for _ in range(STROKES):
        rect = Rect(int(rng.integers(0, 3100)), int(rng.integers(0, 2910)), 900, 90)
        grid = project.editor.document.layer(layer.id).grid
        assert grid is not None
        colour = np.full((90, 900, 4), int(rng.integers(1, 256)), np.uint8)
        new = project.pixels.paint(grid, rect, colour)
        project.editor.apply_document("Stroke", partial(painted, layer_id=layer.id, grid=new))
    await project.keeping.flushed()
    strokes = written(folder) - size
    print(f"one raw layer                      {block.nbytes / 1e6:8.1f} MB")
    print(f"the layer in the file              {size / 1e6:8.1f} MB   x{size / block.nbytes:.2f}")
    print(f"tiles taken in, a stroke           {(project.pixels.added - tiles) / STROKES:8.1f}")
    print(f"raw in memory at the end           {project.pixels.raw_bytes / 1e6:8.1f} MB")
    print(f"packed in memory                   {project.pixels.packed_bytes / 1e6:8.1f} MB")
    print(f"written for {STROKES} strokes            {strokes / 1e6:8.1f} MB   x{strokes / block.nbytes:.2f}")
    await space.close(project, discard=True)
    await space.shut_down()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(story(Path(name)))
