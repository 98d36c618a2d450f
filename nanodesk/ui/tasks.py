"""The one place where the window starts coroutines, and where what nobody caught ends up.

Everything that touches the event loop goes through here, so that the loop could be another one.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from types import TracebackType

T = TypeVar("T")

_log = logging.getLogger("nanodesk")
_running: set[asyncio.Task[Any]] = set()
_listener: Callable[[str], None] | None = None


def spawn(coroutine: Coroutine[Any, Any, T], name: str | None = None) -> asyncio.Task[T]:
    """Start a coroutine and hold it until it ends; what it raises is reported."""
    task = asyncio.get_running_loop().create_task(coroutine, name=name)
    _running.add(task)
    task.add_done_callback(_ended)
    return task


def can_spawn() -> bool:
    """Whether the loop turns: a timer may ring, or a widget be painted, before it does or after it has ended."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _ended(task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        report(error)


def report(error: BaseException) -> None:
    """Say that something went wrong which nobody foresaw.

    The log gets the kind of the error and the places in our code: never its text or a local value, since those can hold
    pictures, sentences or keys.
    """
    kind = type(error).__name__
    _log.error("%s at %s", kind, " < ".join(_places(error.__traceback__)))
    if _listener is not None:
        _listener(f"Something went wrong inside Nanodesk ({kind}). Your work is on disk; you can go on.")


def _places(trace: TracebackType | None) -> list[str]:
    found: list[str] = []
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", "?"))
        found.append(f"{module}:{trace.tb_lineno}")
        trace = trace.tb_next
    return found[::-1][:12]


def listen(listener: Callable[[str], None] | None) -> None:
    """Have the sentence shown to the designer."""
    global _listener
    _listener = listener


def install(loop: asyncio.AbstractEventLoop) -> None:
    """Send every way that an error can get lost to `report`."""

    def from_loop(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException):
            report(error)
        else:
            _log.error("event loop: %s", type(context.get("message")).__name__)

    def from_python(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        report(error)

    def from_thread(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            report(arguments.exc_value)

    loop.set_exception_handler(from_loop)
    sys.excepthook = from_python
    threading.excepthook = from_thread


async def settled() -> None:
    """Wait until every coroutine that the window started has ended; they must have been told to."""
    loop = asyncio.get_running_loop()
    while left := [task for task in _running if not task.done() and task.get_loop() is loop]:
        await asyncio.gather(*left, return_exceptions=True)
