"""What the foot of the panel says of engines and of what leaves this computer."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QMenu

from nanodesk.document.operations.references import tick_layer
from nanodesk.engines.base import EngineInfo
from nanodesk.ui.edit_panel.edit_panel import EditPanel
from nanodesk.ui.edit_panel.engine_menu import engine_menu
from tests.editor.scripted import with_edits
from tests.waiting import until


@pytest.fixture
def sending(engine, monkeypatch):
    """The engine sends pictures away and costs money."""
    plan = engine.plan
    monkeypatch.setattr(engine, "info", EngineInfo("on-device", "Far away", True, True, True))
    monkeypatch.setattr(engine, "plan", lambda sentences: replace(plan(sentences), sends=True, cost=0.2))
    return engine


@pytest.fixture
def panel(shown, project, workspace):
    return shown(EditPanel(project, workspace))


async def test_what_leaves_and_what_it_costs_stand_before_run(project, photo, sending, panel):
    with_edits(project.editor, "make it warmer")
    project.editor.apply("Send along", lambda state: tick_layer(state, photo))
    await until(lambda: panel.run_box.leaving.text == "2 pictures leave this computer · about $0.20")
    panel.run_box.see_all.click()
    listed = [action.text() for action in panel.run_box.findChildren(QMenu)[-1].actions()]
    assert "photo.jpg" in listed
    assert "make it warmer" in listed
    panel.run_box.findChildren(QMenu)[-1].close()


async def test_an_engine_that_is_not_ready_says_why_and_cannot_be_chosen(shown, panel):
    engines = [
        EngineInfo("on-device", "On-device", True, False, False),
        EngineInfo("gemini", "Gemini", False, True, True, reason="It has no key yet."),
    ]
    chosen: list[str] = []
    menu = engine_menu(panel, engines, "auto", chosen.append)
    first, ready, other = menu.actions()
    assert first.isChecked()
    assert other.text() == "Gemini · It has no key yet"
    assert not other.isEnabled()
    ready.trigger()
    assert chosen == ["on-device"]
