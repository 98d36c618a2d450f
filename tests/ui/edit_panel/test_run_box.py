"""What the foot of the panel says of engines, and its menu by itself."""

import pytest
from PySide6.QtWidgets import QMenu, QWidget

from nanodesk.document.run import RunOptions
from nanodesk.engines.base import Plan
from nanodesk.engines.info import EngineInfo, ModelInfo
from nanodesk.ui.edit_panel.engine_menu import Choices, engine_menu

ENGINES = (
    EngineInfo("on-device", "On-device", True, False, False),
    EngineInfo("gemini", "Gemini", False, True, True, reason="It has no key yet."),
)


@pytest.fixture
def parent(shown):
    return shown(QWidget())


def choices(chosen, options=RunOptions(), engines=ENGINES, plan=None):
    return Choices(engines, "auto", plan, options, chosen.append, chosen.append, lambda engine: chosen.append("key"))


async def test_an_engine_that_is_not_ready_says_why_and_cannot_be_chosen(qloop, parent):
    chosen: list[object] = []
    menu = engine_menu(parent, choices(chosen))
    first, ready, other = menu.actions()
    assert first.isChecked()
    assert other.text() == "Gemini · It has no key yet"
    assert not other.isEnabled()
    ready.trigger()
    assert chosen == ["on-device"]


async def test_a_long_reason_does_not_stretch_the_menu(qloop, parent):
    reason = "It needs a project on the platform: enter one in the settings. Without it <b>others</b> do what they can."
    engines = (*ENGINES, EngineInfo("imagen", "Imagen tasks", False, True, False, reason=reason))
    menu = engine_menu(parent, choices([], engines=engines))
    last = menu.actions()[-1]
    assert last.text() == "Imagen tasks · not set up"
    assert not last.isEnabled()
    assert menu.toolTipsVisible()
    assert "enter one in the settings" in last.toolTip()
    assert "<b>" not in last.toolTip()
    assert menu.sizeHint().width() < 360


async def test_a_name_with_signs_of_menus_is_shown_as_it_is(qloop, parent):
    model = ModelInfo("a", "Black & White\tmodel", "edit", note="It retires soon.")
    engines = (EngineInfo("gemini", "Gemini", True, True, True, models=(model,)),)
    plan = Plan("gemini", (), sends=True)
    titles = [action.text() for action in engine_menu(parent, choices([], engines=engines, plan=plan)).actions()]
    assert "Black && White model\tedit" in titles
    assert "    It retires soon" in titles


async def test_levels_of_thinking_are_offered_where_a_model_names_them(qloop, parent):
    class Thinker:
        """As a model of the catalogue that says how hard it can think."""

        id, name, role, sizes, price = "t", "Thinker", "edit", ("1K",), ()
        note, retired, successor, thinking = "", False, "", ("low", "high")

    engines = (EngineInfo("gemini", "Gemini", True, True, True, models=(Thinker(),)),)  # type: ignore[arg-type]  # a stand-in of a model
    chosen: list[object] = []
    menu = engine_menu(parent, choices(chosen, engines=engines, plan=Plan("gemini", (), sends=True)))
    thinking = next(action.menu() for action in menu.actions() if action.text().startswith("Thinking · automatic"))
    assert isinstance(thinking, QMenu)
    assert [action.text() for action in thinking.actions()] == ["Automatic", "Low", "High"]
    thinking.actions()[2].trigger()
    assert chosen == [RunOptions(thinking="high")]


async def test_a_model_that_nobody_knows_names_what_follows_it(qloop, parent):
    model = ModelInfo("new", "New", "edit")
    engines = (EngineInfo("gemini", "Gemini", True, True, True, models=(model,)),)
    plan = Plan("gemini", (), sends=True, successor="new")
    chosen: list[object] = []
    menu = engine_menu(parent, choices(chosen, RunOptions("gone", size="4K"), engines, plan))
    titles = [action.text() for action in menu.actions()]
    assert "gone · not offered any more" in titles
    next(action for action in menu.actions() if action.text() == "Use its successor, New").trigger()
    assert chosen == [RunOptions("new")]
