"""The worker process itself: started with little, given limits, watched, and ended."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

import nanodesk
from nanodesk.formats.decode_worker import WORKER_FLAG

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEPT = (
    "PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "TEMP", "TMP", "TMPDIR",
)  # fmt: skip
"""All that the worker sees of the environment: where libraries lie. No keys, no names, no home."""

_FRUGAL = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
"""One thread is enough for one picture, and each more would take address space from its limit."""


def environment() -> dict[str, str]:
    """The environment of the worker process."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    given = [place for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if Path(place).is_absolute()]
    kept["PYTHONPATH"] = os.pathsep.join([str(Path(nanodesk.__file__).parent.parent), *given])
    return kept | _FRUGAL


def worker_command() -> list[str]:
    """How to start the worker, from a checkout, an installation or a frozen program."""
    if getattr(sys, "frozen", False):
        return [sys.executable, WORKER_FLAG]
    # -P: a numpy.py in the folder we happen to be in must not be imported.
    return [sys.executable, "-P", "-m", "nanodesk.formats.decode_worker"]


class Child:
    """A running worker process with its two pipes and the file that its pixels come in.

    Attributes:
        served: how many pictures it was given so far.

    Raises:
        OSError: when it cannot be started.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        self._path = ""
        self._ended = False
        self.served = 0
        self._pixels, inherited, place = self._shared()
        try:
            self._process = subprocess.Popen(
                [*(command or worker_command()), place],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # codecs print there, and not for the log
                env=environment(),
                pass_fds=inherited,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except BaseException:
            self._let_go()
            raise
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.requests: IO[bytes] = self._process.stdin
        self.answers: IO[bytes] = self._process.stdout
        self._job = _job_for(self._process)

    def _shared(self) -> tuple[int, tuple[int, ...], str]:
        """The file for pixels: in memory, or without a name, or (Windows) with one."""
        if sys.platform == "win32":
            descriptor, self._path = tempfile.mkstemp(prefix="nanodesk-")
            return descriptor, (), self._path
        if hasattr(os, "memfd_create"):
            descriptor = os.memfd_create("nanodesk-pixels")
        else:
            descriptor, path = tempfile.mkstemp(prefix="nanodesk-")
            Path(path).unlink()
        return descriptor, (descriptor,), str(descriptor)

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process number."""
        return self._process.pid

    def limit_memory(self, most: int) -> None:
        """Limit what it may allocate, where that is done from outside (Windows)."""
        if self._job is not None:
            self._job.limit_memory(most)

    def read_pixels(self, into: memoryview) -> None:
        """Copy the finished pixels; never mapped, because a mapping of a file that shrinks kills its reader.

        Raises:
            ValueError: when there are fewer or more bytes than fit.
        """
        if os.fstat(self._pixels).st_size != len(into):
            raise ValueError("There are not as many pixels as were told.")
        os.lseek(self._pixels, 0, os.SEEK_SET)
        with open(self._pixels, "rb", buffering=0, closefd=False) as file:
            while into:
                count = file.readinto(into)
                if not count:
                    raise ValueError("There are not as many pixels as were told.")
                into = into[count:]
        os.ftruncate(self._pixels, 0)

    def kill(self) -> None:
        """End it at once; what waits for its answer gets the end of the pipe."""
        self._process.kill()

    def end(self) -> None:
        """End it, wait until it is gone, and let go of everything; does nothing the second time."""
        if self._ended:
            return
        self._ended = True
        self._process.kill()
        self._process.wait()
        for pipe in (self.requests, self.answers):
            with contextlib.suppress(OSError):  # what was not sent any more
                pipe.close()
        if self._job is not None:
            self._job.close()
        self._let_go()

    def _let_go(self) -> None:
        os.close(self._pixels)
        if self._path:
            with contextlib.suppress(OSError):
                Path(self._path).unlink()


if sys.platform == "win32":
    from nanodesk.formats.windows_job import Job

    def _job_for(process: subprocess.Popen[bytes]) -> Job | None:
        try:
            return Job(process)
        except OSError:
            return None  # without it the worker still has its time limit

else:

    class Job:
        """A Windows job object; other systems limit the process from inside."""

        def limit_memory(self, most: int) -> None:
            """Nothing to do here."""

        def close(self) -> None:
            """Nothing to do here."""

    def _job_for(process: subprocess.Popen[bytes]) -> Job | None:
        return None
