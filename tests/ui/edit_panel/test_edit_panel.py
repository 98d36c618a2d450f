import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from nanodesk.document.geometry import Rect
from nanodesk.document.operations.selections import set_selection
from nanodesk.document.run import RunState
from nanodesk.document.selection import RectangleSelection, Selection
from nanodesk.engines.errors import NotUnderstoodError, ServiceError
from nanodesk.ui.edit_panel.edit_panel import EditPanel
from tests.editor.scripted import with_edits
from tests.waiting import until

ENTER = Qt.Key.Key_Return
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def panel(shown, project, workspace):
    return shown(EditPanel(project, workspace))


def sentences(project):
    return [edit.instruction for edit in project.editor.state.edit_stack]


def write(panel, text, *keys):
    field = panel.input.field
    QTest.keyClicks(field, text)
    if keys:
        QTest.keyClick(field, *keys)


async def settled(project):
    for run in list(project.runs.runs):
        await project.runs.finished(run)


async def test_enter_adds_an_edit_and_empties_the_box(project, photo, panel):
    write(panel, "make it warmer", ENTER)
    assert sentences(project) == ["make it warmer"]
    assert panel.input.field.toPlainText() == ""
    assert panel.count.text() == "1 of 1 on"
    assert not project.runs.runs
    project.editor.undo()
    assert sentences(project) == []


async def test_control_enter_adds_what_is_written_and_runs(project, photo, panel, engine):
    write(panel, "make it warmer", ENTER, CONTROL)
    assert len(project.runs.runs) == 1
    await settled(project)
    assert [edit.instruction for edit in engine.requests[0].edits] == ["make it warmer"]
    assert len(project.editor.document.layers) == 2
    assert sentences(project) == ["make it warmer"]


async def test_the_button_runs_what_is_still_in_the_box(project, photo, panel):
    assert not panel.run_box.button.isEnabled()
    write(panel, "make it warmer")
    assert panel.run_box.button.isEnabled()
    panel.run_box.button.click()
    await settled(project)
    assert sentences(project) == ["make it warmer"]
    assert len(project.editor.document.layers) == 2


async def test_what_is_said_of_an_empty_stack_goes_with_the_first_edit(project, photo, panel):
    panel.press_run()
    assert "no edit to run" in panel.run_box.message.text
    write(panel, "make it warmer", ENTER)
    assert panel.run_box.message.isHidden()


async def test_shift_enter_makes_no_new_line_and_pasted_lines_become_one(project, photo, panel, qapp):
    field = panel.input.field
    qapp.clipboard().setText("make it\nwarmer  now")
    field.paste()
    assert field.toPlainText() == "make it warmer now"
    QTest.keyClick(field, ENTER, Qt.KeyboardModifier.ShiftModifier)
    assert "\n" not in field.toPlainText()


async def test_the_box_grows_to_three_lines(project, photo, panel):
    field = panel.input.field
    one = field.height()
    write(panel, "make the sky a little bluer than it is and the sand a little warmer")
    await until(lambda: field.height() > one)
    write(panel, " and more " * 30)
    assert field.height() <= 3 * one


async def test_an_edit_is_written_anew_in_place(project, photo, panel):
    with_edits(project.editor, "make it warmer")
    card = panel.stack.cards[0]
    QTest.mouseClick(card, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, card.sentence.geometry().center())
    assert card.editing
    card.field.selectAll()
    QTest.keyClicks(card.field, "make it colder")
    QTest.keyClick(card.field, ENTER)
    assert sentences(project) == ["make it colder"]
    assert not card.editing
    project.editor.undo()
    assert sentences(project) == ["make it warmer"]
    assert panel.stack.cards[0].sentence.text == "make it warmer"


async def test_escape_restores_the_sentence(project, photo, panel):
    with_edits(project.editor, "make it warmer")
    steps = len(project.editor.history.steps)
    card = panel.stack.cards[0]
    QTest.keyClick(card, Qt.Key.Key_F2)
    QTest.keyClicks(card.field, " and worse")
    QTest.keyClick(card.field, Qt.Key.Key_Escape)
    assert sentences(project) == ["make it warmer"]
    assert len(project.editor.history.steps) == steps


async def test_writing_survives_that_another_edit_comes(project, photo, panel):
    with_edits(project.editor, "make it warmer")
    card = panel.stack.cards[0]
    card.begin_editing()
    QTest.keyClicks(card.field, " and brighter")
    with_edits(project.editor, "blur the background")
    assert card.editing
    card.commit()
    assert sentences(project) == ["make it warmer and brighter", "blur the background"]


async def test_an_edit_is_switched_off_and_on(project, photo, panel):
    with_edits(project.editor, "make it warmer", "blur the background")
    panel.stack.cards[0].check.click()
    assert [edit.enabled for edit in project.editor.state.edit_stack] == [False, True]
    assert panel.count.text() == "1 of 2 on"
    project.editor.undo()
    assert panel.stack.cards[0].check.isChecked()


async def test_delete_takes_an_edit_out_and_undo_brings_it_back(project, photo, panel, notices):
    with_edits(project.editor, "make it warmer", "blur the background")
    QTest.keyClick(panel.stack.cards[0], Qt.Key.Key_Delete)
    assert sentences(project) == ["blur the background"]
    assert notices[-1].undo
    project.editor.undo()
    assert [card.sentence.text for card in panel.stack.cards] == ["make it warmer", "blur the background"]


async def test_the_cross_shows_under_the_pointer_and_removes(project, photo, panel):
    with_edits(project.editor, "make it warmer")
    card = panel.stack.cards[0]
    assert card.remove.isHidden()
    at = QPointF(20, 20)
    QApplication.sendEvent(card, QEnterEvent(at, at, at))
    assert not card.remove.isHidden()
    card.remove.click()
    assert sentences(project) == []
    QApplication.sendEvent(card, QEvent(QEvent.Type.Leave))


async def test_cards_are_dragged_into_another_order(project, photo, panel, pointer):
    with_edits(project.editor, "one", "two", "three")
    await until(lambda: panel.stack.cards[2].y() > panel.stack.cards[1].y() > 0)
    grip, last = panel.stack.cards[0].grip, panel.stack.cards[2]
    below = grip.mapFromGlobal(last.mapToGlobal(QPoint(10, last.height() - 2)))
    pointer(grip).drag(QPoint(8, 8), QPoint(8, 20), below)
    assert sentences(project) == ["two", "three", "one"]
    project.editor.undo()
    assert sentences(project) == ["one", "two", "three"]
    QTest.keyClick(panel.stack.cards[2], Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert sentences(project) == ["one", "three", "two"]


async def test_an_edit_is_tied_to_the_selection(project, photo, panel, notices):
    with_edits(project.editor, "make it warmer")
    card = panel.stack.cards[0]
    card.tie.click()
    assert "Mark a part" in notices[-1].message
    chosen = Selection(RectangleSelection(Rect(0, 0, 50, 40)))
    project.editor.apply("Select", lambda state: set_selection(state, chosen))
    card.tie.click()
    assert project.editor.state.edit_stack.edits[0].selection == chosen
    assert card.tie.isChecked()
    card.tie.click()
    assert project.editor.state.edit_stack.edits[0].selection is None


async def test_what_is_not_understood_names_the_reason_and_offers_sentences(project, photo, panel):
    with_edits(project.editor, "add a dragon")
    verdict = panel.stack.cards[0].verdict
    await until(lambda: verdict.words.text == "A dragon cannot be added here.")
    verdict.chips[0].click()
    assert sentences(project) == ["make it warmer"]
    await until(verdict.isHidden)
    assert not verdict.chips


async def test_up_in_the_empty_box_goes_to_the_last_card(project, photo, panel, qtbot):
    with_edits(project.editor, "one", "two")
    panel.activateWindow()
    await until(lambda: panel.isActiveWindow() and panel.stack.cards[1].isVisible())
    panel.focus_input()
    QTest.keyClick(panel.input.field, Qt.Key.Key_Up)
    assert panel.stack.cards[1].hasFocus()
    QTest.keyClick(panel.stack.cards[1], Qt.Key.Key_Down)
    assert panel.input.field.hasFocus()


async def test_run_says_why_it_cannot(project, panel):
    assert not panel.run_box.button.isEnabled()
    assert "picture" in panel.run_box.leaving.text


async def test_run_says_that_there_is_no_edit(project, photo, panel):
    assert not panel.run_box.button.isEnabled()
    assert panel.run_box.leaving.text == "Describe an edit, then run it."
    with_edits(project.editor, "make it warmer")
    await until(panel.run_box.button.isEnabled)
    assert panel.run_box.leaving.text == "Nothing leaves this computer"
    panel.stack.cards[0].check.click()
    assert panel.run_box.leaving.text == "Every edit is switched off."


async def test_several_runs_are_in_flight_and_the_newest_is_cancelled(project, photo, panel, engine):
    engine.gate.clear()
    with_edits(project.editor, "make it warmer")
    await until(panel.run_box.button.isEnabled)
    panel.run_box.button.click()
    panel.run_box.button.click()
    assert len(project.runs.runs) == 2
    assert panel.run_box.progress.isVisible()
    panel.run_box.progress.lines[0].cancel.click()
    states = [run.state for run in project.runs.runs.values()]
    assert states[1] is RunState.CANCELLED
    assert states[0].active
    engine.gate.set()
    await settled(project)
    assert panel.run_box.progress.isHidden()
    assert len(project.editor.document.layers) == 2


async def test_an_edit_that_is_not_understood_is_named_in_place(project, photo, panel):
    with_edits(project.editor, "make it warmer", "add a dragon")
    panel.run_all()
    assert panel.run_box.message.text == "Edit 2 cannot be done; it says why above. Nothing ran."
    assert not project.runs.runs
    assert panel.stack.cards[1].verdict.words.text == "A dragon cannot be added here."
    panel.run_box.message.dismiss.click()
    assert panel.run_box.message.text == ""


async def test_a_run_that_fails_says_so_above_the_button(project, photo, panel, engine):
    engine.failure = ServiceError("The disk is full: free some room and run again.")
    with_edits(project.editor, "make it warmer")
    panel.run_all()
    await settled(project)
    assert panel.run_box.message.text == "Run 1: The disk is full: free some room and run again."
    assert sentences(project) == ["make it warmer"]


async def test_a_run_that_fails_at_one_edit_marks_its_card(project, photo, panel, engine):
    engine.failure = NotUnderstoodError("There is no subject in this picture.", 1)
    with_edits(project.editor, "make it warmer", "blur the background")
    panel.run_all()
    await settled(project)
    assert panel.stack.cards[1].verdict.words.text == "There is no subject in this picture."
    with_edits(project.editor, "another")
    assert panel.stack.cards[1].verdict.words.text != "There is no subject in this picture."


async def test_markup_in_a_sentence_is_shown_as_it_is(project, photo, panel):
    with_edits(project.editor, "<b>bold</b> <img src='file:///etc/passwd'>")
    assert panel.stack.cards[0].sentence.text.startswith("<b>bold</b>")
    assert not panel.grab().isNull()


async def test_the_engine_is_remembered(project, photo, panel, workspace, shown):
    panel.choose_engine("on-device")
    assert workspace.settings.engine == "on-device"
    assert shown(EditPanel(project, workspace)).watch.engine == "on-device"
