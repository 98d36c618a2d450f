"""Which part of the picture a change can have altered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.geometry import Rect
from nanodesk.document.layer import Adjustment, Group, Layer, Mask

if TYPE_CHECKING:
    from nanodesk.document.change import Change
    from nanodesk.document.document import Document
    from nanodesk.document.tiles import TileGrid

_NOTHING = Rect(0, 0, 0, 0)


def damage(change: Change, document: Document) -> Rect | None:
    """The rectangle of `document` (the one after the change) that must be drawn anew.

    Names, locks and provenance alter nothing; a stroke alters the tiles it touched. None means everything.
    """
    if change.frame is not None and (
        change.frame.before.size != change.frame.after.size or change.frame.before.profile != change.frame.after.profile
    ):
        return None
    found = _NOTHING
    if change.frame is not None and change.frame.before.root != change.frame.after.root:
        found = _of_order(change.frame.before.root, change.frame.after.root, change, document)
    for pair in change.layers.values():
        part = _of_layer(pair.before, pair.after, document)
        found = found.united(part)
    return found.intersected(document.rect)


def _of_order(before: tuple[object, ...], after: tuple[object, ...], change: Change, document: Document) -> Rect:
    kept_before = [layer_id for layer_id in before if layer_id in after]
    kept_after = [layer_id for layer_id in after if layer_id in before]
    if kept_before == kept_after:
        return _NOTHING  # layers only came or went: each of them is in the change, or in a group that is
    return document.rect


def _of_layer(before: Layer | None, after: Layer | None, document: Document) -> Rect:
    if before is None or after is None:
        one = before or after
        return _NOTHING if one is None or not one.visible else _reach(one, document)
    if not before.visible and not after.visible:
        return _NOTHING
    if _painted_alike(before, after):
        return _NOTHING
    only_pixels = _same_but_pixels(before, after)
    if only_pixels is not None:
        return only_pixels
    if isinstance(before.content, Group) or isinstance(after.content, Group):
        return document.rect
    return _reach(before, document).united(_reach(after, document))


def _look(layer: Layer) -> tuple[object, ...]:
    return layer.opacity, layer.blend_mode, layer.visible, layer.offset


def _painted_alike(before: Layer, after: Layer) -> bool:
    return _look(before) == _look(after) and before.content == after.content and before.mask == after.mask


def _same_but_pixels(before: Layer, after: Layer) -> Rect | None:
    """The part where the pictures or masks differ, when nothing else does."""
    if _look(before) != _look(after):
        return None
    parts = _NOTHING
    if before.content != after.content:
        was, now = before.grid, after.grid
        if was is None or now is None or was.size != now.size:
            return None
        parts = changed_part(was, now).translated(after.offset)
    if before.mask != after.mask:
        mask = _of_mask(before.mask, after.mask)
        if mask is None:
            return None
        parts = parts.united(mask)
    return parts


def _of_mask(before: Mask | None, after: Mask | None) -> Rect | None:
    if before is None or after is None or before.grid.size != after.grid.size:
        return None
    if (before.offset, before.outside, before.enabled) != (after.offset, after.outside, after.enabled):
        return None
    return changed_part(before.grid, after.grid).translated(after.offset)


def changed_part(before: TileGrid, after: TileGrid) -> Rect:
    """The rectangle around the tiles that differ, in the pictures' own pixels; both have one size."""
    found = _NOTHING
    for index, (was, now) in enumerate(zip(before.tiles, after.tiles, strict=True)):
        if was is not now and was != now:
            row, column = divmod(index, after.columns)
            found = found.united(after.rect(column, row))
    return found


def _reach(layer: Layer, document: Document) -> Rect:
    """Where a layer can show: its picture, or what its mask leaves of an adjustment."""
    if isinstance(layer.content, Group):
        return document.rect
    rect = layer.rect
    if rect is None:
        rect = document.rect if isinstance(layer.content, Adjustment) else _NOTHING
    mask = layer.mask
    if mask is not None and mask.enabled and mask.outside == 0:
        rect = rect.intersected(Rect.of(mask.offset, mask.grid.size))
    return rect
