"""While something is dragged: what lies below, the layer, and what lies above, blended by Qt at the level on screen.

Qt's blend is the exact painter's only where the layer and all above it are Normal and no adjustment looks down on it.
Anywhere else the exact tiles of the document as it would be are shown, as fast as they come.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nanodesk.document.blend import BlendMode
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.layer import Adjustment, Unknown
from nanodesk.document.operations.layers import put_children
from nanodesk.ui import tasks
from nanodesk.ui.canvas.picture import FrozenSource, Picture
from nanodesk.ui.qt_images import ScreenColours, image_of

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from PySide6.QtGui import QImage

    from nanodesk.document.document import Document
    from nanodesk.document.identity import LayerId
    from nanodesk.document.layer import Layer
    from nanodesk.ui.canvas.picture import Block, Paints
    from nanodesk.ui.canvas.viewport import Viewport


@dataclass(frozen=True, slots=True)
class Division:
    """A document divided at one layer, for blending the three again.

    Attributes:
        above: none where nothing visible lies above.
    """

    below: Document
    above: Document | None


def divided(document: Document, layer_id: LayerId) -> Division | None:
    """What lies below and above a layer; none where blending the parts by Qt would not give the exact picture."""
    layer = document.layer(layer_id)
    if not _plain(layer) or not document.shown(layer_id):
        return None
    below, above, seen = document, document, False
    current: LayerId | None = layer_id
    while current is not None:
        parent = document.parent_of(current)
        if parent is not None and not _transparent_group(document.layer(parent)):
            return None
        siblings = document.siblings_of(current)
        place = siblings.index(current)
        over = [document.layer(one) for one in siblings[place + 1 :] if document.layer(one).visible]
        if not all(_plain(one) for one in over):
            return None
        seen = seen or bool(over)
        kept = () if current == layer_id else (current,)
        below = put_children(below, parent, (*siblings[:place], *kept))
        above = put_children(above, parent, (*kept, *siblings[place + 1 :]))
        current = parent
    return Division(below, above if seen else None)


def _plain(layer: Layer) -> bool:
    return layer.blend_mode is BlendMode.NORMAL and not isinstance(layer.content, Adjustment | Unknown)


def _transparent_group(group: Layer) -> bool:
    masked = group.mask is not None and group.mask.enabled
    return group.blend_mode is BlendMode.NORMAL and group.opacity == 1.0 and not masked


def extent(document: Document, layer_id: LayerId) -> Rect:
    """The rectangle around a layer's picture, or around all that a group holds."""
    found = document.layer(layer_id).rect or Rect(0, 0, 0, 0)
    for layer, _ in document.walk(layer_id):
        found = found.united(layer.rect or Rect(0, 0, 0, 0))
    return found


def cut_out(document: Document, layer_id: LayerId, part: Rect) -> Document:
    """A document of a part's size that shows the layer alone and opaque, what lies outside the canvas included."""
    by = Point(-part.x, -part.y)
    layers = dict(document.layers)
    for layer, _ in document.walk(layer_id):
        layers[layer.id] = layer.moved(by)
    layers[layer_id] = replace(document.layer(layer_id).moved(by), opacity=1.0, visible=True)
    return replace(document, size=Size(part.width, part.height), layers=layers, root=(layer_id,))


def moved(document: Document, layer_id: LayerId, by: Point) -> Document:
    """The document with a layer, and all that a group holds, at another place."""
    layers = dict(document.layers)
    for layer in [document.layer(layer_id), *(layer for layer, _ in document.walk(layer_id))]:
        layers[layer.id] = layer.moved(by)
    return replace(document, layers=layers)


@dataclass(frozen=True, slots=True)
class DrawnPart:
    """An image and the document pixels it stands for."""

    image: QImage
    part: Rect


@dataclass(frozen=True, slots=True)
class Parts:
    """What Qt blends.

    Attributes:
        level: the mip level of all three.
        visible: the document pixels that `below` and `above` cover.
    """

    level: int
    visible: Rect
    below: DrawnPart
    layer: DrawnPart
    above: DrawnPart | None


class Dragging:
    """The document while one layer of it is moved or faded, before that is a step.

    Attributes:
        layer_id: the layer.
        by: how far it was moved so far, in document pixels.
        opacity: its opacity now.
        exact: the exact tiles, where Qt's blend would be wrong; none otherwise.
        parts: what Qt blends, once it is there.
        ending: nothing changes any more; it is shown until the document's own tiles have come.
    """

    def __init__(self, painter: Paints, document: Document, layer_id: LayerId, update: Callable[[], None]) -> None:
        self.layer_id = layer_id
        self.by = Point()
        self.opacity = document.layer(layer_id).opacity
        self.parts: Parts | None = None
        self.ending = False
        self._closed = False
        self._painter = painter
        self._document = document
        self._division = divided(document, layer_id)
        self._update = update
        self._colours = ScreenColours(document.profile)
        self._task: asyncio.Task[None] | None = None
        self._asked: tuple[int, Rect] | None = None
        self.exact: Picture | None = None
        if self._division is None:
            source = FrozenSource(painter, document)
            self.exact = Picture(source, document.size, document.profile, lambda _: update())

    def change(self, viewport: Viewport, *, by: Point | None = None, opacity: float | None = None) -> None:
        """Another place or another opacity; nothing happens once it is closed."""
        if self._closed:
            return
        before = self.by
        self.by = self.by if by is None else by
        self.opacity = self.opacity if opacity is None else opacity
        if self.exact is not None:
            self._show_exact(self.exact, before)
        self.request(viewport)
        self._update()

    def _show_exact(self, picture: Picture, before: Point) -> None:
        after = moved(self._document, self.layer_id, self.by)
        faded = replace(after.layer(self.layer_id), opacity=self.opacity)
        after = replace(after, layers={**after.layers, self.layer_id: faded})
        picture.replaced(FrozenSource(self._painter, after), after.size, after.profile)
        reach = extent(self._document, self.layer_id)
        picture.damage(None if reach.empty else reach.translated(before).united(reach.translated(self.by)))

    def request(self, viewport: Viewport) -> None:
        """Gather what is needed to show what the widget shows now."""
        if self._closed:
            return
        if self.exact is not None:
            self.exact.request(viewport)
            return
        wanted = viewport.level, aligned(viewport.visible(), viewport.level, self._document.rect)
        if wanted[1].empty or wanted == self._asked:
            return
        if self._asked and self._asked[0] == wanted[0] and self._asked[1].contains(wanted[1]):
            return
        self._asked = wanted
        if self._task is not None:
            self._task.cancel()
        self._task = tasks.spawn(self._gather(*wanted))

    async def _gather(self, level: int, visible: Rect) -> None:
        if self._division is None:
            return
        below = await self._painter.rendered(self._division.below, visible, level)
        # What may come into sight while it is moved: one widget's size around what is in sight.
        reach = Rect(visible.x - visible.width, visible.y - visible.height, 3 * visible.width, 3 * visible.height)
        own = extent(self._document, self.layer_id).intersected(reach)
        alone = cut_out(self._document, self.layer_id, own)
        layer = await self._painter.rendered(alone, alone.rect, level)
        above = None
        if self._division.above is not None:
            above = self._drawn(await self._painter.rendered(self._division.above, visible, level), visible, level)
        self.parts = Parts(level, visible, self._drawn(below, visible, level), self._drawn(layer, own, level), above)
        self._update()

    def _drawn(self, block: Block, part: Rect, level: int) -> DrawnPart:
        image = self._colours.applied(image_of(block, premultiplied=True))
        return DrawnPart(image, Rect(part.x, part.y, image.width() << level, image.height() << level))

    def close(self) -> None:
        """Ask for nothing more and let go of everything."""
        self._closed = True
        if self._task is not None:
            self._task.cancel()
        if self.exact is not None:
            self.exact.close()
        self.parts = None


def aligned(rect: Rect, level: int, within: Rect) -> Rect:
    """The rectangle widened to whole pixels of a mip level."""
    step = 1 << level
    x, y = rect.x // step * step, rect.y // step * step
    right, bottom = -(-rect.right // step) * step, -(-rect.bottom // step) * step
    return Rect(x, y, right - x, bottom - y).intersected(within)
