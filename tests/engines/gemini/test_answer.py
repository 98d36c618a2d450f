"""What is in an answer: words, thoughts and pictures, in order, and nothing taken for what it is not."""

import json

import pytest

from nanodesk.engines.gemini.answer import LONGEST_WORDS, service_words
from tests.engines.gemini.made import asking
from tests.wire import scenarios as wire
from tests.wire.replies import SIGNATURE, answer, picture_part, plain

ONE, TWO, THREE = plain((200, 0, 0)), plain((0, 200, 0)), plain((0, 0, 200))


def words(text):
    return {"text": text}


async def test_drafts_are_never_candidates_and_thoughts_are_kept_apart(rig):
    parts = (
        {"text": "First I ", "thought": True},
        picture_part(ONE, thought=True),
        {"text": "look at it.", "thought": True},
        words("Done."),
        picture_part(TWO, thoughtSignature=SIGNATURE),
    )
    rig.server.will(wire.answers(*parts))
    outcome = (await rig.run()).well()
    assert [offer.picture.data for offer in outcome.offers] == [TWO]
    assert outcome.candidates[0].thoughts == "First I look at it."
    assert outcome.candidates[0].words == "Done."


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (["a", ONE], ["a"]),
        ([ONE, "a"], ["a"]),
        (["a", ONE, "b"], ["a\nb"]),
        (["a", ONE, "b", TWO], ["a", "b"]),
        ([ONE, TWO, "a"], ["", "a"]),
        ([ONE, "  ", TWO], ["", ""]),
    ],
)
async def test_words_stay_with_the_candidate_they_came_with(rig, parts, said):
    rig.server.will(wire.answers(*(words(one) if isinstance(one, str) else picture_part(one) for one in parts)))
    outcome = (await rig.run()).well()
    assert [one.words for one in outcome.candidates] == said
    assert [offer.name for offer in outcome.offers] == [""] * len(said)


@pytest.mark.parametrize(
    ("parts", "names", "said"),
    [
        ([ONE, "Front", TWO, "Side", THREE, "Back"], ["Front", "Side", "Back"], ["Front", "Side", "Back"]),
        (["Here:", ONE, "Front", TWO, "Side"], ["Front", "Side"], ["Here:\nFront", "Side"]),
        (["Front", ONE, "Side", TWO], ["Front", "Side"], ["Front", "Side"]),
        ([ONE, TWO], ["", ""], ["", ""]),
        ([ONE, "One\nof  two", "more", TWO, "T" * 70], ["One of two more", "T" * 59 + "…"], None),
    ],
)
async def test_a_set_with_captions_keeps_order_and_captions(rig, parts, names, said):
    rig.server.will(wire.answers(*(words(one) if isinstance(one, str) else picture_part(one) for one in parts)))
    outcome = (await rig.run(asking("A set of three views, with captions"))).well()
    assert [offer.name for offer in outcome.offers] == names
    assert [offer.picture.data for offer in outcome.offers] == [one for one in parts if isinstance(one, bytes)]
    assert all(offer.frame is None and offer.clip is None for offer in outcome.offers)
    assert said is None or [one.words for one in outcome.candidates] == said


async def test_one_damaged_picture_does_not_take_the_others_with_it(rig):
    broken = {"inlineData": {"mimeType": "image/png", "data": "=" * 2000}}
    rig.server.will(wire.answers(picture_part(ONE), broken), wire.answers(picture_part(ONE), broken, broken))
    assert (await rig.run()).well().notes == ["One more picture came and is damaged."]
    outcome = (await rig.run()).well()
    assert outcome.notes == ["2 more pictures came and are damaged."]
    assert len(outcome.candidates) == 1


@pytest.mark.parametrize("data", [ONE[:200], b"", b"GIF89a" + bytes(60), b"<svg/>", bytes(3000)])
async def test_bytes_that_are_no_picture_are_handed_on_as_they_came(rig, data):
    """Whether it is a picture is found out where it is decoded: in a process of its own."""
    rig.server.will(wire.answers(picture_part(data)))
    assert [offer.picture.data for offer in (await rig.run()).well().offers] == [data]


async def test_a_picture_without_a_kind_is_taken(rig):
    rig.server.will(wire.answers({"inlineData": {"data": picture_part(ONE)["inlineData"]["data"]}}))
    assert (await rig.run()).well().offers[0].picture.data == ONE


async def test_a_picture_that_came_although_the_model_stopped_is_offered(rig):
    rig.server.will(wire.answers(picture_part(ONE), finish="MAX_TOKENS"))
    assert (await rig.run()).well().candidates


async def test_the_reply_is_handed_over_before_anything_looks_at_it(rig):
    from nanodesk.engines.base import CandidateOffered, ReplyReceived, UsageReported

    rig.server.will(wire.sends(b'{"broken'))
    outcome = await rig.run()
    assert [reply.body for reply in outcome.replies] == [b'{"broken']
    assert outcome.error
    outcome = (await rig.run()).well()
    kinds = [ReplyReceived, UsageReported, CandidateOffered]
    assert [type(event) for event in outcome.events if type(event) in kinds] == kinds
    assert json.loads(outcome.replies[0].body)["responseId"] == "r-1"


async def test_an_error_is_no_reply(rig):
    rig.server.will(wire.fails(400, "INVALID_ARGUMENT"))
    assert not (await rig.run()).replies


async def test_two_candidates_of_the_service_are_both_read(rig):
    whole = answer([picture_part(ONE)])
    whole["candidates"].append({**answer([picture_part(TWO)])["candidates"][0], "index": 1})
    rig.server.will(wire.says(whole))
    assert {offer.picture.data for offer in (await rig.run()).well().offers} == {ONE, TWO}


async def test_words_without_end_are_cut(rig):
    rig.server.will(wire.answers(words("x" * 3 * LONGEST_WORDS), picture_part(ONE)))
    assert len((await rig.run()).well().candidates[0].words) == LONGEST_WORDS


async def test_a_count_without_details_is_taken_for_the_picture(rig):
    rig.server.will(wire.answers(picture_part(ONE), usageMetadata={"candidatesTokenCount": 1000}))
    assert (await rig.run()).well().usage.cost == pytest.approx(1000 * 30e-6)


async def test_an_answer_without_a_count_has_no_known_cost_of_zero(rig):
    whole = answer([picture_part(ONE)])
    del whole["usageMetadata"]
    rig.server.will(wire.says(whole))
    assert (await rig.run()).well().usage.output_tokens == 0


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b'{"candidates": 5}', b'{"candidates": [5]}', b"{" * 9, b" " * 1_000_001, b"[" * 100_000],
)
def test_what_the_service_says_is_read_from_anything(body):
    assert service_words(body) == ""
