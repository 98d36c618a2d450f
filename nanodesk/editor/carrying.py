"""A document's layers for a file of another program: what the format cannot carry becomes pixels, and is said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from nanodesk.document.blend import BlendMode
from nanodesk.document.layer import Adjustment, Group, Layer, Mask, Text, Unknown
from nanodesk.editor.flattening import alone
from nanodesk.formats.picture import PictureLayer, PlacedMask

if TYPE_CHECKING:
    from nanodesk.document.document import Document
    from nanodesk.document.identity import LayerId
    from nanodesk.editor.pixel_store import Block, PixelStore


@dataclass(frozen=True, slots=True)
class Carries:
    """What a format with layers can hold.

    Attributes:
        name: of the format, for sentences.
        masks: whether a layer or group can have one.
        modes: the blend modes it has.
        nearly: what it calls those of them that differ from ours where a layer is translucent.
    """

    name: str
    masks: bool
    modes: frozenset[BlendMode]
    nearly: tuple[tuple[BlendMode, str], ...] = ()


PHOTOSHOP = Carries(
    "a Photoshop file",
    masks=True,
    modes=frozenset(BlendMode),
    nearly=((BlendMode.PLUS_LIGHTER, "linear dodge"),),
)
OPENRASTER = Carries("OpenRaster", masks=False, modes=frozenset(BlendMode) - {BlendMode.EXCLUSION})
BY_FORMAT = {"psd": PHOTOSHOP, "ora": OPENRASTER}


def carried_layers(document: Document, pixels: PixelStore, carries: Carries) -> tuple[list[PictureLayer], list[str]]:
    """The layers, groups before what is in them, and a sentence on each thing that is not as it was; slow.

    All that is visible together looks as the document does, within its canvas.
    """
    carrying = _Carrying(document, pixels, carries)
    carrying.add(document.root, None)
    return carrying.layers, carrying.notes


class _Carrying:
    def __init__(self, document: Document, pixels: PixelStore, carries: Carries) -> None:
        self._document = document
        self._pixels = pixels
        self._carries = carries
        self.layers: list[PictureLayer] = []
        self.notes: list[str] = []

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def add(self, ids: tuple[LayerId, ...], group: int | None) -> None:
        """Siblings, bottom first."""
        for place, layer_id in enumerate(ids):
            layer = self._document.layer(layer_id)
            if isinstance(layer.content, Unknown):
                self._note(f"“{layer.name}” is of a kind that this version does not know; it was left out.")
            elif self._needs_picture(layer):
                self._add_picture_so_far(layer, ids[: place + 1], group)
            elif isinstance(layer.content, Group) and (self._carries.masks or _limit(layer) is None):
                self._add_row(layer, None, group)
                self.add(layer.children, len(self.layers) - 1)
            else:
                self._add_row(layer, self._picture(layer), group)

    def _needs_picture(self, layer: Layer) -> bool:
        return isinstance(layer.content, Adjustment) or layer.blend_mode not in self._carries.modes

    def _picture(self, layer: Layer) -> Block:
        """The pixels of a layer; of a group, if it has a mask that cannot be carried, all of it as one picture."""
        if isinstance(layer.content, Group):
            self._note(
                f"The group “{layer.name}” has a mask, which {self._carries.name} does not have: it is one layer."
            )
            return self._flat(alone(self._document, layer.id))
        if isinstance(layer.content, Text):
            self._note(f"The text “{layer.name}” is pixels.")
        assert layer.grid is not None
        block = self._pixels.block(layer.grid)
        mask = _limit(layer)
        if mask is None or self._carries.masks:
            return block
        self._note(f"The mask of “{layer.name}” was applied to its pixels: {self._carries.name} has no masks.")
        values = self._sampled(mask, layer)
        block = block.copy()
        block[..., 3] = (block[..., 3].astype(np.uint16) * values + 127) // 255
        return block

    def _flat(self, document: Document) -> Block:
        from nanodesk.imaging.painter import flatten

        return flatten(document, self._pixels.tile)

    def _sampled(self, mask: Mask, layer: Layer) -> Block:
        """A mask's values over the picture of its layer."""
        assert layer.rect is not None
        rect = layer.rect
        whole = self._pixels.block(mask.grid)
        values = np.full((rect.height, rect.width), mask.outside, np.uint8)
        place = rect.translated(replace(mask.offset, x=-mask.offset.x, y=-mask.offset.y))
        left, top = max(0, place.x), max(0, place.y)
        right, bottom = min(whole.shape[1], place.right), min(whole.shape[0], place.bottom)
        if left < right and top < bottom:
            values[top - place.y : bottom - place.y, left - place.x : right - place.x] = whole[top:bottom, left:right]
        return values

    def _add_picture_so_far(self, layer: Layer, ids: tuple[LayerId, ...], group: int | None) -> None:
        """What an adjustment, or a layer of a foreign blend mode, makes of all below it: one more layer on top."""
        what = "adjustment" if isinstance(layer.content, Adjustment) else f"layer of blend mode {layer.blend_mode}"
        if not layer.visible or layer.opacity <= 0:
            self._note(f"The hidden {what} “{layer.name}” was left out: {self._carries.name} has none.")
            return
        self._note(f"The {what} “{layer.name}” became a picture of itself with all below it.")
        from nanodesk.imaging.codec import is_opaque

        picture = self._flat(replace(self._document, root=ids))
        if not is_opaque(picture):  # through which what lies below would show a second time
            self.layers = [
                replace(one, visible=False) if one.group == group and one.visible else one for one in self.layers
            ]
            self._note(f"What lies below “{layer.name}” is hidden, since that picture shows it.")
        plain = Layer(layer.id, layer.name, layer.content, locked=layer.locked)
        self._add_row(plain, picture, group)

    def _add_row(self, layer: Layer, picture: Block | None, group: int | None) -> None:
        is_picture = picture is not None
        flattened = is_picture and isinstance(layer.content, Group | Adjustment)
        mask = layer.mask if self._carries.masks and not flattened else None
        for mode, name in self._carries.nearly:
            if layer.blend_mode is mode:
                self._note(f"“{layer.name}” is {name} in {self._carries.name}: not quite the same where translucent.")
        x, y = (layer.offset.x, layer.offset.y) if layer.grid is not None else (0, 0)
        if picture is not None:
            picture, x, y = _trimmed(picture, x, y)
        self.layers.append(
            PictureLayer(
                layer.name,
                picture,
                group,
                x,
                y,
                layer.opacity,
                layer.blend_mode,
                layer.visible,
                layer.locked,
                None if mask is None else self._placed(mask),
            )
        )

    def _placed(self, mask: Mask) -> PlacedMask:
        return PlacedMask(self._pixels.block(mask.grid), mask.offset.x, mask.offset.y, mask.outside, mask.enabled)


def _limit(layer: Layer) -> Mask | None:
    return layer.mask if layer.mask is not None and layer.mask.enabled else None


def _trimmed(picture: Block, x: int, y: int) -> tuple[Block, int, int]:
    """Without the rows and columns at the edges where all is transparent; at least one pixel stays."""
    import cv2

    left, top, width, height = cv2.boundingRect(np.ascontiguousarray(picture[..., 3]))
    if width == 0 or height == 0:
        return picture[:1, :1], x, y
    part = picture[top : top + height, left : left + width]
    # A view would hold on to the whole picture.
    return part.copy() if 2 * part.size < picture.size else part, x + left, y + top
