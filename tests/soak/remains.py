"""What a process holds on to: memory, files and sockets, tasks."""

import asyncio
import ctypes
import gc
import os
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Remains:
    """What is held at one moment.

    Attributes:
        memory_mb: resident; the highest so far where the system tells no more.
        files: open files and sockets; 0 where the system does not tell.
    """

    memory_mb: float
    files: int
    tasks: int


def remains() -> Remains:
    """What is held now, once all that can be given back is."""
    gc.collect()
    _give_back()
    return Remains(_memory_mb(), _files(), len(asyncio.all_tasks()) - 1)


def _give_back() -> None:
    """Hand freed memory to the system, so that what is kept shows; only glibc can be asked to."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def _memory_mb() -> float:
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    if sys.platform == "win32":
        return 0.0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _files() -> int:
    folder = Path("/dev/fd")
    return len(os.listdir(folder)) if folder.exists() else 0  # noqa: PTH208 - an iterator would be one more
