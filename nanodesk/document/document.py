"""The document: what the canvas shows, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from nanodesk.document.errors import MissingLayerError
from nanodesk.document.geometry import Rect, Size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nanodesk.document.identity import LayerId
    from nanodesk.document.layer import Layer
    from nanodesk.document.tiles import TileGrid


@dataclass(frozen=True, slots=True)
class Document:
    """Size, resolution, colour profile and layer tree.

    Attributes:
        size: in pixels; 0 × 0 before the first picture.
        dpi: pixels an inch, for printing and export.
        profile: ICC bytes of an RGB profile; none means sRGB.
        layers: every layer by its id, groups and their children alike.
        root: the layers outside any group, bottom first.
    """

    size: Size = Size(0, 0)
    dpi: float = 72.0
    profile: bytes | None = field(default=None, repr=False)
    layers: Mapping[LayerId, Layer] = field(default_factory=dict)
    root: tuple[LayerId, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.layers, MappingProxyType):
            object.__setattr__(self, "layers", MappingProxyType(dict(self.layers)))

    @property
    def rect(self) -> Rect:
        """The whole canvas."""
        return Rect(0, 0, self.size.width, self.size.height)

    @property
    def empty(self) -> bool:
        """Whether there is no picture yet."""
        return self.size.empty and not self.layers

    def layer(self, layer_id: LayerId) -> Layer:
        """The layer of that id.

        Raises:
            MissingLayerError: when there is none.
        """
        try:
            return self.layers[layer_id]
        except KeyError:
            raise MissingLayerError("That layer is no longer in the document.") from None

    def parent_of(self, layer_id: LayerId) -> LayerId | None:
        """The group that holds the layer; none at the root."""
        for layer in self.layers.values():
            if layer_id in layer.children:
                return layer.id
        return None

    def siblings_of(self, layer_id: LayerId) -> tuple[LayerId, ...]:
        """The layers beside it, itself included, bottom first."""
        parent = self.parent_of(layer_id)
        return self.root if parent is None else self.layer(parent).children

    def walk(self, within: LayerId | None = None) -> Iterator[tuple[Layer, int]]:
        """Each layer with its depth, top-most first, a group before its children: the order of the layer list."""
        yield from self._walk(self.root if within is None else self.layer(within).children, 0)

    def _walk(self, ids: tuple[LayerId, ...], depth: int) -> Iterator[tuple[Layer, int]]:
        for layer_id in reversed(ids):
            layer = self.layers[layer_id]
            yield layer, depth
            yield from self._walk(layer.children, depth + 1)

    def shown(self, layer_id: LayerId) -> bool:
        """Whether the layer and every group around it are visible."""
        current: LayerId | None = layer_id
        while current is not None:
            if not self.layer(current).visible:
                return False
            current = self.parent_of(current)
        return True

    def grids(self) -> Iterator[TileGrid]:
        """Every grid that some layer refers to."""
        for layer in self.layers.values():
            yield from layer.grids()
