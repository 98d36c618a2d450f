"""The Agent Platform on loopback, as captured: `:predict` for upscaling and segmenting, with a bearer token."""

import base64
import io
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image, ImageDraw

TOKEN = "test-token-loopback-only"
PATH = re.compile(r"/v1beta1/projects/([\w-]+)/locations/([\w-]+)/publishers/google/models/([\w.-]+):predict")
HELD_BACK = {"raiFilteredReason": "Filtered by Responsible AI."}


def _bytes_of(image: dict[str, str]) -> bytes:
    return base64.b64decode(image["bytesBase64Encoded"].replace("-", "+").replace("_", "/"), validate=True)


def _encoded(picture: Image.Image) -> dict[str, str]:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return {"mimeType": "image/png", "bytesBase64Encoded": base64.b64encode(out.getvalue()).decode()}


class PlatformServer(ThreadingHTTPServer):
    """The service.

    Attributes:
        asked: path and body of every request.
        answer: what is answered instead of the task's result: a status and a body.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.pictures: list[Image.Image] = []
        self.answer: tuple[int, Any] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    server: PlatformServer

    def log_message(self, *_: Any) -> None:
        """Nothing."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append((self.path, body))
        status, answer = self.server.answer or self._answer(body)
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json; charset=UTF-8")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _answer(self, body: dict[str, Any]) -> tuple[int, Any]:
        if self.headers["authorization"] != f"Bearer {TOKEN}":
            return 401, {"error": {"code": 401, "message": "no credentials", "status": "UNAUTHENTICATED"}}
        found = PATH.fullmatch(self.path)
        if found is None:
            return 404, {"error": {"code": 404, "message": "no such path", "status": "NOT_FOUND"}}
        instance = body["instances"][0]
        picture = Image.open(io.BytesIO(_bytes_of(instance["image"])))
        picture.load()
        self.server.pictures.append(picture)
        parameters = body["parameters"]
        if found[3] == "imagen-4.0-upscale-preview" and parameters["mode"] == "upscale":
            factor = int(parameters["upscaleConfig"]["upscaleFactor"].removeprefix("x"))
            larger = picture.resize((picture.width * factor, picture.height * factor), Image.Resampling.LANCZOS)
            return 200, {"predictions": [_encoded(larger), HELD_BACK]}
        if found[3] == "image-segmentation-001" and parameters["maxPredictions"] == 1:
            if (parameters["mode"] == "PROMPT") != ("prompt" in instance):
                return 400, {"error": {"code": 400, "message": "prompt", "status": "INVALID_ARGUMENT"}}
            mask = Image.new("L", (picture.width // 2, picture.height // 2))
            ImageDraw.Draw(mask).rectangle((0, 0, mask.width // 2 - 1, mask.height), fill=255)
            return 200, {"predictions": [_encoded(mask), HELD_BACK]}
        return 400, {"error": {"code": 400, "message": "what?", "status": "INVALID_ARGUMENT"}}


@contextmanager
def platform_serving() -> Iterator[PlatformServer]:
    """A running server."""
    server = PlatformServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
