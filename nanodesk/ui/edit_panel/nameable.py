"""What a sentence can name with @: the layers and the references, and which of them naming alone sends along."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from nanodesk.document.mentions import Mention, mentions
from nanodesk.ui.history_panel.words import plain

if TYPE_CHECKING:
    from nanodesk.document.layer import Layer
    from nanodesk.document.state import State


@dataclass(frozen=True, slots=True)
class Nameable:
    """The names at one moment.

    Attributes:
        names: what can be written after @, layers from the top down, then pictures of the tray.
        unticked: those that are sent along only because a sentence names them.
    """

    names: tuple[str, ...] = ()
    unticked: frozenset[str] = frozenset()

    @staticmethod
    def of(state: State) -> Nameable:
        """The names of a state; of layers that are called alike, the one that the name means."""
        ticked = {reference.layer for reference in state.tray if reference.enabled}
        meant: dict[str, Layer] = {}
        for layer, _ in state.document.walk():
            known = meant.get(layer.name.casefold())
            if known is None or (layer.visible and not known.visible):
                meant[layer.name.casefold()] = layer
        names = {_written(layer.name): layer.id in ticked for layer in meant.values()}
        for reference in state.tray:
            if reference.layer is None and reference.enabled:
                names.setdefault(_written(reference.name), True)
        names.pop("", None)
        return Nameable(tuple(names), frozenset(name for name in names if not names[name]))

    def mentions(self, sentence: str) -> tuple[Mention, ...]:
        """The names that a sentence mentions and that there are."""
        return tuple(mention for mention in mentions(sentence, self.names) if mention.known)

    def marks(self, sentence: str) -> tuple[tuple[int, int], ...]:
        """Where they stand: start and length."""
        return tuple((mention.start, mention.end - mention.start) for mention in self.mentions(sentence))

    def sent_along(self, sentence: str) -> str:
        """Which pictures a sentence sends along that are not ticked, in words; empty where it sends none."""
        named = list(dict.fromkeys(one.name for one in self.mentions(sentence) if one.name in self.unticked))
        if not named:
            return ""
        told = " and ".join(f"“{name}”" for name in named) if len(named) < 3 else f"{len(named)} layers"
        return f"{told} will be sent along."

    def starting_with(self, written: str) -> tuple[str, ...]:
        """The names for what is written after @: first those that begin so, then those that hold it."""
        wanted = written.casefold()
        first = [name for name in self.names if name.casefold().startswith(wanted)]
        return (*first, *(name for name in self.names if name not in first and wanted in name.casefold()))


@lru_cache(maxsize=4096)
def _written(name: str) -> str:
    """A name as it stands after @; empty for one that could not be found again in a sentence."""
    shown = plain(name)
    found = mentions(" ".join(f"@{shown}".split()), (shown,))
    return shown if [(one.start, one.end) for one in found if one.known] == [(0, len(shown) + 1)] else ""
