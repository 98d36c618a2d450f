"""What follows a save: the previews are written, then the look-over goes on; both rest while a file is written."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from nanodesk.editor.previews import Previews
from nanodesk.storage.batch import Batch
from nanodesk.storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from nanodesk.document.document import Document
    from nanodesk.editor.editor import Editor
    from nanodesk.editor.inspecting import Inspection
    from nanodesk.editor.pixel_store import PixelStore
    from nanodesk.editor.project_files import ProjectFiles


class InWriter(Protocol):
    """Has something done in the writing thread."""

    def __call__(self, function: Callable[..., object], *args: object) -> Awaitable[object]:
        """Do it after what waits there."""


class Renewal:
    """One project's previews after each save in place: they take longer to make than what was new took to write."""

    def __init__(self, editor: Editor, pixels: PixelStore, files: ProjectFiles, inspection: Inspection) -> None:
        self._editor = editor
        self._pixels = pixels
        self._files = files
        self._inspection = inspection
        self._task: asyncio.Task[None] | None = None
        self.previews = Previews(pixels)

    async def rest(self) -> None:
        """Have nobody read the file, or write its previews, until `begin`."""
        await self.finished()
        await self._inspection.hold()

    async def finished(self) -> None:
        """Wait until the previews of the last save are written."""
        if self._task is not None and not self._task.done():
            await asyncio.wait([self._task])

    def begin(self, document: Document | None, in_writer: InWriter) -> None:
        """Renew the previews of a document that was saved, where there is one, and look over the file again."""
        self._task = asyncio.get_running_loop().create_task(self._renew(document, in_writer), name="renew previews")

    async def _renew(self, document: Document | None, in_writer: InWriter) -> None:
        try:
            if document is not None:
                await in_writer(self._write, document)
        except StorageError:
            return  # they are a save behind
        finally:
            self._inspection.go_on()

    def _write(self, document: Document) -> None:
        shown = self.previews.of(document)
        self._files.write_in_place(Batch(self._pixels.packed, self._editor.history.root, {}, previews=shown))
