"""A display that stays: an X server begins anew when its last client goes, and refuses who comes just then."""

import subprocess
import time
from collections.abc import Iterator

import pytest

TRIES = 100


@pytest.fixture(autouse=True)
def held_display() -> Iterator[None]:
    """One client that stays for the whole of a test, between one start of the program and the next."""
    client = _client()
    yield
    client.communicate(timeout=20)


def _client() -> "subprocess.Popen[bytes]":
    for _ in range(TRIES):
        client = subprocess.Popen(["xdotool", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert client.stdin is not None
        assert client.stdout is not None
        client.stdin.write(b"getmouselocation\n")
        client.stdin.flush()
        if client.stdout.readline():
            return client
        client.communicate()
        time.sleep(0.1)
    raise AssertionError("there is no display that xdotool could use")
