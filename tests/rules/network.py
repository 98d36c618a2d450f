"""Keeps tests on this computer: only loopback and Unix sockets can be reached, by the test's children too."""

import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest

_HERE = ("127.", "::1", "localhost", "0.0.0.0")
_DEAD_END = "http://127.0.0.1:9"


class NetworkUsedError(AssertionError):
    """A test tried to leave this computer."""


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    tried: list[str] = []
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def check(host: object) -> None:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if isinstance(name, str) and name and not name.startswith(_HERE):
            tried.append(name)
            raise NetworkUsedError(f"a test tried to reach {name}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            check(address[0])
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            check(address[0])
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        check(host)
        return look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)
    yield
    assert not tried, f"a test tried to reach {', '.join(tried)}"


def pytest_configure() -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        os.environ.pop(name, None)
        os.environ[name.lower()] = _DEAD_END
    os.environ.pop("NO_PROXY", None)
    os.environ["no_proxy"] = "127.0.0.1,localhost"
