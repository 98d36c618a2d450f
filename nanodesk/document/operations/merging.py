"""Merging layers, given the merged picture."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.blend import BlendMode
from nanodesk.document.errors import DocumentError
from nanodesk.document.layer import Layer, Pixels
from nanodesk.document.operations.layers import put_layer, remove_layer, unlocked
from nanodesk.document.provenance import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nanodesk.document.document import Document
    from nanodesk.document.geometry import Point
    from nanodesk.document.identity import LayerId
    from nanodesk.document.provenance import Provenance
    from nanodesk.document.tiles import TileGrid


def merge_down(document: Document, layer_id: LayerId, merged: TileGrid, offset: Point) -> Document:
    """A layer and the one below it become one picture, which keeps the lower one's name and provenance.

    Where a generative model made the upper one and not the lower, the picture says that.

    Raises:
        LockedLayerError: when one of the two is locked.
        DocumentError: when there is no layer below.
    """
    upper = unlocked(document, layer_id)
    siblings = document.siblings_of(layer_id)
    place = siblings.index(layer_id)
    if place == 0:
        raise DocumentError(f"There is no layer below “{upper.name}” to merge it with.")
    lower = unlocked(document, siblings[place - 1])
    inside = [layer for one in (lower, upper) for layer, _ in document.walk(one.id)]
    for inner, _ in list(document.walk(lower.id)):
        if inner.id in document.layers:
            document = remove_layer(document, inner.id)
    document = remove_layer(document, layer_id)
    one = Layer(
        lower.id,
        lower.name,
        Pixels(merged),
        offset,
        provenance=lower.provenance if _generative(lower) else _of_all((upper, lower, *inside)) or lower.provenance,
    )
    return put_layer(document, one)


def flatten_document(document: Document, merged: TileGrid, layer_id: LayerId) -> Document:
    """All layers become one picture of the document's size."""
    origin = _of_all(layer for layer, _ in document.walk() if document.shown(layer.id))
    one = Layer(layer_id, "Flattened", Pixels(merged), blend_mode=BlendMode.NORMAL, provenance=origin)
    return replace(document, layers={layer_id: one}, root=(layer_id,))


def _generative(layer: Layer) -> bool:
    return layer.provenance is not None and layer.provenance.generative


def _of_all(layers: Iterable[Layer]) -> Provenance | None:
    """Where a picture made of several comes from, when a generative model had a hand in it; none otherwise.

    What it says of a picture must not be lost by merging.
    """
    told = [layer.provenance for layer in layers if layer.provenance is not None]
    made = next((one for one in told if one.generative), None)
    if made is None:
        return None
    exif = next((one.exif for one in told[::-1] if one.exif is not None), None)
    return replace(made, origin=Origin.MADE, exif=exif)
