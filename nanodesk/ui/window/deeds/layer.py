"""The Layer and Image menus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.candidate import Turn
from nanodesk.document.operations.canvas import set_document_frame
from nanodesk.editor.errors import EditorError
from nanodesk.ui.dialogs.sizes import ask_size
from nanodesk.ui.window.deeds.deed import Deeds

if TYPE_CHECKING:
    from nanodesk.ui.history_panel.layer_actions import LayerActions


class LayerDeeds(Deeds):
    """What is done to the layers that are selected in the list."""

    @property
    def _actions(self) -> LayerActions:
        return self.page.layered.layers.layer_actions

    def duplicate_layer(self) -> None:
        """Copy them."""
        self._actions.duplicate()

    def rename_layer(self) -> None:
        """Write another name in place."""
        self.page.layered.layers.rename_active()

    def remove_layer(self) -> None:
        """Take them out."""
        self._actions.remove()

    def group_layers(self) -> None:
        """Put them into a group."""
        self._actions.group()

    def ungroup_layers(self) -> None:
        """Take groups apart."""
        self._actions.ungroup()

    def raise_layer(self) -> None:
        """One place up."""
        self._actions.raise_layers()

    def lower_layer(self) -> None:
        """One place down."""
        self._actions.lower_layers()

    def hide_layer(self) -> None:
        """Show or hide them."""
        self._actions.toggle_visible()

    def lock_layer(self) -> None:
        """Lock or unlock them."""
        self._actions.toggle_lock()

    def mask_layer(self) -> None:
        """Limit the active one to the selection."""
        self._actions.mask_from_selection()

    def unmask_layer(self) -> None:
        """Take their masks off."""
        self._actions.remove_mask()

    def merge_down(self) -> None:
        """Make one picture of the active one and the one below."""
        self._actions.merge_down()

    def flatten(self) -> None:
        """Make one picture of everything."""
        self.start(self.project.flatten())


class ImageDeeds(Deeds):
    """What is done to the whole document."""

    def crop(self) -> None:
        """Cut the canvas to the selection."""
        selection = self.project.editor.state.selection
        if selection is None:
            raise EditorError("There is no selection to crop to: draw one first.")
        bounds = selection.bounds.intersected(self.project.editor.document.rect)
        self.start(self.project.crop(bounds))

    def resize(self) -> None:
        """Ask for another size."""
        self.start(self._resize())

    async def _resize(self) -> None:
        project = self.project
        document = project.editor.document
        wanted = await ask_size(self.window, document.size, document.dpi)
        if wanted is None:
            return
        size, dpi = wanted
        if size != document.size:
            await project.resize(size)
        if dpi != document.dpi:
            project.editor.apply_document(
                f"Set the resolution to {dpi:g} dpi",
                lambda present: set_document_frame(present, present.size, dpi, present.profile),
            )

    def rotate_right(self) -> None:
        """90° clockwise."""
        self.start(self.project.turn(Turn.ROTATE_90))

    def rotate_left(self) -> None:
        """90° counter-clockwise."""
        self.start(self.project.turn(Turn.ROTATE_270))

    def rotate_half(self) -> None:
        """180°."""
        self.start(self.project.turn(Turn.ROTATE_180))

    def flip_horizontal(self) -> None:
        """Left becomes right."""
        self.start(self.project.turn(Turn.FLIP_HORIZONTAL))

    def flip_vertical(self) -> None:
        """Top becomes bottom."""
        self.start(self.project.turn(Turn.FLIP_VERTICAL))
