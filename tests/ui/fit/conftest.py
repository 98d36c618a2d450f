"""The whole window, as for its own tests, with an engine whose answers are redrawn a little, and two balls in them."""

import pytest

from nanodesk.storage.settings import Settings
from tests.editor.scripted import ScriptedEngine
from tests.editor.test_fitting import BLUE, GREEN, answering, equal_fits_are_made_once
from tests.ui.window.conftest import window

__all__ = ["equal_fits_are_made_once", "window"]


@pytest.fixture
def engine(qloop):
    return ScriptedEngine(answering((GREEN, (60, 200, 60)), (BLUE, (220, 40, 40))), generative=True)


@pytest.fixture(autouse=True)
def consented(monkeypatch):
    monkeypatch.setattr(Settings, "consented", lambda *_: True)
