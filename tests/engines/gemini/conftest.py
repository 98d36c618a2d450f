from collections.abc import Iterator

import pytest

from nanodesk.engines.google.connection import Connection
from tests.engines.gemini.made import Rig
from tests.wire.server import WireServer, serving


@pytest.fixture
def server() -> Iterator[WireServer]:
    with serving() as running:
        yield running


@pytest.fixture
def rig(server: WireServer) -> Rig:
    return Rig(server, Connection(server.url))
