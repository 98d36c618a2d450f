"""What changes pixels by hand: crop, resize, turn, merge, masks from selections, copying pictures out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.candidate import Turn
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.identity import LayerId, new_id
from nanodesk.document.layer import Mask
from nanodesk.document.operations.canvas import crop_document
from nanodesk.document.operations.masks import set_mask
from nanodesk.document.operations.merging import flatten_document, merge_down
from nanodesk.document.operations.selections import move_selections
from nanodesk.editor.errors import EditorError
from nanodesk.editor.exporting import source_type
from nanodesk.editor.flattening import alone
from nanodesk.editor.selecting import mask_of
from nanodesk.editor.transforming import resized, rotated, turned

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.document.document import Document
    from nanodesk.document.state import State
    from nanodesk.document.tiles import TileGrid
    from nanodesk.editor.editor import Editor
    from nanodesk.editor.pixel_store import PixelStore
    from nanodesk.editor.work import Work


class Shaping:
    """Slow changes of one project's document: computed off the loop's thread, applied as one step."""

    def __init__(self, editor: Editor, pixels: PixelStore, work: Work) -> None:
        self._editor = editor
        self._pixels = pixels
        self._work = work

    async def reshape(self, label: str, function: Callable[[Document], Document]) -> None:
        """Apply a slow pure function to the document; done again when the document has changed meanwhile."""
        while True:
            before = self._editor.document
            try:
                after = await self._work.pixels(function, before)
            except ValueError as error:
                raise EditorError(str(error)) from None
            if self._editor.document is before:
                break
        self._editor.apply_document(label, lambda _: after)

    async def resize(self, size: Size) -> None:
        """Scale the canvas and every layer."""
        label = f"Resize to {size.width} × {size.height}"
        await self.reshape(label, lambda document: resized(document, size, self._pixels))

    async def turn(self, turn: Turn) -> None:
        """Turn or flip the canvas and every layer."""
        await self.reshape(_TURNS[turn], lambda document: turned(document, turn, self._pixels))

    async def rotate(self, degrees: float) -> None:
        """Rotate every layer clockwise about the middle of the canvas."""
        await self.reshape(f"Rotate by {degrees:g}°", lambda document: rotated(document, degrees, self._pixels))

    def crop(self, rect: Rect) -> None:
        """Cut the canvas; layers keep what lies beyond, selections stay where they were on the picture."""

        def cropped(state: State) -> State:
            state = replace(state, document=crop_document(state.document, rect))
            return move_selections(state, Point(-rect.x, -rect.y))

        self._editor.apply("Crop", cropped)

    async def merge_down(self, layer_id: LayerId) -> None:
        """Make one picture of a layer and the one below it, at their place in the tree."""
        document = self._editor.document
        siblings = document.siblings_of(layer_id)
        place = siblings.index(layer_id)
        if place == 0:
            raise EditorError(f"There is no layer below “{document.layer(layer_id).name}” to merge it with.")
        below = siblings[place - 1]

        def merge(present: Document) -> Document:
            grid, offset = self._merged(present, (below, layer_id))
            return merge_down(present, layer_id, grid, offset)

        await self.reshape("Merge down", merge)

    def _merged(self, document: Document, ids: tuple[LayerId, ...]) -> tuple[TileGrid, Point]:
        from nanodesk.imaging.painter import flatten

        only = replace(document, root=ids)
        block = flatten(only, self._pixels.tile)
        return self._pixels.add(block), Point()

    async def flatten(self) -> None:
        """Make one picture of all that is visible."""

        def flat(present: Document) -> Document:
            grid, _ = self._merged(present, present.root)
            return flatten_document(present, grid, LayerId(new_id()))

        await self.reshape("Flatten", flat)

    async def mask_from_selection(self, layer_id: LayerId) -> None:
        """Limit a layer to the present selection."""
        selection = self._editor.state.selection
        if selection is None:
            raise EditorError("There is no selection to make a mask of: draw one first.")
        size = self._editor.document.size
        block = await self._work.pixels(mask_of, selection, size, self._pixels)
        mask = Mask(await self._work.pixels(self._pixels.add, block))
        self._editor.apply_document("Mask from selection", lambda document: set_mask(document, layer_id, mask))

    async def copy_picture(self, layer_id: LayerId | None) -> bytes:
        """PNG bytes of a layer, or of all that is visible, within the selection where there is one.

        Raises:
            EditorError: when there is nothing to copy.
        """
        state = self._editor.state
        if state.document.size.empty:
            raise EditorError("There is no picture to copy.")
        return await self._work.pixels(self._copied, layer_id)

    def _copied(self, layer_id: LayerId | None) -> bytes:
        import cv2

        from nanodesk.formats.export import PictureOptions, encode
        from nanodesk.imaging.painter import flatten

        state = self._editor.state
        document = state.document if layer_id is None else alone(state.document, layer_id)
        rect = document.rect
        selection = state.selection
        if selection is not None and not selection.inverted:
            rect = rect.intersected(selection.bounds)
        if rect.empty:
            raise EditorError("There is nothing within the selection to copy.")
        block = flatten(document, self._pixels.tile, rect=rect)
        if selection is not None:
            mask = mask_of(selection, document.size, self._pixels)[rect.y : rect.bottom, rect.x : rect.right]
            block = block.copy()
            block[:, :, 3] = cv2.multiply(block[:, :, 3], mask, scale=1 / 255)
        made = source_type(document)
        return encode(block, PictureOptions("png", profile=document.profile, dpi=document.dpi, source_type=made))


_TURNS = {
    Turn.ROTATE_90: "Rotate 90° clockwise",
    Turn.ROTATE_180: "Rotate 180°",
    Turn.ROTATE_270: "Rotate 90° counter-clockwise",
    Turn.FLIP_HORIZONTAL: "Flip horizontally",
    Turn.FLIP_VERTICAL: "Flip vertically",
}
