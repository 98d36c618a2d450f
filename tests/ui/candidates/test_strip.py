"""What the strip shows while answers arrive, and what is done with them by hand."""

import asyncio
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from nanodesk.document.candidate import CandidateState
from nanodesk.document.operations.layers import set_opacity
from nanodesk.document.run import RunState
from nanodesk.ui.candidates.slots import SlotKind
from tests.ui.candidates.offering import OfferingEngine
from tests.waiting import until

KINDS = {SlotKind.WAITING: "w", SlotKind.COMING: "c", SlotKind.MISSING: "m"}


def kinds(desk):
    return "".join(KINDS[slot.kind] for slot in desk.strip.slots)


def looks(desk, expected):
    return kinds(desk) == expected


async def test_there_is_no_strip_without_a_run(qloop, desk):
    assert desk.strip.slots == ()
    assert desk.bar.isHidden()
    assert desk.strip.view.folded.isHidden()


async def test_each_answer_takes_its_place_as_it_arrives(qloop, desk):
    run = desk.run(4)
    await until(lambda: kinds(desk) == "cccc")
    assert desk.bar.isVisible()
    for count, expected in enumerate(("wccc", "wwcc", "wwwc", "wwww"), 1):
        desk.engine.let()
        await until(partial(looks, desk, expected))
        assert len(desk.runs.runs[run].candidates) == count
    await desk.runs.finished(run)
    await until(lambda: all(thumb._pixmap is not None for thumb in desk.thumbs))
    assert desk.layers == ["photo.jpg"]


async def test_one_to_come_says_its_seconds(qloop, desk):
    run = desk.run(2)
    await until(lambda: desk.runs.runs[run].started is not None and desk.thumbs)
    await until(lambda: desk.thumbs[0]._mark.endswith(" s"))
    desk.click(0)
    title, detail = desk.told()
    assert title == "Turn the red cup sage green"
    assert " s" in detail
    assert desk.offered() == {"cancel"}
    desk.press("cancel")
    assert (await desk.runs.finished(run)).state is RunState.CANCELLED


async def test_the_first_answer_shows_itself_in_place(qloop, desk):
    desk.run(2)
    desk.engine.let()
    await desk.arrived(1)
    await desk.shown(0)
    assert desk.thumbs[0].accessibleName() == "Candidate 1 of 2, chosen"
    assert len(desk.canvas._stage.preview.source.document.root) == 2
    assert desk.layers == ["photo.jpg"]
    desk.engine.let()
    await desk.arrived(2)
    assert desk.strip.chosen == desk.strip.slots[0].key


async def test_an_answer_does_not_show_itself_over_work_that_went_on(qloop, desk):
    desk.run(1)
    photo = desk.project.editor.document.root[0]
    desk.project.editor.apply_document("Fade", lambda document: set_opacity(document, photo, 0.5))
    desk.engine.let()
    await desk.arrived(1)
    assert desk.strip.chosen == ""
    assert desk.strip.showing.shown is None
    desk.click(0)
    await desk.shown(0)
    assert "made on an older base" in desk.told()[1]


async def test_one_that_fails_leaves_the_others_and_can_be_asked_for_again(qloop, desk):
    desk.engine.failing = {2}
    run = desk.run(3)
    desk.engine.let(3)
    await desk.runs.finished(run)
    await until(lambda: kinds(desk) == "wwm")
    mark = desk.thumbs[2]
    assert "did not come: the model refused" in mark.toolTip()
    assert mark.accessibleName() == "Candidate 3 of 3 did not come"
    desk.click(2)
    assert desk.told()[0].startswith("Candidate 2 of 3 did not come")
    assert desk.offered() == {"again"}
    desk.engine.failing = set()
    desk.engine.let()
    desk.press("again")
    newest = list(desk.runs.runs)[-1]
    assert newest != run
    await desk.runs.finished(newest)
    await until(lambda: desk.strip.waiting == 3)
    assert desk.engine.requests[-1].options.candidates == 1


async def test_pointing_shows_in_place_and_leaving_goes_back_to_the_chosen_one(qloop, desk):
    await desk.run_of(3)
    await desk.shown(0)
    desk.point(2)
    await desk.shown(2)
    assert desk.strip.chosen == desk.strip.slots[0].key
    desk.point(1)
    desk.point(2)
    desk.point(None)
    await desk.shown(0)
    desk.key(Qt.Key.Key_Escape)
    await desk.shown(None)
    assert desk.canvas._stage.preview is None


async def test_a_pointer_that_passes_over_asks_for_nothing(qloop, desk, monkeypatch):
    await desk.run_of(3)
    await desk.shown(0)
    asked = []
    real = desk.runs.preview

    async def counted(one):
        asked.append(one)
        return await real(one)

    monkeypatch.setattr(desk.runs, "preview", counted)
    desk.point(1)
    desk.point(2)
    await desk.shown(2)
    assert asked == [desk.strip.slots[2].key]


async def test_the_latest_wish_wins_over_one_that_is_still_being_made(qloop, desk, monkeypatch):
    await desk.run_of(3)
    desk.key(Qt.Key.Key_Escape)
    await desk.shown(None)
    gate, real = asyncio.Event(), desk.runs.preview

    async def slow(one):
        if one == desk.strip.slots[1].key:
            await gate.wait()
        return await real(one)

    monkeypatch.setattr(desk.runs, "preview", slow)
    desk.click(1)
    await until(lambda: desk.strip.showing._making is not None)
    desk.click(2)
    await desk.shown(2)
    gate.set()
    await asyncio.sleep(0.02)
    assert desk.strip.showing.shown == desk.strip.slots[2].key


async def test_accepting_the_second_makes_one_step_and_undo_brings_it_back(qloop, desk):
    await desk.run_of(3)
    second = desk.strip.slots[1].key
    steps = len(desk.project.editor.history.steps)
    desk.click(1)
    await desk.shown(1)
    desk.press("accept")
    await until(lambda: desk.runs.candidates[second].state is CandidateState.ACCEPTED)
    await until(lambda: len(desk.strip.slots) == 2)
    assert desk.layers == ["photo.jpg", "Turn the red cup sage green"]
    assert len(desk.project.editor.history.steps) == steps + 1
    assert desk.strip.chosen == ""
    await desk.shown(None)
    desk.window.do("undo")
    await until(lambda: desk.strip.waiting == 3)
    assert desk.layers == ["photo.jpg"]
    assert desk.strip.chosen == ""  # what was undone must be seen to be undone
    desk.window.do("redo")
    await until(lambda: desk.strip.waiting == 2)
    assert desk.runs.candidates[second].state is CandidateState.ACCEPTED


async def test_pressing_accept_twice_accepts_once(qloop, desk):
    await desk.run_of(2)
    await desk.shown(0)
    for _ in range(3):
        desk.key(Qt.Key.Key_Return)
    await until(lambda: len(desk.layers) == 2)
    await until(lambda: desk.strip.waiting == 1)
    assert desk.states() == ["accepted", "waiting"]


async def test_cancelling_while_answers_arrive_keeps_what_came(qloop, desk):
    run = desk.run(3)
    desk.engine.let()
    await desk.arrived(1)
    desk.key(Qt.Key.Key_Escape)
    assert desk.offered() == {"fold", "cancel"}
    desk.press("cancel")
    assert (await desk.runs.finished(run)).state is RunState.CANCELLED
    await until(lambda: kinds(desk) == "w")
    desk.click(0)
    desk.press("accept")
    await until(lambda: len(desk.layers) == 2)
    await until(lambda: desk.bar.isHidden())


async def test_discarding_goes_on_to_the_next_and_all_can_be_discarded(qloop, desk):
    await desk.run_of(4)
    keys = [slot.key for slot in desk.strip.slots]
    desk.click(1)
    desk.press("discard")
    assert desk.strip.chosen == keys[2]
    desk.press("keep")
    assert desk.strip.chosen == keys[3]
    assert desk.states() == ["waiting", "discarded", "kept aside", "waiting"]
    desk.key(Qt.Key.Key_Escape)
    desk.press("discard_all")
    await until(lambda: desk.bar.isHidden())
    assert desk.states() == ["discarded", "discarded", "kept aside", "discarded"]
    await desk.shown(None)
    assert desk.layers == ["photo.jpg"]


async def test_pictures_of_one_answer_become_layers_with_their_captions(qloop, desk):
    desk.engine.captions = ("Morning", "Noon", "Night")
    run = desk.run(1)
    desk.engine.let()
    await desk.runs.finished(run)
    await desk.arrived(3)
    assert kinds(desk) == "www"
    desk.click(1)
    assert desk.told()[0] == "Noon"
    assert "accept_all" in desk.offered()
    steps = len(desk.project.editor.history.steps)
    desk.press("accept_all")
    await until(lambda: len(desk.layers) == 4)
    await until(lambda: desk.bar.isHidden())
    assert desk.layers == ["photo.jpg", "Morning", "Noon", "Night"]
    assert len(desk.project.editor.history.steps) == steps + 1
    assert desk.states() == ["accepted"] * 3


async def test_answers_of_several_requests_are_not_added_all_at_once(qloop, desk):
    await desk.run_of(2)
    assert "accept_all" not in desk.offered()


async def test_the_words_are_folded_and_plain(qloop, desk):
    desk.engine.words = "<b>Done</b>\nShall I go on?\u202e"
    await desk.run_of(1)
    await desk.shown(0)
    link = desk.bar.said.link
    assert link.isVisible()
    assert desk.bar.words.isHidden()
    height = desk.bar.height()
    link.click()
    assert desk.bar.words.isVisible()
    assert desk.bar.height() > height
    assert desk.bar.words.label.accessibleName().startswith("<b>Done</b>\nShall I go on?\n\nWhile thinking: ")
    link.click()
    assert desk.bar.words.isHidden()


async def test_what_is_measured_stands_first(qloop, desk):
    class Measured:
        def verdict(self, candidate):
            return "Only the cup changed", "8.4 % of the picture"

    desk.strip.view.verdict = Measured()
    await desk.run_of(1)
    await desk.shown(0)
    title, detail = desk.told()
    assert title == "Only the cup changed"
    assert detail.startswith("8.4 % of the picture · gemini-3.1-flash-image")
    assert "$0.034" in detail


async def test_a_layer_that_is_taken_hold_of_is_seen_as_it_is(qloop, desk):
    await desk.run_of(1)
    await desk.shown(0)
    QTest.mousePress(desk.canvas, Qt.MouseButton.LeftButton)
    assert desk.strip.chosen == ""
    assert desk.canvas.busy
    QTest.mouseRelease(desk.canvas, Qt.MouseButton.LeftButton)
    await desk.shown(None)
    assert desk.strip.waiting == 1


async def test_a_candidate_shown_in_place_follows_the_document(qloop, desk):
    await desk.run_of(1)
    await desk.shown(0)
    photo = desk.project.editor.document.root[0]
    desk.project.editor.apply_document("Fade", lambda document: set_opacity(document, photo, 0.5))
    await until(lambda: desk.canvas._stage.preview.source.document.layer(photo).opacity == 0.5)
    await until(lambda: "made on an older base" in desk.told()[1])


def test_one_answer_of_this_computer_is_applied_at_once_and_several_wait(qloop, opened_desk):
    desk = opened_desk(OfferingEngine(engine_id="on-device", generative=False))

    async def one():
        seen = []
        desk.strip.changed.connect(lambda: seen.append(desk.bar.isVisible()))
        run = desk.run(1)
        desk.engine.let()
        await desk.runs.finished(run)
        await until(lambda: len(desk.layers) == 2)
        await asyncio.sleep(0.02)
        assert True not in seen
        desk.window.do("undo")
        await asyncio.sleep(0.02)
        assert desk.bar.isHidden()
        await until(lambda: len(asyncio.all_tasks()) == 1)

    async def several():
        await desk.run_of(2)
        assert desk.layers == ["photo.jpg"]
        assert desk.bar.isVisible()
        await until(lambda: len(asyncio.all_tasks()) == 1)

    qloop.run_until_complete(one())
    qloop.run_until_complete(several())
