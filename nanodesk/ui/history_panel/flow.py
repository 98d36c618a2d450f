"""Words, marks and links set line by line within a width; painting and hit-testing read the same result."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nanodesk.ui.history_panel.zones import Zone


class Look(Enum):
    """How a piece is painted."""

    TEXT = auto()
    DIM = auto()
    LINK = auto()
    GOOD = auto()
    ATTENTION = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words of one look.

    Attributes:
        zone: what a click on it does; none for plain words.
        breaks: whether it may be broken between its words.
        icon: an icon instead of words.
    """

    text: str = ""
    look: Look = Look.TEXT
    zone: Zone | None = None
    breaks: bool = True
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a piece at its place, from the flow's top left corner, in device-independent pixels."""

    x: int
    line: int
    width: int
    text: str
    piece: Piece


ICON_WIDTH = 18


@dataclass(frozen=True, slots=True)
class Flow:
    """The set lines."""

    fragments: tuple[Fragment, ...]
    lines: int


def flow(paragraphs: Sequence[Sequence[Piece]], width: int, measure: Callable[[str, Look], int]) -> Flow:
    """Set paragraphs, each from a new line; after an icon at its start the lines of a paragraph are indented."""
    fragments: list[Fragment] = []
    line = 0
    for pieces in paragraphs:
        hanging = ICON_WIDTH if pieces and pieces[0].icon else 0
        x = 0
        for text, piece in _units(pieces, width - hanging, measure):
            wide = ICON_WIDTH if piece.icon else measure(text, piece.look)
            if x > hanging and x + measure(text.rstrip(), piece.look) > width and not piece.icon:
                line, x = line + 1, hanging
                text = text.lstrip()
                wide = measure(text, piece.look)
            if text or piece.icon:
                fragments.append(Fragment(x, line, wide, text, piece))
            x += wide
        line += 1
    return Flow(tuple(fragments), line)


def _units(pieces: Sequence[Piece], width: int, measure: Callable[[str, Look], int]) -> Iterator[tuple[str, Piece]]:
    """What may not be broken any further, with the space that follows it."""
    for piece in pieces:
        if piece.icon:
            yield "", piece
            continue
        words = _words(piece.text) if piece.breaks and piece.zone is None else [piece.text]
        for word in words:
            yield from ((part, piece) for part in _cut(word, piece, width, measure))


def _words(text: str) -> list[str]:
    words: list[str] = []
    for word in text.split(" "):
        words.append(word + " ")
    words[-1] = words[-1][:-1]
    return [word for word in words if word]


def _cut(word: str, piece: Piece, width: int, measure: Callable[[str, Look], int]) -> Iterator[str]:
    """A word that is wider than a line, cut where it must be."""
    if measure(word.rstrip(), piece.look) <= width or len(word) < 2:
        yield word
        return
    if piece.zone is not None:
        yield from _words(word)
        return
    start = 0
    while start < len(word):
        end = start + 1
        while end < len(word) and measure(word[start : end + 1], piece.look) <= width:
            end += 1
        yield word[start:end]
        start = end
