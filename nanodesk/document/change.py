"""What differs between two states: what panels redraw, what the file writes, what undo walks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Generic, TypeVar

from nanodesk.document.document import Document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nanodesk.document.edit import EditStack, Tray
    from nanodesk.document.geometry import Size
    from nanodesk.document.identity import LayerId
    from nanodesk.document.layer import Layer
    from nanodesk.document.selection import Selection
    from nanodesk.document.state import State

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pair(Generic[T]):
    """A value before and after."""

    before: T
    after: T

    def reversed(self) -> Pair[T]:
        """The way back."""
        return Pair(self.after, self.before)


@dataclass(frozen=True, slots=True)
class Frame:
    """What a document is besides its layers: size, resolution, profile, order at the root."""

    size: Size
    dpi: float
    profile: bytes | None = field(repr=False)
    root: tuple[LayerId, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """The difference of two states; a part is none where nothing differs.

    Attributes:
        layers: each layer that differs, before and after; none on the side where it is not there.
    """

    frame: Pair[Frame] | None = None
    layers: Mapping[LayerId, Pair[Layer | None]] = field(default_factory=dict)
    edit_stack: Pair[EditStack] | None = None
    tray: Pair[Tray] | None = None
    selection: Pair[Selection | None] | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        return not self.layers and not self.touches_frame and not (self.edit_stack or self.tray or self.selection)

    @property
    def touches_frame(self) -> bool:
        """Whether size, resolution, profile or root order differ."""
        return self.frame is not None

    @property
    def touches_document(self) -> bool:
        """Whether the picture or its layer tree differs."""
        return self.touches_frame or bool(self.layers)

    def reversed(self) -> Change:
        """The change that leads back."""
        return Change(
            self.frame and self.frame.reversed(),
            {layer_id: pair.reversed() for layer_id, pair in self.layers.items()},
            self.edit_stack and self.edit_stack.reversed(),
            self.tray and self.tray.reversed(),
            self.selection and self.selection.reversed(),
        )


def _frame(document: Document) -> Frame:
    return Frame(document.size, document.dpi, document.profile, document.root)


def _pair(before: T, after: T) -> Pair[T] | None:
    return None if before == after else Pair(before, after)


def diff(before: State, after: State) -> Change:
    """The change that leads from one state to another; comparing shared values costs nothing."""
    old, new = before.document.layers, after.document.layers
    layers: dict[LayerId, Pair[Layer | None]] = {}
    if old is not new:
        for layer_id in old.keys() | new.keys():
            was, now = old.get(layer_id), new.get(layer_id)
            if was is not now and was != now:
                layers[layer_id] = Pair(was, now)
    return Change(
        _pair(_frame(before.document), _frame(after.document)),
        layers,
        _pair(before.edit_stack, after.edit_stack),
        _pair(before.tray, after.tray),
        _pair(before.selection, after.selection),
    )


def apply(state: State, change: Change) -> State:
    """The state after a change that was taken from this very state."""
    document = state.document
    if change.touches_document:
        layers = dict(document.layers)
        for layer_id, pair in change.layers.items():
            if pair.after is None:
                layers.pop(layer_id, None)
            else:
                layers[layer_id] = pair.after
        frame = change.frame.after if change.frame else _frame(document)
        document = Document(frame.size, frame.dpi, frame.profile, layers, frame.root)
    return replace(
        state,
        document=document,
        edit_stack=change.edit_stack.after if change.edit_stack else state.edit_stack,
        tray=change.tray.after if change.tray else state.tray,
        selection=change.selection.after if change.selection else state.selection,
    )


def squash(first: Change, second: Change, start: State) -> Change:
    """One change for two that follow each other; `start` is the state before the first."""
    return diff(start, apply(apply(start, first), second))
