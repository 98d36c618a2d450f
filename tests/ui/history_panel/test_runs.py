"""What a run's row tells, and what its links do."""

import asyncio

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from nanodesk.document.advice import EditVerdict
from nanodesk.document.candidate import CandidateState
from nanodesk.document.identity import LayerId, RunId
from nanodesk.document.journal import JournalEntry
from nanodesk.document.layer import Adjustment, Layer
from nanodesk.document.operations.layers import add_layer
from nanodesk.document.provenance import Origin, Provenance
from nanodesk.document.run import Charged, Remedy, Run, RunOptions, RunState
from nanodesk.editor.workspace import Workspace
from nanodesk.engines.errors import ServiceError
from nanodesk.storage.settings import Settings
from nanodesk.ui.history_panel.layered_history import LayeredHistory
from nanodesk.ui.history_panel.layers_panel import LayersPanel
from nanodesk.ui.history_panel.row_layout import layout_of
from nanodesk.ui.history_panel.rows import LayerRow, RunRow
from nanodesk.ui.history_panel.runs_panel import RunsPanel
from nanodesk.ui.history_panel.zones import ZoneKind
from tests.editor.scripted import with_edits
from tests.ui.candidates.offering import OfferingEngine
from tests.waiting import until

KEY = Qt.Key


@pytest.fixture
def offering(qloop):
    return OfferingEngine()


@pytest.fixture
def workspace(qloop, offering, tmp_path):
    settings = Settings(tmp_path / "settings.json")
    settings.consent("gemini")
    workspace = Workspace([offering], settings, tmp_path / "recovery")
    yield workspace
    qloop.run_until_complete(workspace.shut_down())


@pytest.fixture
def panel(shown, project, photo, in_loop):
    in_loop(lambda: with_edits(project.editor, "Turn the red cup sage green", "Remove the crumbs"))
    panel = shown(RunsPanel(project), height=700)
    yield panel
    panel.close_down()


async def run_of(project, offering, candidates=1):
    run = project.runs.submit("gemini", RunOptions(candidates=candidates))
    offering.let(candidates)
    await project.runs.finished(run)
    return run


def told(row, width=344):
    """What an unfolded row says, its lines joined."""
    set_flow = layout_of(row, width).flow
    return "" if set_flow is None else "".join(fragment.text for fragment in set_flow.fragments)


def first(panel):
    return panel.list.model().rows[0]


def click(panel, pointer, kind, number=0, place=0):
    """Click a link of a row, the `number`-th of its kind."""
    model = panel.list.model()
    rects = [
        rect for rect, zone in layout_of(model.rows[place], panel.list.viewport().width()).zones if zone.kind is kind
    ]
    assert len(rects) > number, f"{kind} is not there"
    corner = panel.list.visualRect(model.index(place)).topLeft()
    pointer(panel.list.viewport()).click(rects[number].translated(corner).center())


async def unfolded(panel, pointer, kind=ZoneKind.DISCLOSURE):
    await until(lambda: panel.list.model().rows)
    click(panel, pointer, kind)
    await until(lambda: first(panel).unfolded)


async def test_a_run_that_is_over_tells_everything_about_itself(project, offering, panel, pointer):
    run = await run_of(project, offering, 2)
    await until(lambda: panel.list.model().rows and not first(panel).run.state.active)
    assert told(first(panel)) == ""
    await unfolded(panel, pointer)
    words = told(first(panel))
    assert "Turn the red cup sage green" in words
    assert "Remove the crumbs" in words
    assert "$0.068" in words
    assert "2,240 tokens in, 2,580 out, 96 of them thinking" in words
    assert "gemini-3.1-flash-image" in words
    assert "to 127.0.0.1: 2 pictures and words, 480 kB in 2 requests." in words
    assert words.count("waits") == 2
    assert "sage green now" not in words
    click(panel, pointer, ZoneKind.WORDS)
    assert "The cup is sage green now." in told(first(panel))
    assert "While thinking: The light comes from the left" in told(first(panel))
    click(panel, pointer, ZoneKind.WORDS)
    assert "sage green now" not in told(first(panel))
    assert project.runs.runs[run].state is RunState.DONE
    assert not panel.grab().isNull()


async def test_answers_put_aside_are_listed_and_brought_back(project, offering, panel, pointer):
    run = await run_of(project, offering, 2)
    one, two = project.runs.runs[run].candidates
    project.runs.keep(one)
    project.runs.discard(two)
    await unfolded(panel, pointer)
    words = told(first(panel))
    assert "Answer 1 · kept aside · bring back" in words
    assert "Answer 2 · discarded · bring back" in words
    wanted: list[str] = []
    panel.run_deeds.answer_wanted.connect(wanted.append)
    click(panel, pointer, ZoneKind.BRING_BACK)
    assert project.runs.candidates[one].state is CandidateState.WAITING
    click(panel, pointer, ZoneKind.SHOW_ANSWER)
    assert wanted == [one, one]


async def test_an_answer_is_continued_from(project, offering, panel, pointer):
    run = await run_of(project, offering)
    await unfolded(panel, pointer)
    assert "continue from this answer" in told(first(panel))
    wanted: list[str] = []
    panel.run_deeds.continue_wanted.connect(wanted.append)
    click(panel, pointer, ZoneKind.CONTINUE)
    assert wanted == list(project.runs.runs[run].candidates)


async def test_a_run_whose_answer_was_accepted_is_reverted_to_and_branched_from(project, offering, panel, pointer):
    run = await run_of(project, offering)
    (candidate,) = project.runs.runs[run].candidates
    await unfolded(panel, pointer)
    assert "revert to here" not in told(first(panel))
    step = await project.runs.accept_when_ready(candidate)
    await until(lambda: "revert to here" in told(first(panel)))
    project.editor.undo()
    await until(lambda: project.runs.candidates[candidate].state is CandidateState.WAITING)
    click(panel, pointer, ZoneKind.BRANCH)
    assert project.editor.history.current == step.id
    assert project.runs.candidates[candidate].state is CandidateState.ACCEPTED
    project.editor.undo()
    click(panel, pointer, ZoneKind.REVERT)
    assert len(project.editor.document.root) == 2
    assert project.editor.history.current != step.id


async def test_run_again_sends_the_same_sentences(project, offering, panel, pointer):
    await run_of(project, offering)
    await unfolded(panel, pointer)
    offering.let()
    click(panel, pointer, ZoneKind.RUN_AGAIN)
    assert len(project.runs.runs) == 2
    newest = list(project.runs.runs)[-1]
    await project.runs.finished(newest)
    assert [edit.instruction for edit in project.runs.runs[newest].edits] == [
        "Turn the red cup sage green",
        "Remove the crumbs",
    ]


async def test_what_may_be_paid_twice_is_asked_first(project, offering, panel, pointer):
    offering.failure = ServiceError("The answer was lost.", charged=Charged.MAYBE, remedy=Remedy.ASK_AGAIN)
    await run_of(project, offering)
    await until(lambda: panel.list.model().rows and first(panel).run.state is RunState.FAILED)
    assert "The answer was lost. It may have been charged." in told(first(panel))
    click(panel, pointer, ZoneKind.RUN_AGAIN)
    assert len(project.runs.runs) == 1
    assert "It may already have been charged. Send it again · Leave it" in told(first(panel))
    click(panel, pointer, ZoneKind.LEAVE)
    assert len(project.runs.runs) == 1
    click(panel, pointer, ZoneKind.RUN_AGAIN)
    offering.failure = None
    offering.let()
    click(panel, pointer, ZoneKind.SEND_AGAIN)
    assert len(project.runs.runs) == 2
    await project.runs.finished(list(project.runs.runs)[-1])


async def test_a_retired_model_offers_its_successor(project, offering, panel, pointer):
    offering.failure = ServiceError("The model was retired.", remedy=Remedy.OTHER_MODEL, successor="newer-model")
    await run_of(project, offering)
    await until(lambda: panel.list.model().rows and first(panel).run.state is RunState.FAILED)
    assert "Nothing was charged." in told(first(panel))
    offering.failure = None
    offering.let()
    click(panel, pointer, ZoneKind.SUCCESSOR)
    newest = list(project.runs.runs)[-1]
    assert project.runs.runs[newest].options.model == "newer-model"
    await project.runs.finished(newest)


async def test_a_request_without_an_answer_says_it_may_have_been_charged(project, offering, panel, pointer):
    run = project.runs.submit("gemini", RunOptions(candidates=2))
    offering.let()
    await until(lambda: len(project.runs.journal.of_run(run)) == 2)
    project.runs.cancel(run)
    await project.runs.finished(run)
    await unfolded(panel, pointer)
    words = told(first(panel))
    assert "Cancelled after it was sent; it may have been charged." in words
    assert "1 of them got no answer; it may have been charged." in words


async def test_the_keyboard_reaches_every_link_by_the_menu(project, offering, panel):
    run = await run_of(project, offering, 2)
    one, two = project.runs.runs[run].candidates
    await project.runs.accept_when_ready(one)
    project.runs.keep(two)
    await until(lambda: panel.list.model().rows)
    panel.list.setCurrentIndex(panel.list.model().index(0))
    QTest.keyClick(panel.list, KEY.Key_Return)
    assert first(panel).unfolded
    panel.list.menu_wanted.emit(QPoint(10, 10))
    (menu,) = panel.findChildren(QMenu)
    entries = {action.text(): action for action in menu.actions()}
    assert set(entries) == {
        "Fold",
        "The model’s words",
        "Run again",
        "Continue from answer 1",
        "Bring back answer 2",
        "Continue from answer 2",
        "Revert to here",
        "Branch",
    }
    spoken = panel.list.model().data(panel.list.model().index(0), Qt.ItemDataRole.AccessibleDescriptionRole)
    assert "Answer 2 · kept aside · bring back" in spoken
    entries["Bring back answer 2"].trigger()
    assert project.runs.candidates[two].state is CandidateState.WAITING
    menu.close()
    QTest.keyClick(panel.list, KEY.Key_Left)
    assert not first(panel).unfolded
    QTest.keyClick(panel.list, KEY.Key_Right)
    assert first(panel).unfolded


async def test_a_run_under_way_is_cancelled_by_click_and_key(project, offering, panel, pointer):
    run = project.runs.submit("gemini")
    await until(lambda: panel.list.model().rows and project.runs.runs[run].started)
    click(panel, pointer, ZoneKind.CANCEL)
    assert (await project.runs.finished(run)).state is RunState.CANCELLED
    other = project.runs.submit("gemini")
    await until(lambda: first(panel).run.id == other)
    panel.list.setCurrentIndex(panel.list.model().index(0))
    QTest.keyClick(panel.list, KEY.Key_Delete)
    assert (await project.runs.finished(other)).state is RunState.CANCELLED


async def test_the_list_of_layers_shows_runs_with_answers_that_wait(project, photo, offering, shown, pointer):
    with_edits(project.editor, "Turn the red cup sage green")
    panel = shown(LayersPanel(project))
    run = await run_of(project, offering, 2)
    await until(lambda: isinstance(first(panel), RunRow))
    assert first(panel).run.id == run
    one, two = project.runs.runs[run].candidates
    project.runs.keep(one)
    assert isinstance(first(panel), RunRow)
    click(panel, pointer, ZoneKind.DISCLOSURE)
    assert first(panel).unfolded
    await project.runs.accept_when_ready(two)
    assert isinstance(first(panel), LayerRow)
    words = told(first(panel))
    assert "Answer 1 · kept aside" in words
    assert "Answer 2 · accepted" in words
    wanted: list[str] = []
    panel.run_deeds.continue_wanted.connect(wanted.append)
    click(panel, pointer, ZoneKind.CONTINUE)
    assert wanted == [one]
    panel.list.menu_wanted.emit(QPoint(10, 10))
    entries = {action.text(): action for menu in panel.findChildren(QMenu) for action in menu.actions()}
    entries["Continue from answer 2"].trigger()
    assert wanted == [one, two]
    spoken = panel.list.model().data(panel.list.model().index(0), Qt.ItemDataRole.AccessibleDescriptionRole)
    assert "Answer 2 · accepted" in spoken
    panel.findChild(QMenu).close()


async def test_the_tabs_tell_their_wishes_on(project, photo, offering, shown, pointer):
    with_edits(project.editor, "Turn the red cup sage green")
    whole = shown(LayeredHistory(project))
    run = await run_of(project, offering)
    whole.tabs.choose(2)
    assert whole.runs.isVisible()
    await unfolded(whole.runs, pointer)
    wanted: list[str] = []
    whole.continue_wanted.connect(wanted.append)
    click(whole.runs, pointer, ZoneKind.CONTINUE)
    assert wanted == list(project.runs.runs[run].candidates)
    await asyncio.sleep(0)


async def test_without_runs_the_tab_says_so(panel):
    assert panel.list.model().rows == ()
    assert panel.list.empty[0] == "No runs yet"
    assert not panel.grab().isNull()


async def test_a_run_that_a_crash_cut_off_says_whether_it_may_have_been_charged(project, panel, pointer):
    cut, unsent = RunId("cut"), RunId("unsent")
    project.runs.journal.remember((JournalEntry(cut, 1, "gemini", "model", "127.0.0.1", sent=1.0),))
    edits = project.editor.state.edit_stack.enabled
    runs = [Run(one, place, edits, "gemini", state=RunState.RUNNING) for place, one in enumerate((cut, unsent), 1)]
    project.runs.remember(runs, ())
    panel.hide()
    panel.show()
    assert [row.run.state for row in panel.list.model().rows] == [RunState.FAILED, RunState.FAILED]
    words = {row.run.id: told(row) for row in panel.list.model().rows}
    assert "It had been sent and may have been charged." in words[cut]
    assert "Nothing was charged." in words[unsent]
    click(panel, pointer, ZoneKind.RUN_AGAIN, place=1)
    assert "Send it again" in told(panel.list.model().rows[1])
    assert len(project.runs.runs) == 2


async def test_a_models_sentences_are_ticked_only_when_somebody_looked(project, offering, panel, pointer):
    run = await run_of(project, offering)
    await unfolded(panel, pointer)

    def marks():
        set_flow = layout_of(first(panel), 344).flow
        assert set_flow is not None
        return [fragment.piece.icon for fragment in set_flow.fragments if fragment.piece.icon]

    assert marks() == ["minus", "minus"]
    project.runs.judged(run, (EditVerdict(0, True), EditVerdict(1, False, note="The crumbs are still there.")))
    await until(lambda: marks() == ["check", "circle"])
    assert "Remove the crumbs — The crumbs are still there. · run again" in told(first(panel))
    offering.let()
    click(panel, pointer, ZoneKind.RUN_AGAIN, 0)
    newest = list(project.runs.runs)[-1]
    await project.runs.finished(newest)
    assert [edit.instruction for edit in project.runs.runs[newest].edits] == ["Remove the crumbs"]


async def test_a_layer_whose_run_is_not_known_any_more_tells_what_it_keeps_itself(
    project, photo, offering, shown, pointer
):
    made = Provenance(
        *(Origin.RUN, 0.0, "", RunId("gone"), ("Make it green",), ("Packshot",), "gemini", "some-model"),
        duration_s=24.0,
        generative=True,
    )
    layer = Layer(LayerId("green"), "Green", Adjustment(()), provenance=made)
    project.editor.apply_document("Green", lambda document: add_layer(document, layer))
    panel = shown(LayersPanel(project))
    panel.list.setCurrentIndex(panel.list.model().index(1))
    QTest.keyClick(panel.list, KEY.Key_Up)
    await until(lambda: first(panel).unfolded)
    words = told(first(panel))
    assert "Make it green" in words
    assert "24 s · refs: Packshot · some-model" in words
    offering.let()
    click(panel, pointer, ZoneKind.RUN_AGAIN)
    (run,) = project.runs.runs.values()
    assert [edit.instruction for edit in run.edits] == ["Make it green"]
    await project.runs.finished(run.id)


async def test_the_menu_of_a_run_fits_its_state(project, offering, panel):
    run = project.runs.submit("gemini")
    await until(lambda: panel.list.model().rows)

    def entries():
        panel.list.setCurrentIndex(panel.list.model().index(0))
        panel.list.menu_wanted.emit(QPoint(10, 10))
        menu = panel.findChildren(QMenu)[-1]
        found = [action.text() for action in menu.actions()]
        menu.close()
        return found

    assert entries() == ["Unfold", "Cancel"]
    offering.failure = ServiceError("The answer was lost.", charged=Charged.MAYBE, remedy=Remedy.ASK_AGAIN)
    offering.let()
    await project.runs.finished(run)
    await until(lambda: first(panel).run.state is RunState.FAILED)
    assert entries() == ["Unfold", "Run again"]
    QTest.keyClick(panel.list, KEY.Key_Return)
    assert entries() == ["Unfold", "Send it again"]
    assert len(project.runs.runs) == 1
