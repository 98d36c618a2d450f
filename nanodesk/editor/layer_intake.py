"""The layers of another program's file, as layers of a document."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nanodesk.document.geometry import Point
from nanodesk.document.identity import LayerId, new_id
from nanodesk.document.layer import Content, Group, Layer, Mask, Pixels
from nanodesk.document.provenance import Origin, Provenance

if TYPE_CHECKING:
    from nanodesk.document.document import Document
    from nanodesk.editor.pixel_store import PixelStore
    from nanodesk.formats.picture import DecodedPicture, PictureLayer


@dataclass(frozen=True, slots=True)
class TakenLayers:
    """Layers whose tiles are in the store.

    Attributes:
        layers: each by its id, groups and their children alike.
        root: those outside any group, bottom first.
    """

    layers: dict[LayerId, Layer]
    root: tuple[LayerId, ...]

    def moved(self, by: Point) -> TakenLayers:
        """The same at another place."""
        return replace(self, layers={layer_id: layer.moved(by) for layer_id, layer in self.layers.items()})

    def grouped(self, name: str, provenance: Provenance) -> TakenLayers:
        """The same in one group."""
        group = Layer(LayerId(new_id()), name, Group(self.root), provenance=provenance)
        return TakenLayers({**self.layers, group.id: group}, (group.id,))

    def as_document(self, document: Document) -> Document:
        """An empty document with nothing but these layers."""
        return replace(document, layers=self.layers, root=self.root)


def store_layers(picture: DecodedPicture, pixels: PixelStore, profile: bytes | None, source: str) -> TakenLayers:
    """The layers of a picture in the store, their colours brought into a profile; slow.

    Args:
        source: the file's name, for where each layer came from.
    """
    from nanodesk.imaging.colour import convert

    provenance = Provenance(
        Origin.IMPORTED, time.time(), source=source, exif=picture.exif, generative=picture.source_type is not None
    )
    ids = [LayerId(new_id()) for _ in picture.layers]
    children: dict[int | None, list[LayerId]] = {}
    for place, layer in enumerate(picture.layers):
        children.setdefault(layer.group, []).append(ids[place])
    made: dict[LayerId, Layer] = {}
    for place, layer in enumerate(picture.layers):
        content: Content
        if layer.pixels is None:
            content = Group(tuple(children.get(place, ())))
        else:
            content = Pixels(pixels.add(convert(layer.pixels, picture.profile, profile)))
        made[ids[place]] = Layer(
            ids[place],
            layer.name,
            content,
            Point() if layer.pixels is None else Point(layer.x, layer.y),
            layer.opacity,
            layer.blend_mode,
            layer.visible,
            layer.locked,
            _mask(layer, pixels),
            provenance,
        )
    return TakenLayers(made, tuple(children.get(None, ())))


def _mask(layer: PictureLayer, pixels: PixelStore) -> Mask | None:
    mask = layer.mask
    if mask is None:
        return None
    return Mask(pixels.add(mask.values), Point(mask.x, mask.y), mask.outside, mask.enabled)
