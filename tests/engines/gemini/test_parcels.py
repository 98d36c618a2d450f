"""Pictures kept out of JSON come back byte for byte, whatever stands around them."""

import base64
import json
import re
from contextlib import suppress
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nanodesk.engines.google import parcels
from nanodesk.engines.google.parcels import PIECE, SHORTEST, LostPictureError, NotBase64Error, Parcels, decoded, encoded

UNHURRIED = settings(deadline=None)
LONG = st.binary(min_size=SHORTEST, max_size=4 * SHORTEST)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False)
    | st.text()
    | st.sampled_from(['"data"', '\\"data":"', "data"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["data", "a", '"', "x\\"]), inner),
    max_leaves=12,
)


def slimmed(kept, value, **how):
    """A value as it is after its text was slimmed, with every mark replaced by what it stands for."""
    return restored(kept, json.loads(kept.slim(json.dumps(value, **how).encode())))


def restored(parcels, value):
    if isinstance(value, dict):
        return {key: _text(parcels, one) if key == "data" else restored(parcels, one) for key, one in value.items()}
    if isinstance(value, list):
        return [restored(parcels, one) for one in value]
    return value


def _text(parcels, value):
    if not isinstance(value, str):
        return restored(parcels, value)
    try:
        kept = parcels.take(base64.b64decode(value, validate=True))
    except ValueError:
        kept = None
    return value if kept is None else bytes(kept).decode()


@UNHURRIED
@given(st.binary())
def test_base64_there_and_back(data):
    assert decoded(encoded(data)) == data
    assert encoded(data) == base64.b64encode(data)


@pytest.mark.parametrize("size", [PIECE - 1, PIECE, PIECE + 1, 2 * PIECE + 2])
def test_base64_there_and_back_over_the_seams(size):
    data = bytes(range(256)) * (size // 256 + 1)
    data = data[:size]
    assert encoded(data) == base64.b64encode(data)
    assert decoded(encoded(data)) == data
    assert decoded(base64.urlsafe_b64encode(data).rstrip(b"=")) == data


@UNHURRIED
@given(st.binary(min_size=1), st.sampled_from([b"\n", b"\r\n", b" ", b"\\n", b"\\r\\n", b"\\t"]), st.integers(1, 80))
def test_base64_with_line_breaks_of_any_kind(data, gap, every):
    text = base64.b64encode(data)
    broken = gap.join(text[at : at + every] for at in range(0, len(text), every))
    assert decoded(broken) == data


@UNHURRIED
@given(st.binary())
def test_base64_with_escapes_as_json_allows_them(data):
    text = base64.b64encode(data)
    assert decoded(text.replace(b"/", b"\\/")) == data
    assert decoded(text.replace(b"+", b"\\u002b")) == data


@UNHURRIED
@given(
    st.binary(max_size=60),
    st.lists(st.sampled_from([b"", b"\\n", b"\n", b" "]), min_size=90, max_size=90),
    st.booleans(),
    st.sampled_from([4, 8, 12, 20]),
)
def test_the_seams_may_lie_anywhere(data, gaps, url_safe, piece):
    text = base64.urlsafe_b64encode(data) if url_safe else base64.b64encode(data).replace(b"/", b"\\/")
    tokens = re.findall(rb"\\u....|\\.|.", text.replace(b"+", b"\\u002b"), re.DOTALL)
    spaced = b"".join(token + gap for token, gap in zip(tokens, gaps * 2, strict=False))
    with patch.object(parcels, "PIECE", piece):
        assert decoded(text) == data
        assert decoded(memoryview(text.rstrip(b"="))) == data
        assert decoded(spaced) == data


@pytest.mark.parametrize("text", [b"QQ==QQ==", b"QQ==Q", b"Q", b"Q===", b"QUJ\\", b"QU\\JD", b"Q*==", b"\\u00fc"])
@pytest.mark.parametrize("piece", [4, 8, PIECE])
def test_what_is_cut_or_goes_on_after_its_end_is_no_base64(text, piece):
    with patch.object(parcels, "PIECE", piece), pytest.raises(NotBase64Error):
        decoded(text)


@UNHURRIED
@given(st.binary(max_size=200))
def test_what_is_no_base64_is_said_so(text):
    with suppress(NotBase64Error):
        assert isinstance(decoded(text), bytes)


@UNHURRIED
@given(st.lists(LONG, max_size=4), st.lists(JSON, max_size=3), st.sampled_from([None, 1]))
def test_a_reply_is_the_same_with_its_pictures_taken_out(pictures, around, indent):
    blobs = [{"inlineData": {"mimeType": "image/png", "data": base64.b64encode(one).decode()}} for one in pictures]
    value = [*around, blobs, *around, {"data": around}]
    parcels = Parcels()
    assert slimmed(parcels, value, indent=indent) == value
    slim = parcels.slim(json.dumps(blobs).encode())
    assert len(slim) < SHORTEST * max(1, len(blobs))


@UNHURRIED
@given(st.lists(st.tuples(st.binary(min_size=1, max_size=300), st.text(max_size=30)), max_size=5))
def test_a_request_gets_its_pictures_back_in_order(parts):
    parcels = Parcels()
    marks = [(parcels.put(encoded(data)), words) for data, words in parts]
    for spelling in (base64.urlsafe_b64encode, base64.b64encode):
        body = json.dumps([[spelling(mark).decode(), words] for mark, words in marks]).encode()
        whole = json.loads(b"".join(parcels.pieces(body)))
        assert whole == [[base64.b64encode(data).decode(), words] for data, words in parts]


def test_a_request_without_its_picture_does_not_leave():
    parcels = Parcels()
    parcels.put(b"AAAA")
    with pytest.raises(LostPictureError):
        parcels.pieces(b"{}")


@UNHURRIED
@given(st.binary(max_size=300) | st.sampled_from([b'"data"', b'"data" : ', b'"data":"', b'{"data":"' + b"A" * 2000]))
def test_slimming_bytes_of_any_kind_changes_only_long_data(body):
    parcels = Parcels()
    assert parcels.slim(body) == body


def test_marks_of_two_exchanges_are_not_alike():
    assert Parcels().put(b"A") != Parcels().put(b"A")


@pytest.mark.parametrize(
    "text",
    ['{"data" \n:\t "%s"}', '{"a":{"data":"%s"},"data":5}', '{"data":null,"b":{"data":"%s"}}', '[{"data":"%s"}]'],
)
def test_a_key_is_found_however_it_is_spaced(text):
    parcels = Parcels()
    long = base64.b64encode(bytes(SHORTEST)).decode()
    slim = parcels.slim((text % long).encode())
    assert len(slim) < 100
    assert restored(parcels, json.loads(slim)) == json.loads(text % long)
