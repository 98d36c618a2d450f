"""Working on the mask of a layer: strokes, its edge, its subject; each one step, computed off the loop's thread."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nanodesk.document.geometry import Point, Rect
from nanodesk.document.layer import Adjustment, Group, Mask
from nanodesk.document.operations.masks import set_mask
from nanodesk.editor.errors import EditorError
from nanodesk.editor.wearing import mask_over

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nanodesk.document.document import Document
    from nanodesk.document.history import Step
    from nanodesk.document.identity import LayerId
    from nanodesk.editor.editor import Editor
    from nanodesk.editor.pixel_store import Block, PixelStore
    from nanodesk.editor.work import Work

MOST_PIXELS = 10_000
"""Of growing and of a feather, so that a slip of the keyboard does not stop everything."""


@dataclass(frozen=True, slots=True)
class Brush:
    """How a stroke paints.

    Attributes:
        size: diameter in document pixels.
        hardness: 0 to 1: the share of the radius that is wholly covered.
        opacity: 0 to 1.
        erase: hide instead of show.
    """

    size: float = 60.0
    hardness: float = 0.8
    opacity: float = 1.0
    erase: bool = False


class Masking:
    """Changes masks of one project."""

    def __init__(self, editor: Editor, pixels: PixelStore, work: Work) -> None:
        self._editor = editor
        self._pixels = pixels
        self._work = work
        self._turn = asyncio.Lock()

    def why_not(self, layer_id: LayerId | None, *, erase: bool = True) -> str:
        """Why a layer's mask cannot be painted, as a plain sentence; empty when it can."""
        document = self._editor.document
        if layer_id is None or layer_id not in document.layers:
            return "Choose a layer to paint its mask."
        layer = document.layer(layer_id)
        if isinstance(layer.content, Group):
            return f"“{layer.name}” is a group; paint the mask of a layer in it."
        if layer.locked:
            return f"“{layer.name}” is locked; unlock it to paint its mask."
        if layer.mask is None and not erase:
            return f"All of “{layer.name}” shows already; erase to hide parts of it."
        return ""

    async def stroke(
        self, layer_id: LayerId, points: Sequence[tuple[float, float]], pressures: Sequence[float], brush: Brush
    ) -> Step | None:
        """Paint one stroke, as one step; strokes follow each other in the order they were asked for.

        Args:
            points: document coordinates, edges of pixels.
            pressures: of the pen, 0 to 1, for each point.

        Raises:
            EditorError: when the layer's mask cannot be painted.
        """
        label = "Erase from mask" if brush.erase else "Paint mask"
        frozen, pressed = tuple(points), tuple(pressures)

        def draw(document: Document) -> Mask:
            return self._stroked(document, layer_id, frozen, pressed, brush)

        return await self._changed(layer_id, label, draw, erase=brush.erase)

    async def edge(self, layer_id: LayerId, *, grow: int = 0, feather: float = 0.0) -> Step | None:
        """Move a mask's edge outwards by pixels (inwards where negative), or soften it.

        Raises:
            EditorError: when the layer has no mask, or is locked.
        """
        grow = max(-MOST_PIXELS, min(MOST_PIXELS, grow))
        feather = max(0.0, min(float(MOST_PIXELS), feather))
        label = "Feather mask" if feather else "Grow mask" if grow > 0 else "Shrink mask"

        def change(document: Document) -> Mask:
            from nanodesk.imaging import mask as masks

            rect, block = self._whole(document, layer_id, margin=abs(grow) + round(3 * feather))
            block = masks.grow(block, grow) if grow else block
            block = masks.feather(block, feather) if feather else block
            return Mask(self._pixels.add(block), rect.offset, self._mask(document, layer_id).outside)

        return await self._changed(layer_id, label, change, needs_mask=True)

    async def invert(self, layer_id: LayerId) -> Step | None:
        """Show what is hidden, and the other way round."""

        def change(document: Document) -> Mask:
            from nanodesk.imaging.mask import invert

            mask = self._mask(document, layer_id)
            return Mask(self._pixels.add(invert(self._pixels.block(mask.grid))), mask.offset, 255 - mask.outside)

        return await self._changed(layer_id, "Invert mask", change, needs_mask=True)

    async def refine(self, layer_id: LayerId, radius: int = 12) -> Step | None:
        """Draw a mask's edge to the edges of what it shows.

        Args:
            radius: how far the edge may move, pixels.
        """

        def change(document: Document) -> Mask:
            from nanodesk.imaging.mask import refined

            rect, block = self._whole(document, layer_id, margin=4 * radius)
            guide = self._seen(document, layer_id, rect)
            return Mask(
                self._pixels.add(refined(block, guide, radius)), rect.offset, self._mask(document, layer_id).outside
            )

        return await self._changed(layer_id, "Refine mask", change, needs_mask=True)

    async def _changed(
        self,
        layer_id: LayerId,
        label: str,
        change: Callable[[Document], Mask],
        *,
        erase: bool = True,
        needs_mask: bool = False,
    ) -> Step | None:
        async with self._turn:
            while True:
                reason = self.why_not(layer_id, erase=erase)
                before = self._editor.document
                if not reason and needs_mask and before.layer(layer_id).mask is None:
                    reason = f"“{before.layer(layer_id).name}” has no mask."
                if reason:
                    raise EditorError(reason)
                mask = await self._work.pixels(change, before)
                if self._editor.document is before:
                    break
            return self._editor.apply_document(label, lambda document: set_mask(document, layer_id, mask))

    # In a thread

    @staticmethod
    def _mask(document: Document, layer_id: LayerId) -> Mask:
        mask = document.layer(layer_id).mask
        if mask is None:
            raise EditorError("The layer has no mask.")
        return mask

    @staticmethod
    def _reach(document: Document, layer_id: LayerId) -> Rect:
        """Where a mask of the layer can have an effect."""
        layer = document.layer(layer_id)
        if isinstance(layer.content, Adjustment) or layer.rect is None:
            return document.rect
        return layer.rect

    def _stroked(
        self,
        document: Document,
        layer_id: LayerId,
        points: Sequence[tuple[float, float]],
        pressures: Sequence[float],
        brush: Brush,
    ) -> Mask:
        from nanodesk.imaging.mask import painted, pressed_stroke

        mask = document.layer(layer_id).mask
        reach = self._reach(document, layer_id)
        if mask is None:
            mask = self._showing_all(reach)
        rect, cover = pressed_stroke(points, pressures, brush.size, brush.hardness)
        part = rect.intersected(reach)
        if part.empty:
            raise EditorError(f"Nothing of “{document.layer(layer_id).name}” lies there: paint where the layer is.")
        cover = cover[part.y - rect.y : part.bottom - rect.y, part.x - rect.x : part.right - rect.x]
        mask = self._reaching(mask, part)
        inner = part.translated(Point(-mask.offset.x, -mask.offset.y))
        patch = painted(self._pixels.block(mask.grid, inner), cover, brush.opacity, erase=brush.erase)
        grid = self._pixels.paint(mask.grid, inner, patch)
        return Mask(grid, mask.offset, mask.outside)

    def _showing_all(self, reach: Rect) -> Mask:
        import numpy as np

        return Mask(self._pixels.add(np.full((reach.height, reach.width), 255, np.uint8)), reach.offset, 255)

    def _reaching(self, mask: Mask, part: Rect) -> Mask:
        """The mask with room for a stroke; tiles are shared where its edges need not move."""
        held = Rect(mask.offset.x, mask.offset.y, mask.grid.size.width, mask.grid.size.height)
        if held.contains(part):
            return mask
        wanted = held.united(part)
        return Mask(self._pixels.add(mask_over(mask, wanted, self._pixels)), wanted.offset, mask.outside)

    def _whole(self, document: Document, layer_id: LayerId, *, margin: int) -> tuple[Rect, Block]:
        """A mask with some room around it, as far as its layer reaches."""
        mask = self._mask(document, layer_id)
        held = Rect(mask.offset.x, mask.offset.y, mask.grid.size.width, mask.grid.size.height)
        wide = Rect(held.x - margin, held.y - margin, held.width + 2 * margin, held.height + 2 * margin)
        wanted = wide.intersected(self._reach(document, layer_id)).united(held)
        return wanted, mask_over(mask, wanted, self._pixels)

    def _seen(self, document: Document, layer_id: LayerId, rect: Rect) -> Block:
        """What lies under a mask: the layer's own picture, or what an adjustment acts on; (h, w, 4)."""
        from nanodesk.imaging.painter import flatten

        layer = document.layer(layer_id)
        layers = {**document.layers, layer_id: replace(layer, mask=None)}
        return flatten(replace(document, layers=layers), self._pixels.tile, rect=rect)
