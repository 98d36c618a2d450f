"""All that undo brings back, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.document.document import Document
from nanodesk.document.edit import EditStack, Tray
from nanodesk.document.selection import MaskSelection, Selection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nanodesk.document.tiles import TileGrid


@dataclass(frozen=True, slots=True)
class State:
    """Document, sentences, references and selection at one moment."""

    document: Document = Document()
    edit_stack: EditStack = EditStack()
    tray: Tray = Tray()
    selection: Selection | None = None

    def grids(self) -> Iterator[TileGrid]:
        """Every grid that the document, a reference or a selection refers to."""
        yield from self.document.grids()
        for reference in self.tray:
            if reference.picture is not None:
                yield reference.picture
        selections = [self.selection, *(edit.selection for edit in self.edit_stack)]
        for selection in selections:
            if selection is not None and isinstance(selection.shape, MaskSelection):
                yield selection.shape.grid
