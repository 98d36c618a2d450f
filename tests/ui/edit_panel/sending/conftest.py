"""The same workspace with a second engine that sends pictures away, chosen and agreed to."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from nanodesk.editor.project import Project
from nanodesk.editor.workspace import Workspace
from nanodesk.storage.settings import Settings
from nanodesk.ui.edit_panel.edit_panel import EditPanel
from tests.fake_engine import FakeEngine
from tests.sending_engine import SendingEngine


@pytest.fixture
def far(qloop: asyncio.AbstractEventLoop) -> SendingEngine:
    return SendingEngine()


@pytest.fixture
def workspace(
    qloop: asyncio.AbstractEventLoop, engine: FakeEngine, far: SendingEngine, tmp_path: Path
) -> Iterator[Workspace]:
    settings = Settings(tmp_path / "settings.json")
    settings.engine = "gemini"
    settings.consent("gemini")
    workspace = Workspace([engine, far], settings, tmp_path / "recovery")
    yield workspace
    qloop.run_until_complete(workspace.shut_down())


@pytest.fixture
def panel(shown: Callable[..., QWidget], project: Project, workspace: Workspace) -> QWidget:
    return shown(EditPanel(project, workspace))
