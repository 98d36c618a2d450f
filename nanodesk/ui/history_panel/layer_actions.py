"""What menus, keys and buttons do to the selected layers; every one is a step that can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.layer import Group
from nanodesk.document.operations.layers import (
    duplicate_layer,
    remove_layer,
    rename,
    set_blend_mode,
    set_locked,
    set_opacity,
    set_visible,
)
from nanodesk.document.operations.masks import enable_mask, remove_mask
from nanodesk.document.operations.references import tick_layer, untick_layer
from nanodesk.document.operations.tree import group_layers, reorder_layer, ungroup
from nanodesk.editor.notice import NoticeKind
from nanodesk.ui.history_panel.attempt import change_document, change_state, say, start
from nanodesk.ui.history_panel.words import blend_mode_name, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nanodesk.document.blend import BlendMode
    from nanodesk.document.document import Document
    from nanodesk.document.identity import LayerId
    from nanodesk.document.layer import Layer
    from nanodesk.editor.project import Project
    from nanodesk.ui.history_panel.dropping import DropPlace


class LayerActions:
    """Acts on `selected()`, or on the layers that a method is given.

    The methods without arguments are meant for the window's actions.
    """

    def __init__(self, project: Project, selected: Callable[[], tuple[LayerId, ...]]) -> None:
        self._project = project
        self._selected = selected

    @property
    def _document(self) -> Document:
        return self._project.editor.document

    def _layers(self) -> list[Layer]:
        document = self._document
        return [document.layers[one] for one in self._selected() if one in document.layers]

    def _active(self) -> Layer | None:
        return next(iter(self._layers()), None)

    def _each(self, label: str, layers: Sequence[Layer], one: Callable[[Document, LayerId], Document]) -> bool:
        def operation(document: Document) -> Document:
            for layer in layers:
                if layer.id in document.layers:
                    document = one(document, layer.id)
            return document

        return bool(layers) and change_document(self._project, label, operation) is not None

    def rename(self, layer_id: LayerId, name: str) -> None:
        """Give a layer another name."""
        change_document(self._project, "Rename layer", lambda document: rename(document, layer_id, name))

    def duplicate(self) -> None:
        """Copy the selected layers, each right above itself."""
        self._each(f"Duplicate {_called(self._layers())}", self._layers(), duplicate_layer)

    def remove(self) -> None:
        """Take the selected layers out, with a word that it can be undone."""
        layers = self._layers()
        if self._each(f"Remove {_called(layers)}", layers, remove_layer):
            say(self._project, f"Removed {_called(layers)}", NoticeKind.INFO, undo=True)

    def group(self) -> None:
        """Put the selected layers into a group."""
        ids = tuple(layer.id for layer in self._layers())
        if ids:
            change_document(self._project, "Group layers", lambda document: group_layers(document, ids))

    def ungroup(self) -> None:
        """Put the layers of the selected groups in their place."""
        groups = [layer for layer in self._layers() if isinstance(layer.content, Group)]
        self._each("Ungroup layers", groups, ungroup)

    def merge_down(self) -> None:
        """Make one picture of the active layer and the one below it."""
        layer = self._active()
        if layer is not None:
            start(self._project, self._project.merge_down(layer.id))

    def mask_from_selection(self) -> None:
        """Limit the active layer to the present selection."""
        layer = self._active()
        if layer is not None:
            start(self._project, self._project.mask_from_selection(layer.id))

    def remove_mask(self) -> None:
        """Take the masks off."""
        self._each("Remove mask", [layer for layer in self._layers() if layer.mask is not None], remove_mask)

    def toggle_mask(self) -> None:
        """Switch the active layer's mask on or off."""
        layer = self._active()
        if layer is not None and layer.mask is not None:
            on = not layer.mask.enabled
            label = "Switch mask on" if on else "Switch mask off"
            change_document(self._project, label, lambda document: enable_mask(document, layer.id, on))

    def toggle_visible(self) -> None:
        """Show or hide the selected layers, all as the first is not."""
        layers = self._layers()
        if layers:
            self.show(not layers[0].visible, *(layer.id for layer in layers))

    def show(self, visible: bool, *layer_ids: LayerId) -> None:
        """Show or hide layers."""
        layers = [self._document.layers[one] for one in layer_ids if one in self._document.layers]
        label = f"{'Show' if visible else 'Hide'} {_called(layers)}"
        self._each(label, layers, lambda document, one: set_visible(document, one, visible))

    def toggle_lock(self) -> None:
        """Lock or unlock the selected layers, all as the first is not."""
        layers = self._layers()
        if layers:
            self.lock(not layers[0].locked, *(layer.id for layer in layers))

    def lock(self, locked: bool, *layer_ids: LayerId) -> None:
        """Lock or unlock layers."""
        layers = [self._document.layers[one] for one in layer_ids if one in self._document.layers]
        label = f"{'Lock' if locked else 'Unlock'} {_called(layers)}"
        self._each(label, layers, lambda document, one: set_locked(document, one, locked))

    def set_blend_mode(self, mode: BlendMode) -> None:
        """Let the selected layers meet what lies below them by another mode."""
        label = f"Blend mode {blend_mode_name(mode).lower()}"
        self._each(label, self._layers(), lambda document, one: set_blend_mode(document, one, mode))

    def set_opacity(self, opacity: float) -> None:
        """Set the opacity of the selected layers, 0 to 1."""
        self._each(OPACITY_LABEL, self._layers(), lambda document, one: set_opacity(document, one, opacity))

    def toggle_reference(self, *layer_ids: LayerId) -> None:
        """Send layers along with the next run, or no more; the selected ones when none are given."""
        for layer_id in layer_ids or self._selected():
            layer = self._document.layers.get(layer_id)
            if layer is None:
                continue
            ticked = self._project.editor.state.tray.of_layer(layer_id) is not None
            label = f"{'Do not send' if ticked else 'Send'} {_called([layer])} along"
            operation = untick_layer if ticked else tick_layer
            change_state(self._project, label, lambda state, one=layer_id, do=operation: do(state, one))  # type: ignore[misc]  # bound now

    def raise_layers(self) -> None:
        """Move the active layer one place up within its group."""
        self._step(1)

    def lower_layers(self) -> None:
        """Move the active layer one place down within its group."""
        self._step(-1)

    def _step(self, by: int) -> None:
        layer = self._active()
        if layer is None:
            return
        siblings = self._document.siblings_of(layer.id)
        index = siblings.index(layer.id) + by
        if 0 <= index < len(siblings):
            parent = self._document.parent_of(layer.id)
            label = f"Move {_called([layer])} {'up' if by > 0 else 'down'}"
            change_document(self._project, label, lambda document: reorder_layer(document, layer.id, parent, index))

    def place(self, layer_ids: Sequence[LayerId], place: DropPlace) -> None:
        """Move layers to a place of the tree, keeping their order."""
        layers = [self._document.layers[one] for one in layer_ids if one in self._document.layers]

        def operation(document: Document) -> Document:
            below = place.below
            for layer in reversed(layers):
                siblings = document.root if place.parent is None else document.layer(place.parent).children
                rest = [one for one in siblings if one != layer.id]
                if below == layer.id:
                    below = _one_below(siblings, layer.id)
                index = rest.index(below) + 1 if below in rest else 0
                document = reorder_layer(document, layer.id, place.parent, index)
                below = layer.id
            return document

        if layers:
            change_document(self._project, f"Move {_called(layers)}", operation)


OPACITY_LABEL = "Opacity"


def _one_below(siblings: tuple[LayerId, ...], layer_id: LayerId) -> LayerId | None:
    index = siblings.index(layer_id)
    return siblings[index - 1] if index else None


def _called(layers: Sequence[Layer]) -> str:
    if len(layers) == 1:
        name = plain(layers[0].name)
        return f"“{name if len(name) <= 40 else name[:39] + '…'}”"
    return f"{len(layers)} layers"
