"""What a sentence can name with @: the layers and the references, and which of them naming alone sends along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.document.mentions import Mention, mentions
from nanodesk.ui.history_panel.words import plain

if TYPE_CHECKING:
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
        """The names of a state; one that could not be found again in a sentence is none of them."""
        ticked = {reference.layer for reference in state.tray if reference.enabled}
        names: dict[str, bool] = {}
        for layer, _ in state.document.walk():
            names.setdefault(plain(layer.name), layer.id in ticked)
        for reference in state.tray:
            if reference.layer is None and reference.enabled and reference.name:
                names[plain(reference.name)] = True
        written = tuple(name for name in names if _can_be_written(name, names))
        return Nameable(written, frozenset(name for name in written if not names[name]))

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


def _can_be_written(name: str, names: dict[str, bool]) -> bool:
    found = mentions(" ".join(f"@{name}".split()), names)
    return len(found) == 1 and (found[0].start, found[0].end, found[0].name) == (0, len(name) + 1, name)
