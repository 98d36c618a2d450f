"""Pictures from outside become layers or references: each one a step, a faulty one never stops the others."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.edit import Reference
from nanodesk.document.geometry import Point, Size
from nanodesk.document.identity import LayerId, ReferenceId, new_id
from nanodesk.document.layer import Layer, Pixels
from nanodesk.document.operations.canvas import set_document_frame
from nanodesk.document.operations.layers import add_layer
from nanodesk.document.operations.references import add_reference
from nanodesk.document.provenance import Origin, Provenance
from nanodesk.editor.errors import IntakeError
from nanodesk.editor.foreign_answers import another_version, same_shape
from nanodesk.editor.intake import read_source
from nanodesk.editor.notice import Notice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nanodesk.document.document import Document
    from nanodesk.document.state import State
    from nanodesk.document.tiles import TileGrid
    from nanodesk.editor.editor import Editor, Operation
    from nanodesk.editor.intake import Decoder, PictureSource, TakenPicture
    from nanodesk.editor.layer_intake import TakenLayers
    from nanodesk.editor.pixel_store import Block, PixelStore
    from nanodesk.editor.signal import Signal
    from nanodesk.editor.work import Work


class Placing:
    """Brings pictures into one project."""

    def __init__(
        self, editor: Editor, pixels: PixelStore, decoder: Decoder, work: Work, notices: Signal[Notice]
    ) -> None:
        self._editor = editor
        self._pixels = pixels
        self._decoder = decoder
        self._work = work
        self._notices = notices

    async def place(
        self, sources: Sequence[PictureSource], *, at: Point | None = None, above: LayerId | None = None
    ) -> tuple[LayerId, ...]:
        """Add each picture as a layer; the first one makes the document where there is none.

        A file with layers becomes a document with these layers, or a group where there is a document already.

        Args:
            at: the document pixel that the middle of each picture goes to; the middle of the canvas by default.

        Raises:
            IntakeError: naming the pictures that could not be taken in; the others are there. Placing what is in its
                `again` takes those in that the designer has a choice about.
        """
        placed: list[LayerId] = []
        faults = _Faults()
        for source in sources:
            try:
                taken = await self._taken(source)
                added = await self._added(taken, at, above)
            except IntakeError as fault:
                faults.add(fault)
                continue
            placed += added
            above = added[-1]
        faults.tell()
        return tuple(placed)

    async def _taken(self, source: PictureSource) -> TakenPicture:
        document = self._editor.document
        taken = await self._decoder.taken(
            source, self._pixels, document.profile, keep_profile=document.empty, layers=True
        )
        for note in taken.notes:
            self._notices.emit(Notice(f"“{source.name}”: {note}"))
        return taken

    async def _added(self, taken: TakenPicture, at: Point | None, above: LayerId | None) -> tuple[LayerId, ...]:
        """Put a picture into the document; the top layers that came of it, bottom first."""
        first = self._editor.document.empty
        if first:
            self._editor.apply_document(
                f"New document from {taken.name}",
                lambda present: set_document_frame(present, taken.grid.size, taken.dpi or 72.0, taken.profile),
            )
        layers = taken.layers
        if layers is not None and first:
            self._editor.apply_document(f"Add {taken.name}", layers.as_document, provenance=_provenance(taken))
            return layers.root
        if layers is not None:
            return self._add_group(taken, layers, at, above)
        if first:
            layer = self._new_layer(taken, Point(), locked=True)
        else:
            taken = await self._fitting(taken)
            layer = self._new_layer(taken, self._corner(taken.grid.size, at), locked=False)
        under = self._editor.document
        self._add(layer, above)
        if not first and same_shape(taken.grid.size, under.size):
            await self._offer_to_fit(taken, layer.id, under)
        return (layer.id,)

    async def _offer_to_fit(self, taken: TakenPicture, layer: LayerId, under: Document) -> None:
        """What looks like another version of the picture may well be what another tool made of it."""
        if await self._work.pixels(another_version, under, taken.grid, self._pixels):
            words = f"“{taken.name}” looks like another version of this picture. Keep only what changed?"
            self._notices.emit(Notice(words, action="fit_layer", offer="Fit it", layer=layer))

    def _corner(self, size: Size, at: Point | None) -> Point:
        canvas = self._editor.document.size
        middle = at or Point(canvas.width // 2, canvas.height // 2)
        return Point(middle.x - size.width // 2, middle.y - size.height // 2)

    def _add_group(
        self, taken: TakenPicture, layers: TakenLayers, at: Point | None, above: LayerId | None
    ) -> tuple[LayerId, ...]:
        size, canvas = taken.grid.size, self._editor.document.size
        if size.width > canvas.width or size.height > canvas.height:
            self._notices.emit(
                Notice(
                    f"“{taken.name}” is {size.width} × {size.height} pixels, larger than the canvas; its layers keep "
                    "their size."
                )
            )
        provenance = _provenance(taken)
        group = layers.moved(self._corner(size, at)).grouped(taken.name, provenance)

        def operation(document: Document) -> Document:
            own = {layer_id: layer for layer_id, layer in group.layers.items() if layer_id != group.root[0]}
            document = replace(document, layers={**document.layers, **own})
            beside = above if above in document.layers else None
            return add_layer(document, group.layers[group.root[0]], above=beside)

        self._editor.apply_document(f"Add {taken.name}", operation, provenance=provenance)
        return group.root

    async def _fitting(self, taken: TakenPicture) -> TakenPicture:
        """The picture scaled down to the canvas, where it is larger."""
        canvas, size = self._editor.document.size, taken.grid.size
        factor = min(canvas.width / size.width, canvas.height / size.height)
        if factor >= 1:
            return taken
        smaller = Size(max(1, round(size.width * factor)), max(1, round(size.height * factor)))
        grid = await self._work.pixels(self._scaled, taken, smaller)
        self._notices.emit(
            Notice(
                f"“{taken.name}” was scaled from {size.width} × {size.height} to"
                f" {smaller.width} × {smaller.height} pixels to fit the canvas.",
            )
        )
        return replace(taken, grid=grid)

    def _scaled(self, taken: TakenPicture, size: Size) -> TileGrid:
        from nanodesk.imaging.resample import resize

        return self._pixels.add(resize(self._pixels.block(taken.grid), size))

    @staticmethod
    def _new_layer(taken: TakenPicture, offset: Point, *, locked: bool) -> Layer:
        provenance = _provenance(taken)
        return Layer(LayerId(new_id()), taken.name, Pixels(taken.grid), offset, locked=locked, provenance=provenance)

    def _add(self, layer: Layer, above: LayerId | None) -> None:
        def operation(document: Document) -> Document:
            return add_layer(document, layer, above=above if above in document.layers else None)

        self._editor.apply_document(f"Add {layer.name}", operation, provenance=layer.provenance)

    async def add_references(self, sources: Sequence[PictureSource]) -> None:
        """Put each picture into the tray, and nowhere else.

        Raises:
            IntakeError: naming the pictures that could not be taken in; the others are there.
        """
        faults = _Faults()
        for source in sources:
            try:
                profile = self._editor.document.profile
                taken = await self._decoder.taken(source, self._pixels, profile, keep_profile=False)
            except IntakeError as fault:
                faults.add(fault)
                continue
            reference = Reference(ReferenceId(new_id()), picture=taken.grid, name=source.name)
            self._editor.apply(f"Add reference {source.name}", _adding(reference))
        faults.tell()

    async def mask_picture(self, source: PictureSource) -> TileGrid:
        """A grey picture as a mask of the document's size: white selects, black does not.

        Raises:
            IntakeError: when it cannot be read, or has another size than the document.
        """
        data = await self._work.pixels(read_source, source)
        picture = await self._decoder.picture(data, source.name)
        return await self._work.pixels(self._masked, picture.pixels, source.name)

    def _masked(self, picture: Block, name: str) -> TileGrid:
        import cv2
        import numpy as np

        canvas = self._editor.document.size
        height, width = picture.shape[:2]
        if (width, height) != (canvas.width, canvas.height):
            raise IntakeError(
                f"“{name}” is {width} × {height} pixels, but the picture is {canvas.width} × {canvas.height}:"
                " a mask must have its size."
            )
        grey = cv2.cvtColor(picture, cv2.COLOR_BGRA2GRAY)
        mask = cv2.multiply(grey, picture[:, :, 3], scale=1 / 255)
        return self._pixels.add(np.asarray(mask, np.uint8))


class _Faults:
    """What could not be taken in while the rest went on."""

    def __init__(self) -> None:
        self._sentences: list[str] = []
        self._again: list[PictureSource] = []

    def add(self, fault: IntakeError) -> None:
        self._sentences.append(str(fault))
        self._again += fault.again

    def tell(self) -> None:
        if self._sentences:
            raise IntakeError(" ".join(self._sentences), tuple(self._again))


def _provenance(taken: TakenPicture) -> Provenance:
    return Provenance(Origin.IMPORTED, time.time(), source=taken.name, exif=taken.exif, generative=taken.generative)


def _adding(reference: Reference) -> Operation:
    def operation(state: State) -> State:
        return add_reference(state, reference)

    return operation
