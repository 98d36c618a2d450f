"""The shapes a clause can have: which kinds of word an operation needs and allows, each word accounted for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.document.layer import Parameter
    from nanodesk.engines.on_device.reading import Token


@dataclass(frozen=True)
class Step:
    """One operation of the table with its parameters, and what it acts on.

    Attributes:
        sure: 0 to 1; less where the sentence leaves something to a default that is not obvious.
    """

    operation: str
    values: tuple[tuple[str, Parameter], ...] = ()
    target: str = "picture"
    sure: float = 1.0


class UnfitError(Exception):
    """A clause is understood and cannot be done; the message is the reason as a plain sentence."""


@dataclass
class Slots:
    """The words of a clause by the kind they were taken as."""

    found: dict[str, list[Token]] = field(default_factory=dict)

    def has(self, kind: str) -> bool:
        """Whether there is a word of that kind."""
        return kind in self.found

    def value(self, kind: str, default: str = "") -> str:
        """The value of the first word of that kind."""
        tokens = self.found.get(kind)
        return tokens[0].tags[kind] if tokens else default

    def values(self, kind: str) -> list[str]:
        """The values of every word of that kind."""
        return [token.tags[kind] for token in self.found.get(kind, ())]

    def token(self, kind: str) -> Token:
        """The first word of that kind, which must be there."""
        return self.found[kind][0]

    @property
    def target(self) -> str:
        """What the clause acts on: the whole picture where it does not say."""
        return self.value("target", "picture")


@dataclass(frozen=True)
class Frame:
    """One shape.

    Attributes:
        need: kinds of which there must be one word each.
        may: kinds that may stand there too; "kind*3" allows three. Filler words are always allowed.
        build: the step that the words give; none where they do not go together after all.
    """

    need: tuple[str, ...]
    may: tuple[str, ...]
    build: Callable[[Slots], Step | None]


def fitted(frame: Frame, tokens: list[Token]) -> Slots | None:
    """The words of a clause taken as the kinds of a frame; none where a word is left over or missing."""
    if not all(any(kind in token.tags for token in tokens) for kind in frame.need):
        return None
    room = dict.fromkeys(frame.need, 1)
    for kind in frame.may:
        name, _, most = kind.partition("*")
        room[name] = max(room.get(name, 0), int(most or 1))
    # Words with least choice first: what they take decides the others.
    choices = sorted(
        ([kind for kind in (*room, "filler") if kind in token.tags], place) for place, token in enumerate(tokens)
    )
    choices.sort(key=lambda choice: len(choice[0]))
    taken: dict[int, str] = {}
    if not _assigned(choices, 0, room, set(frame.need), taken):
        return None
    slots = Slots()
    for place, token in enumerate(tokens):
        slots.found.setdefault(taken[place], []).append(token)
    return slots


def _assigned(
    choices: list[tuple[list[str], int]], index: int, room: dict[str, int], missing: set[str], taken: dict[int, str]
) -> bool:
    if index == len(choices):
        return not missing
    kinds, place = choices[index]
    for kind in kinds:
        if kind != "filler" and room[kind] == 0:
            continue
        taken[place] = kind
        if kind == "filler":
            if _assigned(choices, index + 1, room, missing, taken):
                return True
            continue
        room[kind] -= 1
        if _assigned(choices, index + 1, room, missing - {kind}, taken):
            return True
        room[kind] += 1
    return False
