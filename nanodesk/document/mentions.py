"""Layers that an edit names with @: where they stand in the sentence, and that they are sent along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.document.edit import Reference
from nanodesk.document.identity import ReferenceId, new_id
from nanodesk.document.operations.references import add_reference, enable_reference

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nanodesk.document.identity import LayerId
    from nanodesk.document.state import State


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a sentence.

    Attributes:
        start, end: of the mention with its @ (and quotes) in the sentence.
        name: as the layer is called; for a quoted one that no layer is called, as written.
        known: whether there is such a name.
    """

    start: int
    end: int
    name: str
    known: bool = True


def mentions(sentence: str, names: Iterable[str]) -> tuple[Mention, ...]:
    """The names that a sentence mentions, in order; the longest name wins, upper and lower case are alike.

    A mention is "@" with a name right after it, or with a name in double quotes; an "@" after a letter, a digit or a
    dot, as in an address, is none.
    """
    by_length = sorted({name for name in names if name.strip()}, key=len, reverse=True)
    found: list[Mention] = []
    place = sentence.find("@")
    while place >= 0:
        mention = _mention_at(sentence, place, by_length)
        if mention is not None:
            found.append(mention)
        place = sentence.find("@", place + 1 if mention is None else mention.end)
    return tuple(found)


def _mention_at(sentence: str, place: int, names: list[str]) -> Mention | None:
    before = sentence[place - 1 : place]
    if before.isalnum() or (before in (".", "_", "-") and before):
        return None
    rest = sentence[place + 1 :]
    if rest.startswith('"'):
        return _quoted(rest, place, names)
    for name in names:
        if _begins_with(rest, name):
            return Mention(place, place + 1 + len(name), name)
    return None


def _quoted(rest: str, place: int, names: list[str]) -> Mention | None:
    written, closed, _ = rest[1:].partition('"')
    if not closed or not written.strip():
        return None
    name = next((one for one in names if one.casefold() == written.casefold()), None)
    return Mention(place, place + len(written) + 3, name or written, name is not None)


def _begins_with(rest: str, name: str) -> bool:
    following = rest[len(name) : len(name) + 1]
    return rest[: len(name)].casefold() == name.casefold() and not following.isalnum() and following != "_"


def mentioned_layers(state: State) -> tuple[LayerId, ...]:
    """The layers that the enabled edits mention, in order and once each; of equal names the top-most visible one."""
    document = state.document
    by_name: dict[str, LayerId] = {}
    for layer, _ in document.walk():  # from the top down
        known = by_name.get(layer.name.casefold())
        if known is None or (layer.visible and not document.layers[known].visible):
            by_name[layer.name.casefold()] = layer.id
    names = [layer.name for layer in document.layers.values()]
    found: dict[LayerId, None] = {}
    for edit in state.edit_stack.enabled:
        for mention in mentions(edit.instruction, names):
            if mention.known:
                found[by_name[mention.name.casefold()]] = None
    return tuple(found)


def with_mentions(state: State) -> State:
    """The state with a reference, switched on, for every layer that an enabled edit mentions."""
    for layer_id in mentioned_layers(state):
        known = state.tray.of_layer(layer_id)
        if known is None:
            state = add_reference(state, Reference(ReferenceId(new_id()), layer=layer_id))
        elif not known.enabled:
            state = enable_reference(state, known.id, True)
    return state
