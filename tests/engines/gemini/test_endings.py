"""Each ending has a sentence of its own, says whether it may have been charged, and loses nothing else."""

import base64

import pytest

from nanodesk.document.run import Charged, Remedy
from nanodesk.engines.errors import MissingKeyError, RefusedError, ServiceError
from nanodesk.engines.gemini.engine import GeminiEngine
from nanodesk.engines.google import endings
from tests.engines.gemini.ending_table import CHARGES, ENDINGS
from tests.engines.gemini.made import asking
from tests.wire import scenarios as wire
from tests.wire.replies import SIGNATURE, answer


@pytest.mark.parametrize("name", ENDINGS)
async def test_an_ending_has_its_sentence(rig, name):
    ending = ENDINGS[name]
    rig.server.always(ending.scenario)
    failure = (await rig.run()).failure
    assert ending.says in str(failure)
    assert str(failure).endswith(CHARGES[ending.charged])
    assert type(failure) is ending.kind
    assert failure.charged is ending.charged
    assert failure.remedy is ending.remedy
    assert len(rig.server.generated) == ending.requests
    assert "<" not in str(failure)


async def test_an_engine_works_after_every_ending(rig):
    for ending in ENDINGS.values():
        if ending.requests == 1:
            rig.server.will(ending.scenario)
            assert (await rig.run()).error
    assert (await rig.run()).well().candidates


FINISHES = {**endings._REFUSED, **endings._BROKEN}


@pytest.mark.parametrize("finish", FINISHES)
async def test_each_finish_reason_has_its_sentence(rig, finish):
    rig.server.will(wire.answers({"text": "I would rather not."}, finish=finish))
    failure = (await rig.run()).failure
    sentence, remedy = FINISHES[finish]
    assert str(failure) == f"{sentence} It was charged."
    assert failure.remedy is remedy
    assert failure.words == "I would rather not."
    assert isinstance(failure, RefusedError if finish in endings._REFUSED else ServiceError)


def test_every_finish_reason_of_the_sdk_is_known():
    from google.genai import types

    known = set(FINISHES) | {"STOP", "FINISH_REASON_UNSPECIFIED"}
    assert {reason.value for reason in types.FinishReason} <= known
    assert len({sentence for sentence, _ in FINISHES.values()}) >= len(FINISHES) - 2  # two share one with a cousin


async def test_a_finish_reason_of_tomorrow_is_quoted(rig):
    rig.server.will(wire.answers(finish="TOO_BEAUTIFUL"))
    assert "a reason that is not known here (TOO_BEAUTIFUL)" in str((await rig.run()).failure)


@pytest.mark.parametrize("reason", [*endings._BLOCKED, "OTHER", "BLOCKED_REASON_OF_TOMORROW"])
async def test_each_block_reason_has_its_sentence(rig, reason):
    rig.server.will(wire.blocked(reason))
    failure = (await rig.run()).failure
    sentence, remedy = endings._BLOCKED.get(reason, endings._UNBLOCKED)
    assert str(failure) == f"{sentence} It was charged."
    assert failure.remedy is remedy
    assert isinstance(failure, RefusedError)


def test_every_block_reason_of_the_sdk_is_known():
    from google.genai import types

    unsaid = {"BLOCKED_REASON_UNSPECIFIED", "OTHER"}
    assert {reason.value for reason in types.BlockedReason} <= set(endings._BLOCKED) | unsaid


async def test_a_question_of_the_model_is_handed_on(rig):
    rig.server.will(wire.answers({"text": "Which of the two cats?"}, {"text": "The left or the right one?"}))
    assert (await rig.run()).failure.words == "Which of the two cats?\nThe left or the right one?"


async def test_what_the_service_says_of_a_stop_is_not_lost(rig):
    stopped = answer([], "IMAGE_SAFETY")
    stopped["candidates"][0]["finishMessage"] = "Unable to show the generated picture."
    rig.server.will(wire.says(stopped))
    assert (await rig.run()).failure.words == "Unable to show the generated picture."


async def test_what_the_service_says_of_a_block_is_not_lost(rig):
    rig.server.will(wire.says({"promptFeedback": {"blockReason": "OTHER", "blockReasonMessage": "Not today."}}))
    failure = (await rig.run()).failure
    assert failure.words == "Not today."
    assert failure.charged is Charged.MAYBE


async def test_a_continuation_is_not_followed_for_more_money(rig):
    begun = answer([{"text": "first half"}], "CONTINUATION")
    begun["candidates"][0]["continuationToken"] = base64.b64encode(b"go on").decode()
    rig.server.will(wire.says(begun))
    assert "half-way through" in str((await rig.run()).failure)
    assert len(rig.server.generated) == 1


async def test_a_retired_model_is_not_asked_and_names_its_successor(rig):
    failure = (await rig.run(asking(model="gemini-2.5-flash-image-preview"))).failure
    assert failure.successor == "gemini-nano-banana-2.1"
    assert failure.remedy is Remedy.OTHER_MODEL
    assert "was retired on 2026-01-15. Its successor is gemini-nano-banana-2.1." in str(failure)
    assert not rig.server.asked


async def test_a_model_that_was_retired_since_names_its_successor(rig):
    rig.server.always(wire.fails(404, "NOT_FOUND"))
    failure = (await rig.run(asking(model="gemini-2.5-flash-image"))).failure
    assert "Nano Banana is not offered any more. Its successor is gemini-nano-banana-2.1." in str(failure)
    assert failure.successor == "gemini-nano-banana-2.1"


async def test_without_a_key_nothing_is_sent(rig):
    rig.key = None
    failure = (await rig.run()).failure
    assert isinstance(failure, MissingKeyError)
    assert not rig.server.asked
    assert rig.engine.info.needs_key
    assert not rig.engine.info.ready


async def test_a_fault_of_ours_is_not_dressed_up(rig, monkeypatch):
    async def broken(*_):
        raise MemoryError

    monkeypatch.setattr(GeminiEngine, "_take", broken)
    with pytest.raises(MemoryError):
        await rig.run()


async def test_signatures_are_no_pictures(rig):
    rig.server.will(wire.answers({"text": "", "thoughtSignature": SIGNATURE}))
    assert "The answer was empty" in str((await rig.run()).failure)
