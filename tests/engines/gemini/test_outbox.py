"""Events of several tasks as one stream."""

import asyncio
from contextlib import aclosing

import pytest

from nanodesk.engines.base import Event, Note
from nanodesk.engines.google.outbox import Outbox


def said(event: Event) -> str:
    assert isinstance(event, Note)
    return event.message


async def test_who_says_something_waits_until_the_next_is_asked_for():
    outbox = Outbox()
    after: list[str] = []

    async def talk(name):
        for number in range(2):
            await outbox.put(Note(f"{name}{number}"))
            after.append(f"{name}{number}")

    heard: list[str] = []
    async with aclosing(outbox.events([talk("a"), talk("b")])) as events:
        async for event in events:
            assert said(event) not in after
            heard.append(said(event))
    assert heard == ["a0", "b0", "a1", "b1"]
    assert sorted(after) == sorted(heard)


async def test_the_first_fault_ends_the_stream_and_the_other_tasks():
    outbox = Outbox()
    ended: list[str] = []

    async def waits():
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("waits")

    async def fails():
        await outbox.put(Note("before"))
        raise MemoryError("told as it is")

    heard: list[str] = []

    async def listens():
        async with aclosing(outbox.events([waits(), fails()])) as events:
            async for event in events:
                heard.append(said(event))

    with pytest.raises(MemoryError, match="told as it is"):
        await listens()
    assert heard == ["before"]
    assert ended == ["waits"]


async def test_leaving_ends_every_task():
    outbox = Outbox()
    ended: list[str] = []

    async def talks():
        try:
            await outbox.put(Note("x"))
        finally:
            ended.append("talks")

    async with aclosing(outbox.events([talks(), talks()])) as events:
        await anext(events)
    assert ended == ["talks", "talks"]
