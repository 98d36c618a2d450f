"""Answers that wait survive tabs and sessions, and those put aside are found again."""

import asyncio

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from nanodesk.document.candidate import CandidateState
from nanodesk.editor.notice import Notice
from nanodesk.ui import theme
from nanodesk.ui.history_panel.zones import Zone, ZoneKind
from tests.editor.scripted import with_edits
from tests.waiting import until


async def test_the_panel_says_quietly_how_many_wait(qloop, desk):
    inbox = desk.page.layered.inbox
    assert inbox.isHidden()
    await desk.run_of(2)
    assert inbox.isVisible()
    assert inbox.text() == "2 answers wait"
    desk.strip.fold(away=True)
    QTest.mouseClick(inbox, Qt.MouseButton.LeftButton)
    assert desk.bar.isVisible()
    await desk.shown(0)
    desk.press("discard")
    assert inbox.text() == "1 answer waits"
    desk.press("discard")
    assert inbox.isHidden()


async def test_another_tab_has_a_strip_of_its_own(qloop, desk):
    await desk.run_of(2)
    await desk.shown(0)
    first = desk.page
    desk.window.workspace.new()
    assert desk.page is not first
    assert desk.strip.slots == ()
    desk.window.step_page(1)
    assert desk.page is first
    assert desk.bar.isVisible()
    assert desk.strip.chosen == desk.strip.slots[0].key
    await desk.shown(0)


async def test_an_answer_that_comes_in_another_tab_waits_there(qloop, desk):
    desk.run(1)
    first = desk.page
    desk.window.workspace.new()
    desk.engine.let()
    await until(lambda: first.strip.waiting == 1)
    assert first.strip.chosen == ""
    desk.window.step_page(1)
    assert desk.bar.isVisible()
    await until(lambda: desk.thumbs[0]._pixmap is not None)


def test_after_closing_and_opening_again_the_answers_are_back(qloop, opened_desk, folder):
    file = folder / "poster.nanodesk"

    async def work(desk):
        await desk.run_of(3)
        desk.click(1)
        desk.press("keep")
        await desk.project.save_as(file)
        await desk.window.workspace.close(desk.project)
        await until(lambda: len(asyncio.all_tasks()) == 1)

    async def again(desk):
        await desk.window.workspace.open(file)
        await until(lambda: desk.strip.waiting == 2)
        assert desk.bar.isVisible()
        assert desk.strip.chosen == ""
        assert desk.told()[0] == "2 answers wait"
        desk.project.notices.emit(Notice("Something was found."))
        assert desk.page.notices.geometry().bottom() < desk.bar.geometry().top() + 8
        await until(lambda: all(thumb._pixmap is not None for thumb in desk.thumbs))
        desk.click(0)
        await desk.shown(0)
        desk.press("accept")
        await until(lambda: len(desk.layers) == 2)
        (kept,) = [one for one in desk.runs.candidates.values() if one.state is CandidateState.KEPT]
        (run,) = desk.runs.runs.values()
        desk.page.layered.runs.run_deeds.do(run, Zone(ZoneKind.BRING_BACK, run.candidates.index(kept.id)))
        await until(lambda: desk.strip.waiting == 2)
        assert desk.strip.chosen == kept.id
        await until(lambda: len(asyncio.all_tasks()) == 1)

    desk = opened_desk()
    qloop.run_until_complete(work(desk))
    qloop.run_until_complete(again(opened_desk()))


async def test_a_picture_out_of_nothing_is_shown_and_becomes_the_document(qloop, desk):
    desk.window.workspace.new()
    with_edits(desk.project.editor, "A poster of a cup")
    assert desk.page.start.isVisible()
    desk.run(1)
    desk.engine.let()
    await desk.arrived(1)
    await desk.shown(0)
    assert not desk.page.start.isVisible()
    assert desk.canvas.viewport.document == desk.canvas._stage.preview.document_size
    await until(lambda: desk.canvas._stage.preview.complete)
    desk.key(Qt.Key.Key_Escape)
    await desk.shown(None)
    assert desk.page.start.isVisible()
    assert desk.canvas.viewport.document.empty
    desk.click(0)
    await desk.shown(0)
    desk.press("accept")
    await until(lambda: desk.layers == ["A poster of a cup"])
    await desk.shown(None)
    assert not desk.page.start.isVisible()


async def test_the_strip_fits_a_narrow_window_on_two_lines(qloop, desk):
    desk.window.resize(1440, 900)
    await desk.run_of(4)
    await desk.shown(0)
    wide = desk.bar.height()
    desk.window.resize(1024, 700)
    await until(lambda: desk.bar.height() > wide)
    assert desk.canvas.rect().contains(desk.bar.geometry())
    for name in ("accept", "keep", "discard"):
        button = desk.bar.buttons.named[name]
        assert button.width() >= button.sizeHint().width()
        assert desk.bar.rect().contains(button.geometry().translated(desk.bar.buttons.pos()))
    assert desk.bar.said.title.whole
    desk.window.resize(1440, 900)
    await until(lambda: desk.bar.height() == wide)


async def test_one_answer_has_its_words_beside_it_in_a_narrow_window(qloop, desk):
    class Measured:
        def verdict(self, candidate):
            return "Only 2 parts changed, 6.1 % of the picture", "aligned 1.4 px, 0.8 %"

    desk.strip.view.verdict = Measured()
    desk.window.resize(900, 700)
    await desk.run_of(1)
    await desk.shown(0)
    row, said, buttons = desk.bar.row.geometry(), desk.bar.said.geometry(), desk.bar.buttons.geometry()
    assert said.left() > row.right()
    assert buttons.top() > said.bottom()
    assert desk.bar.said.title.whole


async def test_many_answers_scroll_and_the_chosen_one_is_seen(qloop, desk):
    await desk.run_of(12)
    row = desk.bar.row
    assert row.widget().width() > row.viewport().width()
    desk.strip.step(-1)
    last = desk.thumbs[-1]
    seen = row.viewport().rect()
    assert seen.contains(last.geometry().translated(row.widget().pos()).center())


async def test_notices_stand_above_the_strip(qloop, desk):
    await desk.run_of(2)
    await desk.shown(0)
    desk.press("keep")
    notices = desk.page.notices
    await until(notices.isVisible)
    assert notices.geometry().bottom() < desk.bar.geometry().top() + 8


async def test_it_is_painted_in_both_themes_and_at_double_density(qloop, desk):
    await desk.run_of(2)
    await desk.shown(0)
    await until(lambda: all(thumb._pixmap is not None for thumb in desk.thumbs))

    def middle():
        return desk.bar.grab().toImage().pixelColor(desk.bar.width() // 2, 12)

    assert middle() == theme.DARK.panel
    theme.choose("light")
    await asyncio.sleep(0)
    assert middle() == theme.LIGHT.panel
    assert desk.thumbs[0]._pixmap.width() >= 2 * 76 or desk.thumbs[0]._pixmap.height() >= 2 * 52
    theme.choose("dark")


async def test_everything_on_the_strip_has_a_name(qloop, desk):
    desk.engine.failing = {2}
    run = desk.run(3)
    desk.engine.let(3)
    await desk.runs.finished(run)
    await desk.arrived(2)
    assert desk.bar.accessibleName() == "Candidates"
    assert [thumb.accessibleName() for thumb in desk.thumbs] == [
        "Candidate 1 of 3, chosen",
        "Candidate 2 of 3",
        "Candidate 3 of 3 did not come",
    ]
    assert all(button.accessibleName() for button in desk.bar.buttons.named.values())
    assert desk.bar.said.title.accessibleName() == desk.told()[0]
    assert all(thumb.width() >= 24 and thumb.height() >= 24 for thumb in desk.thumbs)


async def test_why_an_answer_did_not_come_is_read_whole_in_a_narrow_window(qloop, desk):
    desk.engine.failing = {1}
    desk.engine.reason = "the model refused to draw what was asked for, without giving a reason"
    desk.window.resize(1024, 700)
    run = desk.run(2)
    desk.engine.let(2)
    await desk.runs.finished(run)
    await desk.arrived(1)
    desk.click(1)
    said = desk.bar.said
    assert said.title.whole
    assert said.detail.whole
    await until(lambda: said.title.height() >= 2 * 16)
    assert said.height() >= said.title.height() + said.detail.height()


async def test_the_wheel_turns_through_many_answers_and_leaves_the_canvas_alone(qloop, desk):
    await desk.run_of(14)
    row, zoom = desk.bar.row, desk.canvas.viewport.zoom
    await until(lambda: row.horizontalScrollBar().maximum() > 0)
    at, nothing = QPointF(30, 30), QPoint()
    buttons, held, phase = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    turned = QWheelEvent(at, at, nothing, QPoint(0, -240), buttons, held, phase, False)
    QApplication.sendEvent(row.viewport(), turned)
    assert turned.isAccepted()
    assert row.horizontalScrollBar().value() > 0
    assert desk.canvas.viewport.zoom == zoom
