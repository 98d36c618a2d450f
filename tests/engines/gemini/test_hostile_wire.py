"""Whatever stands on the wire, a run ends in a candidate or in one plain sentence, and leaves nothing behind."""

import asyncio
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nanodesk.document.run import Charged, Remedy
from nanodesk.engines.errors import EngineError
from nanodesk.engines.google.connection import Connection
from tests.engines.gemini.made import Rig
from tests.wire import scenarios as wire
from tests.wire.replies import answer, picture_part, plain
from tests.wire.server import serving

PICTURE = plain()
BODY = json.dumps(answer([picture_part(PICTURE)])).encode()
OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
CHUNKED = OK + b"transfer-encoding: chunked\r\n\r\n"
WHOLE = b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)


@pytest.mark.parametrize(
    "data",
    [
        CHUNKED + WHOLE,
        OK + b"connection: close\r\n\r\n" + BODY,
        b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"content-length: %d\r\n\r\n" % len(BODY) + BODY,
        b"HTTP/1.0 200 OK\r\n\r\n" + BODY,
    ],
)
async def test_every_lawful_way_to_send_an_answer_is_understood(rig, data):
    rig.server.will(wire.writes(data))
    assert (await rig.run()).well().offers[0].picture.data == PICTURE


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 100,
        b"hello\r\n\r\n",
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\n" + b"x: " + b"y" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 \xff\xfe\r\n\r\n",
        OK + b"content-length: -1\r\n\r\n" + BODY,
        OK + b"content-length: 5, 6\r\n\r\n" + BODY,
        OK + b"content-length: 99999999\r\n\r\n" + BODY,
        CHUNKED + WHOLE[:-300],
        CHUNKED + b"zz\r\n" + BODY,
        CHUNKED + b"fffffffffffffffffffff\r\n" + BODY,
        b"\x16\x03\x01\x02\x00",
    ],
)
async def test_what_breaks_the_rules_of_http_is_a_broken_connection(rig, data):
    rig.server.will(wire.writes(data))
    failure = (await rig.run()).failure
    assert "The connection broke before the whole answer was here." in str(failure)
    assert failure.charged is Charged.MAYBE
    assert failure.remedy is Remedy.ASK_AGAIN
    assert len(rig.server.asked) == 1


@pytest.mark.parametrize("code", [201, 202, 204, 206, 226])
async def test_a_success_of_another_kind_is_no_answer(rig, code):
    rig.server.will(wire.writes(b"HTTP/1.1 %d Fine\r\ncontent-length: 0\r\n\r\n" % code))
    outcome = await rig.run()
    assert not outcome.candidates
    assert str(outcome.failure)


@pytest.mark.parametrize("packing", ["gzip, gzip", "zstd", "x-gzip", "GZIP"])
async def test_packings_are_taken_at_their_word(rig, packing):
    rig.server.will(wire.packs(packing))
    outcome = await rig.run()
    assert bool(outcome.candidates) is (packing == "GZIP")
    assert outcome.candidates or "packed in a way that cannot be read" in str(outcome.failure)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, len(CHUNKED + WHOLE)), st.binary(max_size=6)), min_size=8, max_size=8))
def test_an_answer_overwritten_anywhere(places):
    async def all_of_them():
        with serving() as server:
            rig = Rig(server, Connection(server.url, stall_s=2.0, total_s=5.0))
            for start, piece in places:
                data = bytearray(CHUNKED + WHOLE)
                data[start : start + len(piece)] = piece
                server.will(wire.writes(bytes(data)))
                outcome = await rig.run()
                assert outcome.candidates or isinstance(outcome.error, EngineError)

    asyncio.run(all_of_them())
