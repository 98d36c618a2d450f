"""Whether an open project is whole: what was found when it was read, looked over, or shown."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from nanodesk.editor.damage_words import damage_note, damaged_layers
from nanodesk.editor.inspecting import Inspection
from nanodesk.editor.signal import Signal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from nanodesk.document.identity import LayerId
    from nanodesk.editor.editor import Editor
    from nanodesk.editor.pixel_store import PixelStore
    from nanodesk.storage.base_copy import BaseCopy
    from nanodesk.storage.integrity import Found


class Condition:
    """What is known of one project's health; belongs to the loop's thread.

    Attributes:
        sentence: the newest finding, plainly; empty while nothing was found.
        noted: there is a new one.
        broken: the file itself, and not only a picture in it, is damaged.
        inspection: the look-over in the background.
    """

    def __init__(self, editor: Editor, pixels: PixelStore, take: Callable[[BaseCopy], Awaitable[None]]) -> None:
        """The health of a project whose private copy, where one is made, is given to `take`."""
        self._editor = editor
        self._pixels = pixels
        self._name = ""
        self._loop: asyncio.AbstractEventLoop | None = None
        self.sentence = ""
        self.noted: Signal[str] = Signal()
        self.broken: Signal[()] = Signal()
        self.inspection = Inspection(take)
        self.inspection.found.connect(self._looked_over)
        pixels.tells_damage(self._damage_told)

    def begin(self, name: str) -> None:
        """A project of that name is being opened in the running loop."""
        self._name, self._loop = name, asyncio.get_running_loop()

    def look_over(self, path: Path, copy_to: Path | None) -> None:
        """Have a file read to its end; a private copy of it is made in the folder `copy_to` first."""
        self.inspection.begin(path, copy_to)

    def note(self, sentence: str) -> None:
        """Say something that was found."""
        if sentence and sentence != self.sentence:
            self.sentence = sentence
            self.noted.emit(sentence)

    @property
    def damaged_layers(self) -> tuple[LayerId, ...]:
        """The layers of the document of which parts are damaged and shown as a hatch, from the top down."""
        return damaged_layers(self._editor.document, self._pixels.damaged)

    def _looked_over(self, found: Found) -> None:
        if found.structure:
            self.broken.emit()
            self.note(f"“{self._name}” has damaged parts. What is shown is whole; the next save writes a new file.")
        self._pixels.mark_damaged(found.tiles)

    def _damage_told(self) -> None:
        """Called in any thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._say_damage)

    def _say_damage(self) -> None:
        self.note(damage_note(self._name, self._editor.document, self._pixels.damaged))
