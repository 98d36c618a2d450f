"""Waiting in tests: for a condition, never for a number of seconds."""

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], object], timeout_s: float = 5.0) -> None:
    """Return as soon as `condition()` is true, letting the loop's tasks and Qt's events run in between.

    Raises:
        AssertionError: it was still false after `timeout_s` seconds.
    """
    deadline = asyncio.get_running_loop().time() + timeout_s
    while not condition():
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"still not true after {timeout_s} s: {condition}")
        await asyncio.sleep(0.005)
