"""Working on fitted layers: which parts are shown, apart by edit, the model's own picture, on another base."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.blend import BlendMode
from nanodesk.document.candidate import AddLayer, Candidate, HideLayers
from nanodesk.document.fingerprint import fingerprint, fingerprints_below
from nanodesk.document.geometry import Point, Rect
from nanodesk.document.identity import CandidateId, LayerId, new_id
from nanodesk.document.layer import Group, Layer, Mask
from nanodesk.document.operations.layers import put_layer, unlocked
from nanodesk.editor.errors import EditorError
from nanodesk.editor.fitting import base_on, fitted, layer_of, plain_layer
from nanodesk.editor.flattening import below
from nanodesk.editor.leaking import outlines_of
from nanodesk.editor.run_base import without
from nanodesk.editor.wearing import mask_over

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nanodesk.document.document import Document
    from nanodesk.document.fit import FittedAnswer, FittedIsland
    from nanodesk.document.history import Step
    from nanodesk.document.tiles import PixelsId
    from nanodesk.editor.editor import Editor
    from nanodesk.editor.leaking import PartOutline
    from nanodesk.editor.pixel_store import Block, PixelStore
    from nanodesk.editor.run_queue import RunQueue
    from nanodesk.editor.work import Work


class Refitting:
    """Of one project; slow parts run off the loop's thread, every change of the document is one step."""

    def __init__(self, editor: Editor, pixels: PixelStore, runs: RunQueue, work: Work) -> None:
        self._editor = editor
        self._pixels = pixels
        self._runs = runs
        self._work = work
        self._turn = asyncio.Lock()
        self._below: tuple[Document, dict[LayerId, PixelsId]] | None = None

    # What is known

    def answer_of(self, layer_id: LayerId) -> Candidate | None:
        """The fitted answer that a layer was accepted from; none where there is none."""
        layer = self._editor.document.layers.get(layer_id)
        provenance = None if layer is None else layer.provenance
        if provenance is None or provenance.candidate is None:
            return None
        candidate = self._runs.candidates.get(provenance.candidate)
        return candidate if candidate is not None and candidate.fit is not None else None

    def fit_of(self, layer_id: LayerId) -> FittedAnswer | None:
        """What was found when a layer was fitted, with the parts that it shows now.

        None where that is not known: the layer was not fitted, or an undo brought back what an earlier fit made.
        """
        candidate = self.answer_of(layer_id)
        layer = self._editor.document.layers.get(layer_id)
        provenance = None if layer is None else layer.provenance
        if candidate is None or candidate.fit is None or provenance is None or candidate.base != provenance.base:
            return None
        return candidate.fit if provenance.kept is None else replace(candidate.fit, kept=provenance.kept)

    def kept(self, layer_id: LayerId) -> tuple[int, ...]:
        """The islands that a layer shows, by number."""
        fit = self.fit_of(layer_id)
        return () if fit is None else fit.kept

    def stale(self, layer_id: LayerId) -> bool:
        """Whether what lies under a fitted layer looks otherwise than what it was last fitted to."""
        return layer_id in self.stale_layers()

    def stale_layers(self) -> frozenset[LayerId]:
        """The fitted layers of which that is so; quick, and quicker while nothing changes."""
        document = self._editor.document
        fitted_on = {
            layer.id: layer.provenance.base
            for layer in document.layers.values()
            if layer.provenance is not None and layer.provenance.base is not None
        }
        if not fitted_on:
            return frozenset()
        if self._below is None or self._below[0] is not document:
            self._below = (document, fingerprints_below(document))
        below_now = self._below[1]
        return frozenset(
            layer_id
            for layer_id, base in fitted_on.items()
            if self.answer_of(layer_id) is not None
            and (below_now.get(layer_id, base) != base or self.fit_of(layer_id) is None)
        )

    def candidate_stale(self, candidate_id: CandidateId) -> bool:
        """Whether what a waiting answer would be put on looks otherwise than what it was made on."""
        candidate = self._runs.candidates.get(candidate_id)
        if candidate is None or candidate.base is None:
            return False
        return fingerprint(self._base_of(candidate)) != candidate.base

    def _base_of(self, candidate: Candidate) -> Document:
        """The document that a waiting answer is to be put on.

        That is what lies up to the layer it goes above, as far as that is still there, without the layers whose place
        it takes: what was brought in over them since is no part of it.
        """
        document = self._editor.document
        above = self._runs.runs[candidate.run].above
        if above in document.root:
            document = replace(document, root=document.root[: document.root.index(above) + 1])
        layers = [one for each in candidate.operations if isinstance(each, HideLayers) for one in each.layers]
        return without(document, tuple(layers))

    async def outlines(self, fit: FittedAnswer) -> tuple[PartOutline, ...]:
        """Where the parts of a fitted answer lie, to be drawn over the picture; nothing without parts."""
        return await self._work.canvas(outlines_of, fit, self._pixels)

    def _fit_of(self, layer_id: LayerId) -> tuple[Candidate, FittedAnswer]:
        """The answer of a layer and its fit.

        Raises:
            EditorError: when there is none that holds for the layer as it is now.
            DocumentError: when it is locked.
        """
        candidate = self._answer_of(layer_id)
        layer, fit = self._editor.document.layers[layer_id], self.fit_of(layer_id)
        if fit is None:
            raise EditorError(f"“{layer.name}” is as an earlier fit made it; refit it first, which is free.")
        grid, own = layer.grid, self.shows_own_picture(layer_id)
        if not own and grid is not None and fit.layer is not None and grid.size != fit.layer.size:
            raise EditorError(
                f"“{layer.name}” was scaled or turned since it was fitted; refit it first, which is free."
            )
        return candidate, fit

    def _answer_of(self, layer_id: LayerId) -> Candidate:
        candidate = self.answer_of(layer_id)
        if candidate is None:
            raise EditorError("This layer was not made by fitting an answer.")
        unlocked(self._editor.document, layer_id)
        return candidate

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
        _, fit = self._fit_of(layer_id)
        wanted = set(kept)
        put_in, taken_out = wanted - set(fit.kept), set(fit.kept) - wanted
        own = self.shows_own_picture(layer_id)
        if not put_in and not taken_out:
            return None
        shown = replace(fit, kept=tuple(sorted(wanted)))

        def change(document: Document) -> Document:
            layer = document.layer(layer_id)
            if own:
                layer = with_shown(layer, layer_of(shown, layer.name, document.size, self._pixels))
            else:
                layer = replace(layer, mask=self._turned(layer, fit, put_in, taken_out))
            return put_layer(document, _told(layer, kept=shown.kept, own_picture=False))

        return await self.changed(_label_of(put_in, taken_out), change)

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
        """Take a fitted layer apart: a group with a layer for each edit, or each part where one edit asked for all.

        Raises:
            EditorError: when there are not two parts to take apart.
        """
        candidate, fit = self._fit_of(layer_id)
        if self.shows_own_picture(layer_id):
            raise EditorError("It shows the model’s own picture; go back to only what changed, then take it apart.")
        kept = [island for island in fit.islands if island.number in fit.kept]
        sentences = [edit.instruction for edit in self._runs.runs[candidate.run].edits]
        parts = _parts_of(kept, sentences)
        if len(parts) < 2:
            raise EditorError("There is only one part here; nothing to take apart.")

        def change(document: Document) -> Document:
            layer = document.layer(layer_id)
            others = [number for _, numbers in parts[1:] for number in numbers]
            made = [replace(self._part(layer, fit, numbers), name=name) for name, numbers in parts[1:]]
            # The first takes what was painted on the mask beside all parts, so that nothing is lost.
            made.insert(0, replace(self._part(layer, fit, others, without=True), name=parts[0][0]))
            content = Group(tuple(one.id for one in reversed(made)))
            group = replace(layer, content=content, mask=None, offset=Point(), provenance=None)
            layers = {**document.layers, layer_id: group, **{one.id: one for one in made}}
            return replace(document, layers=layers)

        return await self.changed("Take apart by edit", change)

    def _part(self, layer: Layer, fit: FittedAnswer, numbers: list[int], *, without: bool = False) -> Layer:
        import numpy as np

        assert fit.numbers is not None
        mine = np.isin(self._pixels.block(fit.numbers), numbers, invert=without)
        mask = np.where(mine, self._present_mask(layer, fit), np.uint8(0))
        shown = Mask(self._pixels.add(np.ascontiguousarray(mask)), layer.offset, 0)
        apart = None if layer.provenance is None else replace(layer.provenance, candidate=None, base=None)
        plain = replace(layer, id=LayerId(new_id()), mask=shown, opacity=1.0, visible=True, provenance=apart)
        return replace(plain, blend_mode=BlendMode.NORMAL)

    async def own_picture(self, layer_id: LayerId, *, on: bool) -> Step | None:
        """Show the model's own picture in place of what was fitted, or the fitted one again."""
        _, fit = self._fit_of(layer_id)
        label = "Show the model’s own picture" if on else "Show only what changed"

        def change(document: Document) -> Document:
            layer = document.layer(layer_id)
            shown = (plain_layer if on else layer_of)(fit, layer.name, document.size, self._pixels)
            return put_layer(document, _told(with_shown(layer, shown), own_picture=on))

        return await self.changed(label, change)

    def shows_own_picture(self, layer_id: LayerId) -> bool:
        """Whether a layer shows the model's own picture now."""
        layer = self._editor.document.layers.get(layer_id)
        return layer is not None and layer.provenance is not None and layer.provenance.own_picture

    # Another base

    async def refit(self, layer_id: LayerId) -> Step | None:
        """Fit the kept answer to what lies under its layer now; nothing is sent and nothing is charged."""
        candidate = self._answer_of(layer_id)
        assert candidate.fit is not None
        document = self._editor.document
        under = below(document, layer_id)
        again = await self._fitted_again(candidate, _placed(candidate.fit, document, layer_id), under)

        def change(present: Document) -> Document:
            layer = present.layer(layer_id)
            shown = with_shown(layer, layer_of(again, layer.name, present.size, self._pixels))
            return put_layer(present, _told(shown, base=fingerprint(under), kept=None, own_picture=False))

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


def _told(layer: Layer, **changes: object) -> Layer:
    """A layer whose provenance says something else."""
    assert layer.provenance is not None
    return replace(layer, provenance=replace(layer.provenance, **changes))  # type: ignore[arg-type]  # fields by name


def _label_of(put_in: set[int], taken_out: set[int]) -> str:
    if put_in and taken_out:
        return "Keep other parts"
    verb, count = ("Keep", len(put_in)) if put_in else ("Drop", len(taken_out))
    return f"{verb} a part" if count == 1 else f"{verb} {count} parts"


def _placed(fit: FittedAnswer, document: Document, layer_id: LayerId) -> FittedAnswer:
    """The same where the answer belongs on a document that was cropped or scaled since."""
    clip, frame, layer = fit.clip, fit.frame, document.layer(layer_id)
    if clip is None or frame is None or clip.offset != Point() or clip.size == document.size:
        return fit
    if layer.grid is not None and fit.layer is not None and layer.grid.size == fit.layer.size:
        away = layer.offset - fit.rect.offset
        return replace(fit, frame=frame.translated(away), clip=clip.translated(away).intersected(document.rect))
    return replace(fit, frame=None, clip=None)


def _parts_of(kept: list[FittedIsland], sentences: list[str]) -> list[tuple[str, list[int]]]:
    """Name and islands of each layer that parts become: one for an edit, or, where there is but one, for a part."""
    known = {island.number: island.edit for island in kept if island.edit is not None}
    several = len(set(known.values())) + len(kept) - len(known) > 1
    parts: dict[tuple[int, int], list[int]] = {}
    for island in kept:
        edit = known.get(island.number, -1)
        key = (edit, 0) if several and edit >= 0 else (edit, island.number)
        parts.setdefault(key, []).append(island.number)
    sides = {island.number for island in kept if island.side_effect}
    return [(_part_name(*key, sentences, side=key[1] in sides), numbers) for key, numbers in parts.items()]


def _part_name(edit: int, number: int, sentences: list[str], *, side: bool) -> str:
    asked = " ".join(sentences[edit].split())[:60] if 0 <= edit < len(sentences) else ""
    if asked:
        return f"Part {number}: {asked}" if number else asked
    return f"Side effect {number}" if side else f"Part {number}"
