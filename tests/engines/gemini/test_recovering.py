"""A reply that was kept is read again without asking anybody."""

import json

import pytest

from nanodesk.document.geometry import Rect
from nanodesk.engines.base import CandidateOffered, KeptReply, Note, OfferedPicture, UsageReported
from nanodesk.engines.errors import EngineError, RefusedError, ServiceError
from tests.engines.gemini.made import asking, mask
from tests.wire import scenarios as wire
from tests.wire.replies import answer, picture_part, plain

MODEL = "gemini-nano-banana-2.1"


async def test_a_kept_reply_holds_what_the_run_would_have_offered(rig):
    rig.server.will(wire.edits({"text": "Hm.", "thought": True}, {"text": "Here."}))
    outcome = (await rig.run()).well()
    sending, reply = outcome.sendings[0], outcome.replies[0]
    rig.key = None
    requests = len(rig.server.asked)
    events = await rig.engine.recover(
        KeptReply(reply.reply, reply.body, sending.model, sending.frame, sending.clip, sending.several)
    )
    assert [event for event in events if isinstance(event, CandidateOffered)] == outcome.candidates
    assert [event for event in events if isinstance(event, UsageReported)] == outcome.of(UsageReported)
    assert len(rig.server.asked) == requests


async def test_its_place_and_mask_come_from_what_was_kept(rig):
    body = json.dumps(answer([picture_part(plain())])).encode()
    selected, clip = mask(20, 10, Rect(1, 1, 5, 5)), Rect(5, 6, 20, 10)
    _, offered = await rig.engine.recover(KeptReply(0, body, MODEL, Rect(0, 0, 30, 20), clip, False, selected))
    assert isinstance(offered, CandidateOffered)
    offer = offered.offers[0]
    assert isinstance(offer, OfferedPicture)
    assert (offer.frame, offer.clip, offer.offset, offer.mask is selected) == (
        Rect(0, 0, 30, 20),
        clip,
        clip.offset,
        True,
    )


async def test_captions_of_a_kept_set_are_its_names(rig):
    body = json.dumps(answer([picture_part(plain()), {"text": "Front"}])).encode()
    _, offered = await rig.engine.recover(KeptReply(3, body, MODEL, several=True))
    assert isinstance(offered, CandidateOffered)
    assert isinstance(offered.offers[0], OfferedPicture)
    assert offered.offers[0].name == "Front"
    assert offered.reply == 3


async def test_a_damaged_picture_among_good_ones_is_told(rig):
    broken = {"inlineData": {"mimeType": "image/png", "data": "=" * 2000}}
    body = json.dumps(answer([picture_part(plain()), broken])).encode()
    events = await rig.engine.recover(KeptReply(0, body, MODEL))
    assert [event.message for event in events if isinstance(event, Note)] == ["One more picture came and is damaged."]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", RefusedError),
        (b"{}", RefusedError),
        (b"<html>", ServiceError),
        (b"[" * 100_000, ServiceError),
        (json.dumps(answer([], "IMAGE_SAFETY")).encode(), RefusedError),
    ],
)
async def test_a_kept_reply_without_a_picture_says_why(rig, body, kind):
    with pytest.raises(kind) as raised:
        await rig.engine.recover(KeptReply(0, body, MODEL))
    assert str(raised.value)
    assert isinstance(raised.value, EngineError)


async def test_recovering_needs_no_address(rig):
    rig.reach(base_url="http://[::", proxy="no address")
    body = json.dumps(answer([picture_part(plain())])).encode()
    assert len(await rig.engine.recover(KeptReply(0, body, MODEL))) == 2
    assert (await rig.run(asking())).error
