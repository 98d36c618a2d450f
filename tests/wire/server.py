"""A service on loopback that speaks the wire as captured, strict about what it accepts, with a scenario for each ending.

Scenarios are queued with `will(...)`, one for each request; without any, it answers well. A scenario is a function of
the handler and the request's body that writes the whole reply.
"""

import base64
import gzip
import io
import json
import re
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image, ImageOps

KEY = "test-key-0123456789-loopback-only"
TEN = {"1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"}
FOURTEEN = TEN | {"1:4", "4:1", "1:8", "8:1"}
MODELS: dict[str, dict[str, Any]] = {
    "gemini-nano-banana-2.1": {
        "ratios": FOURTEEN,
        "sizes": {"1K", "2K", "4K"},
        "thinking": {"MINIMAL", "MEDIUM", "HIGH"},
    },
    "gemini-3-pro-image": {"ratios": TEN, "sizes": {"1K", "2K", "4K"}, "thinking": None},
    "gemini-3.1-flash-lite-image": {"ratios": TEN, "sizes": None, "thinking": {"MINIMAL", "HIGH"}},
    "gemini-3.1-flash-image": {"ratios": FOURTEEN, "sizes": {"512", "1K", "2K", "4K"}, "thinking": {"MINIMAL", "HIGH"}},
    "gemini-2.5-flash-image": {"ratios": TEN, "sizes": None, "thinking": None},
    "nano-next-picture": {"ratios": TEN, "sizes": None, "thinking": None},
    "gemini-3.8-flash": {"text": True},
}
SIGNATURE = base64.b64encode(b"\xfb\xff\xfesigned" + bytes(range(24))).decode()
USAGE = {
    "promptTokenCount": 1324,
    "candidatesTokenCount": 1140,
    "thoughtsTokenCount": 256,
    "totalTokenCount": 2720,
    "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 204}, {"modality": "IMAGE", "tokenCount": 1120}],
    "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 1120}],
}


class Refused(Exception):
    """The request is not what the service takes."""

    def __init__(self, message: str, code: int = 400, status: str = "INVALID_ARGUMENT", details: Any = ()) -> None:
        super().__init__(message)
        self.code, self.status, self.details = code, status, list(details)


@dataclass
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def parts(self) -> list[dict[str, Any]]:
        """Of the last turn."""
        return list(self.body["contents"][-1]["parts"])

    @property
    def text(self) -> str:
        return "\n".join(part["text"] for part in self.parts if "text" in part)

    @property
    def pictures(self) -> list[Image.Image]:
        return [Image.open(io.BytesIO(blob_of(part)[1])) for part in self.parts if "text" not in part]


Scenario = Callable[["Handler", Asked], None]


def blob_of(part: dict[str, Any]) -> tuple[str, bytes]:
    """Mime and bytes of an inline part, in either spelling and either alphabet."""
    blob = part.get("inlineData") or part.get("inline_data")
    if not isinstance(blob, dict):
        raise Refused("a part is neither text nor inlineData")
    mime = blob.get("mimeType") or blob.get("mime_type")
    data = blob["data"].replace("-", "+").replace("_", "/")
    return str(mime), base64.b64decode(data, validate=True)


def png(picture: Image.Image) -> bytes:
    """A picture as PNG bytes."""
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=1)
    return out.getvalue()


def picture_part(data: bytes, mime: str = "image/png", **more: Any) -> dict[str, Any]:
    """A part of an answer."""
    return {"inlineData": {"mimeType": mime, "data": base64.b64encode(data).decode()}, **more}


def answer(parts: list[dict[str, Any]], finish: str = "STOP", **more: Any) -> dict[str, Any]:
    """A whole answer."""
    return {
        "candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": finish, "index": 0}],
        "usageMetadata": USAGE,
        "modelVersion": "gemini-nano-banana-2.1-001",
        "responseId": "r-1",
        **more,
    }


SIZES = {"512": 512, "1K": 1024, "2K": 2048, "4K": 4096}


def edited(asked: Asked, tint: tuple[int, int, int] = (40, 90, 200)) -> Image.Image:
    """What the model makes of the base: all of it a little tinted, in the shape and class asked for, no larger than 1K."""
    config = asked.body["generationConfig"]["imageConfig"]
    across, down = (int(side) for side in config["aspectRatio"].split(":"))
    long = 256
    size = (long, round(long * down / across)) if across >= down else (round(long * across / down), long)
    pictures = asked.pictures
    base = pictures[-1].convert("RGB").resize(size) if pictures else Image.new("RGB", size, (128, 128, 128))
    return Image.blend(base, Image.new("RGB", size, tint), 0.5)


def check_generate(asked: Asked, model: str) -> None:
    """Refuse what the service would refuse, and what we never want to send."""
    known = MODELS.get(model)
    if known is None:
        raise Refused(f"models/{model} is not found for API version v1", 404, "NOT_FOUND")
    if set(asked.body) - {"contents", "generationConfig"}:
        raise Refused(f"unexpected fields {sorted(asked.body)}")
    roles = [content.get("role") for content in asked.body["contents"]]
    if roles != (["user", "model"] * len(roles))[: len(roles)] or len(roles) % 2 == 0:
        raise Refused(f"turns out of order: {roles}")
    config = asked.body["generationConfig"]
    if known.get("text"):
        _check_words(config)
        return
    _check_config(config, known)
    _check_parts(asked)


def _check_words(config: dict[str, Any]) -> None:
    if config.get("responseMimeType") != "application/json" or "responseJsonSchema" not in config:
        raise Refused("a text model is asked for JSON")


def _check_config(config: dict[str, Any], known: dict[str, Any]) -> None:
    if set(config) - {"responseModalities", "imageConfig", "thinkingConfig"}:
        raise Refused(f"unexpected settings {sorted(config)}")
    if config.get("responseModalities") != ["TEXT", "IMAGE"]:
        raise Refused("modalities")
    shape = config.get("imageConfig", {})
    if shape.get("aspectRatio") not in known["ratios"]:
        raise Refused(f"ratio {shape.get('aspectRatio')}")
    if known["sizes"] is None and "imageSize" in shape:
        raise Refused("this model takes no imageSize")
    if known["sizes"] is not None and shape.get("imageSize") not in known["sizes"]:
        raise Refused(f"size {shape.get('imageSize')}")
    thinking = config.get("thinkingConfig")
    if thinking is not None:
        level = thinking.get("thinking_level") or thinking.get("thinkingLevel")
        if known["thinking"] is None or (level is not None and level not in known["thinking"]):
            raise Refused(f"thinking {level}")


def _check_parts(asked: Asked) -> None:
    parts = asked.parts
    if "text" not in parts[0] or "text" not in parts[-1]:
        raise Refused("the request begins and ends in words")
    for part in parts:
        if "text" in part:
            continue
        mime, data = blob_of(part)
        if mime not in ("image/png", "image/jpeg"):
            raise Refused(f"mime {mime}")
        picture = Image.open(io.BytesIO(data))
        picture.load()
        if picture.info.get("exif") or picture.info.get("icc_profile") or picture.mode not in ("RGB", "L"):
            raise Refused(f"metadata or alpha left the computer: {sorted(picture.info)} {picture.mode}")


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: "WireServer"

    def log_message(self, *_: Any) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        self._serve({})

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers.get("content-length") or 0))
        try:
            self._serve(json.loads(data))
        except (BrokenPipeError, ConnectionResetError):
            self.server.hung_up.release()
            self.close_connection = True

    def _serve(self, body: dict[str, Any]) -> None:
        asked = Asked(self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        self.server.asked.append(asked)
        scenario = self.server.next_scenario()
        try:
            self._check(asked)
        except Refused as refused:
            self.error(refused.code, refused.status, str(refused), refused.details)
            return
        if scenario is not None:
            scenario(self, asked)
        elif asked.method == "GET":
            self.reply(listed())
        else:
            self.reply(answer([{"text": "Here it is."}, picture_part(png(edited(asked)))]))

    def _check(self, asked: Asked) -> None:
        if asked.headers.get("x-goog-api-key") != self.server.key or self.server.key in asked.path:
            details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}]
            raise Refused("API key not valid. Please pass a valid API key.", details=details)
        found = re.fullmatch(
            r"(?:/gw)?/(v1|v1beta)/models(?:/([\w.\-]+):generateContent|\?pageSize=\d+.*|)", asked.path
        )
        if found is None:
            raise Refused(f"no such path {asked.path}", 404, "NOT_FOUND")
        if self.server.only_version and found[1] != self.server.only_version:
            raise Refused('Invalid JSON payload received. Unknown name "imageConfig": Cannot find field.')
        if asked.method == "POST":
            check_generate(asked, found[2] or "")

    def reply(self, body: Any, code: int = 200) -> None:
        """A whole JSON reply."""
        self.raw(json.dumps(body).encode(), code)

    def raw(self, data: bytes, code: int = 200, mime: str = "application/json; charset=UTF-8", **headers: str) -> None:
        """Any bytes as a reply."""
        self.send_response(code)
        self.send_header("content-type", mime)
        self.send_header("content-length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def error(self, code: int, status: str, message: str, details: list[Any] | tuple[Any, ...] = ()) -> None:
        """An error as the service writes it."""
        self.reply({"error": {"code": code, "message": message, "status": status, "details": list(details)}}, code)

    def drop(self) -> None:
        """Break the connection."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def until_hung_up(self) -> None:
        """Wait until the other side closes."""
        self.connection.settimeout(30)
        try:
            while self.connection.recv(1024):
                pass
        except OSError:
            pass
        self.server.hung_up.release()
        self.close_connection = True


def listed() -> dict[str, Any]:
    """The models as the service lists them."""
    return {
        "models": [
            {"name": f"models/{name}", "displayName": name, "supportedGenerationMethods": ["generateContent"]}
            for name in MODELS
        ]
    }


# Scenarios


def answers(*parts: dict[str, Any], finish: str = "STOP", **more: Any) -> Scenario:
    """Exactly these parts."""
    return lambda handler, asked: handler.reply(answer(list(parts), finish, **more))


def edits(*before: dict[str, Any], tint: tuple[int, int, int] = (40, 90, 200)) -> Scenario:
    """These parts and then the edited picture."""
    return lambda handler, asked: handler.reply(answer([*before, picture_part(png(edited(asked, tint)))]))


def says(body: Any) -> Scenario:
    """Any JSON with status 200."""
    return lambda handler, _: handler.reply(body)


def sends(data: bytes, code: int = 200, mime: str = "application/json", **headers: str) -> Scenario:
    """Any bytes."""
    return lambda handler, _: handler.raw(data, code, mime, **headers)


def fails(code: int, status: str, message: str = "", details: tuple[Any, ...] = ()) -> Scenario:
    """An error of the service."""
    return lambda handler, _: handler.error(code, status, message or status, details)


def blocked(reason: str) -> Scenario:
    """Nothing but a block reason."""
    return says(
        {"promptFeedback": {"blockReason": reason}, "usageMetadata": {"promptTokenCount": 9, "totalTokenCount": 9}}
    )


def quota(
    *, delay: str | None = None, quota_id: str = "GenerateRequestsPerMinutePerProjectPerModel", value: str = "10"
) -> Scenario:
    """429 as captured."""
    details: list[Any] = [
        {
            "@type": "type.googleapis.com/google.rpc.QuotaFailure",
            "violations": [{"quotaMetric": "requests", "quotaId": quota_id, "quotaValue": value}],
        }
    ]
    if delay is not None:
        details.append({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay})
    return fails(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota.", tuple(details))


def redirects(to: str) -> Scenario:
    """Somewhere else."""
    return sends(b"", 302, "text/html", location=to)


def drops(handler: Handler, asked: Asked) -> None:
    """The connection breaks after the request was taken."""
    handler.drop()


def drops_in_the_middle(handler: Handler, asked: Asked) -> None:
    """Half of the answer comes."""
    data = json.dumps(answer([picture_part(png(edited(asked)))])).encode()
    handler.send_response(200)
    handler.send_header("content-length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data[: len(data) // 2])
    handler.wfile.flush()
    handler.drop()


def says_nothing(handler: Handler, asked: Asked) -> None:
    """It never answers."""
    handler.until_hung_up()


def stalls(handler: Handler, asked: Asked) -> None:
    """The answer begins and stops coming."""
    handler.send_response(200)
    handler.send_header("content-length", "100000")
    handler.end_headers()
    handler.wfile.write(b'{"candidates": [')
    handler.wfile.flush()
    handler.until_hung_up()


def trickles(handler: Handler, asked: Asked) -> None:
    """A byte now and then, without end."""
    handler.send_response(200)
    handler.send_header("content-length", "100000")
    handler.end_headers()
    gap = threading.Event()
    try:
        for _ in range(3000):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            gap.wait(0.02)
    except OSError:
        handler.server.hung_up.release()
        handler.close_connection = True


def gzip_bomb(handler: Handler, asked: Asked) -> None:
    """Much out of little."""
    data = gzip.compress(b"\0" * (64 << 20), 9)
    handler.raw(data, 200, "application/json", content_encoding="gzip")


@dataclass
class _Script:
    scenarios: deque[Scenario] = field(default_factory=deque)
    always: Scenario | None = None


class WireServer(ThreadingHTTPServer):
    """The service.

    Attributes:
        asked: every request, in order.
        hung_up: released each time a client closes before it was answered.
        only_version: the only API version that takes our fields; any when empty.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.key = KEY
        self.asked: list[Asked] = []
        self.hung_up = threading.Semaphore(0)
        self.only_version = ""
        self._script = _Script()
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def will(self, *scenarios: Scenario) -> None:
        """What comes next, one for each request."""
        with self._lock:
            self._script.scenarios.extend(scenarios)

    def always(self, scenario: Scenario | None) -> None:
        """What comes when nothing else is queued."""
        self._script.always = scenario

    def next_scenario(self) -> Scenario | None:
        with self._lock:
            return self._script.scenarios.popleft() if self._script.scenarios else self._script.always

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is part of the tests."""


@contextmanager
def serving() -> Iterator[WireServer]:
    """A running server."""
    server = WireServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def rotated(picture: Image.Image) -> Image.Image:
    """A picture turned, for answers of another shape."""
    return ImageOps.exif_transpose(picture.transpose(Image.Transpose.ROTATE_90))
