"""The document that a run was made on, found again: kept while the program runs, looked up in the history later."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.fingerprint import fingerprint
from nanodesk.document.history import walk
from nanodesk.storage.errors import DamagedProjectError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nanodesk.document.document import Document
    from nanodesk.document.history import ChangeOf, History
    from nanodesk.document.identity import LayerId
    from nanodesk.document.run import Run
    from nanodesk.document.state import State

_MOST_STEPS = 500
"""So many steps are looked at: whoever waits for an answer is not to wait for all of a long history."""


def base_in_history(run: Run, history: History, state: State, change_of: ChangeOf) -> Document | None:
    """The document of the step that a run was made on; none where no step of the history looks like it. Slow.

    Args:
        state: at the present step.

    Raises:
        StorageError: when the history cannot be read now.
    """
    for document in _nearest_first(run, history, state, change_of):
        seen = without(document, run.options.replaces)
        if fingerprint(seen) == run.base:
            return seen
    return None


def _nearest_first(run: Run, history: History, state: State, change_of: ChangeOf) -> Iterator[Document]:
    """The present document, then those of the steps before the run, the newest first."""
    yield state.document
    before = [step for step in history.steps.values() if step.created <= run.created and step.document]
    for step in sorted(before, key=lambda one: one.created, reverse=True)[:_MOST_STEPS]:
        try:
            state, history = walk(history, state, step.id, change_of), history.at(step.id)
        except DamagedProjectError:
            return
        yield state.document


def without(document: Document, layers: tuple[LayerId, ...]) -> Document:
    """A document with these layers hidden, as far as they are there."""
    hidden = {one: replace(document.layers[one], visible=False) for one in layers if one in document.layers}
    return replace(document, layers={**document.layers, **hidden}) if hidden else document
