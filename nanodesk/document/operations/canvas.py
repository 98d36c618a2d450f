"""Size, resolution and profile of the document, and what happens to its layers then."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.errors import DocumentError
from nanodesk.document.geometry import Point, Rect, Size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nanodesk.document.document import Document
    from nanodesk.document.identity import LayerId
    from nanodesk.document.layer import Content, Mask

MAX_EDGE = 300_000
"""The largest width or height of a document, as in other editors' large formats."""


def set_document_frame(document: Document, size: Size, dpi: float, profile: bytes | None) -> Document:
    """Size, resolution and colour profile, as of the first picture.

    Raises:
        DocumentError: when the size is empty or beyond all bounds, or the resolution is no positive number.
    """
    _check_size(size)
    if not math.isfinite(dpi) or dpi <= 0:
        raise DocumentError("A resolution is a positive number of pixels an inch.")
    return replace(document, size=size, dpi=float(dpi), profile=profile)


def _check_size(size: Size) -> None:
    if size.empty:
        raise DocumentError("A document needs at least one pixel each way.")
    if size.width > MAX_EDGE or size.height > MAX_EDGE:
        raise DocumentError(f"A document can be at most {MAX_EDGE} pixels wide or high.")


def crop_document(document: Document, rect: Rect) -> Document:
    """Cut the canvas to a rectangle, or widen it; layers keep their pixels beyond it.

    Raises:
        DocumentError: when nothing would be left.
    """
    if rect.empty or rect.intersected(document.rect).empty:
        raise DocumentError("The crop would leave nothing of the picture.")
    _check_size(rect.size)
    by = Point(-rect.x, -rect.y)
    layers = {layer_id: layer.moved(by) for layer_id, layer in document.layers.items()}
    return replace(document, size=rect.size, layers=layers)


def resize_canvas(document: Document, size: Size, offset: Point) -> Document:
    """Another canvas around the same layers, which move by `offset`; their pixels stay.

    Raises:
        DocumentError: when the size is empty or beyond all bounds.
    """
    _check_size(size)
    layers = {layer_id: layer.moved(offset) for layer_id, layer in document.layers.items()}
    return replace(document, size=size, layers=layers)


def with_contents(
    document: Document, size: Size, contents: Mapping[LayerId, tuple[Content, Point, Mask | None]]
) -> Document:
    """The document after every layer was turned or scaled: new size, contents, places and masks.

    Raises:
        DocumentError: when the size is empty or beyond all bounds.
    """
    _check_size(size)
    layers = dict(document.layers)
    for layer_id, (content, offset, mask) in contents.items():
        layers[layer_id] = replace(document.layer(layer_id), content=content, offset=offset, mask=mask)
    return replace(document, size=size, layers=layers)
