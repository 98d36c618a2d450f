"""How runs end, said over Run with the way out beside it; and how they wait."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from nanodesk.document.run import Charged, Remedy, RunOptions, RunState
from nanodesk.engines.errors import MissingKeyError, RefusedError, ServiceError
from nanodesk.ui.edit_panel.endings import with_charge
from tests.editor.scripted import with_edits
from tests.waiting import until

LOST = "The connection broke before the whole answer was here. It may have been charged."


@pytest.fixture
def bar(panel):
    return panel.run_box.message


async def run_to_its_end(project, panel):
    panel.run_all()
    run = await project.runs.finished(list(project.runs.runs)[-1])
    await until(lambda: not panel.run_box.progress.isVisible())
    return run


def ways(bar):
    return [link.text() for link in bar.ways]


@pytest.mark.parametrize(
    ("remedy", "charged", "titles"),
    [
        (Remedy.NONE, Charged.NO, []),
        (Remedy.RUN_AGAIN, Charged.NO, ["Run again"]),
        (Remedy.ASK_AGAIN, Charged.MAYBE, ["Ask again, may be charged twice"]),
        (Remedy.REWORD, Charged.NO, ["Change the words"]),
        (Remedy.KEY, Charged.NO, ["Enter a key"]),
        (Remedy.OTHER_MODEL, Charged.NO, ["Choose another model"]),
        (Remedy.CONNECTION, Charged.NO, ["Connection settings", "Run again"]),
        (Remedy.CEILING, Charged.NO, ["Raise the ceiling", "Run again"]),
    ],
)
async def test_every_remedy_has_its_button(project, photo, panel, far, bar, remedy, charged, titles):
    far.failure = ServiceError("It did not work.", charged=charged, remedy=remedy)
    with_edits(project.editor, "make it warmer")
    await run_to_its_end(project, panel)
    assert ways(bar) == titles
    told = {Charged.NO: "", Charged.MAYBE: " It may have been charged."}[charged]
    assert bar.text == f"Run 1: It did not work.{told}"
    assert [edit.instruction for edit in project.editor.state.edit_stack] == ["make it warmer"]


async def test_what_was_lost_is_sent_again_only_when_asked(project, photo, panel, far, bar):
    far.failure = ServiceError(LOST, charged=Charged.MAYBE, remedy=Remedy.ASK_AGAIN)
    with_edits(project.editor, "make it warmer")
    await run_to_its_end(project, panel)
    assert bar.text == f"Run 1: {LOST}"
    assert len(far.requests) == 1
    far.failure = None
    bar.ways[0].click()
    assert bar.text == ""
    run = await project.runs.finished(list(project.runs.runs)[-1])
    assert run.state is RunState.DONE
    assert len(far.requests) == 2


async def test_an_answer_in_words_is_shown_as_it_is_and_leads_to_the_field(project, photo, panel, far, bar):
    said = "Which cup do you <b>mean</b>?\nThe red one, or the glass?"
    far.failure = RefusedError("It sent words alone.", charged=Charged.YES, remedy=Remedy.REWORD, words=said)
    with_edits(project.editor, "make it warmer")
    run = await run_to_its_end(project, panel)
    assert bar.text == "Run 1: It sent words alone. It was charged."
    assert bar.model_words.isVisible()
    assert bar.model_words.heading.text == "The model asks:"
    assert bar.model_words.words.text == "Which cup do you <b>mean</b>? The red one, or the glass?"
    assert bar.model_words.fold.isHidden()
    assert said in run.notes
    panel.activateWindow()
    QTest.mouseClick(bar.model_words.answer, Qt.MouseButton.LeftButton)
    await until(panel.input.field.hasFocus)
    assert not panel.grab().isNull()


async def test_long_words_are_folded_until_they_are_asked_for(project, photo, panel, far, bar):
    far.failure = RefusedError("It sent words alone.", charged=Charged.YES, words="A word and another one. " * 40)
    with_edits(project.editor, "make it warmer")
    await run_to_its_end(project, panel)
    words = bar.model_words
    await until(lambda: words.area.height() == words.area.heightForWidth(words.area.width()))
    folded = words.area.height()
    assert words.heading.text == "The model says:"
    assert words.fold.text() == "Show all"
    words.fold.click()
    await until(lambda: words.area.height() > folded)
    assert words.fold.text() == "Show less"
    words.fold.click()
    await until(lambda: words.area.height() == folded)
    bar.dismiss.click()
    assert words.isHidden()


async def test_endless_words_are_cut_in_the_bar_and_stay_with_the_run(project, photo, panel, far, bar):
    far.failure = RefusedError("It sent words alone.", words="word " * 4000)
    with_edits(project.editor, "make it warmer")
    run = await run_to_its_end(project, panel)
    assert len(bar.model_words.words.text) <= 4000
    assert bar.model_words.words.text.endswith("…")
    assert len(run.notes[-1]) == 20_000


async def test_changing_the_words_opens_the_card_of_the_run(project, photo, panel, far, bar):
    far.failure = RefusedError("It was refused.", remedy=Remedy.REWORD)
    with_edits(project.editor, "make it warmer", "remove the crumbs")
    panel.stack.cards[0].check.click()
    await run_to_its_end(project, panel)
    bar.ways[0].click()
    assert [card.editing for card in panel.stack.cards] == [False, True]
    panel.stack.cards[1].field.selectAll()
    QTest.keyClicks(panel.stack.cards[1].field, "sweep the table")
    panel.stack.commit()
    assert project.editor.state.edit_stack.edits[1].instruction == "sweep the table"


async def test_changing_the_words_of_an_edit_that_is_gone_leads_to_the_field(project, photo, panel, far, bar):
    far.failure = RefusedError("It was refused.", remedy=Remedy.REWORD)
    with_edits(project.editor, "make it warmer")
    await run_to_its_end(project, panel)
    panel.stack.cards[0].remove.click()
    panel.activateWindow()
    bar.ways[0].click()
    await until(panel.input.field.hasFocus)


async def test_a_key_that_is_not_good_leads_to_entering_one(project, photo, panel, far, bar, qtbot):
    far.failure = MissingKeyError("The key is not valid. Nothing was charged.", remedy=Remedy.KEY)
    with_edits(project.editor, "make it warmer")
    await run_to_its_end(project, panel)
    with qtbot.waitSignal(panel.key_wanted) as wanted:
        bar.ways[0].click()
    assert wanted.args == ["gemini"]
    panel.show_engines()
    assert bar.text == ""


async def test_a_key_that_is_gone_when_run_is_pressed_is_said(project, photo, panel, far, bar, qtbot):
    with_edits(project.editor, "make it warmer")
    far.without_key()
    panel.run_all()
    assert bar.text == "It needs a key of yours."
    with qtbot.waitSignal(panel.key_wanted):
        bar.ways[0].click()


async def test_the_network_leads_to_its_settings(project, photo, panel, far, bar, qtbot):
    far.failure = ServiceError("far.example could not be reached.", remedy=Remedy.CONNECTION)
    with_edits(project.editor, "make it warmer")
    await run_to_its_end(project, panel)
    with qtbot.waitSignal(panel.connection_wanted) as wanted:
        bar.ways[0].click()
    assert wanted.args == ["gemini"]
    far.failure = None
    bar.ways[1].click()
    assert len(project.runs.runs) == 2


async def test_a_retired_model_is_followed_by_its_successor_in_one_click(project, photo, panel, far, bar):
    far.failure = ServiceError("It is not offered any more.", remedy=Remedy.OTHER_MODEL, successor="far-2-large")
    with_edits(project.editor, "make it warmer")
    await run_to_its_end(project, panel)
    assert ways(bar) == ["Run with Far Banana 2 Large"]
    far.failure = None
    bar.ways[0].click()
    run = await project.runs.finished(list(project.runs.runs)[-1])
    assert run.model == "far-2-large"
    assert panel.watch.options.model == "far-2-large"


async def test_a_model_retired_on_pressing_run_is_followed_too(project, photo, panel, far, bar):
    with_edits(project.editor, "make it warmer")
    panel.watch.choose_options(RunOptions("far-1"))
    panel.run_all()
    assert bar.text == "Far Banana 1 was retired on 2026-10-02."
    bar.ways[0].click()
    assert panel.watch.options.model == "far-2-quick"
    assert len(project.runs.runs) == 1


async def test_without_a_successor_the_models_are_shown(project, photo, panel, far, bar):
    far.failure = ServiceError("The service knows no such model.", remedy=Remedy.OTHER_MODEL)
    with_edits(project.editor, "make it warmer")
    await run_to_its_end(project, panel)
    bar.ways[0].click()
    menus = [menu for menu in panel.run_box.findChildren(QMenu) if menu.isVisible()]
    assert menus
    menus[-1].close()


async def test_some_of_several_answers_are_told_beside_those_that_came(project, photo, panel, far, bar):
    panel.watch.choose_options(RunOptions(candidates=3))
    far.missing = ("The model refused.",)
    with_edits(project.editor, "make it warmer")
    run = await run_to_its_end(project, panel)
    assert len(run.candidates) == 2
    assert bar.text == "Run 1: 2 of 3 answers came. Candidate 1 of 3 did not come: The model refused."


async def test_a_wait_counts_down_in_sight_and_can_be_called_off(project, photo, panel, far, bar):
    far.gate.clear()
    far.waits = ("The minute's quota is used; trying again in 9 s", "The minute's quota is used; trying again in 8 s")
    with_edits(project.editor, "make it warmer")
    panel.run_all()
    progress = panel.run_box.progress
    await until(lambda: progress.lines[0].doing.text == "The minute's quota is used; trying again in 8 s")
    assert progress.lines[0].words.text.startswith("Run 1 · ")
    assert not progress.grab().isNull()
    progress.lines[0].cancel.click()
    run = next(iter(project.runs.runs.values()))
    assert run.state is RunState.CANCELLED
    assert bar.text == "Run 1: Cancelled after it was sent; it may have been charged."
    assert ways(bar) == []
    await until(progress.isHidden)


async def test_each_run_under_way_has_a_line_and_its_own_cancel(project, photo, panel, far):
    far.gate.clear()
    far.waits = ("The service is busy; trying again in 9 s",)
    with_edits(project.editor, "make it warmer")
    for _ in range(5):
        panel.run_all()
    progress = panel.run_box.progress
    await until(lambda: progress.lines[-1].doing.text.endswith("9 s"))
    assert [line.words.text.split(" · ")[0] for line in progress.lines] == ["Run 5", "Run 4", "Run 3"]
    assert progress.lines[-1].words.text.endswith("2 more")
    progress.lines[-1].cancel.click()
    await until(lambda: [line.words.text.split(" · ")[0] for line in progress.lines] == ["Run 5", "Run 4", "Run 2"])
    states = [run.state for run in project.runs.runs.values()]
    assert states.count(RunState.CANCELLED) == 1
    assert states[2] is RunState.CANCELLED
    far.gate.set()
    await until(progress.isHidden)


async def test_what_is_called_off_before_it_left_says_nothing(project, photo, panel, far, bar):
    far.preparing = ServiceError("never seen")
    with_edits(project.editor, "make it warmer")
    panel.run_all()
    panel.cancel_newest()
    assert bar.text == ""
    panel.cancel_newest()
    await project.runs.finished(next(iter(project.runs.runs)))


async def test_a_ceiling_holds_a_run_in_sight_until_it_is_raised(project, photo, panel, far, qtbot):
    project.spending.set_day_ceiling(0.01)
    with_edits(project.editor, "make it warmer")
    panel.run_all()
    progress = panel.run_box.progress
    await until(lambda: progress.lines[0].raise_ceiling.isVisible())
    assert progress.lines[0].words.text == "Run 1 · held"
    assert progress.lines[0].doing.text.startswith("Today's ceiling of $0.01")
    assert not far.requests
    with qtbot.waitSignal(panel.ceiling_wanted):
        progress.lines[0].raise_ceiling.click()
    project.spending.set_day_ceiling(None)
    run = await project.runs.finished(next(iter(project.runs.runs)))
    assert run.state is RunState.DONE


async def test_a_run_held_by_a_ceiling_is_called_off(project, photo, panel, far, bar):
    project.spending.set_document_ceiling(0.01)
    with_edits(project.editor, "make it warmer")
    panel.run_all()
    await until(lambda: panel.run_box.progress.lines[0].raise_ceiling.isVisible())
    panel.run_box.progress.lines[0].cancel.click()
    await until(panel.run_box.progress.isHidden)
    assert bar.text == ""
    assert not far.requests


async def test_why_runs_are_held_is_said_once(project, photo, panel, far):
    project.spending.set_day_ceiling(0.01)
    with_edits(project.editor, "make it warmer")
    panel.run_all()
    panel.run_all()
    first, second = panel.run_box.progress.lines
    await until(lambda: second.words.text == "Run 1 · held")
    assert first.raise_ceiling.isVisible()
    assert second.raise_ceiling.isHidden()
    assert second.doing.isHidden()
    first.cancel.click()
    await until(second.raise_ceiling.isVisible)
    second.cancel.click()
    for run in list(project.runs.runs):
        await project.runs.finished(run)


async def test_the_next_run_goes_on_from_an_answer_and_only_that_one(project, photo, panel, far):
    panel.watch.choose_options(RunOptions(candidates=2))
    with_edits(project.editor, "make it warmer")
    first = await run_to_its_end(project, panel)
    panel.continue_from(first.candidates[1])
    assert panel.continues.text == "Goes on from run 1, answer 2"
    assert not panel.grab().isNull()
    second = await run_to_its_end(project, panel)
    assert second.options.continues == first.candidates[1]
    assert panel.continues.text == ""
    third = await run_to_its_end(project, panel)
    assert third.options.continues is None


async def test_going_on_is_taken_back_with_the_cross(project, photo, panel, far):
    with_edits(project.editor, "make it warmer")
    first = await run_to_its_end(project, panel)
    panel.choose_engine("on-device")
    panel.continue_from(first.candidates[0])
    assert panel.watch.engine == "gemini"
    assert panel.continues.text == "Goes on from run 1"
    panel.continues.remove.click()
    assert panel.continues.text == ""
    assert panel.watch.options.continues is None
    panel.continue_from("gone")
    assert panel.continues.text == ""


async def test_running_again_goes_on_from_the_same_answer(project, photo, panel, far, bar):
    with_edits(project.editor, "make it warmer")
    first = await run_to_its_end(project, panel)
    panel.continue_from(first.candidates[0])
    far.failure = ServiceError("The service is not able to answer now.", remedy=Remedy.RUN_AGAIN)
    await run_to_its_end(project, panel)
    far.failure = None
    bar.ways[0].click()
    run = await project.runs.finished(list(project.runs.runs)[-1])
    assert run.options.continues == first.candidates[0]


def test_a_sentence_that_speaks_of_its_price_is_left_alone():
    assert with_charge("Gone. It was charged.", Charged.YES) == "Gone. It was charged."
    assert with_charge("Gone.", Charged.YES) == "Gone. It was charged."


async def test_in_a_low_window_what_is_said_scrolls_and_goes_before_the_references(project, photo, panel, far, bar):
    far.failure = RefusedError("It sent words alone.", words="A word and another one. " * 40, remedy=Remedy.REWORD)
    with_edits(project.editor, "make it warmer", "remove the crumbs", "and brighter")
    panel.setMinimumSize(200, 100)
    panel.stack.setMinimumHeight(116)  # as the page has it
    panel.resize(300, 420)
    await run_to_its_end(project, panel)
    notes = panel.run_box.notes
    await until(lambda: notes.verticalScrollBar().maximum() > 0)
    await until(panel.references.isHidden)
    assert panel.run_box.button.geometry().bottom() < panel.run_box.height()
    assert panel.run_box.line.height() >= panel.run_box.line.heightForWidth(panel.run_box.line.width())
    assert bar.height() >= bar.heightForWidth(bar.width())
    panel.resize(300, 900)
    await until(lambda: panel.references.isVisible() and notes.verticalScrollBar().maximum() == 0)
    panel.resize(300, 420)
    await until(panel.references.isHidden)
    bar.dismiss.click()
    await until(panel.references.isVisible)
    assert notes.isHidden()
