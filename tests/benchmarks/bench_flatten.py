"""Flattening 10 layers of 12 megapixels in memory, against Pillow, a plain copy and, where it is installed, libvips."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from nanodesk.document.document import Document
from nanodesk.document.geometry import Size
from nanodesk.document.identity import LayerId
from nanodesk.document.layer import Layer, Pixels
from nanodesk.imaging.painter import flatten
from nanodesk.imaging.tiling import split
from tests.benchmarks.measuring import interleaved, table

if TYPE_CHECKING:
    from nanodesk.document.tiles import TileId

WIDTH, HEIGHT, LAYERS, OPACITY = 4000, 3000, 10, 0.8


def blocks() -> list[np.ndarray]:
    """An opaque base and soft, half transparent blobs over it."""
    rng = np.random.default_rng(1)
    noise = np.tile(rng.integers(0, 256, (256, 256, 4), np.uint8), (HEIGHT // 256 + 1, WIDTH // 256 + 1, 1))
    down, across = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    made = []
    for number in range(LAYERS):
        block = np.ascontiguousarray(np.roll(noise[:HEIGHT, :WIDTH], 17 * number, 1))
        blobs = np.sin(across / (200 + 13 * number)) * np.cos(down / (170 + 11 * number))
        block[..., 3] = np.clip(blobs * 700, 0, 255).astype(np.uint8) if number else 255
        made.append(block)
    return made


def main() -> None:
    made = blocks()
    tiles: dict[TileId, np.ndarray] = {}
    layers = []
    for number, block in enumerate(made):
        grid, new = split(block)
        tiles.update(new)
        layers.append(Layer(LayerId(str(number)), str(number), Pixels(grid), opacity=OPACITY if number else 1.0))
    ids = tuple(layer.id for layer in layers)
    document = Document(Size(WIDTH, HEIGHT), layers={layer.id: layer for layer in layers}, root=ids)
    pictures = [Image.fromarray(np.ascontiguousarray(block[..., [2, 1, 0, 3]]), "RGBA") for block in made]
    target = made[0].copy()

    def copies() -> None:
        for block in made:
            np.copyto(target, block)

    def pillow() -> None:
        flat = pictures[0]
        for picture in pictures[1:]:
            flat = Image.alpha_composite(flat, picture)

    calls: dict[str, Callable[[], object]] = {
        "flatten, one thread": lambda: flatten(document, tiles.__getitem__, threads=1),
        "flatten, two threads": lambda: flatten(document, tiles.__getitem__, threads=2),
        "Pillow alpha_composite (opacity 1)": pillow,
        "a plain copy of the same bytes": copies,
    }
    vips = _vips(made)
    if vips is not None:
        calls["libvips composite (opacity 1), its own threads"] = vips
    taken = interleaved(calls, runs=5)
    table(taken, "a plain copy of the same bytes", WIDTH * HEIGHT * LAYERS / 1e6, "MP*layers/s")


def _vips(made: list[np.ndarray]) -> Callable[[], object] | None:
    try:
        import pyvips
    except ImportError:
        sys.stdout.write("libvips is not installed here (pip install pyvips pyvips-binary)\n")
        return None
    pictures = [
        pyvips.Image.new_from_memory(block.tobytes(), WIDTH, HEIGHT, 4, "uchar").copy(interpretation="srgb")
        for block in made
    ]

    def run() -> object:
        flat = pictures[0].composite(pictures[1:], "over", premultiplied=True, compositing_space="srgb")
        return flat.cast("uchar").write_to_memory()

    return run


if __name__ == "__main__":
    main()
