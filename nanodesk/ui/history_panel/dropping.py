"""Where a layer that is dragged over the list would come to lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.document.layer import Group
from nanodesk.ui.history_panel.row_layout import INDENT, PADDING
from nanodesk.ui.history_panel.rows import LayerRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nanodesk.document.document import Document
    from nanodesk.document.identity import LayerId
    from nanodesk.ui.history_panel.rows import Row


@dataclass(frozen=True, slots=True)
class DropPlace:
    """A place in the layer tree.

    Attributes:
        parent: the group; none for the root.
        below: the sibling that the layer comes to lie right above; none for the bottom.
        gap: the drop line stands above the row of this number.
        depth: how far the line is indented.
        into: the number of the group's row when the pointer is right on it, else -1.
    """

    parent: LayerId | None
    below: LayerId | None
    gap: int
    depth: int
    into: int = -1


def place_at(document: Document, rows: Sequence[Row], place: int, part: float, x: int) -> DropPlace | None:
    """The place for a pointer over row number `place`.

    Args:
        place: the row's number; `len(rows)` or more for the room below the last row.
        part: how far down that row the pointer is, 0 to 1.
        x: the pointer's distance from the left edge, which chooses between the ends of nested groups.
    """
    if not rows:
        return None
    if place >= len(rows):
        return _in_gap(document, rows, len(rows), x)
    row = rows[place]
    if isinstance(row, LayerRow) and isinstance(row.layer.content, Group) and 0.25 <= part <= 0.75:
        children = row.layer.children
        return DropPlace(row.layer.id, children[-1] if children else None, place + 1, row.depth + 1, into=place)
    return _in_gap(document, rows, place if part < 0.5 else place + 1, x)


def _in_gap(document: Document, rows: Sequence[Row], gap: int, x: int) -> DropPlace:
    under = next((row for row in rows[gap:] if isinstance(row, LayerRow)), None)
    over = next((row for row in reversed(rows[:gap]) if isinstance(row, LayerRow)), None)
    lowest = 0 if under is None else under.depth
    wanted = max(lowest, (x - PADDING) // INDENT)
    if over is None or (wanted <= lowest and under is not None):
        if under is None:
            return DropPlace(None, None, gap, 0)
        return DropPlace(document.parent_of(under.layer.id), under.layer.id, gap, under.depth)
    return _at_the_end(document, over, gap, min(wanted, over.depth), under)


def _at_the_end(document: Document, over: LayerRow, gap: int, depth: int, under: LayerRow | None) -> DropPlace:
    """Below the row above the gap, or below one of the groups that end with it."""
    if under is not None and depth <= under.depth:
        return DropPlace(document.parent_of(under.layer.id), under.layer.id, gap, under.depth)
    layer_id, at = over.layer.id, over.depth
    while at > depth:
        parent = document.parent_of(layer_id)
        if parent is None:
            break
        layer_id, at = parent, at - 1
    parent = document.parent_of(layer_id)
    siblings = document.siblings_of(layer_id)
    index = siblings.index(layer_id)
    return DropPlace(parent, siblings[index - 1] if index else None, gap, at)


def within(document: Document, layer_id: LayerId | None, group: LayerId) -> bool:
    """Whether a layer is that group or lies somewhere in it."""
    while layer_id is not None:
        if layer_id == group:
            return True
        layer_id = document.parent_of(layer_id)
    return False
