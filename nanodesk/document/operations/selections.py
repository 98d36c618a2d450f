"""The selection."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.errors import DocumentError
from nanodesk.document.selection import RectangleSelection, Selection

if TYPE_CHECKING:
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
