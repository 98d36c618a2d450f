"""Trying again by itself what the disk would not take: a full disk does not stay full, a drive comes back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

PAUSES_S = (5, 15, 30, 60)
"""So long is waited before the next try, in seconds; from the last one on always as long."""


class Handle(Protocol):
    """What was put off, and can be called off."""

    def cancel(self) -> None:
        """Have it not happen."""


def in_loop(delay_s: float, call: Callable[[], None]) -> Handle:
    """Have the running loop call something later."""
    return asyncio.get_running_loop().call_later(delay_s, call)


class Retry:
    """When the next try is; belongs to the loop's thread.

    Attributes:
        fault: why the last try failed, in words; empty when it did not.
        later: what a try is put off with.
    """

    def __init__(self, again: Callable[[], None]) -> None:
        """Tries that `again` begins; each of them ends in `failed` or in `stop`."""
        self._again = again
        self._tries = 0
        self._pause_s = 0
        self._next: Handle | None = None
        self.fault = ""
        self.later: Callable[[float, Callable[[], None]], Handle] = in_loop

    def failed(self, fault: str) -> str:
        """Put the next try off, where none is put off yet; what is to be said of it."""
        self.fault = f"Not on disk: {fault}"
        if self._next is None:
            self._pause_s = PAUSES_S[min(self._tries, len(PAUSES_S) - 1)]
            self._next = self.later(self._pause_s, self._try)
        return f"Not on disk, trying again within {self._pause_s} s: {fault}"

    def _try(self) -> None:
        self._next = None
        self._tries += 1
        self._again()

    def stop(self) -> None:
        """Try no more: it succeeded, or nobody needs it."""
        if self._next is not None:
            self._next.cancel()
        self._next, self._tries, self.fault = None, 0, ""
