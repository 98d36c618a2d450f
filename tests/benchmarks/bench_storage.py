"""What a project file costs: saving after one new layer, opening, memory a layer, packing.

PYTHONPATH=. .venv/bin/python tests/benchmarks/bench_storage.py [--layers 50] [--megapixels 12]
"""

import argparse
import asyncio
import os
import shutil
import tempfile
import zipfile
from pathlib import Path

import cv2
import numpy as np

from nanodesk.document.document import Document
from nanodesk.document.geometry import Size
from nanodesk.document.identity import LayerId
from nanodesk.document.layer import Layer, Pixels
from nanodesk.document.operations.layers import add_layer
from nanodesk.editor.workspace import Workspace
from nanodesk.imaging.tile_codec import pack
from nanodesk.resources import resource_path
from nanodesk.storage.project_file import ProjectFile
from nanodesk.storage.reading import ProjectReader
from nanodesk.storage.settings import Settings
from tests.benchmarks.measuring import interleaved, process, seconds, table

_BARE = """
import os
from PySide6.QtWidgets import QApplication, QWidget
class Window(QWidget):
    def paintEvent(self, event):
        os._exit(0)
application = QApplication([])
window = Window()
window.resize(1440, 900)
window.show()
application.exec()
"""
_OPENED = """
import os, sys
from pathlib import Path
import nanodesk.__main__
from nanodesk import app
run = app._run
async def ending_at_the_first_picture(application, files):
    from nanodesk.ui.canvas.canvas import CanvasWidget
    paint = CanvasWidget.paintEvent
    def painted(self, event):
        paint(self, event)
        if not self.viewport.document.empty:
            os._exit(0)
    CanvasWidget.paintEvent = painted
    await run(application, files)
app._run = ending_at_the_first_picture
app.main([Path(sys.argv[1])])
"""


def photo(rng: np.random.Generator, megapixels: float) -> np.ndarray:
    """A shipped sample enlarged, with grain: opaque BGRA of 4:3."""
    width = round((megapixels * 1e6 * 4 / 3) ** 0.5)
    sample = np.asarray(cv2.imread(str(resource_path("samples", "coffee.jpg"))))
    large = np.asarray(cv2.resize(sample, (width, width * 3 // 4), interpolation=cv2.INTER_CUBIC), np.int16)
    large = large + rng.normal(0, 3, large.shape).astype(np.int16)
    block = np.full((*large.shape[:2], 4), 255, np.uint8)
    block[..., :3] = np.clip(large, 0, 255)
    return block


def packing(block: np.ndarray) -> None:
    """Bytes of a cold layer against its raw bytes and a PNG of level 1."""
    height, width = block.shape[:2]
    fitted = np.zeros_like(block)
    fitted[: height // 4, : width // 4] = block[: height // 4, : width // 4]
    png = len(cv2.imencode(".png", block, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1])
    from nanodesk.imaging.tiling import split

    for name, picture in (("opaque photo", block), ("fitted into a sixteenth", fitted), ("empty", fitted * 0)):
        _, tiles = split(picture)
        size = sum(len(pack(tile)) for tile in tiles.values())
        print(f"packed, {name:24s} {size / 1e6:8.2f} MB  x{size / block.nbytes:.3f} of raw  x{size / png:.3f} of PNG")


def added(project: object, rng: np.random.Generator, megapixels: float, name: str) -> None:
    block = photo(rng, megapixels)
    layer = Layer(LayerId(name), name, Pixels(project.pixels.add(block)))  # type: ignore[attr-defined]  # typed as object where it is shared
    size = Size(block.shape[1], block.shape[0])

    def operation(document: Document) -> Document:
        return add_layer(document if not document.size.empty else Document(size), layer)

    project.editor.apply_document(f"Add {name}", operation)  # type: ignore[attr-defined]  # typed as object where it is shared


async def made(folder: Path, path: Path, layers: int, megapixels: float) -> None:
    """A project of so many layers; memory a layer is told on the way."""
    space = Workspace([], Settings(folder / "settings.json"), folder / "recovery")
    project = space.new()
    rng = np.random.default_rng(layers)
    for number in range(layers):
        added(project, rng, megapixels, f"layer {number}")
        await project.keeping.flushed()
    raw = round(megapixels * 4e6)
    held = project.pixels.raw_bytes + project.pixels.packed_bytes
    print(f"{layers} layers in memory: {held / 1e6:.0f} MB, x{held / layers / raw:.2f} of raw a layer")
    await project.save_as(path)
    await space.shut_down()


async def saving(folder: Path, path: Path, megapixels: float, runs: int) -> None:
    """A save after one new layer, beside writing the same bytes raw, and a zip anew."""
    space = Workspace([], Settings(folder / "settings.json"), folder / "recovery")
    rng = np.random.default_rng(99)
    project = await space.open(path)
    await project.keeping.condition.inspection.finished()
    ours, raw, grown = [], [], []
    await project.save()
    for number in range(runs):
        added(project, rng, megapixels, f"new {number}")
        await project.keeping.flushed()
        before = size_of(path)
        began = asyncio.get_running_loop().time()
        await project.save()
        ours.append(asyncio.get_running_loop().time() - began)
        grown.append(size_of(path) - before)
        data = os.urandom(grown[-1])
        raw.append(seconds(lambda data=data: written(folder / "raw", data)))  # type: ignore[misc]  # bound now
    whole = os.urandom(1 << 20) * (size_of(path) >> 20)
    zipped = [seconds(lambda: rewritten(folder / "zip", whole)) for _ in range(2)]
    same = "raw write and fsync of the same bytes"
    table({same: raw, "save after one new layer": ours, "a zip written anew": zipped}, same)
    print(f"the file grew by {sum(grown) / len(grown) / 1e6:.1f} MB a layer")
    await space.shut_down()


def size_of(path: Path) -> int:
    return path.stat().st_size


def written(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def rewritten(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as container:
            for start in range(0, len(data), 20 << 20):
                container.writestr(f"layer {start}", data[start : start + (20 << 20)])
        file.flush()
        os.fsync(file.fileno())


def opening(few: Path, many: Path) -> None:
    """Values and preview in this process; then a whole program up to the picture on the canvas."""

    def values(path: Path) -> object:
        file = ProjectFile.open(path, read_only=True)
        try:
            return file.preview("screen"), ProjectReader([file]).read()
        finally:
            file.close()

    here = {"few layers: values and preview": lambda: values(few), "many layers: the same": lambda: values(many)}
    table(interleaved(here, 5), "few layers: values and preview")
    os.environ.update(XDG_STATE_HOME=str(few.parent), XDG_CONFIG_HOME=str(few.parent))
    rows = {
        "a bare window, painted": process("-c", _BARE),
        "few layers: opened, picture painted": process("-c", _OPENED, str(few)),
        "many layers: opened, picture painted": process("-c", _OPENED, str(many)),
    }
    table(interleaved(rows, 5), "a bare window, painted")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--layers", type=int, default=50)
    asked.add_argument("--megapixels", type=float, default=12.0)
    asked.add_argument("--runs", type=int, default=5)
    chosen = asked.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="nanodesk-bench-"))
    try:
        packing(photo(np.random.default_rng(1), chosen.megapixels))
        few, many = folder / "few.nanodesk", folder / "many.nanodesk"
        asyncio.run(made(folder, few, max(1, chosen.layers // 5), chosen.megapixels))
        asyncio.run(made(folder, many, chosen.layers, chosen.megapixels))
        print(f"the project is of {many.stat().st_size / 1e6:.0f} MB", flush=True)
        opening(few, many)
        asyncio.run(saving(folder, many, chosen.megapixels, chosen.runs))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
