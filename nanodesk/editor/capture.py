"""What a run is made on: frozen at the moment of Run, turned into a complete request in a thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.document.run import RunOptions

if TYPE_CHECKING:
    from nanodesk.document.document import Document
    from nanodesk.document.edit import Edit, Reference
    from nanodesk.document.identity import LayerId, RunId
    from nanodesk.document.state import State
    from nanodesk.editor.pixel_store import PixelStore
    from nanodesk.engines.base import EditRequest, RequestPicture


@dataclass(frozen=True, slots=True)
class Capture:
    """The state at the moment of Run, and what was chosen with it."""

    run: RunId
    state: State
    options: RunOptions = RunOptions()

    @property
    def document(self) -> Document:
        """The document whose visible picture is the base."""
        return self.state.document

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The sentences that are sent."""
        return self.state.edit_stack.enabled

    @property
    def references(self) -> tuple[Reference, ...]:
        """The references that are sent, in order."""
        return tuple(reference for reference in self.state.tray if reference.enabled)

    @property
    def above(self) -> LayerId | None:
        """The top-most layer: a result goes right above it."""
        return self.document.root[-1] if self.document.root else None

    def name_of(self, reference: Reference) -> str:
        """What a reference is called: its layer's name, or its own."""
        if reference.layer is not None and reference.layer in self.document.layers:
            return self.document.layers[reference.layer].name
        return reference.name

    def request(self, pixels: PixelStore) -> EditRequest:
        """Flatten the base, the references and the selections; slow, for a thread."""
        from nanodesk.editor.selecting import mask_of
        from nanodesk.engines.base import EditRequest, RequestEdit, RequestPicture
        from nanodesk.imaging.painter import flatten

        document = self.document
        base = None
        if not document.size.empty:
            base = RequestPicture(flatten(document, pixels.tile), "base")
        edits = tuple(
            RequestEdit(
                edit.instruction,
                None if edit.selection is None else mask_of(edit.selection, document.size, pixels),
            )
            for edit in self.edits
        )
        references = tuple(self._picture(reference, pixels) for reference in self.references)
        return EditRequest(self.run, edits, base, references, document.profile, document.dpi, self.options)

    def _picture(self, reference: Reference, pixels: PixelStore) -> RequestPicture:
        from nanodesk.editor.flattening import layer_picture
        from nanodesk.engines.base import RequestPicture

        name = self.name_of(reference)
        if reference.layer is not None and reference.layer in self.document.layers:
            return RequestPicture(layer_picture(self.document, reference.layer, pixels), name, reference.role)
        if reference.picture is None:
            raise ValueError("A reference is a layer or a picture.")
        return RequestPicture(pixels.block(reference.picture), name, reference.role)
