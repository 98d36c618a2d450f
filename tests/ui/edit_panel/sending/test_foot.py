"""What the foot of the panel says of an engine that sends pictures away, and what its menu changes."""

import pytest
from PySide6.QtWidgets import QMenu

from nanodesk.document.operations.references import tick_layer
from nanodesk.document.run import SentPart
from nanodesk.ui.edit_panel import edit_panel
from tests.editor.scripted import with_edits
from tests.waiting import until


def open_menu(box):
    box.engine.click()
    return [menu for menu in box.findChildren(QMenu) if menu.isVisible()][-1]


def entries(menu):
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def choose(menu, *titles):
    """Trigger an entry, going through submenus by the beginnings of their titles."""
    opened = menu
    for title in titles:
        action = next(one for one in opened.actions() if one.text().startswith(title))
        opened = action.menu() or opened
    action.trigger()
    menu.close()


async def test_who_answers_what_leaves_and_what_it_costs_stand_before_run(project, photo, panel):
    with_edits(project.editor, "make it warmer")
    project.editor.apply("Send along", lambda state: tick_layer(state, photo))
    box = panel.run_box
    await until(lambda: box.line.text == "2 pictures leave · see all · about $0.050")
    assert box.engine.text() == "Far Banana 2 · 1K"
    assert box.leaving.isHidden()
    panel.outgoing.ask()
    await until(lambda: ", " in box.line.text)
    assert box.line.text.startswith("2 pictures leave, ")
    assert "kB" in box.line.text or "bytes" in box.line.text


async def test_size_and_number_of_answers_are_chosen_in_the_menu(project, photo, panel):
    with_edits(project.editor, "make it warmer")
    box = panel.run_box
    await until(lambda: box.line.isVisible())
    choose(open_menu(box), "Candidates", "4")
    choose(open_menu(box), "Size", "2K")
    assert box.engine.text() == "Far Banana 2 · 2K · 4×"
    assert box.line.text.endswith("about $0.40")
    assert panel.watch.options.candidates == 4
    assert panel.watch.options.size == "2K"
    panel.run_all()
    run = next(iter(project.runs.runs.values()))
    assert (run.options.candidates, run.options.size) == (4, "2K")
    assert (await project.runs.finished(run.id)).candidates.__len__() == 4


async def test_a_model_without_the_size_gets_its_own(project, photo, panel):
    with_edits(project.editor, "make it warmer")
    choose(open_menu(panel.run_box), "Size", "1K")
    choose(open_menu(panel.run_box), "Far Banana 2 Large")
    assert panel.watch.options.model == "far-2-large"
    assert panel.watch.options.size == "auto"
    assert panel.run_box.engine.text() == "Far Banana 2 Large · 2K"


async def test_the_selected_part_is_chosen(project, photo, panel):
    choose(open_menu(panel.run_box), "Selected part", "Surroundings")
    assert panel.watch.options.part is SentPart.SURROUNDINGS


async def test_the_menu_names_prices_and_what_follows_a_retired_model(panel):
    menu = open_menu(panel.run_box)
    listed = entries(menu)
    assert "Far Banana 2\tdraft · from $0.050" in listed
    assert "Far Banana 1 · retired, use Far Banana 2" in listed
    menu.close()


async def test_a_retired_model_offers_its_successor_in_place_of_run(project, photo, panel):
    from nanodesk.document.run import RunOptions

    with_edits(project.editor, "make it warmer")
    panel.watch.choose_options(RunOptions("far-1"))
    box = panel.run_box
    assert not box.button.isEnabled()
    assert box.leaving.text == "Far Banana 1 was retired on 2026-10-02."
    menu = open_menu(box)
    assert "Far Banana 1 · not offered any more" in entries(menu)
    menu.close()
    assert box.remedy.text() == "Use Far Banana 2"
    box.remedy.click()
    assert box.button.isEnabled()
    assert box.remedy.isHidden()
    assert panel.watch.options.model == "far-2-quick"


async def test_without_a_key_the_foot_says_so_and_leads_to_it(project, photo, panel, far, qtbot):
    far.without_key()
    with_edits(project.editor, "make it warmer")
    panel.show_engines()
    box = panel.run_box
    assert not box.button.isEnabled()
    assert box.leaving.text == "It needs a key of yours."
    with qtbot.waitSignal(panel.key_wanted) as wanted:
        box.remedy.click()
    assert wanted.args == ["gemini"]
    menu = open_menu(box)
    with qtbot.waitSignal(panel.key_wanted):
        choose(menu, "Far away · enter a key…")
    far.with_key()
    panel.show_engines()
    assert box.button.isEnabled()
    assert box.remedy.isHidden()


async def test_what_nobody_agreed_to_is_asked_first(project, photo, panel, workspace, qtbot):
    workspace.settings.consent("gemini", False)
    with_edits(project.editor, "make it warmer")
    with qtbot.waitSignal(panel.consent_wanted) as wanted:
        panel.run_all()
    assert wanted.args == ["gemini"]
    assert not project.runs.runs
    assert panel.run_box.message.text == ""
    workspace.settings.consent("gemini")
    panel.run_all()
    assert len(project.runs.runs) == 1


async def test_on_an_empty_document_a_generative_engine_makes_a_picture(project, panel, far):
    box = panel.run_box
    assert box.leaving.text == "Describe an edit, then run it."
    with_edits(project.editor, "a red barn in the snow")
    await until(box.button.isEnabled)
    assert box.line.text == "Only words leave · see all · about $0.050"
    box.button.click()
    run = await project.runs.finished(next(iter(project.runs.runs)))
    assert far.requests[0].base is None
    assert len(run.candidates) == 1
    panel.choose_engine("on-device")
    assert box.leaving.text == "Drop a picture on the canvas first."


@pytest.mark.parametrize("width", [280, 344, 520])
async def test_nothing_is_cut_off_at_any_width_of_the_dock(project, photo, panel, width):
    with_edits(project.editor, "make it warmer")
    choose(open_menu(panel.run_box), "Candidates", "4")
    panel.resize(width, 600)
    box = panel.run_box
    await until(lambda: box.width() == width)
    for widget in (box.engine, box.line, box.button):
        assert widget.geometry().right() < width - 11, widget
    assert box.engine.height() >= box.engine.heightForWidth(box.engine.width())
    assert box.line.height() >= box.line.heightForWidth(box.line.width())
    assert box.engine.geometry().right() < box.button.geometry().left()
    for part in (box.line.words, box.line.see_all, box.line.price):
        assert part.width() >= part.sizeHint().width()
        assert part.geometry().bottom() <= box.line.height()


async def test_the_other_engine_is_chosen_and_remembered(project, photo, panel, workspace):
    with_edits(project.editor, "make it warmer")
    choose(open_menu(panel.run_box), "Scripted · ready")
    assert workspace.settings.engine == "on-device"
    assert panel.run_box.engine.text() == "Scripted"
    assert panel.run_box.leaving.text == "Nothing leaves this computer"
    choose(open_menu(panel.run_box), "Automatic")
    assert panel.run_box.engine.text() == "Far Banana 2 · 1K"


async def test_a_double_click_on_run_is_paid_for_once(project, photo, panel, far, monkeypatch):
    far.gate.clear()
    with_edits(project.editor, "make it warmer")
    await until(panel.run_box.button.isEnabled)
    panel.run_box.button.click()
    panel.run_box.button.click()
    assert len(project.runs.runs) == 1
    with_edits(project.editor, "and brighter")  # something else is no slip of the hand
    panel.run_box.button.click()
    assert len(project.runs.runs) == 2
    monkeypatch.setattr(edit_panel, "TWICE_S", 0.0)
    panel.run_box.button.click()
    assert len(project.runs.runs) == 3
    far.gate.set()
    await until(lambda: not any(run.state.active for run in project.runs.runs.values()))
