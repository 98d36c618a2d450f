"""Derived documents: one layer alone, or what lies below it, as a frozen value that the painter can show."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.blend import BlendMode
from nanodesk.document.layer import Adjustment

if TYPE_CHECKING:
    from nanodesk.document.document import Document
    from nanodesk.document.geometry import Point
    from nanodesk.document.identity import LayerId
    from nanodesk.editor.pixel_store import Block, PixelStore


def alone(document: Document, layer_id: LayerId) -> Document:
    """The document with that layer (a group: with its children) and nothing else, fully opaque and visible."""
    layer = replace(document.layer(layer_id), visible=True, opacity=1.0, blend_mode=BlendMode.NORMAL)
    return replace(document, layers={**document.layers, layer_id: layer}, root=(layer_id,))


def up_to(document: Document, layer_id: LayerId) -> Document:
    """The document without what lies above the root layer that holds the layer."""
    top: LayerId = layer_id
    while (parent := document.parent_of(top)) is not None:
        top = parent
    return replace(document, root=document.root[: document.root.index(top) + 1])


def below(document: Document, layer_id: LayerId) -> Document:
    """The document without the root layer that holds the layer, and without what lies above it."""
    return replace(document, root=up_to(document, layer_id).root[:-1])


def place_of(document: Document, layer_id: LayerId) -> Point | None:
    """Where the top left corner of `layer_picture` lies on the document; none where it lies nowhere by itself."""
    layer = document.layer(layer_id)
    if isinstance(layer.content, Adjustment) or layer.rect is None:
        return None
    whole = layer.mask is None and layer.grid is not None
    return layer.rect.offset if whole else layer.rect.intersected(document.rect).offset


def layer_picture(document: Document, layer_id: LayerId, pixels: PixelStore) -> Block:
    """A layer as a picture of its own, cut to where it lies; an adjustment shows the picture it makes."""
    from nanodesk.imaging.painter import flatten

    layer = document.layer(layer_id)
    if isinstance(layer.content, Adjustment):
        return flatten(up_to(document, layer_id), pixels.tile)
    if layer.rect is not None and layer.mask is None and layer.grid is not None:
        return pixels.block(layer.grid)
    rect = None if layer.rect is None else layer.rect.intersected(document.rect)
    return flatten(alone(document, layer_id), pixels.tile, rect=rect)
