"""The tray of references."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.edit import Reference, Role, Tray
from nanodesk.document.errors import DocumentError
from nanodesk.document.identity import LayerId, ReferenceId, new_id

if TYPE_CHECKING:
    from nanodesk.document.state import State


def _with(state: State, references: tuple[Reference, ...]) -> State:
    return replace(state, tray=Tray(references))


def _find(state: State, reference_id: ReferenceId) -> Reference:
    for reference in state.tray:
        if reference.id == reference_id:
            return reference
    raise DocumentError("That reference is no longer in the tray.")


def _put(state: State, changed: Reference) -> State:
    return _with(state, tuple(changed if one.id == changed.id else one for one in state.tray))


def add_reference(state: State, reference: Reference) -> State:
    """One more picture in the tray."""
    if (reference.layer is None) == (reference.picture is None):
        raise DocumentError("A reference is a layer or a picture of its own.")
    if any(one.id == reference.id for one in state.tray):
        raise DocumentError("A reference can be added only once.")
    return _with(state, (*state.tray.references, reference))


def tick_layer(state: State, layer: LayerId, role: Role = Role.OTHER, reference_id: ReferenceId | None = None) -> State:
    """Send a layer along; one that is ticked already stays as it is."""
    state.document.layer(layer)
    if state.tray.of_layer(layer) is not None:
        return state
    return add_reference(state, Reference(reference_id or ReferenceId(new_id()), layer=layer, role=role))


def untick_layer(state: State, layer: LayerId) -> State:
    """Send a layer along no more."""
    return _with(state, tuple(one for one in state.tray if one.layer != layer))


def set_role(state: State, reference_id: ReferenceId, role: Role) -> State:
    """What a reference is to guide."""
    return _put(state, replace(_find(state, reference_id), role=role))


def enable_reference(state: State, reference_id: ReferenceId, enabled: bool) -> State:
    """Switch a reference on or off."""
    return _put(state, replace(_find(state, reference_id), enabled=enabled))


def remove_reference(state: State, reference_id: ReferenceId) -> State:
    """Take a reference out of the tray."""
    _find(state, reference_id)
    return _with(state, tuple(one for one in state.tray if one.id != reference_id))


def reorder_reference(state: State, reference_id: ReferenceId, index: int) -> State:
    """A reference at another place of the sending order; `index` counts after it was taken out."""
    moved = _find(state, reference_id)
    rest = [one for one in state.tray if one.id != reference_id]
    rest.insert(max(0, min(index, len(rest))), moved)
    return _with(state, tuple(rest))


def consistent(state: State) -> State:
    """The state without references to layers that are gone."""
    layers = state.document.layers
    if all(one.layer is None or one.layer in layers for one in state.tray):
        return state
    return _with(state, tuple(one for one in state.tray if one.layer is None or one.layer in layers))
