"""The window on a workspace with the real engines, and the service on loopback."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from nanodesk.editor.accounts import Accounts
from nanodesk.editor.workspace import Workspace, default_engines
from nanodesk.storage.key_store import KeyStore
from nanodesk.storage.settings import Settings
from nanodesk.ui import theme
from nanodesk.ui.main_window import MainWindow
from tests.storage.test_key_store import Vault
from tests.wire.server import WireServer, serving


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


@pytest.fixture
def window(qapp, qloop, workspace) -> Iterator[MainWindow]:
    theme.install(qapp, "dark")

    async def build() -> MainWindow:
        made = MainWindow(workspace)
        workspace.new()
        made.resize(1280, 800)
        made.show()
        return made

    made = qloop.run_until_complete(build())
    yield made
    made.close_down()
    made.hide()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    qapp.setStyleSheet("")
