"""The window on a workspace with the real engines, and the service on loopback."""

from collections.abc import Iterator

import pytest

from nanodesk.editor.accounts import Accounts
from nanodesk.editor.workspace import Workspace, default_engines
from nanodesk.storage.key_store import KeyStore
from nanodesk.storage.settings import Settings
from tests.storage.test_key_store import Vault
from tests.ui.window.conftest import window
from tests.wire.server import WireServer, serving

__all__ = ["window"]


@pytest.fixture
def vault() -> Vault:
    """The system's key store."""
    return Vault()


@pytest.fixture
def environment() -> dict[str, str]:
    """What the environment says."""
    return {}


@pytest.fixture
def service() -> Iterator[WireServer]:
    with serving() as server:
        yield server


@pytest.fixture
def workspace(qloop, tmp_path, vault, environment, service) -> Iterator[Workspace]:
    settings = Settings(tmp_path / "settings.json")
    settings.base_url = service.url
    accounts = Accounts(settings, KeyStore(vault), environment)
    made = Workspace(default_engines(accounts), settings, tmp_path / "recovery", accounts, state=tmp_path)
    yield made
    qloop.run_until_complete(made.shut_down())
