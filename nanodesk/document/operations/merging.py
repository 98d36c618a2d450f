"""Merging layers, given the merged picture."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.blend import BlendMode
from nanodesk.document.errors import DocumentError
from nanodesk.document.layer import Layer, Pixels
from nanodesk.document.operations.layers import put_layer, remove_layer, unlocked

if TYPE_CHECKING:
    from nanodesk.document.document import Document
    from nanodesk.document.geometry import Point
    from nanodesk.document.identity import LayerId
    from nanodesk.document.tiles import TileGrid


def merge_down(document: Document, layer_id: LayerId, merged: TileGrid, offset: Point) -> Document:
    """A layer and the one below it become one picture, which keeps the lower one's name and provenance.

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
    for inner, _ in list(document.walk(lower.id)):
        if inner.id in document.layers:
            document = remove_layer(document, inner.id)
    document = remove_layer(document, layer_id)
    one = Layer(
        lower.id,
        lower.name,
        Pixels(merged),
        offset,
        provenance=lower.provenance,
    )
    return put_layer(document, one)


def flatten_document(document: Document, merged: TileGrid, layer_id: LayerId) -> Document:
    """All layers become one picture of the document's size."""
    one = Layer(layer_id, "Flattened", Pixels(merged), blend_mode=BlendMode.NORMAL)
    return replace(document, layers={layer_id: one}, root=(layer_id,))
