"""Events of several tasks as one stream; who puts one in waits until it was dealt with."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Coroutine, Sequence

    from nanodesk.engines.base import Event


class Outbox:
    """What the tasks of one run have to say."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[tuple[Event, asyncio.Event] | None] = asyncio.Queue()

    async def put(self, event: Event) -> None:
        """Say something, and wait until whoever listens asks for the next."""
        dealt_with = asyncio.Event()
        self._waiting.put_nowait((event, dealt_with))
        await dealt_with.wait()

    async def events(self, tasks: Sequence[Coroutine[object, object, None]]) -> AsyncGenerator[Event]:
        """Run the tasks side by side until all have ended; leaving the stream cancels them.

        The first exception of a task ends the stream with it.
        """
        running = [asyncio.ensure_future(task) for task in tasks]
        watch = asyncio.ensure_future(self._watched(running))
        try:
            while (item := await self._waiting.get()) is not None:
                event, dealt_with = item
                yield event
                dealt_with.set()
            for task in running:
                if task.done():
                    task.result()
        finally:
            for task in (*running, watch):
                task.cancel()
            await asyncio.gather(*running, watch, return_exceptions=True)

    async def _watched(self, running: Sequence[asyncio.Future[None]]) -> None:
        await asyncio.wait(running, return_when=asyncio.FIRST_EXCEPTION)
        self._waiting.put_nowait(None)
