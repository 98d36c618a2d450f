"""What a run is made on: frozen at the moment of Run, turned into a complete request in a thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.document.geometry import Rect
from nanodesk.document.run import RunOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nanodesk.document.candidate import Candidate
    from nanodesk.document.document import Document
    from nanodesk.document.edit import Edit, Reference
    from nanodesk.document.identity import CandidateId, LayerId, RunId
    from nanodesk.document.run import Run
    from nanodesk.document.state import State
    from nanodesk.editor.journal import Journal
    from nanodesk.editor.pixel_store import PixelStore
    from nanodesk.editor.planning import Outline
    from nanodesk.engines.base import EditRequest, RequestEdit, RequestPicture, Turn

MOST_TURNS = 8
"""So many earlier turns go along at most: characters and colours drift over long conversations."""


@dataclass(frozen=True, slots=True)
class Capture:
    """The state at the moment of Run, and what was chosen with it.

    Attributes:
        continued: the answers whose conversation goes on, oldest first: run and number of its reply.
    """

    run: RunId
    state: State
    options: RunOptions = RunOptions()
    continued: tuple[tuple[RunId, int], ...] = ()

    @staticmethod
    def of(
        run: RunId,
        state: State,
        options: RunOptions,
        runs: Mapping[RunId, Run],
        candidates: Mapping[CandidateId, Candidate],
    ) -> Capture:
        """The capture of a state; a layer that an edit names with @ is among its references."""
        from nanodesk.document.mentions import with_mentions

        continued: list[tuple[RunId, int]] = []
        before = options.continues
        while before is not None and before in candidates and len(continued) < MOST_TURNS:
            candidate = candidates[before]
            if candidate.reply is None or candidate.run not in runs:
                break
            continued.insert(0, (candidate.run, candidate.reply))
            before = runs[candidate.run].options.continues
        return Capture(run, with_mentions(state), options, tuple(continued))

    @property
    def document(self) -> Document:
        """The document whose visible picture is the base."""
        return self.state.document

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The sentences that are sent."""
        return self.state.edit_stack.enabled

    @property
    def sentences(self) -> tuple[str, ...]:
        """The same as texts."""
        return tuple(edit.instruction for edit in self.edits)

    @property
    def references(self) -> tuple[Reference, ...]:
        """The references that are sent, in order."""
        return tuple(reference for reference in self.state.tray if reference.enabled)

    @property
    def above(self) -> LayerId | None:
        """The top-most layer: a result goes right above it."""
        return self.document.root[-1] if self.document.root else None

    @property
    def outline(self) -> Outline:
        """What a plan needs to know, without any pixel."""
        from nanodesk.editor.planning import Outline

        return Outline(self.document.size, len(self.references), self.options, self._selected())

    def _selected(self) -> Rect | None:
        whole = self.document.rect
        together: Rect | None = Rect(0, 0, 0, 0)
        for edit in self.edits:
            if edit.selection is None or together is None:
                return None
            bounds = whole if edit.selection.inverted else edit.selection.bounds.intersected(whole)
            together = together.united(bounds)
        return together if together is not None and not together.empty else None

    def name_of(self, reference: Reference) -> str:
        """What a reference is called: its layer's name, or its own."""
        if reference.layer is not None and reference.layer in self.document.layers:
            return self.document.layers[reference.layer].name
        return reference.name

    def turns(self, journal: Journal) -> tuple[Turn, ...]:
        """The conversation that is continued, as far as its replies are still there; blocks, for a thread."""
        from nanodesk.engines.base import Turn

        turns = []
        for run, reply in self.continued:
            entry, body = journal.entries.get((run, reply)), journal.body(run, reply)
            if entry is not None and body is not None:
                turns.append(Turn(entry.words, body, entry.model, entry.account))
        return tuple(turns)

    def request(self, pixels: PixelStore, turns: tuple[Turn, ...] = ()) -> EditRequest:
        """Flatten the base, the references and the selections; slow, for a thread."""
        from nanodesk.engines.base import EditRequest, RequestPicture
        from nanodesk.imaging.painter import flatten

        document = self.document
        base = None
        if not document.size.empty:
            base = RequestPicture(flatten(document, pixels.tile), "base")
        edits = tuple(self._edit(edit, pixels) for edit in self.edits)
        references = tuple(self._picture(reference, pixels) for reference in self.references)
        return EditRequest(self.run, edits, base, references, document.profile, document.dpi, self.options, turns)

    def _edit(self, edit: Edit, pixels: PixelStore) -> RequestEdit:
        from nanodesk.editor.selecting import mask_of
        from nanodesk.engines.base import RequestEdit

        mask = None if edit.selection is None else mask_of(edit.selection, self.document.size, pixels)
        return RequestEdit(edit.instruction, mask, self._mentioned(edit.instruction))

    def _mentioned(self, sentence: str) -> tuple[tuple[str, int], ...]:
        """The references that a sentence names with @: as written, and their place among those sent."""
        from nanodesk.document.mentions import mentions

        names = [self.name_of(reference) for reference in self.references]
        found = []
        for mention in mentions(sentence, names):
            place = next((at for at, name in enumerate(names) if name.casefold() == mention.name.casefold()), None)
            if place is not None:
                found.append((sentence[mention.start : mention.end], place))
        return tuple(found)

    def _picture(self, reference: Reference, pixels: PixelStore) -> RequestPicture:
        from nanodesk.editor.flattening import layer_picture, place_of
        from nanodesk.engines.base import RequestPicture

        name = self.name_of(reference)
        if reference.layer is not None and reference.layer in self.document.layers:
            block = layer_picture(self.document, reference.layer, pixels)
            return RequestPicture(block, name, reference.role, place_of(self.document, reference.layer))
        if reference.picture is None:
            raise ValueError("A reference is a layer or a picture.")
        return RequestPicture(pixels.block(reference.picture), name, reference.role)
