"""Each ending has a sentence of its own, says whether it may have been charged, and loses nothing else."""

import base64
import json
from dataclasses import dataclass

import pytest

from nanodesk.document.run import Charged, Remedy
from nanodesk.engines.errors import EngineError, MissingKeyError, RefusedError, ServiceError
from nanodesk.engines.gemini import endings
from nanodesk.engines.gemini.engine import GeminiEngine
from tests.engines.gemini.made import asking
from tests.wire import scenarios as wire
from tests.wire.replies import SIGNATURE, answer, picture_part, plain
from tests.wire.server import Scenario

NO, MAYBE, YES = Charged.NO, Charged.MAYBE, Charged.YES
CHARGES = {NO: "Nothing was charged.", MAYBE: "It may have been charged.", YES: "It was charged."}
DEEP = b'{"candidates":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
CUT = json.dumps(answer([picture_part(plain())])).encode()[:-300]
BROKEN_PICTURE = answer([{"inlineData": {"mimeType": "image/png", "data": "!!!!" * 600}}])
SHORT_BROKEN_PICTURE = answer([{"inlineData": {"mimeType": "image/png", "data": "A"}}])


@dataclass(frozen=True)
class Ending:
    """What one scenario comes to.

    Attributes:
        says: a part of the sentence.
        requests: how many the server counts.
    """

    scenario: Scenario
    says: str
    charged: Charged
    kind: type[EngineError] = ServiceError
    remedy: Remedy = Remedy.RUN_AGAIN
    requests: int = 1


ENDINGS = {
    # the service says no
    "bad request": Ending(
        wire.fails(400, "INVALID_ARGUMENT", "Bad\n  aspect ratio"),
        "It says: “Bad aspect ratio”",
        NO,
        remedy=Remedy.OTHER_MODEL,
    ),
    "bad key": Ending(
        wire.fails(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."),
        "The key is not valid",
        NO,
        MissingKeyError,
        Remedy.KEY,
    ),
    "country": Ending(
        wire.fails(400, "FAILED_PRECONDITION", "User location is not supported for the API use."),
        "does not offer this model in your country",
        NO,
        remedy=Remedy.NONE,
    ),
    "forbidden": Ending(wire.forbids(), "may not use Nano Banana 2.1", NO, MissingKeyError, Remedy.KEY),
    "switched off": Ending(wire.forbids("SERVICE_DISABLED"), "is not switched on", NO, MissingKeyError, Remedy.KEY),
    "restricted": Ending(
        wire.forbids("API_KEY_IP_ADDRESS_BLOCKED"), "The key is restricted", NO, MissingKeyError, Remedy.KEY
    ),
    "gone": Ending(
        wire.fails(404, "NOT_FOUND"), "The service knows no model", NO, remedy=Remedy.OTHER_MODEL, requests=2
    ),
    "too large a request": Ending(
        wire.sends(b"too large", 413, "text/plain"), "larger than the service takes", NO, remedy=Remedy.REWORD
    ),
    "proxy wants a password": Ending(
        wire.sends(b"", 407, "text/html"), "The proxy asks for a name and password", NO, remedy=Remedy.CONNECTION
    ),
    "teapot": Ending(wire.fails(418, "TEAPOT", "short and stout"), "refused the request (error 418)", NO),
    "today's quota": Ending(
        wire.quota(delay="43200s", quota_id=wire.PER_DAY), "Today's quota", NO, remedy=Remedy.OTHER_MODEL
    ),
    "today's quota, by the wait alone": Ending(
        wire.quota(delay="43200s"), "Today's quota", NO, remedy=Remedy.OTHER_MODEL
    ),
    "no quota at all": Ending(
        wire.quota(delay="2.5s", value="0"), "no quota for Nano Banana 2.1", NO, remedy=Remedy.KEY
    ),
    "a long wait": Ending(wire.quota(delay="90s"), "takes no more requests for 90 s", NO),
    # the connection
    "redirect": Ending(
        wire.redirects("http://127.0.0.1:9/elsewhere"), "which was refused", NO, remedy=Remedy.CONNECTION
    ),
    "redirect, 307": Ending(wire.redirects("/v1/x", 307), "which was refused", NO, remedy=Remedy.CONNECTION),
    "reset": Ending(wire.drops, "broke before the whole answer was here", MAYBE, remedy=Remedy.ASK_AGAIN),
    "closed": Ending(wire.hangs_up, "broke before the whole answer was here", MAYBE, remedy=Remedy.ASK_AGAIN),
    "cut": Ending(wire.drops_in_the_middle, "broke before the whole answer", MAYBE, remedy=Remedy.ASK_AGAIN),
    # an answer that is none
    "page": Ending(
        wire.sends(b"<html>Log in</html>", 200, "text/html"), "a proxy may have changed", MAYBE, remedy=Remedy.ASK_AGAIN
    ),
    "broken JSON": Ending(wire.sends(CUT), "The answer was cut or is not", MAYBE, remedy=Remedy.ASK_AGAIN),
    "no text": Ending(wire.sends(b'{"a": "\xff\xfe'), "The answer was cut or is not", MAYBE, remedy=Remedy.ASK_AGAIN),
    "deep JSON": Ending(wire.sends(DEEP), "not in the form", MAYBE, remedy=Remedy.ASK_AGAIN),
    "wrong types": Ending(
        wire.says({"candidates": [{"content": {"parts": "x"}}]}), "not in the form", MAYBE, remedy=Remedy.ASK_AGAIN
    ),
    "unknown packing": Ending(
        wire.packs("br", b"x"), "packed in a way that cannot be read", MAYBE, remedy=Remedy.ASK_AGAIN
    ),
    "broken packing": Ending(
        wire.packs("gzip", b"no gzip"), "packed in a way that cannot be read", MAYBE, remedy=Remedy.ASK_AGAIN
    ),
    # answers without a picture
    "empty": Ending(wire.says({}), "The answer was empty", MAYBE, RefusedError),
    "nothing at all": Ending(wire.sends(b""), "The answer was empty", MAYBE, RefusedError),
    "no parts": Ending(wire.answers(), "The answer was empty", YES, RefusedError),
    "words": Ending(wire.answers({"text": "Which of them?"}), "answered in words", YES, RefusedError, Remedy.REWORD),
    "thoughts": Ending(
        wire.answers({"text": "Hm.", "thought": True}, finish="STOP"), "The answer was empty", YES, RefusedError
    ),
    "drafts": Ending(
        wire.answers(picture_part(plain(), thought=True)), "drafts and no finished picture", YES, RefusedError
    ),
    "damaged picture": Ending(wire.says(BROKEN_PICTURE), "came out broken", YES),
    "damaged short picture": Ending(wire.says(SHORT_BROKEN_PICTURE), "not in the form", MAYBE, remedy=Remedy.ASK_AGAIN),
}


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
    assert failure.charged is MAYBE


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
