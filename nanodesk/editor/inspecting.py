"""Looking an opened project over in the background: is every byte what was written, and will its place stay."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from nanodesk.editor.signal import Signal
from nanodesk.storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from nanodesk.storage.base_copy import BaseCopy
    from nanodesk.storage.integrity import Found


class Inspection:
    """One project's look-over, which stands back when the file is to be written.

    Attributes:
        found: the file was read to its end, and this is what is wrong with it.
    """

    def __init__(self, take: Callable[[BaseCopy], Awaitable[None]]) -> None:
        """A look-over that gives a private copy to `take` when it has made one."""
        self._take = take
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="look over")
        self._stop = threading.Event()
        self._task: asyncio.Task[None] | None = None
        self._todo: list[tuple[Path, Path | None]] = []
        self.found: Signal[Found] = Signal()

    def begin(self, path: Path, copy_to: Path | None) -> None:
        """Look a file over; copy it into a folder first, where one is given."""
        self._todo = [(path, copy_to)]
        self.go_on()

    def go_on(self) -> None:
        """Begin again with what was called off."""
        if self._todo and (self._task is None or self._task.done()):
            self._stop.clear()
            self._task = asyncio.get_running_loop().create_task(self._look(*self._todo[0]), name="look over")

    async def _look(self, path: Path, copy_to: Path | None) -> None:
        from nanodesk.storage.base_copy import BaseCopy
        from nanodesk.storage.integrity import look_over

        loop = asyncio.get_running_loop()
        try:
            if copy_to is not None:
                copy = await loop.run_in_executor(self._thread, BaseCopy.make, path, copy_to, self._stop.is_set)
                if copy is None:
                    return
                self._todo = [(path, None)]
                await self._take(copy)
            found = await loop.run_in_executor(self._thread, lambda: look_over(path, stop=self._stop.is_set))
        except StorageError:
            return  # it cannot be read now; whoever needs a part of it will be told
        if not self._stop.is_set():
            self._todo.clear()
            self.found.emit(found)

    async def hold(self) -> None:
        """Stand back until `go_on`."""
        self._stop.set()
        if self._task is not None and not self._task.done():
            await asyncio.wait([self._task])

    async def finished(self) -> None:
        """Wait until the look-over has come to its end."""
        if self._task is not None and not self._task.done():
            await asyncio.wait([self._task])

    async def close(self) -> None:
        """Look no more."""
        await self.hold()
        self._thread.shutdown(wait=True)
