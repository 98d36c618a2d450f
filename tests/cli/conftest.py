"""A user of one's own for each test, a picture, and the service on loopback."""

import json

import pytest

from nanodesk.cli.main import main
from nanodesk.resources import resource_path
from tests.wire.asked import KEY
from tests.wire.server import serving

COFFEE = resource_path("samples", "coffee.jpg")


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(COFFEE.read_bytes())
    return path


@pytest.fixture
def home(tmp_path_factory, monkeypatch):
    """The folder that holds this user's settings and state."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
    return folder


@pytest.fixture
def recoveries(home):
    """Tells which recovery files there are."""
    return lambda: list((home / "state" / "nanodesk" / "recovery").glob("*.recovery"))


@pytest.fixture
def service(home, monkeypatch):
    """The service, and a key for it in the environment."""
    with serving() as server:
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
        monkeypatch.setenv("GEMINI_API_KEY", KEY)
        yield server


@pytest.fixture
def nanodesk(capsys):
    """Run a command for its JSON: the exit status, the answer, and what was said beside it."""

    def run(*words):
        status = main([*(str(word) for word in words), "--json"])
        said = capsys.readouterr()
        return status, json.loads(said.out), said.err

    return run
