"""Decoding pictures from outside in a process of their own, so that a hostile file can harm nothing else.

`DecodeWorker` starts the process when the first picture comes, keeps it warm, and replaces it when it dies, hangs or
is cancelled. No Qt, no fork: a fresh interpreter with a bare environment, limits, pipes, and a shared piece of memory
from which the finished pixels are copied.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.formats import errors
from nanodesk.formats.child import Child
from nanodesk.formats.decode_answer import read_answer
from nanodesk.formats.decode_worker import send
from nanodesk.formats.limits import DEFAULT_LIMITS, DecodeLimits
from nanodesk.formats.picture import DecodedPicture, Wanted
from nanodesk.formats.refusals import subject_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_log = logging.getLogger(__name__)
_CLOSING = "Nanodesk is closing; the picture was not opened."


@dataclass(frozen=True, slots=True)
class Wish:
    """One picture to be opened."""

    data: bytes
    limits: DecodeLimits
    name: str
    wanted: Wanted


class DecodeWorker:
    """One process that decodes one picture after another.

    Args:
        command: what to start instead of this program's own worker, for tests.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        self._command = command
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="decode")
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._closed = False

    def start(self) -> None:
        """Start the process ahead of the first picture; returns at once."""
        self._executor.submit(self._running)

    async def decode(
        self,
        data: bytes,
        limits: DecodeLimits = DEFAULT_LIMITS,
        name: str = "",
        wanted: Wanted = Wanted.MERGED,
    ) -> DecodedPicture:
        """What `nanodesk.formats.layered.decode_layers` gives, from the worker process.

        Pictures wait for each other. Cancelling kills the process when it is at this picture.

        Raises:
            DecodeError: as `decode` does; `WorkerError` when the process died, took too long or talked nonsense.
        """
        turn = _Turn()
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._executor, self._decode, turn, Wish(data, limits, name, wanted))
        except asyncio.CancelledError:
            turn.cancel()
            raise

    def decode_now(
        self,
        data: bytes,
        limits: DecodeLimits = DEFAULT_LIMITS,
        name: str = "",
        wanted: Wanted = Wanted.MERGED,
    ) -> DecodedPicture:
        """The same without a loop; waits for the picture."""
        return self._executor.submit(self._decode, _Turn(), Wish(data, limits, name, wanted)).result()

    async def close(self) -> None:
        """End the process, whatever it is doing, in some milliseconds; does nothing the second time."""
        self.end()

    def end(self) -> None:
        """The same without a loop."""
        with self._lock:
            self._closed = True
            if self._child is not None:
                self._child.kill()  # a picture in the making ends with it, and its thread
        self._executor.shutdown(wait=True, cancel_futures=True)
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            child.end()

    def _decode(self, turn: _Turn, wish: Wish) -> DecodedPicture:
        child = self._running()
        warm = child.served > 0
        try:
            return self._attempt(turn, child, wish)
        except errors.DecodeError:
            raise
        except Exception as error:
            if not (warm and isinstance(error, EOFError) and turn.wanted) or self._closed:
                raise self._failure(turn, wish, error) from error
        # It may have died of something else while it was idle: a fresh one tells.
        try:
            return self._attempt(turn, self._running(), wish)
        except errors.DecodeError:
            raise
        except Exception as error:
            raise self._failure(turn, wish, error) from error

    def _attempt(self, turn: _Turn, child: Child, wish: Wish) -> DecodedPicture:
        clock = threading.Timer(wish.limits.seconds, turn.time_out)
        clock.daemon = True
        turn.begin(child)
        clock.start()
        sound = False
        try:
            picture = _ask(child, wish)
            sound = True
        except errors.DecodeError:
            sound = True  # that was an answer too
            raise
        finally:
            clock.cancel()
            turn.end()
            child.served += 1
            if not sound:
                self._drop(child)
        return picture

    def _failure(self, turn: _Turn, wish: Wish, error: Exception) -> errors.WorkerError:
        return errors.WorkerError(_CLOSING) if self._closed else _failure(turn, wish, error)

    def _running(self) -> Child:
        with self._lock:
            if self._closed:
                raise errors.WorkerError(_CLOSING)
            if self._child is not None and self._child.alive:
                return self._child
            if self._child is not None:
                self._child.end()
                self._child = None
            try:
                self._child = Child(self._command)
            except OSError as error:
                raise errors.WorkerError(
                    "The program that opens pictures could not be started; restart Nanodesk or install it again."
                ) from error
            return self._child

    def _drop(self, child: Child) -> None:
        _log.info("The decode worker is replaced.")
        with self._lock:
            if self._child is child:
                self._child = None
        child.end()


class _Turn:
    """One picture's time with the process: from outside it can be ended early, but no other picture's can."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: Child | None = None
        self.cancelled = False
        self.timed_out = False

    def begin(self, child: Child) -> None:
        with self._lock:
            if not self.cancelled:
                self._child = child
                return
        raise errors.WorkerError("The picture is no longer wanted.")

    def end(self) -> None:
        with self._lock:
            self._child = None

    @property
    def wanted(self) -> bool:
        return not (self.cancelled or self.timed_out)

    def cancel(self) -> None:
        with self._lock:
            self.cancelled = True
            self._kill()

    def time_out(self) -> None:
        with self._lock:
            self.timed_out = self._child is not None
            self._kill()

    def _kill(self) -> None:
        if self._child is not None:
            self._child.kill()


def _ask(child: Child, wish: Wish) -> DecodedPicture:
    child.limit_memory(wish.limits.memory_bytes)
    header = {"limits": dataclasses.asdict(wish.limits), "name": wish.name, "wanted": wish.wanted.value}
    with contextlib.suppress(BrokenPipeError):  # a child that died says more by its silence on the other pipe
        send(child.requests, header, [wish.data])
    return read_answer(child, wish.limits)


def _failure(turn: _Turn, wish: Wish, error: Exception) -> errors.WorkerError:
    subject, limits = subject_of(wish.name), wish.limits
    if turn.timed_out:
        return errors.WorkerError(
            f"{subject} took longer than {limits.seconds:g} seconds to open and was given up; save it smaller or in "
            "another format first."
        )
    if isinstance(error, subprocess.SubprocessError | OSError | EOFError):
        return errors.WorkerError(
            f"{subject} could not be opened: decoding it failed badly, and was stopped before it could do harm."
        )
    return errors.WorkerError(f"{subject} could not be opened: what came out of decoding it made no sense.")
