"""Going on from an earlier answer: whole turns with what was signed, as long as that is good."""

import json

import pytest

from nanodesk.engines.base import Turn
from nanodesk.engines.gemini import prompt
from nanodesk.engines.gemini.asking import FORGOTTEN
from tests.engines.gemini.made import Secret, asking, block
from tests.wire import scenarios as wire
from tests.wire.asked import any_base64, blob_of
from tests.wire.replies import SIGNATURE, answer, picture_part, plain

DRAFT, PICTURE = plain((9, 9, 9)), plain()
BAD_SIGNATURE = wire.fails(
    400, "INVALID_ARGUMENT", "Unable to submit request because it has an invalid thought signature."
)
REPLY = answer(
    [
        {"text": "Hm.", "thought": True},
        picture_part(DRAFT, thought=True),
        {"text": "Here.", "thoughtSignature": SIGNATURE},
        picture_part(PICTURE, thoughtSignature=SIGNATURE),
    ]
)


@pytest.fixture
def turn(rig):
    account = rig.connection.account(rig.key)
    return Turn("Make it red", json.dumps(REPLY).encode(), "gemini-nano-banana-2.1", account)


def signatures(content):
    return [part.get("thoughtSignature") or part.get("thought_signature") for part in content["parts"]]


async def test_whole_turns_go_back_with_what_was_signed(rig, turn):
    outcome = (await rig.run(asking("And now blue", turns=(turn,)))).well()
    before, model, now = rig.server.asked[0].body["contents"]
    assert (before["role"], model["role"], now["role"]) == ("user", "model", "user")
    assert before["parts"] == [{"text": "Make it red"}]
    thought, draft, said, picture = model["parts"]
    assert (thought["text"], thought["thought"]) == ("Hm.", True)
    assert (blob_of(draft), draft["thought"]) == (("image/png", DRAFT), True)
    assert said["text"] == "Here."
    assert blob_of(picture) == ("image/png", PICTURE)
    assert [one and any_base64(one) for one in signatures(model)] == [None, None, *[any_base64(SIGNATURE)] * 2]
    assert rig.server.asked[0].texts[0] == f"{prompt.CONTINUED}\n{prompt.RULES}"
    assert outcome.sendings[0].words.startswith(prompt.CONTINUED)


async def test_several_turns_keep_their_order(rig, turn):
    second = Turn("Then green", turn.reply, turn.model, turn.account)
    (await rig.run(asking(turns=(turn, second)))).well()
    contents = rig.server.asked[0].body["contents"]
    assert [one["parts"][0]["text"] for one in contents[:4:2]] == ["Make it red", "Then green"]
    assert len(contents) == 5


@pytest.mark.parametrize("changed", ["model", "key"])
async def test_signatures_are_left_out_when_model_or_key_change(rig, turn, changed):
    if changed == "key":
        rig.key = Secret("another-key-of-the-same-person")
        rig.server.key = rig.key.reveal()
    model = "gemini-3-pro-image" if changed == "model" else turn.model
    (await rig.run(asking(turns=(turn,), model=model))).well()
    turned = rig.server.asked[0].body["contents"][1]
    assert signatures(turned) == [None] * 4
    assert blob_of(turned["parts"][3])[1] == PICTURE


async def test_a_refused_history_is_left_away_once(rig, turn):
    rig.server.will(BAD_SIGNATURE)
    outcome = (await rig.run(asking(turns=(turn,)))).well()
    assert len(outcome.candidates) == 1
    assert len(rig.server.asked) == 2
    again = rig.server.asked[1]
    assert len(again.body["contents"]) == 1
    assert again.texts[0] == prompt.RULES
    assert outcome.notes == [FORGOTTEN]
    assert not outcome.sendings[1].words.startswith(prompt.CONTINUED)


async def test_a_history_refused_twice_ends_the_run(rig, turn):
    rig.server.always(BAD_SIGNATURE)
    failure = (await rig.run(asking(turns=(turn,)))).failure
    assert "could not go on from that answer" in str(failure)
    assert len(rig.server.asked) == 2


async def test_every_candidate_goes_on_without_a_refused_history(rig, turn):
    rig.server.will(*[BAD_SIGNATURE] * 3)
    outcome = (await rig.run(asking(turns=(turn,), candidates=3))).well()
    assert len(outcome.candidates) == 3
    assert outcome.notes == [FORGOTTEN]
    assert len(rig.server.asked) == 6


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"candidates": []}',
        b'{"candidates": [{"content": null}]}',
        b"[" * 100_000,
        json.dumps(answer([{"inlineData": {"mimeType": "image/png", "data": "!" * 2000}}])).encode(),
        json.dumps(answer([{"functionCall": {"name": "x"}}])).encode(),
    ],
)
async def test_a_turn_that_cannot_be_read_is_left_out_whole(rig, turn, reply):
    broken = Turn("Gone", reply, turn.model, turn.account)
    (await rig.run(asking(turns=(broken, turn)))).well()
    contents = rig.server.asked[0].body["contents"]
    assert [one["role"] for one in contents] == ["user", "model", "user"]
    assert contents[0]["parts"] == [{"text": "Make it red"}]


async def test_an_old_reply_in_the_other_spelling_is_read(rig, turn):
    part = {"inline_data": {"mime_type": "image/png", "data": "iVBORw0K"}, "thought_signature": SIGNATURE}
    spelt = Turn("x", json.dumps(answer([part])).encode(), turn.model, turn.account)
    (await rig.run(asking(turns=(spelt,)))).well()
    model = rig.server.asked[0].body["contents"][1]
    assert blob_of(model["parts"][0]) == ("image/png", b"\x89PNG\r\n")
    assert any_base64(signatures(model)[0]) == any_base64(SIGNATURE)


async def test_a_large_picture_of_a_turn_goes_back_whole(rig, turn):
    large = plain(side=700)
    told = Turn("x", json.dumps(answer([picture_part(large, url_safe=True)])).encode(), turn.model, turn.account)
    (await rig.run(asking(turns=(told,), base=block(900, 700)))).well()
    assert blob_of(rig.server.asked[0].body["contents"][1]["parts"][0])[1] == large
