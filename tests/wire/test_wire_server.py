"""The server of the tests is strict: what the service would refuse, and what must never leave, is refused."""

import base64
import copy
import http.client
import io
import json
from typing import Any

import pytest
from PIL import Image

from tests.wire import scenarios
from tests.wire.asked import KEY
from tests.wire.replies import png
from tests.wire.server import WireServer, serving

PATH = "/v1/models/gemini-nano-banana-2.1:generateContent"
PICTURE = png(Image.new("RGB", (8, 8), (9, 9, 9)))
GOOD: dict[str, Any] = {
    "contents": [
        {
            "role": "user",
            "parts": [
                {"text": "Rules"},
                {"inlineData": {"mime_type": "image/png", "data": base64.urlsafe_b64encode(PICTURE).decode()}},
                {"text": "Edits"},
            ],
        }
    ],
    "generationConfig": {
        "responseModalities": ["TEXT", "IMAGE"],
        "imageConfig": {"aspectRatio": "1:1", "imageSize": "1K"},
    },
}


@pytest.fixture
def server():
    with serving() as running:
        yield running


def ask(server: WireServer, body: Any, path: str = PATH, method: str = "POST", **headers: str) -> tuple[int, Any]:
    """Status and body of the answer to one request."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    try:
        usual = {"x-goog-api-key": KEY, "content-type": "application/json"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, json.dumps(body) if body is not None else None, usual | named)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def with_part(picture: bytes, mime: str = "image/png", key: str = "inlineData", name: str = "mimeType") -> Any:
    body = copy.deepcopy(GOOD)
    body["contents"][0]["parts"][1] = {key: {name: mime, "data": base64.b64encode(picture).decode()}}
    return body


def with_config(**changes: Any) -> Any:
    body = copy.deepcopy(GOOD)
    body["generationConfig"] |= changes
    return body


def encoded(picture: Image.Image, kind: str = "PNG", **more: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def with_exif() -> bytes:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (51.0, 30.0, 0.0)}
    return encoded(Image.new("RGB", (8, 8)), "JPEG", exif=exif)


@pytest.mark.parametrize("body", [GOOD, with_part(PICTURE), with_part(PICTURE, key="inline_data", name="mime_type")])
@pytest.mark.parametrize("path", [PATH, PATH.replace("v1", "v1beta"), f"/gw{PATH}"])
def test_a_good_request_is_answered_in_either_spelling_and_version(server, body, path):
    status, answer = ask(server, body, path)
    assert status == 200
    assert answer["candidates"][0]["finishReason"] == "STOP"
    assert server.asked[0].blobs == [("image/png", PICTURE)]


@pytest.mark.parametrize(
    "body",
    [
        {**GOOD, "systemInstruction": {}},
        {**GOOD, "safetySettings": []},
        with_config(temperature=1.0),
        with_config(responseModalities=["IMAGE"]),
        with_config(imageConfig={"aspectRatio": "7:3", "imageSize": "1K"}),
        with_config(imageConfig={"aspectRatio": "1:1", "imageSize": "512"}),
        with_config(imageConfig={"aspectRatio": "1:1", "imageSize": "1k"}),
        with_config(imageConfig={"aspectRatio": "1:1"}),
        with_config(imageConfig={"aspectRatio": "1:1", "imageSize": "1K", "outputMimeType": "image/png"}),
        with_config(thinkingConfig={"thinking_level": "LOW"}),
        {**GOOD, "contents": [*GOOD["contents"], {"role": "model", "parts": []}]},
        {**GOOD, "contents": [{**GOOD["contents"][0], "role": "model"}]},
        {**GOOD, "contents": [{"role": "user", "parts": GOOD["contents"][0]["parts"][:2]}]},
        {**GOOD, "contents": [{"role": "user", "parts": [{"text": "a"}, {"fileData": {}}, {"text": "b"}]}]},
        with_part(PICTURE, "image/jpeg"),
        with_part(encoded(Image.new("RGB", (8, 8)), "WEBP"), "image/webp"),
        with_part(encoded(Image.new("RGBA", (8, 8)))),
        with_part(encoded(Image.new("RGB", (8, 8)), icc_profile=b"profile")),
        with_part(encoded(Image.new("RGB", (8, 8)), dpi=(72, 72))),
        with_part(with_exif(), "image/jpeg"),
    ],
)
def test_what_must_not_be_sent_is_refused(server, body):
    status, answer = ask(server, body)
    assert status == 400
    assert answer["error"]["status"] == "INVALID_ARGUMENT"


@pytest.mark.parametrize("model", ["gemini-2.5-flash-image", "gemini-3.1-flash-lite-image", "nano-next-picture"])
def test_a_model_of_one_size_refuses_to_be_told_one(server, model):
    assert ask(server, GOOD, PATH.replace("gemini-nano-banana-2.1", model))[0] == 400


def test_thinking_is_refused_where_it_is_not_known(server):
    body = with_config(thinkingConfig={"include_thoughts": True})
    assert ask(server, body)[0] == 200
    assert ask(server, body, PATH.replace("gemini-nano-banana-2.1", "gemini-3-pro-image"))[0] == 400


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/v1/models/nobody-knows:generateContent", "POST", 404),
        ("/v1/models/gemini-embedding-9:generateContent", "POST", 404),
        ("/v2/models/gemini-nano-banana-2.1:generateContent", "POST", 404),
        ("/v1/models/gemini-nano-banana-2.1:countTokens", "POST", 404),
        ("/v1/models", "POST", 404),
        (f"{PATH}?key={KEY}", "POST", 400),
    ],
)
def test_other_ways_lead_nowhere(server, path, method, status):
    assert ask(server, GOOD, path, method)[0] == status


@pytest.mark.parametrize(
    "headers", [{"x_goog_api_key": "other"}, {"user_agent": f"me {KEY}"}, {"content_type": "text/plain"}]
)
def test_wrong_headers_are_refused(server, headers):
    assert ask(server, GOOD, **headers)[0] == 400


def test_a_key_among_the_words_is_refused(server):
    body = copy.deepcopy(GOOD)
    body["contents"][0]["parts"][0]["text"] = f"My key is {KEY}"
    assert ask(server, body)[0] == 400


def test_a_body_that_is_no_json_is_refused(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    connection.request("POST", PATH, b"{", {"x-goog-api-key": KEY})
    assert connection.getresponse().status == 400
    connection.close()


def test_a_text_model_is_asked_for_json_alone(server):
    path = PATH.replace("gemini-nano-banana-2.1", "gemini-3.8-flash")
    server.always(scenarios.answers({"text": "{}"}))
    config = {"responseMimeType": "application/json", "responseJsonSchema": {"type": "object"}}
    assert ask(server, {**GOOD, "generationConfig": config}, path)[0] == 200
    assert ask(server, GOOD, path)[0] == 400


def test_scenarios_come_in_order_and_then_the_usual(server):
    server.will(scenarios.says({"a": 1}), scenarios.says({"a": 2}))
    server.always(scenarios.says({"a": 3}))
    assert [ask(server, GOOD)[1]["a"] for _ in range(4)] == [1, 2, 3, 3]
    server.always(None)
    assert "candidates" in ask(server, GOOD)[1]
    assert ask(server, None, "/v1/models?pageSize=5", "GET")[1]["models"]
