"""Waits are seen, counted by the server, and can be cancelled; nothing is sent twice where it might be paid twice."""

import asyncio
from contextlib import aclosing

import pytest

from nanodesk.document.run import Remedy
from nanodesk.engines.base import Progress, ReplyReceived, Sending
from nanodesk.engines.gemini.engine import GeminiEngine
from nanodesk.engines.google.faults import BUSY_WAITS_S
from tests.engines.gemini.made import asking
from tests.waiting import until
from tests.wire import scenarios as wire


@pytest.mark.parametrize("code", [408, 500, 502, 503, 504])
async def test_a_busy_service_is_asked_again_with_growing_waits(rig, code):
    rig.server.will(wire.fails(code, "UNAVAILABLE"), wire.fails(code, "UNAVAILABLE"))
    outcome = (await rig.run()).well()
    assert len(outcome.candidates) == 1
    assert len(rig.server.asked) == 3
    assert rig.pauses == [1.0, 1.0, 1.0]
    waits = [message for message in outcome.progress if "trying again" in message]
    assert waits == [f"The service is busy; trying again in {left} s" for left in (1, 2, 1)]


async def test_a_service_that_stays_busy_is_left_after_five_requests(rig):
    rig.server.always(wire.fails(503, "UNAVAILABLE"))
    failure = (await rig.run()).failure
    assert "The service is not able to answer now (error 503). Nothing was charged." in str(failure)
    assert failure.remedy is Remedy.RUN_AGAIN
    assert len(rig.server.asked) == 1 + len(BUSY_WAITS_S)


async def test_a_page_of_a_gateway_is_not_quoted(rig):
    rig.server.always(wire.sends(b"<html><h1>502 Bad Gateway</h1></html>", 502, "text/html"))
    failure = (await rig.run()).failure
    assert "(error 502)" in str(failure)
    assert "Gateway" not in str(failure)


@pytest.mark.parametrize(("delay", "waits"), [("2.5s", 3), ("60s", 60), (None, 20)])
async def test_the_minutes_quota_counts_down_and_goes_on(rig, delay, waits):
    rig.server.will(wire.quota(delay=delay))
    outcome = (await rig.run()).well()
    assert outcome.candidates
    assert len(rig.server.asked) == 2
    counted = [message for message in outcome.progress if "quota" in message]
    assert counted == [f"The minute's quota is used; trying again in {left} s" for left in range(waits, 0, -1)]
    assert len(rig.pauses) == waits


async def test_a_wait_in_the_header_is_honoured_too(rig):
    rig.server.will(wire.sends(b"{}", 429, retry_after="3"))
    assert (await rig.run()).well().candidates
    assert rig.pauses == [1.0, 1.0, 1.0]


async def test_the_minutes_quota_is_not_waited_for_without_end(rig):
    rig.server.always(wire.quota(delay="1s"))
    failure = (await rig.run()).failure
    assert "More requests were sent than the service takes in a minute." in str(failure)
    assert len(rig.server.asked) == 4


async def test_every_request_has_a_number_of_its_own(rig):
    rig.server.will(wire.fails(503, "UNAVAILABLE"))
    outcome = (await rig.run()).well()
    assert [sending.reply for sending in outcome.sendings] == [0, 1]
    assert [reply.reply for reply in outcome.replies] == [1]
    assert outcome.candidates[0].reply == 1


async def test_nothing_leaves_before_the_next_event_is_asked_for(rig):
    async with aclosing(rig.engine.run(asking())) as events:
        async for event in events:
            if isinstance(event, Sending):
                break
        await asyncio.sleep(0.05)
        assert not rig.server.asked
        async for event in events:
            if isinstance(event, ReplyReceived):
                break
    assert len(rig.server.asked) == 1


async def test_leaving_while_the_answer_is_awaited_hangs_up(rig):
    rig.server.will(wire.says_nothing)
    running = asyncio.create_task(rig.run())
    await until(lambda: rig.server.asked)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert rig.server.hung_up.acquire(timeout=5)
    assert len(rig.server.asked) == 1


async def test_leaving_while_the_answer_comes_hangs_up(rig):
    rig.server.will(wire.trickles)
    running = asyncio.create_task(rig.run())
    await until(lambda: rig.server.asked)
    await asyncio.sleep(0.05)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert rig.server.hung_up.acquire(timeout=5)


async def test_leaving_during_a_wait_sends_nothing_more(rig):
    gate = asyncio.Event()

    async def pause(_):
        gate.set()
        await asyncio.sleep(600)

    rig.engine = GeminiEngine(lambda: rig.key, lambda: rig.connection, pause)
    rig.server.always(wire.fails(503, "UNAVAILABLE"))
    running = asyncio.create_task(rig.run())
    await gate.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert len(rig.server.asked) == 1


async def test_closing_the_events_ends_the_work(rig):
    rig.server.will(wire.says_nothing)
    events = rig.engine.run(asking())
    async for event in events:
        if isinstance(event, Progress) and event.message.startswith("Waiting"):
            break
    await events.aclose()
    assert len(asyncio.all_tasks()) == 1


@pytest.mark.parametrize("steps", range(0, 24, 3))
async def test_it_can_be_left_at_any_moment(rig, steps):
    running = asyncio.create_task(rig.run())
    for _ in range(steps):
        await asyncio.sleep(0.002)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert len(rig.server.asked) <= 1


async def test_a_version_that_does_not_take_the_request_gives_way_to_the_other(rig):
    rig.server.only_version = "v1beta"
    assert (await rig.run()).well().candidates
    assert [one.version for one in rig.server.asked] == ["v1", "v1beta"]
    assert (await rig.run()).well().candidates
    assert [one.version for one in rig.server.asked] == ["v1", "v1beta", "v1beta"]  # it is remembered


async def test_a_version_that_was_chosen_is_the_only_one(rig):
    rig.server.only_version = "v1beta"
    rig.reach(api_version="v1")
    assert 'Unknown name "imageConfig"' in str((await rig.run()).failure)
    assert [one.version for one in rig.server.asked] == ["v1"]


async def test_every_candidate_finds_the_other_version(rig):
    rig.server.only_version = "v1beta"
    outcome = (await rig.run(asking(candidates=4))).well()
    assert len(outcome.candidates) == 4
    assert not outcome.notes


async def test_a_model_that_neither_version_knows_changes_nothing_for_the_next_run(rig):
    rig.server.always(wire.fails(404, "NOT_FOUND"))
    assert (await rig.run()).error
    rig.server.always(None)
    assert (await rig.run()).well().candidates
    assert [one.version for one in rig.server.asked] == ["v1", "v1beta", "v1"]
