"""Several candidates are as many requests, side by side, and one that fails does not lose the others."""

import asyncio
import threading

import pytest

from nanodesk.document.run import Charged
from nanodesk.engines.base import CandidateOffered
from nanodesk.engines.errors import MissingKeyError, RefusedError
from nanodesk.engines.gemini.models import catalogue
from nanodesk.engines.gemini.pricing import MOST_CANDIDATES
from tests.engines.gemini.made import asking, decoded
from tests.waiting import until
from tests.wire import scenarios as wire
from tests.wire.replies import picture_part, plain

RED, GREEN, BLUE = (220, 20, 20), (20, 220, 20), (20, 20, 220)


async def test_each_candidate_is_a_request_of_its_own(rig):
    rig.server.will(wire.edits(tint=RED), wire.edits(tint=GREEN), wire.edits(tint=BLUE))
    outcome = (await rig.run(asking(candidates=3))).well()
    assert len(rig.server.asked) == 3
    assert len({str(one.body) for one in rig.server.asked}) == 1
    assert len({decoded(offer).tobytes() for offer in outcome.offers}) == 3
    assert {one.reply for one in outcome.candidates} == {0, 1, 2}


@pytest.mark.parametrize("model", ["gemini-nano-banana-2.1", "gemini-3-pro-image", "nano-next-picture"])
async def test_no_more_are_under_way_than_the_model_takes(rig, model):
    gate = threading.Event()
    most = catalogue().get(model).concurrency
    rig.server.always(wire.after(gate))
    running = asyncio.create_task(rig.run(asking(model=model, candidates=6)))
    await until(lambda: len(rig.server.asked) == most)
    await asyncio.sleep(0.05)
    assert len(rig.server.asked) == most
    gate.set()
    assert len((await running).well().candidates) == 6
    assert rig.server.most_at_once == most


async def test_each_arrives_by_itself(rig):
    gate = threading.Event()
    rig.server.will(wire.edits(), wire.after(gate), wire.after(gate))
    offered = 0
    async for event in rig.engine.run(asking(candidates=3)):
        if isinstance(event, CandidateOffered):
            offered += 1
            gate.set()  # the others come only after the first was here
    assert offered == 3


async def test_one_that_fails_does_not_lose_the_others(rig):
    rig.server.will(wire.blocked("SAFETY"))
    outcome = (await rig.run(asking(candidates=3))).well()
    assert len(outcome.candidates) == 2
    assert len(outcome.notes) == 1
    assert "of 3 did not come: The words or pictures sent were blocked for safety." in outcome.notes[0]


async def test_when_all_fail_the_failure_tells_of_the_worst_charge(rig):
    rig.server.will(wire.fails(400, "INVALID_ARGUMENT", "No."), wire.drops, wire.fails(400, "INVALID_ARGUMENT", "No."))
    outcome = await rig.run(asking(candidates=3))
    assert outcome.failure.charged is Charged.MAYBE
    assert len(outcome.notes) == 3


async def test_a_bad_key_is_a_bad_key_for_all(rig):
    rig.server.key = "another"
    assert isinstance((await rig.run(asking(candidates=2))).failure, MissingKeyError)


async def test_cancelling_hangs_up_on_all_of_them(rig):
    rig.server.always(wire.says_nothing)
    running = asyncio.create_task(rig.run(asking(candidates=4)))
    await until(lambda: len(rig.server.asked) == 4)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    for _ in range(4):
        assert rig.server.hung_up.acquire(timeout=5)
    assert len(rig.server.asked) == 4


@pytest.mark.parametrize(("wanted", "sent"), [(0, 1), (-3, 1), (50, MOST_CANDIDATES)])
async def test_the_number_of_candidates_is_bounded_everywhere_alike(rig, wanted, sent):
    request = asking(candidates=wanted)
    assert rig.engine.outgoing(request).candidates == sent
    assert rig.engine.plan(("x",)).candidates == 1
    assert len((await rig.run(request)).well().candidates) == sent
    assert len(rig.server.asked) == sent


async def test_the_cost_of_all_is_added_up(rig):
    outcome = (await rig.run(asking(candidates=3))).well()
    one = (1120 * 30 + 20 * 7.5 + 256 * 7.5 + 1324 * 1.5) / 1e6
    assert outcome.usage.cost == pytest.approx(3 * one, abs=2e-6)
    assert outcome.usage.input_tokens == 3 * 1324
    assert outcome.usage.output_tokens == 3 * (1140 + 256)
    assert outcome.usage.thought_tokens == 3 * 256


async def test_what_was_refused_and_paid_is_in_the_sum(rig):
    rig.server.will(wire.answers(finish="IMAGE_SAFETY"))
    outcome = await rig.run()
    assert isinstance(outcome.failure, RefusedError)
    assert outcome.usage.cost > 0


async def test_several_pictures_of_one_answer_are_several_candidates(rig):
    first, second = plain(RED), plain(GREEN)
    rig.server.will(wire.answers({"text": "One."}, picture_part(first), {"text": "Two."}, picture_part(second)))
    outcome = (await rig.run()).well()
    assert [offer.picture.data for offer in outcome.offers] == [first, second]
    assert [one.words for one in outcome.candidates] == ["One.", "Two."]
