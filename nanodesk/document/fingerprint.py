"""A cheap identity of what a document looks like, from its values alone."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from nanodesk.document.layer import Adjustment, Group, Layer
from nanodesk.document.tiles import PixelsId

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.document.document import Document
    from nanodesk.document.identity import LayerId


def fingerprint(document: Document) -> PixelsId:
    """SHA-256 over all that is painted: equal fingerprints mean equal pictures (not the other way round)."""
    digest = hashlib.sha256(repr((document.size, document.profile)).encode())
    _add(document, document.root, digest.update)
    return PixelsId(digest.hexdigest())


def fingerprints_below(document: Document) -> dict[LayerId, PixelsId]:
    """For every layer the fingerprint of what lies below the root layer that holds it; all in one pass."""
    digest = hashlib.sha256(repr((document.size, document.profile)).encode())
    found: dict[LayerId, PixelsId] = {}
    for root in document.root:
        below = PixelsId(digest.hexdigest())
        waiting = [root]
        while waiting:
            layer_id = waiting.pop()
            found[layer_id] = below
            waiting.extend(document.layers[layer_id].children)
        _add(document, (root,), digest.update)
    return found


def _add(document: Document, ids: tuple[LayerId, ...], update: Callable[[bytes], None]) -> None:
    for layer_id in ids:
        layer = document.layers[layer_id]
        if layer.visible and layer.opacity > 0:
            update(repr(_painted(layer)).encode())
            if isinstance(layer.content, Group):
                update(b"(")
                _add(document, layer.children, update)
                update(b")")


def _painted(layer: Layer) -> tuple[object, ...]:
    grid = layer.grid
    content: object = layer.content if isinstance(layer.content, Adjustment) else type(layer.content).__name__
    if grid is not None:
        content = grid.id
    mask = layer.mask
    limits = (mask.grid.id, mask.offset, mask.outside) if mask is not None and mask.enabled else None
    return content, layer.offset, layer.opacity, layer.blend_mode, limits
