"""From the document to a picture file: flattened, scaled where wanted, labelled honestly, whole or not at all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.document.geometry import Rect, Size
from nanodesk.editor.errors import ExportError
from nanodesk.resources import resource_path

if TYPE_CHECKING:
    from pathlib import Path

    from nanodesk.document.document import Document
    from nanodesk.editor.pixel_store import Block, PixelStore

SUFFIXES = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp", ".tif": "tiff", ".tiff": "tiff"}


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How a picture is written.

    Attributes:
        quality: 1 to 100, for JPEG and WebP.
        lossless: for WebP.
        size: the picture is scaled to cover this size and cut to it about the middle; none keeps its own.
    """

    quality: int = 92
    lossless: bool = False
    size: Size | None = None


def check_suffix(path: Path) -> None:
    """Whether a picture can be written under that name.

    Raises:
        ExportError: when the ending stands for no format that can be written.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise ExportError(
            f"“{path.name}” has no known ending; use .png, .jpg, .webp or .tif (or .nanodesk for a project)."
        )


def presets() -> dict[str, Size]:
    """The shipped size presets by name, in pixels."""
    rows = json.loads(resource_path("presets.json").read_text("utf-8"))["presets"]
    return {str(row["name"]): Size(int(row["width"]), int(row["height"])) for row in rows}


def preset_size(name: str) -> Size:
    """The size of a preset.

    Raises:
        ExportError: naming those there are.
    """
    known = presets()
    if name not in known:
        raise ExportError(f"There is no preset “{name}”; there are: {', '.join(known)}.")
    return known[name]


def export(document: Document, pixels: PixelStore, path: Path, options: ExportOptions) -> Size:
    """Flatten a document and write it; slow. The size written.

    Raises:
        ExportError: when there is nothing to write, or the file cannot be written; nothing is left half-written.
    """
    from nanodesk.formats.errors import FormatError
    from nanodesk.formats.export import PictureOptions, write_picture
    from nanodesk.imaging.painter import flatten

    check_suffix(path)
    if document.size.empty:
        raise ExportError("There is no picture to export.")
    block = flatten(document, pixels.tile)
    if options.size is not None:
        block = _covering(block, options.size)
    written = PictureOptions(
        format=SUFFIXES[path.suffix.lower()],
        quality=options.quality,
        lossless=options.lossless,
        dpi=document.dpi,
        profile=document.profile,
        source_type=source_type(document),
    )
    try:
        write_picture(path, block, written)
    except FormatError as error:
        raise ExportError(str(error)) from None
    return Size(block.shape[1], block.shape[0])


def _covering(block: Block, size: Size) -> Block:
    from nanodesk.imaging.resample import resize

    factor = max(size.width / block.shape[1], size.height / block.shape[0])
    scaled = resize(
        block, Size(max(size.width, round(block.shape[1] * factor)), max(size.height, round(block.shape[0] * factor)))
    )
    cut = Rect((scaled.shape[1] - size.width) // 2, (scaled.shape[0] - size.height) // 2, size.width, size.height)
    return scaled[cut.y : cut.bottom, cut.x : cut.right].copy()


def source_type(document: Document) -> str | None:
    """The IPTC digital source type that a picture must carry: none while no visible layer is a generative model's."""
    visible = [layer for layer, _ in document.walk() if document.shown(layer.id) and layer.opacity > 0]
    made = [layer for layer in visible if layer.provenance is not None and layer.provenance.generative]
    if not made:
        return None
    pictures = [layer for layer in visible if layer.grid is not None]
    return "trainedAlgorithmicMedia" if len(made) == len(pictures) else "compositeWithTrainedAlgorithmicMedia"
