"""Working on fitted layers: which parts are shown, apart by edit, the model's own picture, on another base."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.candidate import AddLayer, Candidate, HideLayers
from nanodesk.document.fingerprint import fingerprint
from nanodesk.document.geometry import Point, Rect
from nanodesk.document.identity import CandidateId, LayerId, new_id
from nanodesk.document.layer import Group, Layer, Mask
from nanodesk.document.operations.layers import put_layer, unlocked
from nanodesk.editor.errors import EditorError
from nanodesk.editor.fitting import base_on, fitted, layer_of, plain_layer
from nanodesk.editor.flattening import below
from nanodesk.editor.run_base import without
from nanodesk.editor.wearing import mask_over

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nanodesk.document.document import Document
    from nanodesk.document.fit import FittedAnswer
    from nanodesk.document.history import Step
    from nanodesk.editor.editor import Editor
    from nanodesk.editor.pixel_store import Block, PixelStore
    from nanodesk.editor.run_queue import RunQueue
    from nanodesk.editor.work import Work

LONGEST_TINT = 2048
"""Pixels of the longer side of the tint over what changed."""


class Refitting:
    """Of one project; slow parts run off the loop's thread, every change of the document is one step."""

    def __init__(self, editor: Editor, pixels: PixelStore, runs: RunQueue, work: Work) -> None:
        self._editor = editor
        self._pixels = pixels
        self._runs = runs
        self._work = work
        self._turn = asyncio.Lock()

    # What is known

    def answer_of(self, layer_id: LayerId) -> Candidate | None:
        """The fitted answer that a layer was accepted from; none where there is none."""
        layer = self._editor.document.layers.get(layer_id)
        provenance = None if layer is None else layer.provenance
        if provenance is None or provenance.candidate is None:
            return None
        candidate = self._runs.candidates.get(provenance.candidate)
        return candidate if candidate is not None and candidate.fit is not None else None

    def kept(self, layer_id: LayerId) -> tuple[int, ...]:
        """The islands that a layer shows, by number."""
        candidate = self.answer_of(layer_id)
        return candidate.fit.kept if candidate is not None and candidate.fit is not None else ()

    def stale(self, layer_id: LayerId) -> bool:
        """Whether what lies under a fitted layer looks otherwise than what it was fitted to."""
        layer = self._editor.document.layers.get(layer_id)
        if layer is None or layer.provenance is None or layer.provenance.base is None:
            return False
        return fingerprint(below(self._editor.document, layer_id)) != layer.provenance.base

    def candidate_stale(self, candidate_id: CandidateId) -> bool:
        """Whether the document looks otherwise than what a waiting answer was made on."""
        candidate = self._runs.candidates[candidate_id]
        return candidate.base is not None and fingerprint(self._base_of(candidate)) != candidate.base

    def _base_of(self, candidate: Candidate) -> Document:
        """The document that a waiting answer is to be put on: without the layers whose place it takes."""
        layers = [one for each in candidate.operations if isinstance(each, HideLayers) for one in each.layers]
        return without(self._editor.document, tuple(layers))

    async def tint(self, fit: FittedAnswer, marked: int = 0) -> Block | None:
        """A tint (h, w, 4) to be laid over `fit.rect`, small: what is shown and what was dropped; none without parts.

        Args:
            marked: an island to be drawn stronger.
        """
        return await self._work.canvas(self._tint, fit, marked)

    def _tint(self, fit: FittedAnswer, marked: int) -> Block | None:
        from nanodesk.imaging.leak import leak_tint

        if fit.numbers is None or fit.outline is None or not fit.islands:
            return None
        step = max(1, -(-max(fit.rect.width, fit.rect.height) // LONGEST_TINT))
        numbers, outline = self._pixels.block(fit.numbers), self._pixels.block(fit.outline)
        return leak_tint(numbers[::step, ::step], outline[::step, ::step], fit.kept, marked)

    def _fit_of(self, layer_id: LayerId) -> tuple[Candidate, FittedAnswer]:
        candidate = self.answer_of(layer_id)
        if candidate is None or candidate.fit is None:
            raise EditorError("This layer was not made by fitting an answer.")
        unlocked(self._editor.document, layer_id)
        return candidate, candidate.fit

    # Parts

    async def keep_in_candidate(self, candidate_id: CandidateId, kept: Iterable[int]) -> None:
        """Have a waiting answer show these islands and no others."""
        candidate = await self._runs.first_look.ready(candidate_id)
        if candidate.fit is None:
            raise EditorError("This answer was taken as it is; it has no parts.")
        fit = replace(candidate.fit, kept=tuple(sorted(set(kept))))
        await self._offer_again(candidate, fit)

    async def _offer_again(self, candidate: Candidate, fit: FittedAnswer) -> None:
        named = [one.name for one in candidate.operations if isinstance(one, AddLayer)]
        name = named[0] if named else (candidate.fit.name if candidate.fit is not None else "") or "Answer"
        size = self._editor.document.size
        layer = await self._work.pixels(layer_of, fit, name, size, self._pixels)
        others = tuple(one for one in candidate.operations if not isinstance(one, AddLayer))
        now = self._runs.candidates[candidate.id]  # it may have been kept or discarded meanwhile
        self._runs.amend(replace(now, base=candidate.base, fit=fit, operations=(*others, layer)))

    async def keep_in_layer(self, layer_id: LayerId, kept: Iterable[int]) -> Step | None:
        """Have a fitted layer show these islands; what was painted on its mask elsewhere stays as it is."""
        candidate, fit = self._fit_of(layer_id)
        wanted = set(kept)
        put_in, taken_out = wanted - set(fit.kept), set(fit.kept) - wanted
        if not put_in and not taken_out:
            return None
        label = "Keep a part" if put_in else "Drop a part"

        def change(document: Document) -> Document:
            layer = document.layer(layer_id)
            mask = self._turned(layer, fit, put_in, taken_out)
            return put_layer(document, replace(layer, mask=mask))

        step = await self.changed(label, change)
        self._runs.amend(replace(candidate, fit=replace(fit, kept=tuple(sorted(wanted)))))
        return step

    def _turned(self, layer: Layer, fit: FittedAnswer, put_in: set[int], taken_out: set[int]) -> Mask:
        import numpy as np

        assert fit.outline is not None
        assert fit.numbers is not None
        numbers, outline = self._pixels.block(fit.numbers), self._pixels.block(fit.outline)
        mask = self._present_mask(layer, fit)
        mask = np.where(np.isin(numbers, sorted(taken_out)), np.uint8(0), mask)
        mask = np.where(np.isin(numbers, sorted(put_in)), np.maximum(mask, outline), mask)
        corner = layer.offset
        return Mask(self._pixels.add(np.ascontiguousarray(mask)), corner, 0)

    def _present_mask(self, layer: Layer, fit: FittedAnswer) -> Block:
        """The layer's mask over the fit's rectangle, wherever the layer was moved to."""
        import numpy as np

        height, width = fit.rect.height, fit.rect.width
        mask = layer.mask
        if mask is None:
            return np.full((height, width), 255, np.uint8)
        place = Rect(layer.offset.x, layer.offset.y, width, height)
        return mask_over(mask, place, self._pixels)

    async def unbake(self, layer_id: LayerId) -> Step | None:
        """Take a fitted layer apart: a group with one layer for each edit, to be hidden or faded by itself.

        Raises:
            EditorError: when there are not two parts to take apart.
        """
        candidate, fit = self._fit_of(layer_id)
        edits = self._runs.runs[candidate.run].edits
        parts: dict[int | None, list[int]] = {}
        for island in fit.islands:
            if island.number in fit.kept:
                key = island.edit if island.edit is not None else -island.number
                parts.setdefault(key, []).append(island.number)
        if len(parts) < 2:
            raise EditorError("There is only one part here; nothing to take apart.")

        def change(document: Document) -> Document:
            layer = document.layer(layer_id)
            made = [self._part(layer, fit, numbers) for numbers in parts.values()]
            names = [_part_name(key, [edit.instruction for edit in edits]) for key in parts]
            made = [replace(one, name=name) for one, name in zip(made, names, strict=True)]
            content = Group(tuple(one.id for one in reversed(made)))
            group = replace(layer, content=content, mask=None, offset=Point(), provenance=None)
            layers = {**document.layers, layer_id: group, **{one.id: one for one in made}}
            return replace(document, layers=layers)

        return await self.changed("Take apart by edit", change)

    def _part(self, layer: Layer, fit: FittedAnswer, numbers: list[int]) -> Layer:
        import numpy as np

        assert fit.numbers is not None
        mine = np.isin(self._pixels.block(fit.numbers), numbers)
        mask = np.where(mine, self._present_mask(layer, fit), np.uint8(0))
        shown = Mask(self._pixels.add(np.ascontiguousarray(mask)), layer.offset, 0)
        apart = None if layer.provenance is None else replace(layer.provenance, candidate=None, base=None)
        return replace(layer, id=LayerId(new_id()), mask=shown, opacity=1.0, visible=True, provenance=apart)

    async def own_picture(self, layer_id: LayerId, *, on: bool) -> Step | None:
        """Show the model's own picture in place of what was fitted, or the fitted one again."""
        _, fit = self._fit_of(layer_id)
        label = "Show the model’s own picture" if on else "Show only what changed"

        def change(document: Document) -> Document:
            layer = document.layer(layer_id)
            shown = (plain_layer if on else layer_of)(fit, layer.name, document.size, self._pixels)
            return put_layer(document, with_shown(layer, shown))

        return await self.changed(label, change)

    def shows_own_picture(self, layer_id: LayerId) -> bool:
        """Whether a layer shows the model's own picture now."""
        candidate = self.answer_of(layer_id)
        layer = self._editor.document.layers.get(layer_id)
        if candidate is None or candidate.fit is None or layer is None or layer.grid is None:
            return False
        return candidate.fit.layer is None or layer.grid.id != candidate.fit.layer.id

    # Another base

    async def refit(self, layer_id: LayerId) -> Step | None:
        """Fit the kept answer to what lies under its layer now; nothing is sent and nothing is charged."""
        candidate, fit = self._fit_of(layer_id)
        document = self._editor.document
        under = below(document, layer_id)
        again = await self._fitted_again(candidate, fit, under)

        def change(present: Document) -> Document:
            layer = present.layer(layer_id)
            shown = with_shown(layer, layer_of(again, layer.name, present.size, self._pixels))
            provenance = layer.provenance
            if provenance is not None:
                shown = replace(shown, provenance=replace(provenance, base=fingerprint(under)))
            return put_layer(present, shown)

        step = await self.changed("Refit", change)
        self._runs.amend(replace(candidate, fit=again, base=fingerprint(under)))
        return step

    async def refit_candidate(self, candidate_id: CandidateId) -> None:
        """Fit a waiting answer to the document as it is now; nothing is sent and nothing is charged."""
        candidate = self._runs.candidates[candidate_id]
        if candidate.fit is None:
            raise EditorError("This answer was taken as it is; there is nothing to fit.")
        document = self._base_of(candidate)
        again = await self._fitted_again(candidate, candidate.fit, document)
        await self._offer_again(replace(candidate, base=fingerprint(document)), again)

    async def _fitted_again(self, candidate: Candidate, fit: FittedAnswer, under: Document) -> FittedAnswer:
        edits = self._runs.runs[candidate.run].edits
        base = await self._work.pixels(base_on, under, edits, self._pixels, toned=fit.toned)
        return await self._work.pixels(fitted, base, fit.answer, self._pixels, frame=fit.frame, clip=fit.clip)

    async def changed(self, label: str, change: Callable[[Document], Document]) -> Step | None:
        """Apply a slow change as one step; done again when the document has changed meanwhile."""
        async with self._turn:
            while True:
                before = self._editor.document
                after = await self._work.pixels(change, before)
                if self._editor.document is before:
                    break
            return self._editor.apply_document(label, lambda _: after)


def with_shown(layer: Layer, shown: AddLayer) -> Layer:
    """A layer with the picture, place and mask of an offered one, and all else its own."""
    return replace(layer, content=shown.content, offset=shown.offset, mask=shown.mask)


def _part_name(key: int | None, sentences: list[str]) -> str:
    if key is not None and 0 <= key < len(sentences):
        return " ".join(sentences[key].split())[:60]
    return "Side effect"
