"""What was captured with the real SDK is understood as it was meant."""

import base64

import pytest

from nanodesk.document.run import Charged
from tests.engines.gemini.made import asking
from tests.wire.replays import CASES, exchanges, replays

NO, MAYBE, YES = Charged.NO, Charged.MAYBE, Charged.YES
FAILURES = {
    "err_400_api_key": ("The key is not valid.", NO, 1),
    "err_400_bad_signature": ("The model could not go on from that answer", NO, 1),
    "err_403": ("The service does not let this key use Nano Banana 2.1.", NO, 1),
    "err_404_model": ("The service knows no model “gemini-nano-banana-2.1”", NO, 2),
    "err_429_retryinfo": ("This key has no quota for Nano Banana 2.1", NO, 1),
    "err_500": ("not able to answer now (error 500)", NO, 5),
    "err_502_html": ("not able to answer now (error 502)", NO, 5),
    "err_list_body": ("The service did not take the request. It says: “listy”", NO, 1),
    "err_200_bad_json": ("The answer was cut or is not what this service answers", MAYBE, 1),
    "prompt_blocked": ("are not allowed there.", YES, 1),
    "fr_image_safety": ("held back for safety", YES, 1),
    "fr_no_image": ("The model sent no picture.", YES, 1),
    "fr_missing_thought_signature": ("could not go on from that answer", YES, 1),
    "fr_unknown_value": ("a reason that is not known here", YES, 1),
    "fr_max_tokens": ("The answer grew too long", YES, 1),
    "continuation": ("half-way through its answer", YES, 1),
}
SUCCESSES = {"chat_two_turns", "generate_content_image_edit", "models_list", "urlsafe_base64_response"}


def test_every_captured_case_is_replayed():
    assert set(CASES) == set(FAILURES) | SUCCESSES


@pytest.mark.parametrize("case", FAILURES)
async def test_a_captured_failure(rig, case):
    rig.server.always(replays(case))
    failure = (await rig.run()).failure
    says, charged, requests = FAILURES[case]
    assert says in str(failure)
    assert failure.charged is charged
    assert len(rig.server.generated) == requests


async def test_a_captured_answer_with_thoughts_drafts_words_and_two_pictures(rig):
    rig.server.will(replays("generate_content_image_edit"))
    outcome = (await rig.run()).well()
    first, second = outcome.candidates
    assert first.thoughts == "**Planning the edit**\nKeep the subject, replace the sky."
    assert (first.words, second.words) == ("Here is the edited picture.", "And a second variant.")
    assert [offer.picture.mime for offer in outcome.offers] == ["image/png", "image/jpeg"]
    assert outcome.usage.input_tokens == 1324
    assert outcome.usage.thought_tokens == 256


async def test_a_captured_answer_in_the_url_safe_alphabet(rig):
    rig.server.will(replays("urlsafe_base64_response"))
    outcome = (await rig.run()).well()
    written = exchanges("urlsafe_base64_response")[0]["body"]["candidates"][0]["content"]["parts"][0]
    assert outcome.offers[0].picture.data == base64.urlsafe_b64decode(written["inlineData"]["data"])


async def test_a_captured_list_of_models(rig):
    rig.server.will(replays("models_list"))
    assert await rig.engine.check(rig.key) == ""
    assert rig.engine.info.models[0].id == "gemini-nano-banana-2.1"


async def test_a_conversation_goes_back_as_the_sdks_own_chat_sends_it(rig):
    from nanodesk.engines.base import Turn

    rig.server.will(replays("chat_two_turns"), replays("chat_two_turns", 1))
    first = (await rig.run()).well()
    turn = Turn("Turn one", first.replies[0].body, "gemini-nano-banana-2.1", first.sendings[0].account)
    assert (await rig.run(asking(turns=(turn,)))).well().candidates
    ours = rig.server.asked[1].body["contents"][1]
    theirs = exchanges("chat_two_turns")[1]["asked"][1]
    assert ours == theirs
