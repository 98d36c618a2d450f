"""How many model passes stand between what is seen and its source, and doing accepted edits anew from there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nanodesk.document.edit import Edit, EditStack
from nanodesk.document.geometry import Point, Rect
from nanodesk.document.identity import EditId, new_id
from nanodesk.document.layer import Group, Pixels
from nanodesk.editor.errors import EditorError
from nanodesk.editor.flattening import up_to

if TYPE_CHECKING:
    from nanodesk.document.document import Document
    from nanodesk.document.identity import LayerId, RunId
    from nanodesk.document.layer import Layer, Mask
    from nanodesk.document.run import RunOptions
    from nanodesk.document.state import State
    from nanodesk.editor.editor import Editor
    from nanodesk.editor.pixel_store import Block, PixelStore
    from nanodesk.editor.run_queue import RunQueue
    from nanodesk.editor.work import Work


@dataclass(frozen=True, slots=True)
class Wear:
    """Model passes within what a layer shows: their mean over it, and the most of any pixel."""

    mean: float
    most: int


@dataclass(frozen=True, slots=True)
class RebasePlan:
    """What doing the accepted edits anew would be.

    Attributes:
        sentences: the edits, in the order in which they would be sent.
        layers: those whose place the answer would take.
        engine, model: what would be asked, by id.
        cost: US dollars, estimated; none where it is not known.
        refusal: why it cannot be asked so; empty where it can.
    """

    sentences: tuple[str, ...]
    layers: tuple[LayerId, ...]
    engine: str
    model: str
    cost: float | None
    refusal: str


class Wearing:
    """Of one project."""

    def __init__(self, editor: Editor, pixels: PixelStore, runs: RunQueue, work: Work) -> None:
        self._editor = editor
        self._pixels = pixels
        self._runs = runs
        self._work = work

    async def of_layer(self, layer_id: LayerId) -> Wear:
        """The passes of what a layer shows, with all that lies under it."""
        return await self._work.pixels(self._of_layer, self._editor.document, layer_id)

    async def at(self, x: int, y: int) -> int:
        """The passes of a document pixel."""
        wear = await self._work.pixels(self.passes, self._editor.document)
        inside = 0 <= y < wear.shape[0] and 0 <= x < wear.shape[1]
        return int(wear[y, x]) if inside else 0

    def _of_layer(self, document: Document, layer_id: LayerId) -> Wear:
        wear = self.passes(up_to(document, layer_id))
        shown = cover_of(document.layer(layer_id), document.rect, self._pixels)
        if not shown.any():
            return Wear(0.0, 0)
        within = wear[shown > 0]
        return Wear(float(within.mean()), int(within.max()))

    def passes(self, document: Document) -> Block:
        """Model passes of every pixel (h, w) of a document; slow, for a thread."""
        import numpy as np

        wear = np.zeros((document.size.height, document.size.width), np.uint8)
        return self._over(document, document.root, wear)

    def _over(self, document: Document, ids: tuple[LayerId, ...], wear: Block) -> Block:
        """The wear with layers over it, bottom first."""
        from nanodesk.imaging.fit.wear import worn

        for layer_id in ids:
            layer = document.layers[layer_id]
            if not layer.visible or layer.opacity <= 0:
                continue
            if isinstance(layer.content, Group):
                wear = self._over(document, layer.children, wear)
                continue
            cover = _picture_cover(layer, document.rect, self._pixels)
            if cover is None:
                continue
            if layer.provenance is not None and layer.provenance.generative:
                wear = worn(wear, cover, document.rect)
            else:
                wear = self._fresh(wear, cover, layer)
        return wear

    @staticmethod
    def _fresh(wear: Block, cover: Block, layer: Layer) -> Block:
        """What was brought in from a file and hides all below it has passed through no model."""
        import numpy as np

        if not isinstance(layer.content, Pixels) or layer.opacity < 1:
            return wear
        return np.where(cover == 255, np.uint8(0), wear)

    # Anew from the original

    def rebased(self) -> tuple[State, tuple[LayerId, ...]]:
        """The state with every generative layer hidden and all their accepted edits as one stack, and those layers.

        Raises:
            EditorError: when there is nothing to do anew.
        """
        state = self._editor.state
        layers = [layer for layer_id in state.document.root for layer in self._generative(state.document, layer_id)]
        edits = self._edits(layers)
        if not edits:
            raise EditorError("No visible layer here was made by a generative model; there is nothing to rebase.")
        hidden = {one.id: replace(one, visible=False) for one in layers}
        document = replace(state.document, layers={**state.document.layers, **hidden})
        return replace(state, document=document, edit_stack=EditStack(edits)), tuple(hidden)

    def _generative(self, document: Document, layer_id: LayerId) -> list[Layer]:
        layer = document.layers[layer_id]
        if not layer.visible:
            return []
        if isinstance(layer.content, Group):
            return [one for child in layer.children for one in self._generative(document, child)]
        made = layer.provenance is not None and layer.provenance.generative and layer.provenance.instructions
        return [layer] if made else []

    def _edits(self, layers: list[Layer]) -> tuple[Edit, ...]:
        """Every sentence once, in the order in which the layers lie; tied to its selection as it was."""
        found: list[Edit] = []
        done: set[RunId] = set()
        for layer in layers:
            provenance = layer.provenance
            assert provenance is not None
            if provenance.run is None or provenance.run in done:
                continue
            done.add(provenance.run)
            run = self._runs.runs.get(provenance.run)
            edits = run.edits if run is not None else ()
            found.extend(replace(edit, id=EditId(new_id())) for edit in edits)
        return tuple(found)

    def plan(self, engine: str, options: RunOptions) -> RebasePlan:
        """What `rebase` would send, and about what it would cost.

        Raises:
            EditorError: when there is nothing to do anew.
        """
        state, layers = self.rebased()
        plan = self._runs.plan(engine, replace(options, replaces=layers, continues=None), state)
        sentences = tuple(edit.instruction for edit in state.edit_stack)
        return RebasePlan(sentences, layers, plan.engine, plan.model, plan.cost, plan.refusal)

    def rebase(self, engine: str, options: RunOptions) -> RunId:
        """Send the accepted edits of all generative layers as one stack on the original; the answer takes their place.

        Raises:
            EditorError: when there is nothing to do anew, or it cannot be sent.
        """
        state, layers = self.rebased()
        return self._runs.submit(engine, replace(options, replaces=layers, continues=None), state)


def _picture_cover(layer: Layer, canvas: Rect, pixels: PixelStore) -> Block | None:
    """The same for a picture layer; none for others."""
    return cover_of(layer, canvas, pixels) if isinstance(layer.content, Pixels) and layer.rect is not None else None


def cover_of(layer: Layer, canvas: Rect, pixels: PixelStore) -> Block:
    """How much of each document pixel a layer's alpha and mask let show (h, w), whatever its opacity; slow."""
    import numpy as np

    cover = np.zeros((canvas.height, canvas.width), np.uint8)
    seen = canvas if layer.rect is None else layer.rect.intersected(canvas)
    if seen.empty:
        return cover
    part = np.full((seen.height, seen.width), 255, np.uint8)
    if isinstance(layer.content, Pixels):
        inner = seen.translated(Point(-layer.offset.x, -layer.offset.y))
        part = pixels.block(layer.content.grid, inner)[:, :, 3]
    mask = layer.mask
    if mask is not None and mask.enabled:
        part = np.minimum(part, mask_over(mask, seen, pixels))
    cover[seen.y : seen.bottom, seen.x : seen.right] = part
    return cover


def mask_over(mask: Mask, part: Rect, pixels: PixelStore) -> Block:
    """A mask over a part of the document (h, w), what lies beyond its edges included."""
    import numpy as np

    block = np.full((part.height, part.width), mask.outside, np.uint8)
    held = Rect(mask.offset.x, mask.offset.y, mask.grid.size.width, mask.grid.size.height).intersected(part)
    if not held.empty:
        inner = held.translated(Point(-mask.offset.x, -mask.offset.y))
        y, x = held.y - part.y, held.x - part.x
        block[y : y + held.height, x : x + held.width] = pixels.block(mask.grid, inner)
    return block
