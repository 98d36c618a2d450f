"""What holds of every document and state, whatever was done to it or read from a file."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from nanodesk.document.errors import DocumentError
from nanodesk.document.operations.canvas import MAX_EDGE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nanodesk.document.document import Document
    from nanodesk.document.identity import LayerId
    from nanodesk.document.state import State


def check(document: Document) -> None:
    """See that each layer is reached exactly once from the root, and that its numbers are in range.

    Raises:
        DocumentError: when it is not so; the sentence names the first fault found.
    """
    reached: set[LayerId] = set()
    waiting = list(document.root)
    while waiting:
        layer_id = waiting.pop()
        if layer_id not in document.layers:
            raise DocumentError("The document names a layer that is not there.")
        if layer_id in reached:
            raise DocumentError("A layer of the document stands in two places.")
        reached.add(layer_id)
        waiting.extend(document.layers[layer_id].children)
    if len(reached) != len(document.layers):
        raise DocumentError("A layer of the document stands nowhere.")
    for layer_id, layer in document.layers.items():
        if layer.id != layer_id:
            raise DocumentError("A layer of the document is kept under another's id.")
        if not 0.0 <= layer.opacity <= 1.0:
            raise DocumentError(f"The opacity of “{layer.name}” is out of range.")
    if max(document.size.width, document.size.height) > MAX_EDGE:
        raise DocumentError("The document is larger than any picture.")
    if not math.isfinite(document.dpi) or document.dpi <= 0:
        raise DocumentError("The document's resolution is no positive number.")


def check_state(state: State) -> None:
    """The same, and that sentences and references are each there once and of layers that are there.

    Raises:
        DocumentError: when it is not so.
    """
    check(state.document)
    if _repeated(edit.id for edit in state.edit_stack):
        raise DocumentError("An edit stands in the stack twice.")
    if _repeated(reference.id for reference in state.tray):
        raise DocumentError("A reference lies in the tray twice.")
    for reference in state.tray:
        if reference.layer is not None and reference.layer not in state.document.layers:
            raise DocumentError("A reference is to a layer that is not there.")


def _repeated(ids: Iterable[str]) -> bool:
    return any(count > 1 for count in Counter(ids).values())
