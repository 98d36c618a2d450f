"""Answers that another tool made: fitted like an engine's, so that only what they changed is kept."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.candidate import AddLayer, Candidate, CandidateState
from nanodesk.document.fingerprint import fingerprint
from nanodesk.document.geometry import Size
from nanodesk.document.identity import CandidateId, LayerId, RunId, new_id
from nanodesk.document.layer import Layer, Pixels
from nanodesk.document.operations.layers import add_layer, put_layer, unlocked
from nanodesk.document.provenance import Origin, Provenance
from nanodesk.document.run import Run, RunState
from nanodesk.editor.errors import EditorError, ExportError
from nanodesk.editor.fitting import FitBase, fitted, layer_of
from nanodesk.editor.flattening import alone, below, layer_picture
from nanodesk.editor.refitting import with_shown
from nanodesk.editor.wearing import cover_of

if TYPE_CHECKING:
    from pathlib import Path

    from nanodesk.document.document import Document
    from nanodesk.document.fit import FittedAnswer
    from nanodesk.document.history import Step
    from nanodesk.document.tiles import PixelsId, TileGrid
    from nanodesk.editor.editor import Editor
    from nanodesk.editor.intake import Decoder, PictureSource
    from nanodesk.editor.pixel_store import PixelStore
    from nanodesk.editor.refitting import Refitting
    from nanodesk.editor.run_queue import RunQueue
    from nanodesk.editor.work import Work

OTHER_TOOL = "another tool"
"""The engine of an answer that was brought in from elsewhere."""


_ALIKE = 0.03
"""Shapes that differ by less than this share are taken for the same."""


def same_shape(one: Size, other: Size) -> bool:
    """Whether two sizes have nearly the same proportions, as an answer has those of what it was made from."""
    if one.empty or other.empty:
        return False
    return abs(one.width * other.height / (one.height * other.width) - 1) <= _ALIKE


def another_version(document: Document, picture: TileGrid, pixels: PixelStore) -> bool:
    """Whether a picture looks like another version of a document; cheap and not sure, for a thread."""
    from nanodesk.imaging.codec_errors import CodecError
    from nanodesk.imaging.same_scene import LIKELY, SIDE, same_scene
    from nanodesk.imaging.thumbnail import document_thumbnail, grid_thumbnail

    size = Size(2 * SIDE, 2 * SIDE)
    try:
        seen = document_thumbnail(document, pixels.tile, size)
        return same_scene(seen, grid_thumbnail(picture, pixels.tile, size)) >= LIKELY
    except (KeyError, CodecError):
        return False  # a part of it is damaged: what is not known is not offered


class ForeignAnswers:
    """Of one project."""

    def __init__(
        self, editor: Editor, pixels: PixelStore, runs: RunQueue, work: Work, decoder: Decoder, refitting: Refitting
    ) -> None:
        self._editor = editor
        self._pixels = pixels
        self._runs = runs
        self._work = work
        self._decoder = decoder
        self._refitting = refitting

    async def fit_layer(self, layer_id: LayerId, onto: LayerId | None = None) -> Step | None:
        """Take a layer for another tool's answer, and keep of it only what that changed.

        Args:
            onto: the layer that it was made from; all that lies under it where none is named.

        Raises:
            EditorError: when there is nothing to fit it to, or it is no picture.
        """
        document = self._editor.document
        layer = unlocked(document, layer_id)
        below_it = below(document, layer_id)
        under = below_it if onto is None else alone(document, onto)
        if not isinstance(layer.content, Pixels):
            raise EditorError(f"“{layer.name}” is not a picture that could be fitted.")
        if not any(under.layers[one].visible for one in under.root):
            raise EditorError(f"There is nothing under “{layer.name}” to fit it to.")
        answer = await self._work.pixels(layer_picture, document, layer_id, self._pixels)
        frame = document.rect if layer.rect is None or same_shape(layer.rect.size, document.size) else layer.rect
        from nanodesk.imaging.painter import flatten

        base = await self._work.pixels(flatten, under, self._pixels.tile)
        fit = await self._work.pixels(fitted, FitBase(base), answer, self._pixels, frame=frame, clip=document.rect)
        candidate = self._brought_in(layer, fit, fingerprint(below_it))
        label = "Fit to what lies below" if onto is None else f"Fit to {document.layer(onto).name}"

        def change(present: Document) -> Document:
            here = present.layer(layer_id)
            shown = with_shown(here, layer_of(fit, here.name, present.size, self._pixels))
            return put_layer(present, replace(shown, provenance=_from_outside(here, candidate)))

        step = await self._refitting.changed(label, change)
        self._runs.bring_in(self._run_of(candidate), candidate)
        return step

    async def fit_picture(self, source: PictureSource) -> LayerId:
        """Add another tool's answer to the document as it is, and keep of it only what it changed.

        Raises:
            IntakeError: when the picture cannot be read.
            EditorError: when there is no picture to fit it to.
        """
        from nanodesk.editor.intake import read_source
        from nanodesk.imaging.painter import flatten

        document = self._editor.document
        if document.size.empty:
            raise EditorError("There is no picture to fit it to: open the original first.")
        data = await self._work.pixels(read_source, source)
        answer = await self._decoder.block(data, source.name, document.profile)
        base = await self._work.pixels(flatten, document, self._pixels.tile)
        rect = document.rect
        fit = await self._work.pixels(fitted, FitBase(base), answer, self._pixels, frame=rect, clip=rect)
        shown = await self._work.pixels(layer_of, fit, source.name, document.size, self._pixels)
        layer = Layer(LayerId(new_id()), source.name, shown.content, shown.offset, mask=shown.mask)
        candidate = self._brought_in(layer, fit, fingerprint(document))
        imported = Provenance(Origin.IMPORTED, time.time(), source=source.name)
        layer = replace(layer, provenance=_from_outside(replace(layer, provenance=imported), candidate))
        self._editor.apply_document(f"Fit {source.name}", lambda present: add_layer(present, layer))
        self._runs.bring_in(self._run_of(candidate), candidate)
        return layer.id

    async def write_mask(self, layer_id: LayerId, path: Path) -> None:
        """Write a layer's mask as a grey PNG of the document's size: white where the layer shows.

        Raises:
            ExportError: when it cannot be written.
        """
        await self._work.pixels(self._write_mask, self._editor.document, layer_id, path)

    def _write_mask(self, document: Document, layer_id: LayerId, path: Path) -> None:
        from nanodesk.formats.errors import FormatError
        from nanodesk.formats.whole_file import write_whole
        from nanodesk.imaging.codec import encode_png, grey

        cover = cover_of(document.layer(layer_id), document.rect, self._pixels)
        try:
            write_whole(path, encode_png(grey(cover), 6))
        except FormatError as error:
            raise ExportError(str(error)) from None

    @staticmethod
    def _brought_in(layer: Layer, fit: FittedAnswer, base: PixelsId) -> Candidate:
        picture = AddLayer(layer.name, layer.content, layer.offset)
        run = RunId(new_id())
        return Candidate(
            CandidateId(new_id()),
            run,
            (picture,),
            base,
            state=CandidateState.ACCEPTED,
            fit=fit,
        )

    def _run_of(self, candidate: Candidate) -> Run:
        now = time.time()
        number = 1 + max((run.number for run in self._runs.runs.values()), default=0)
        return Run(
            candidate.run,
            number,
            (),
            OTHER_TOOL,
            state=RunState.DONE,
            base=candidate.base,
            created=now,
            started=now,
            finished=now,
            candidates=(candidate.id,),
        )


def _from_outside(layer: Layer, candidate: Candidate) -> Provenance:
    """A layer fitted from another tool's answer: taken to be generative, since that is what such tools are."""
    before = layer.provenance or Provenance(Origin.IMPORTED, time.time())
    return replace(
        before,
        run=candidate.run,
        candidate=candidate.id,
        base=candidate.base,
        kept=None,
        own_picture=False,
        engine=OTHER_TOOL,
        generative=True,
    )
