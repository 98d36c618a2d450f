"""Memory that long work has done with, given back to the system."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def give_back() -> None:
    """Let go of what was freed and is still held; for a thread, after work that took much and freed it.

    The GNU C library keeps freed blocks of up to 32 MB, in a pool of each thread: after a few fits of a 24 megapixel
    picture, done by this thread and that, more memory is held so than is in use. Elsewhere there is nothing to do.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    if not sys.platform.startswith("linux"):
        return None
    found: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return found
