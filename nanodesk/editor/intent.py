"""What the sentences of a run mean for the fit: whether the tone of the whole picture was to change."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING

from nanodesk.resources import resource_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nanodesk.document.edit import Edit
    from nanodesk.editor.planning import PlannedEdit

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def changes_everything(edits: Sequence[Edit], planned: Sequence[PlannedEdit]) -> bool:
    """Whether any of the edits asks for another tone, light or style of the whole picture.

    Args:
        planned: how the on-device engine understands the same sentences; a tone edit that it knows is one.
    """
    if any(edit.selection is None and _says_so(edit.instruction) for edit in edits):
        return True
    return any(edit.selection is None and _is_tone(plan) for edit, plan in zip(edits, planned, strict=False))


def _is_tone(planned: PlannedEdit) -> bool:
    from nanodesk.imaging.adjust import knows

    if not planned.understood or planned.target != "picture" or not planned.operations:
        return False
    return any(knows(operation) for operation, _ in planned.operations)


def _says_so(sentence: str) -> bool:
    stems, phrases = _words()
    folded = sentence.casefold()
    if any(phrase in folded for phrase in phrases):
        return True
    return any(word.startswith(stems) for word in _WORD.findall(folded))


@cache
def _words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    found = json.loads(resource_path("engine", "whole_words.json").read_text("utf-8"))
    return tuple(found["stems"]), tuple(found["phrases"])
