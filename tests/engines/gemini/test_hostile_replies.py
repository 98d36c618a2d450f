"""Whatever comes back, it ends in a candidate or in one plain sentence; never in another exception."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nanodesk.engines.base import CandidateOffered, KeptReply
from nanodesk.engines.errors import EngineError
from nanodesk.engines.gemini.engine import GeminiEngine
from nanodesk.engines.gemini.models import catalogue
from nanodesk.engines.google.faults import fault_of
from tests.wire.replays import CASES, exchanges
from tests.wire.replies import SIGNATURE, answer, picture_part, plain

THOUGHT, SIGNED = {"text": "a", "thought": True}, {"text": "b", "thoughtSignature": SIGNATURE}
CAPTURED = [row for case in CASES for row in exchanges(case) if row["status"] == 200]
GOOD: list[Any] = [
    answer([THOUGHT, picture_part(plain(side=8)), SIGNED]),
    *(row["body"] for row in CAPTURED if isinstance(row["body"], dict)),
]
NUMBERS: list[Any] = [None, True, -1, 0, 1.5, 1e400, 10**30]
TEXTS: list[Any] = ["", "x", "\ud800", "STOP", "AAAA"]
NESTED: list[Any] = [[], [[]], [None], {}, {"a": 1}, {"parts": 1}]
ODD = st.sampled_from(NUMBERS + TEXTS + NESTED)
ENGINE = GeminiEngine(lambda: None)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def places(value, path=()):
    """Every place in a JSON value, as a path."""
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from places(child, (*path, key))


def changed(value, path, to):
    """A JSON value with another one at a place."""
    if not path:
        return to
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(copy[path[0]], path[1:], to)
    return copy


@st.composite
def bent(draw):
    """A good reply with one to three places changed."""
    value = draw(st.sampled_from(GOOD))
    for _ in range(draw(st.integers(1, 3))):
        value = changed(value, draw(st.sampled_from(list(places(value)))), draw(ODD))
    return json.dumps(value).encode()


@st.composite
def hurt(draw):
    """The bytes of a good reply with some overwritten, cut out or doubled."""
    body = bytearray(json.dumps(draw(st.sampled_from(GOOD))).encode())
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.integers(0, 40)))
        body[start:end] = draw(st.sampled_from([b"", b'"', b"\\", b"}", b"\xff", b"\0", bytes(body[start:end]) * 2]))
    return bytes(body)


async def read(body):
    try:
        events = await ENGINE.recover(KeptReply(0, body, "gemini-nano-banana-2.1"))
    except EngineError as error:
        sentence = str(error)
        assert sentence.endswith(("charged.", "charged. "))
        assert sentence[0].isupper()
        assert "Traceback" not in sentence
    else:
        assert any(isinstance(event, CandidateOffered) for event in events)


@FEW
@given(st.lists(bent() | hurt() | st.binary(max_size=200), min_size=10, max_size=10))
def test_a_reply_that_was_tampered_with(bodies):
    async def all_of_them():
        for body in bodies:
            await read(body)

    asyncio.run(all_of_them())


@pytest.mark.parametrize(
    "body", [b"null", b"[]", b'"text"', b"5", b"NaN", b'{"error": {"code": 500}}', b"\xef\xbb\xbf{}"]
)
async def test_a_reply_that_is_json_and_nothing_more(body):
    await read(body)


BODIES = st.recursive(
    ODD, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["error", "details", "violations"]), inner)
)
DETAIL = st.fixed_dictionaries(
    {},
    optional={
        "reason": ODD,
        "retryDelay": ODD | st.sampled_from(["5s", "5", "1e9s", "99999999999999999999s", "-1s"]),
        "violations": ODD | st.lists(ODD | st.fixed_dictionaries({"quotaValue": ODD, "quotaId": ODD})),
    },
)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([400, 401, 403, 404, 407, 408, 413, 429, 500, 503, 599, 418]),
    BODIES
    | st.fixed_dictionaries({"error": st.fixed_dictionaries({"message": ODD, "details": ODD | st.lists(DETAIL)})}),
    st.integers(0, 9),
)
def test_an_error_of_any_shape_has_a_sentence(code, body, attempt):
    from google.genai import errors

    error = errors.APIError(code, body if isinstance(body, dict) else {"error": body})
    fault = fault_of(error, catalogue().default, "host", sent=True, attempt=attempt)
    assert str(fault.error).endswith("charged.")
    assert len(str(fault.error)) < 500
    assert fault.wait_s is None or 0 <= fault.wait_s <= 60
