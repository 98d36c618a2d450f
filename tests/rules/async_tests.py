"""Runs `async def` tests: inside the window's loop when they ask for `qloop`, in a plain asyncio loop otherwise.

pytest-qt handles Qt's events between a test's phases, when no loop runs: a task left over would wake then and be
lost. So the body runs under a deadline, and a task that outlives it fails the test.
"""

import asyncio
import inspect
from collections.abc import Callable, Coroutine, Iterator
from contextvars import Context
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

DEADLINE_S = 30.0
JOURNEY_DEADLINE_S = 110.0


@pytest.fixture
def qloop(qapp: "QApplication") -> Iterator[asyncio.AbstractEventLoop]:
    """Give the loop that turns Qt's events and asyncio's tasks alike, and fail on what nobody caught in it."""
    qapp.setQuitOnLastWindowClosed(False)
    loop = _patient_loop(qapp)
    problems: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda _, context: problems.append(context))
    asyncio.set_event_loop(loop)
    yield loop
    asyncio.set_event_loop(None)
    loop.close()
    assert not problems, f"errors that nobody caught in the loop: {problems}"


def _patient_loop(qapp: "QApplication") -> asyncio.AbstractEventLoop:
    """Give a loop that lets a running task finish its step when a gesture of QtTest turns Qt's events within it.

    Asyncio refuses to enter a task in another one, and the step that was due would be lost: its task would wait for
    ever. So what comes due meanwhile waits for its turn.
    """
    import qasync

    class PatientLoop(qasync.QEventLoop):  # type: ignore[misc] # qasync has no types
        def call_later(
            self, delay: float, callback: Callable[..., object], *args: Any, context: Context | None = None
        ) -> asyncio.Handle:
            later = super().call_later

            def in_turn() -> None:
                if asyncio.current_task(self) is None:
                    callback(*args)
                elif not handle.cancelled():
                    later(0.001, again, context=context)

            def again() -> None:
                if not handle.cancelled():
                    in_turn()

            handle: asyncio.Handle = later(delay, in_turn, context=context)
            return handle

    return PatientLoop(qapp)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    deadline_s = JOURNEY_DEADLINE_S if pyfuncitem.get_closest_marker("xvfb") else DEADLINE_S
    story = _alone(pyfuncitem.obj(**arguments), deadline_s)
    loop = pyfuncitem.funcargs.get("qloop")
    if isinstance(loop, asyncio.AbstractEventLoop):
        loop.run_until_complete(story)
    else:
        _in_plain_loop(story)
    return True


def _in_plain_loop(story: Coroutine[Any, Any, None]) -> None:
    problems: list[dict[str, Any]] = []
    with asyncio.Runner() as runner:
        runner.get_loop().set_exception_handler(lambda _, context: problems.append(context))
        runner.run(story)
    assert not problems, f"errors that nobody caught in the loop: {problems}"


async def _alone(body: Coroutine[Any, Any, None], deadline_s: float) -> None:
    try:
        async with asyncio.timeout(deadline_s):
            await body
            left = await _tasks_left()
    finally:
        for task in _others():
            task.cancel()
        await asyncio.gather(*_others(), return_exceptions=True)
        await asyncio.sleep(0)
    assert not left, f"tasks outlived the test: {left}"


async def _tasks_left() -> list[str]:
    """Name the tasks that still run after those that end by themselves have had their time."""
    for _ in range(1000):
        if not _others():
            break
        await asyncio.sleep(0.005)
    return [repr(task) for task in _others()]


def _others() -> list["asyncio.Task[Any]"]:
    return [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
