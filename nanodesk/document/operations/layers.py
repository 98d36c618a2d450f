"""Adding, removing and changing layers."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.errors import DocumentError, LockedLayerError
from nanodesk.document.identity import LayerId, new_id
from nanodesk.document.layer import Content, Group, Layer, Pixels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nanodesk.document.blend import BlendMode
    from nanodesk.document.document import Document
    from nanodesk.document.geometry import Point


def put_children(document: Document, parent: LayerId | None, children: tuple[LayerId, ...]) -> Document:
    """The document with other layers at the root, or in a group."""
    if parent is None:
        return replace(document, root=children)
    group = replace(document.layer(parent), content=Group(children))
    return replace(document, layers={**document.layers, parent: group})


def put_layer(document: Document, layer: Layer) -> Document:
    """The document with another value for one of its layers."""
    document.layer(layer.id)
    return replace(document, layers={**document.layers, layer.id: layer})


def unlocked(document: Document, layer_id: LayerId) -> Layer:
    """The layer, when it may be changed.

    Raises:
        LockedLayerError: when it is locked.
    """
    layer = document.layer(layer_id)
    if layer.locked:
        raise LockedLayerError(f"“{layer.name}” is locked; unlock it to change it.")
    return layer


def add_layer(
    document: Document, layer: Layer, *, above: LayerId | None = None, into: LayerId | None = None
) -> Document:
    """A new layer right above another, or on top of a group, or on top of everything.

    Raises:
        MissingLayerError: when the layer to put it above, or the group, is not there.
        DocumentError: when it is there already, or the one to put it into is no group.
    """
    if layer.id in document.layers:
        raise DocumentError("A layer can be added only once.")
    if above is not None:
        document.layer(above)
    parent = document.parent_of(above) if above is not None else into
    if parent is not None and not isinstance(document.layer(parent).content, Group):
        raise DocumentError(f"“{document.layer(parent).name}” is not a group.")
    siblings = document.root if parent is None else document.layer(parent).children
    place = siblings.index(above) + 1 if above is not None and above in siblings else len(siblings)
    document = replace(document, layers={**document.layers, layer.id: layer})
    return put_children(document, parent, (*siblings[:place], layer.id, *siblings[place:]))


def remove_layer(document: Document, layer_id: LayerId) -> Document:
    """Without the layer; a group goes with all that is in it."""
    document.layer(layer_id)
    gone = {layer_id, *(layer.id for layer, _ in document.walk(layer_id))}
    parent = document.parent_of(layer_id)
    siblings = tuple(one for one in document.siblings_of(layer_id) if one != layer_id)
    document = put_children(document, parent, siblings)
    return replace(document, layers={one: layer for one, layer in document.layers.items() if one not in gone})


def duplicate_layer(document: Document, layer_id: LayerId, ids: Mapping[LayerId, LayerId] | None = None) -> Document:
    """A copy right above the layer; a group is copied with all that is in it.

    Args:
        ids: the id of the copy for the layer and each layer in it; new ones where none are given.

    Raises:
        DocumentError: when the ids do not suffice, or are taken.
    """
    inside = [layer for layer, _ in document.walk(layer_id)]
    chosen = (
        dict(ids) if ids is not None else {one.id: LayerId(new_id()) for one in [document.layer(layer_id), *inside]}
    )
    original = document.layer(layer_id)
    fresh = {chosen.get(one.id) for one in [original, *inside]}
    if None in fresh or len(fresh) <= len(inside) or fresh & document.layers.keys():
        raise DocumentError("Each copied layer needs an id of its own.")
    copies = {chosen[one.id]: _copy(one, chosen) for one in inside}
    copy = replace(_copy(original, chosen), name=f"{original.name} copy", locked=False)
    document = replace(document, layers={**document.layers, **copies})
    return add_layer(document, copy, above=layer_id)


def _copy(layer: Layer, ids: Mapping[LayerId, LayerId]) -> Layer:
    content: Content = layer.content
    if isinstance(content, Group):
        content = Group(tuple(ids[child] for child in content.children))
    return replace(layer, id=ids[layer.id], content=content)


def rename(document: Document, layer_id: LayerId, name: str) -> Document:
    """Another name; a blank one is refused."""
    cleaned = " ".join(name.split())[:200]
    if not cleaned:
        raise DocumentError("A layer needs a name.")
    return put_layer(document, replace(document.layer(layer_id), name=cleaned))


def set_opacity(document: Document, layer_id: LayerId, opacity: float) -> Document:
    """Another opacity, kept between 0 and 1."""
    if math.isnan(opacity):
        raise DocumentError("An opacity is a number from 0 to 1.")
    return put_layer(document, replace(document.layer(layer_id), opacity=min(1.0, max(0.0, float(opacity)))))


def set_blend_mode(document: Document, layer_id: LayerId, mode: BlendMode) -> Document:
    """Another blend mode."""
    return put_layer(document, replace(document.layer(layer_id), blend_mode=mode))


def set_visible(document: Document, layer_id: LayerId, visible: bool) -> Document:
    """Show or hide a layer."""
    return put_layer(document, replace(document.layer(layer_id), visible=visible))


def set_locked(document: Document, layer_id: LayerId, locked: bool) -> Document:
    """Lock a layer against changes of its pixels, place and mask, or unlock it."""
    return put_layer(document, replace(document.layer(layer_id), locked=locked))


def move_layer(document: Document, layer_id: LayerId, by: Point) -> Document:
    """Move a layer and its mask; a group with all that is in it.

    Raises:
        LockedLayerError: when it, or a layer in it, is locked.
    """
    moving = [unlocked(document, layer_id), *(unlocked(document, layer.id) for layer, _ in document.walk(layer_id))]
    return replace(document, layers={**document.layers, **{layer.id: layer.moved(by) for layer in moving}})


def place_layer(document: Document, layer_id: LayerId, offset: Point) -> Document:
    """Move a layer so that its picture's top left corner lies at `offset`."""
    return move_layer(document, layer_id, offset - document.layer(layer_id).offset)


def set_content(document: Document, layer_id: LayerId, content: Content) -> Document:
    """Other pixels, parameters or words for a layer of the same kind.

    Raises:
        LockedLayerError: when it is locked.
        DocumentError: when the kind is another, or it is a group.
    """
    layer = unlocked(document, layer_id)
    if type(content) is not type(layer.content) or isinstance(content, Group):
        raise DocumentError(f"“{layer.name}” holds another kind of content.")
    if isinstance(content, Pixels) and content.grid.channels != 4:
        raise DocumentError("A picture layer needs a picture, not a mask.")
    return put_layer(document, replace(layer, content=content))
