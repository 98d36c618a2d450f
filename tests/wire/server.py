"""A service on loopback that speaks the wire as captured: strict about what it accepts, a scenario for each ending.

Scenarios are queued with `will(...)`, one for each request; without any, it answers well. A scenario is a function of
the handler and the request that writes the whole reply. `tests/wire/scenarios.py` has one for each ending.
"""

import json
import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.wire.acceptance import check_generate, check_key, check_path
from tests.wire.asked import KEY, Asked, RefusedError
from tests.wire.replies import answer, edited, listed, picture_part, png

Scenario = Callable[["Handler", Asked], None]
PATIENCE_S = 30.0


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    timeout = PATIENCE_S
    server: "WireServer"

    def log_message(self, *_: Any) -> None:
        """Nothing."""

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        self.server.open.discard(self.connection)

    def do_GET(self) -> None:
        self._serve({})

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers.get("content-length") or 0))
        try:
            body = json.loads(data)
        except ValueError:
            self.error(400, "INVALID_ARGUMENT", "Invalid JSON payload received.")
            return
        self._serve(body)

    def do_CONNECT(self) -> None:
        """Asked to be a proxy for a host that is reached by TLS: refused."""
        self.server.tunnels.append(self.path)
        self.raw(b"", 407, "text/html")

    def _serve(self, body: dict[str, Any]) -> None:
        if self.server.is_proxy and self.path.startswith("http://"):
            self.server.tunnels.append(self.path)
            self.path = "/" + self.path.split("/", 3)[3]
        asked = Asked(self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        with self.server.busy(asked):
            try:
                self._answer(asked)
            except (BrokenPipeError, ConnectionResetError):
                self.server.hung_up.release()
                self.close_connection = True

    def _answer(self, asked: Asked) -> None:
        scenario = self.server.next_scenario()
        try:
            check_key(asked, self.server.key)
            check_path(asked, self.server.only_version)
            if asked.method == "POST":
                check_generate(asked)
        except RefusedError as refused:
            self.error(refused.code, refused.status, str(refused), refused.details)
            return
        if scenario is not None:
            scenario(self, asked)
        elif asked.method == "GET":
            self.reply(listed())
        else:
            self.reply(answer([{"text": "Here it is."}, picture_part(png(edited(asked)))]))

    def reply(self, body: Any, code: int = 200) -> None:
        """A whole JSON reply."""
        self.raw(json.dumps(body).encode(), code)

    def raw(self, data: bytes, code: int = 200, mime: str = "application/json; charset=UTF-8", **headers: str) -> None:
        """Any bytes as a reply."""
        self.head(len(data), code, mime, **headers)
        self.wfile.write(data)

    def head(self, length: int, code: int = 200, mime: str = "application/json", **headers: str) -> None:
        """The head of a reply of so many bytes."""
        self.send_response(code)
        self.send_header("content-type", mime)
        self.send_header("content-length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.flush()

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
        with suppress(OSError):
            while self.connection.recv(1024):
                pass
        self.server.hung_up.release()
        self.close_connection = True


class WireServer(ThreadingHTTPServer):
    """The service.

    Attributes:
        asked: every request, in order.
        hung_up: released each time a client closes before it was answered.
        only_version: the only API version that takes our fields; any when empty.
        is_proxy: whether it takes requests for other hosts too; `tunnels` holds where those went.
        most_at_once: how many requests were under way side by side at most.
    """

    daemon_threads = False
    request_queue_size = 64

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.scheme = "http"
        if tls is not None:
            self.scheme = "https"
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.key = KEY
        self.asked: list[Asked] = []
        self.tunnels: list[str] = []
        self.open: set[socket.socket] = set()
        self.hung_up = threading.Semaphore(0)
        self.only_version = ""
        self.is_proxy = False
        self.most_at_once = 0
        self._at_once = 0
        self._queued: deque[Scenario] = deque()
        self._always: Scenario | None = None
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_port}"

    @property
    def generated(self) -> list[Asked]:
        """The requests to models, without those for the list of models."""
        return [one for one in self.asked if one.method == "POST"]

    def will(self, *scenarios: Scenario) -> None:
        """What comes next, one for each request."""
        with self._lock:
            self._queued.extend(scenarios)

    def always(self, scenario: Scenario | None) -> None:
        """What comes when nothing else is queued."""
        self._always = scenario

    def next_scenario(self) -> Scenario | None:
        with self._lock:
            return self._queued.popleft() if self._queued else self._always

    @contextmanager
    def busy(self, asked: Asked) -> Iterator[None]:
        """Count a request as under way."""
        with self._lock:
            self.asked.append(asked)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            yield
        finally:
            with self._lock:
                self._at_once -= 1

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is part of the tests."""

    def hang_up(self) -> None:
        """Close every connection that is still open."""
        for connection in list(self.open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[WireServer]:
    """A running server."""
    server = WireServer(tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.hang_up()
        server.server_close()
        thread.join()
