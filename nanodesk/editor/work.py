"""The editor's own threads: slow pure functions run here, the loop's thread goes on."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")


class Work:
    """Two threads for pixels and one for the canvas, so that a long job never makes the picture wait."""

    def __init__(self) -> None:
        self._pixels = ThreadPoolExecutor(2, thread_name_prefix="pixels")
        self._canvas = ThreadPoolExecutor(2, thread_name_prefix="canvas")
        self._closed = False

    async def pixels(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a slow pure function on frozen input; when cancelled, it ends by itself and its value is dropped."""
        return await self._run(self._pixels, lambda: function(*args, **kwargs))

    async def canvas(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The same for what the canvas waits for."""
        return await self._run(self._canvas, lambda: function(*args, **kwargs))

    async def _run(self, executor: ThreadPoolExecutor, call: Callable[[], R]) -> R:
        # A widget may still ask while the program ends: that is cancelled, as what was waiting then is.
        if self._closed:
            raise asyncio.CancelledError("The editor's threads have ended.")
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # Qt turns its events once more after the loop has stopped, and with them our tasks
            raise asyncio.CancelledError("The loop has ended.") from None
        return await loop.run_in_executor(executor, call)

    def close(self) -> None:
        """Drop what waits, let what runs end, and cancel what is asked from now on."""
        self._closed = True
        self._canvas.shutdown(wait=True, cancel_futures=True)
        self._pixels.shutdown(wait=True, cancel_futures=True)
