"""From the document to a file of another program: flattened or in layers, labelled honestly, whole or not at all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.document.geometry import Rect, Size
from nanodesk.document.operations.canvas import crop_document
from nanodesk.document.provenance import Origin
from nanodesk.editor.errors import ExportError
from nanodesk.resources import resource_path

if TYPE_CHECKING:
    from pathlib import Path

    from nanodesk.document.document import Document
    from nanodesk.editor.pixel_store import Block, PixelStore


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format that can be written, as a dialog shows it.

    Attributes:
        name: what the writer calls it.
        suffixes: endings of its files, the usual one first.
        title: for people, with what it is good for.
        quality: whether it loses something, and how much can be chosen.
        lossless: whether it can be asked to lose nothing.
        layers: whether it holds the layers.
        transparency, resolution, camera: whether it can hold these.
    """

    name: str
    suffixes: tuple[str, ...]
    title: str
    quality: bool = False
    lossless: bool = False
    layers: bool = False
    transparency: bool = True
    resolution: bool = True
    camera: bool = True


FORMATS = (
    ExportFormat("png", (".png",), "PNG, lossless"),
    ExportFormat("jpeg", (".jpg", ".jpeg"), "JPEG", quality=True, transparency=False),
    ExportFormat("webp", (".webp",), "WebP", quality=True, lossless=True, resolution=False),
    ExportFormat("avif", (".avif",), "AVIF, smallest", quality=True, resolution=False),
    ExportFormat("tiff", (".tif", ".tiff"), "TIFF, lossless", camera=False),
    ExportFormat("psd", (".psd",), "Photoshop, with layers", layers=True),
    ExportFormat("ora", (".ora",), "OpenRaster, with layers", layers=True),
    ExportFormat("pdf", (".pdf",), "PDF, one page", quality=True, lossless=True, camera=False),
)
SUFFIXES = {suffix: one.name for one in FORMATS for suffix in one.suffixes}


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How a picture is written.

    Attributes:
        quality: 1 to 100, for JPEG, WebP, AVIF and PDF.
        lossless: for WebP and PDF.
        size: the picture is scaled to cover this size and cut to it about the middle; none keeps its own.
        keep_camera: carry along what the camera of the lowest photo said: make, date, settings, author.
        keep_place: carry along where it was taken.
    """

    quality: int = 92
    lossless: bool = False
    size: Size | None = None
    keep_camera: bool = False
    keep_place: bool = False


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        size: in pixels.
        notes: what the format could not carry as it was, one plain sentence each.
    """

    size: Size
    notes: tuple[str, ...] = ()


def format_of(path: Path) -> ExportFormat:
    """The format that a file's name stands for.

    Raises:
        ExportError: when the ending stands for no format that can be written.
    """
    check_suffix(path)
    return next(one for one in FORMATS if path.suffix.lower() in one.suffixes)


def with_ending(path: Path, suffix: str) -> Path:
    """A path that somebody typed, with the ending of the format that was chosen.

    Raises:
        ExportError: when that is another file than the one that was named, and it is there already.
    """
    kind = SUFFIXES[suffix]
    if SUFFIXES.get(path.suffix.lower()) == kind:
        return path
    known = path.suffix.lower() in SUFFIXES
    other = path.with_suffix(suffix) if known else path.with_name(path.name + suffix)
    if other.exists():
        raise ExportError(f"“{other.name}” is there already; choose another name.")
    return other


def check_suffix(path: Path) -> None:
    """Whether a picture can be written under that name.

    Raises:
        ExportError: when the ending stands for no format that can be written.
    """
    if path.suffix.lower() not in SUFFIXES:
        usual = ", ".join(one.suffixes[0] for one in FORMATS[:-1])
        raise ExportError(
            f"“{path.name}” has no known ending; use {usual} or {FORMATS[-1].suffixes[0]} (or .nanodesk for a project)."
        )


def _preset_rows() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(resource_path("presets.json").read_text("utf-8"))["presets"]
    return rows


def presets() -> dict[str, Size]:
    """The shipped size presets by name, in pixels."""
    return {str(row["name"]): Size(int(str(row["width"])), int(str(row["height"]))) for row in _preset_rows()}


def preset_titles() -> dict[str, str]:
    """What each preset is called in the window, by its name."""
    return {str(row["name"]): str(row["title"]) for row in _preset_rows()}


def preset_size(name: str) -> Size:
    """The size of a preset.

    Raises:
        ExportError: naming those there are.
    """
    known = presets()
    if name not in known:
        raise ExportError(f"There is no preset “{name}”; there are: {', '.join(known)}.")
    return known[name]


def export(document: Document, pixels: PixelStore, path: Path, options: ExportOptions) -> Exported:
    """Write a document's picture, with its layers where the format holds them; slow.

    Raises:
        ExportError: when there is nothing to write, or the file cannot be written; nothing is left half-written.
    """
    from nanodesk.editor.carrying import BY_FORMAT, carried_layers
    from nanodesk.formats.errors import FormatError
    from nanodesk.formats.export import PictureOptions, write_picture
    from nanodesk.imaging.painter import flatten

    kind = format_of(path)
    if document.size.empty:
        raise ExportError("There is no picture to export.")
    if options.size is not None and kind.layers:
        document, pixels = _document_covering(document, pixels, options.size)
    block = flatten(document, pixels.tile)
    if options.size is not None and not kind.layers:
        block = _covering(block, options.size)
    layers, notes = carried_layers(document, pixels, BY_FORMAT[kind.name]) if kind.layers else ([], [])
    keeps = options.keep_camera or options.keep_place
    written = PictureOptions(
        format=kind.name,
        quality=options.quality,
        lossless=options.lossless,
        dpi=document.dpi,
        profile=document.profile,
        source_type=source_type(document),
        exif=camera_data(document) if keeps else None,
        keep_place=options.keep_place,
        keep_camera=options.keep_camera,
    )
    try:
        write_picture(path, block, written, layers)
    except FormatError as error:
        raise ExportError(str(error)) from None
    return Exported(Size(block.shape[1], block.shape[0]), tuple(notes))


def _frame(size: Size, wanted: Size) -> tuple[Size, Rect]:
    """The smallest size of the same shape that covers the wanted one, and what to cut out of its middle."""
    factor = max(wanted.width / size.width, wanted.height / size.height)
    whole = Size(max(wanted.width, round(size.width * factor)), max(wanted.height, round(size.height * factor)))
    cut = Rect((whole.width - wanted.width) // 2, (whole.height - wanted.height) // 2, wanted.width, wanted.height)
    return whole, cut


def _covering(block: Block, wanted: Size) -> Block:
    from nanodesk.imaging.resample import resize

    whole, cut = _frame(Size(block.shape[1], block.shape[0]), wanted)
    return resize(block, whole)[cut.y : cut.bottom, cut.x : cut.right].copy()


def _document_covering(document: Document, pixels: PixelStore, wanted: Size) -> tuple[Document, PixelStore]:
    """Every layer scaled and moved, in a store of their own."""
    from nanodesk.editor.pixel_store import PixelStore
    from nanodesk.editor.transforming import resized

    whole, cut = _frame(document.size, wanted)
    own = PixelStore()
    own.reads_from(pixels.packed)
    return crop_document(resized(document, whole, own), cut), own


def camera_data(document: Document) -> bytes | None:
    """What the camera of the lowest visible photo said, as an EXIF block; none where no photo has any."""
    for layer, _ in reversed(list(document.walk())):
        exif = None if layer.provenance is None else layer.provenance.exif
        if exif is not None and document.shown(layer.id):
            return exif
    return None


def source_type(document: Document) -> str | None:
    """The IPTC digital source type that a picture must carry: none while no visible layer is a generative model's.

    Wholly generated is only what consists of a model's answers as they came; merged or imported pictures with generated
    parts make it a composite.
    """
    visible = [layer for layer, _ in document.walk() if document.shown(layer.id) and layer.opacity > 0]
    origins = [layer.provenance for layer in visible if layer.provenance is not None and layer.provenance.generative]
    if not origins:
        return None
    whole = [one for one in origins if one.origin is Origin.RUN]
    pictures = [layer for layer in visible if layer.grid is not None]
    return "trainedAlgorithmicMedia" if len(whole) == len(pictures) else "compositeWithTrainedAlgorithmicMedia"
