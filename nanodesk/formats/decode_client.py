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
from typing import TYPE_CHECKING, Any

from nanodesk.formats import errors
from nanodesk.formats.child import Child
from nanodesk.formats.decode_worker import receive, send
from nanodesk.formats.limits import DEFAULT_LIMITS, DecodeLimits
from nanodesk.formats.picture import DecodedPicture

if TYPE_CHECKING:
    from collections.abc import Sequence

_log = logging.getLogger(__name__)
_MOST_EXTRAS = 64 << 20
_LONGEST_SENTENCE = 500
_CLOSING = "Nanodesk is closing; the picture was not opened."
_ERRORS: dict[str, type[errors.DecodeError]] = {
    kind.__name__: kind
    for kind in (
        errors.NotAPictureError,
        errors.UnsupportedFormatError,
        errors.DamagedPictureError,
        errors.CutOffError,
    )
}


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

    async def decode(self, data: bytes, limits: DecodeLimits = DEFAULT_LIMITS, name: str = "") -> DecodedPicture:
        """What `nanodesk.formats.decode.decode` gives, from the worker process.

        Pictures wait for each other. Cancelling kills the process when it is at this picture.

        Raises:
            DecodeError: as `decode` does; `WorkerError` when the process died, took too long or talked nonsense.
        """
        turn = _Turn()
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._executor, self._decode, turn, data, limits, name)
        except asyncio.CancelledError:
            turn.cancel()
            raise

    def decode_now(self, data: bytes, limits: DecodeLimits = DEFAULT_LIMITS, name: str = "") -> DecodedPicture:
        """The same without a loop; waits for the picture."""
        return self._executor.submit(self._decode, _Turn(), data, limits, name).result()

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

    def _decode(self, turn: _Turn, data: bytes, limits: DecodeLimits, name: str) -> DecodedPicture:
        subject = f"“{name}”" if name else "The picture"
        child = self._running()
        warm = child.served > 0
        try:
            return self._attempt(turn, child, data, limits, name)
        except errors.DecodeError:
            raise
        except Exception as error:
            if not (warm and isinstance(error, EOFError) and turn.wanted) or self._closed:
                raise self._failure(turn, subject, limits, error) from error
        # It may have died of something else while it was idle: a fresh one tells.
        try:
            return self._attempt(turn, self._running(), data, limits, name)
        except errors.DecodeError:
            raise
        except Exception as error:
            raise self._failure(turn, subject, limits, error) from error

    def _attempt(self, turn: _Turn, child: Child, data: bytes, limits: DecodeLimits, name: str) -> DecodedPicture:
        clock = threading.Timer(limits.seconds, turn.time_out)
        clock.daemon = True
        turn.begin(child)
        clock.start()
        sound = False
        try:
            picture = _ask(child, data, limits, name)
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

    def _failure(self, turn: _Turn, subject: str, limits: DecodeLimits, error: Exception) -> errors.WorkerError:
        return errors.WorkerError(_CLOSING) if self._closed else _failure(turn, subject, limits, error)

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


def _ask(child: Child, data: bytes, limits: DecodeLimits, name: str) -> DecodedPicture:
    child.limit_memory(limits.memory_bytes)
    with contextlib.suppress(BrokenPipeError):  # a child that died says more by its silence on the other pipe
        send(child.requests, {"limits": dataclasses.asdict(limits), "name": name}, [data])
    header, parts = receive(child.answers, _MOST_EXTRAS)
    if "error" in header:
        raise _told(header)
    return _picture(child, header, parts, limits)


def _told(header: dict[str, Any]) -> errors.DecodeError:
    message = str(header["message"])[:_LONGEST_SENTENCE]
    if header["error"] == errors.TooLargeError.__name__:
        size = header.get("size")
        return errors.TooLargeError(message, (int(size[0]), int(size[1])) if size else None)
    return _ERRORS[header["error"]](message)


def _picture(child: Child, header: dict[str, Any], parts: list[bytes], limits: DecodeLimits) -> DecodedPicture:
    """The answer, believed only as far as it can be checked.

    Raises:
        ValueError: when it does not fit together.
    """
    import numpy as np

    width, height = int(header["width"]), int(header["height"])
    if width < 1 or height < 1 or width * height > limits.max_pixels or len(parts) != 2:
        raise ValueError("The answer is not believable.")
    pixels = np.empty((height, width, 4), np.uint8)
    child.read_pixels(pixels.reshape(-1).data)
    dpi = header["dpi"]
    return DecodedPicture(
        pixels=pixels,
        profile=parts[0] or None,
        dpi=None if dpi is None else float(dpi),
        notes=tuple(str(note)[:_LONGEST_SENTENCE] for note in header["notes"]),
        format=str(header["format"]),
        mode=str(header["mode"]),
        bits=int(header["bits"]),
        orientation=int(header["orientation"]),
        exif=parts[1] or None,
    )


def _failure(turn: _Turn, subject: str, limits: DecodeLimits, error: Exception) -> errors.WorkerError:
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
