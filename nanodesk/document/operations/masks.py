"""Masks of layers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.errors import DocumentError
from nanodesk.document.operations.layers import put_layer, unlocked

if TYPE_CHECKING:
    from nanodesk.document.document import Document
    from nanodesk.document.identity import LayerId
    from nanodesk.document.layer import Mask


def set_mask(document: Document, layer_id: LayerId, mask: Mask) -> Document:
    """Limit a layer by a mask, in place of the one it had.

    Raises:
        LockedLayerError: when the layer is locked.
        DocumentError: when the mask is no grey picture.
    """
    if mask.grid.channels != 1:
        raise DocumentError("A mask is a grey picture.")
    return put_layer(document, replace(unlocked(document, layer_id), mask=mask))


def remove_mask(document: Document, layer_id: LayerId) -> Document:
    """Limit a layer no more."""
    return put_layer(document, replace(unlocked(document, layer_id), mask=None))


def enable_mask(document: Document, layer_id: LayerId, enabled: bool) -> Document:
    """Let a mask limit its layer, or keep it without effect.

    Raises:
        DocumentError: when the layer has no mask.
    """
    layer = unlocked(document, layer_id)
    if layer.mask is None:
        raise DocumentError(f"“{layer.name}” has no mask.")
    return put_layer(document, replace(layer, mask=replace(layer.mask, enabled=enabled)))
