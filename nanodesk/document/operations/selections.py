"""The selection."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.errors import DocumentError
from nanodesk.document.selection import LassoSelection, MaskSelection, RectangleSelection, Selection, SelectionShape

if TYPE_CHECKING:
    from nanodesk.document.geometry import Point
    from nanodesk.document.state import State


def set_selection(state: State, selection: Selection | None) -> State:
    """Mark a part of the document, or nothing; one without any extent marks nothing."""
    if selection is not None and selection.bounds.empty:
        selection = None
    return replace(state, selection=selection)


def clear_selection(state: State) -> State:
    """Mark nothing."""
    return replace(state, selection=None)


def select_all(state: State) -> State:
    """Mark the whole canvas."""
    if state.document.size.empty:
        raise DocumentError("There is no picture to select.")
    return replace(state, selection=Selection(RectangleSelection(state.document.rect)))


def invert_selection(state: State) -> State:
    """Mark what is not marked; with nothing marked that is everything."""
    if state.selection is None:
        return select_all(state)
    return replace(state, selection=replace(state.selection, inverted=not state.selection.inverted))


def move_selections(state: State, by: Point) -> State:
    """The present selection and those that edits are tied to at another place, as after a crop."""
    edits = tuple(replace(edit, selection=_moved(edit.selection, by)) for edit in state.edit_stack)
    return replace(state, selection=_moved(state.selection, by), edit_stack=replace(state.edit_stack, edits=edits))


def _moved(selection: Selection | None, by: Point) -> Selection | None:
    return None if selection is None else replace(selection, shape=_moved_shape(selection.shape, by))


def _moved_shape(shape: SelectionShape, by: Point) -> SelectionShape:
    match shape:
        case RectangleSelection(rect=rect):
            return RectangleSelection(rect.translated(by))
        case MaskSelection(offset=offset):
            return replace(shape, offset=offset + by)
        case LassoSelection(points=points):
            return LassoSelection(tuple((x + by.x, y + by.y) for x, y in points))
