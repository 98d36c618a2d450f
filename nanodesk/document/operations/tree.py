"""The order of layers, and groups."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.errors import DocumentError
from nanodesk.document.identity import LayerId, new_id
from nanodesk.document.layer import Group, Layer
from nanodesk.document.operations.layers import put_children

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nanodesk.document.document import Document


def reorder_layer(document: Document, layer_id: LayerId, parent: LayerId | None, index: int) -> Document:
    """Take a layer out of its place and put it into a group, or to the root.

    Args:
        index: its place among its new siblings, from the bottom, after it was taken out.

    Raises:
        DocumentError: when a group would end up in itself, or the parent is no group.
    """
    document.layer(layer_id)
    if parent is not None:
        if not isinstance(document.layer(parent).content, Group):
            raise DocumentError(f"“{document.layer(parent).name}” is not a group.")
        if parent == layer_id or parent in {layer.id for layer, _ in document.walk(layer_id)}:
            raise DocumentError("A group cannot be put into itself.")
    without = tuple(one for one in document.siblings_of(layer_id) if one != layer_id)
    document = put_children(document, document.parent_of(layer_id), without)
    siblings = document.root if parent is None else document.layer(parent).children
    place = max(0, min(index, len(siblings)))
    return put_children(document, parent, (*siblings[:place], layer_id, *siblings[place:]))


def group_layers(
    document: Document, ids: Sequence[LayerId], group: LayerId | None = None, name: str = "Group"
) -> Document:
    """Keep layers together, in their order, at the place of the top-most of them.

    Raises:
        DocumentError: when there is none, or the group's id is taken.
    """
    if group is not None and group in document.layers:
        raise DocumentError("A layer can be added only once.")
    wanted = _without_inner(document, ids)
    if not wanted:
        raise DocumentError("Choose the layers that belong together first.")
    ordered = tuple(layer.id for layer, _ in document.walk() if layer.id in wanted)[::-1]
    top = ordered[-1]
    parent = document.parent_of(top)
    group_id = group or LayerId(new_id())
    siblings = document.siblings_of(top)
    kept = [group_id if one == top else one for one in siblings if one == top or one not in wanted]
    for layer_id in ordered:
        without = tuple(one for one in document.siblings_of(layer_id) if one != layer_id)
        document = put_children(document, document.parent_of(layer_id), without)
    document = replace(document, layers={**document.layers, group_id: Layer(group_id, name, Group(ordered))})
    return put_children(document, parent, tuple(kept))


def _without_inner(document: Document, ids: Sequence[LayerId]) -> set[LayerId]:
    """The chosen layers without those that lie in another chosen one."""
    chosen = {document.layer(layer_id).id for layer_id in ids}
    inner = {layer.id for layer_id in chosen for layer, _ in document.walk(layer_id)}
    return chosen - inner


def ungroup(document: Document, group: LayerId) -> Document:
    """Put a group's layers where the group was; its own opacity, blend mode and mask go with it.

    Raises:
        DocumentError: when it is no group.
    """
    layer = document.layer(group)
    if not isinstance(layer.content, Group):
        raise DocumentError(f"“{layer.name}” is not a group.")
    siblings = document.siblings_of(group)
    place = siblings.index(group)
    parent = document.parent_of(group)
    document = put_children(document, parent, (*siblings[:place], *layer.children, *siblings[place + 1 :]))
    return replace(document, layers={one: value for one, value in document.layers.items() if one != group})
