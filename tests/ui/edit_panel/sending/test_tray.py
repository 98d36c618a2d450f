"""The tray: exactly what leaves this computer, acted on by gesture."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from nanodesk.document.edit import Reference, Role
from nanodesk.document.identity import ReferenceId, new_id
from nanodesk.document.operations.references import add_reference, enable_reference, set_role, tick_layer
from nanodesk.engines.outgoing import OutgoingPicture
from nanodesk.ui.edit_panel.tray_sheet import NOTHING
from tests.editor.scripted import picture, with_edits, with_picture
from tests.ui.edit_panel.sending.test_foot import choose, open_menu
from tests.waiting import until


@pytest.fixture
def ticked(project, photo, in_loop):
    """Two ticked layers above the photo, the second one as the style; and an edit."""

    def add():
        layers = [with_picture(project.editor, project.pixels, picture(value=10 * n), f"{n}.png") for n in (1, 2)]
        for layer in layers:
            project.editor.apply("Send along", lambda state, layer=layer: tick_layer(state, layer))
        second = project.editor.state.tray.references[1].id
        project.editor.apply("Role", lambda state: set_role(state, second, Role.STYLE))
        with_edits(project.editor, "make it warmer")
        return layers

    return in_loop(add)


async def opened(panel):
    """The tray with everything in it; a click on “see all” opens it."""
    await until(panel.run_box.line.isVisible)
    panel.run_box.line.see_all.click()
    await filled(panel)
    return panel.tray


async def filled(panel):
    await until(lambda: panel.outgoing.outgoing is not None)
    rows = panel.tray.pictures.rows
    await until(lambda: all(row.well.picture is not None for row in rows))


def names(tray):
    return [row.name.text for row in tray.pictures.rows]


async def test_each_picture_is_shown_as_it_is_sent_in_sending_order(project, ticked, panel):
    tray = await opened(panel)
    assert names(tray) == ["1.png", "2.png", "All that is visible"]
    facts = [row.facts.text for row in tray.pictures.rows]
    sizes = [len(one.data) for one in panel.outgoing.outgoing.pictures]
    assert facts[0] == f"Reference · 300 × 270 px · {round(sizes[0] / 1000)} kB · PNG"
    assert facts[1].startswith("Style · 300 × 270 px · ")
    assert facts[2].startswith("Base · 300 × 270 px · ")
    shown = tray.pictures.rows[0].well.picture.toImage().pixelColor(20, 20)
    assert shown.blue() == pytest.approx(10, abs=2)  # decoded from the very bytes: it is the layer, not the document
    assert not tray.grab().isNull()


async def test_the_words_model_host_tokens_and_price_are_told(project, ticked, panel):
    choose(open_menu(panel.run_box), "Candidates", "3")
    tray = await opened(panel)
    assert tray.words.toPlainText() == panel.outgoing.outgoing.text
    assert "1. make it warmer" in tray.words.toPlainText()
    assert tray.words.isReadOnly()
    tray.words.selectAll()
    tray.words.copy()
    size = round(panel.outgoing.outgoing.size_bytes / 1000)
    assert tray.where.text == (
        f"3 pictures and 19 words, {size} kB, to Far Banana 2 (far-2-quick) at far.example. It is asked for 10:9 at 1K."
    )
    assert tray.earlier.isHidden()
    assert tray.price.text == (
        "Sent 3 times, once for each answer. About 1,800 tokens in and 1,290 out each time; about $0.30 in all."
    )


async def test_a_reference_is_switched_off_and_on_in_the_tray(project, ticked, panel):
    tray = await opened(panel)
    QTest.mouseClick(tray.pictures.rows[0].check, Qt.MouseButton.LeftButton)
    assert not project.editor.state.tray.references[0].enabled
    await until(lambda: panel.outgoing.outgoing is not None and len(panel.outgoing.outgoing.pictures) == 2)
    assert names(tray) == ["1.png", "2.png", "All that is visible"]
    assert tray.pictures.rows[0].facts.text == "Reference · switched off, not sent"
    assert not tray.pictures.rows[0].check.isChecked()
    await filled(panel)
    tray.pictures.rows[0].setFocus()
    QTest.keyClick(tray.pictures.rows[0], Qt.Key.Key_Space)
    assert project.editor.state.tray.references[0].enabled
    project.editor.undo()
    assert not project.editor.state.tray.references[0].enabled


async def test_references_are_dragged_into_another_sending_order(project, ticked, panel, pointer):
    tray = await opened(panel)
    rows = tray.pictures.rows
    await until(lambda: rows[2].y() > rows[1].y() > rows[0].y())
    grip = rows[0].grip
    below = grip.mapFromGlobal(rows[2].mapToGlobal(QPoint(10, rows[2].height() - 2)))
    hand = pointer(grip)
    hand.drag(QPoint(8, 8), QPoint(8, 20), below, drop=False)
    assert tray.pictures._column.line_y == pytest.approx(rows[2].y(), abs=3)  # never below the base
    assert not tray.pictures.grab().isNull()
    hand.drop(below)
    assert [one.layer for one in project.editor.state.tray] == [ticked[1], ticked[0]]
    await until(lambda: names(tray) == ["2.png", "1.png", "All that is visible"])
    sent = [one.name for one in panel.outgoing.outgoing.pictures]
    assert sent == ["2.png", "1.png", "base"]


async def test_the_order_is_changed_with_keys_and_the_keyboard_stays(project, ticked, panel):
    tray = await opened(panel)
    tray.activateWindow()
    first = tray.pictures.rows[0]
    first.setFocus()
    await until(first.hasFocus)
    QTest.keyClick(first, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [one.layer for one in project.editor.state.tray] == [ticked[1], ticked[0]]
    await until(lambda: names(tray)[0] == "2.png")
    assert tray.pictures.rows[1].hasFocus()
    QTest.keyClick(tray.pictures.rows[1], Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(tray.pictures.rows[1], Qt.Key.Key_Down)
    assert [one.layer for one in project.editor.state.tray] == [ticked[1], ticked[0]]


async def test_it_follows_what_is_done_elsewhere_and_says_that_it_prepares(project, ticked, panel):
    tray = await opened(panel)
    with_edits(project.editor, "remove the crumbs")
    assert tray.standing.text == "Preparing what would be sent…"
    assert not tray.run.isEnabled()
    assert tray.pictures.stale
    await until(lambda: "2. remove the crumbs" in tray.words.toPlainText())
    assert tray.standing.isHidden()
    assert tray.run.isEnabled()


async def test_what_is_being_written_is_taken_in_when_it_opens(project, ticked, panel):
    QTest.keyClicks(panel.input.field, "and brighter")
    tray = await opened(panel)
    assert "2. and brighter" in tray.words.toPlainText()
    assert panel.input.field.toPlainText() == ""


async def test_a_layer_that_only_an_edit_names_says_why_it_is_sent(project, ticked, panel):
    with_edits(project.editor, "like @photo.jpg")
    tray = await opened(panel)
    row = tray.pictures.rows[2]
    assert row.name.text == "photo.jpg"
    assert row.why.text == "Sent because an edit names it."
    assert row.check.isChecked()
    assert not row.check.isEnabled()
    assert row.grip.isHidden()


async def test_a_reference_that_is_off_and_named_is_sent(project, ticked, panel):
    first = project.editor.state.tray.references[0].id
    project.editor.apply("Off", lambda state: enable_reference(state, first, False))
    with_edits(project.editor, "like @1.png")
    tray = await opened(panel)
    assert names(tray) == ["1.png", "2.png", "All that is visible"]
    assert tray.pictures.rows[0].why.text == "Sent because an edit names it."
    assert not tray.pictures.rows[0].check.isEnabled()


async def test_a_picture_that_is_no_layer_is_shown_although_it_is_off(project, ticked, panel):
    grid = project.pixels.add(picture(40, 40))
    own = Reference(ReferenceId(new_id()), picture=grid, name="tone.png", enabled=False)
    project.editor.apply("Add", lambda state: add_reference(state, own))
    tray = await opened(panel)
    assert names(tray) == ["1.png", "2.png", "tone.png", "All that is visible"]


async def test_what_cannot_be_prepared_is_said_and_cannot_be_run(project, ticked, panel, far):
    from nanodesk.editor.errors import RunError

    far.preparing = RunError("“1.png” could not be made ready: it is too large.")
    await until(panel.run_box.line.isVisible)
    panel.run_box.line.see_all.click()
    tray = panel.tray
    await until(lambda: tray.standing.text == "“1.png” could not be made ready: it is too large.")
    assert not tray.run.isEnabled()


@pytest.mark.allow_log
async def test_a_fault_of_an_engine_is_said_in_plain_words(project, ticked, panel, far):
    far.preparing = ZeroDivisionError()
    await until(panel.run_box.line.isVisible)
    panel.open_tray()
    await until(lambda: panel.tray.standing.text == "What would be sent could not be prepared.")


async def test_a_picture_that_cannot_be_shown_says_so_and_that_it_is_sent(project, ticked, panel, far, monkeypatch):
    outgoing = far.outgoing

    def broken(request):
        made = outgoing(request)
        parts = [replace(one, data=b"no picture") if isinstance(one, OutgoingPicture) else one for one in made.parts]
        return replace(made, parts=tuple(parts))

    monkeypatch.setattr(far, "outgoing", broken)
    await until(panel.run_box.line.isVisible)
    panel.open_tray()
    await until(lambda: panel.outgoing.outgoing is not None)
    row = panel.tray.pictures.rows[0]
    await until(lambda: row.why.text.endswith("It is sent all the same."))
    assert "1.png" in row.why.text
    assert not panel.tray.grab().isNull()


async def test_run_on_the_tray_runs_and_closes_it(project, ticked, panel):
    tray = await opened(panel)
    tray.run.click()
    assert len(project.runs.runs) == 1
    assert panel.tray is None
    await project.runs.finished(next(iter(project.runs.runs)))


async def test_what_leaves_is_byte_for_byte_what_was_shown(project, ticked, panel):
    tray = await opened(panel)
    shown = [(one.name, one.hash) for one in panel.outgoing.outgoing.pictures]
    words = tray.words.toPlainText()
    tray.run.click()
    run = await project.runs.finished(next(iter(project.runs.runs)))
    entry = project.runs.journal.of_run(run.id)[0]
    assert [(one.name, one.hash) for one in entry.pictures] == shown
    assert entry.words == words


async def test_enter_and_escape_send_nothing(project, ticked, panel):
    tray = await opened(panel)
    QTest.keyClick(tray, Qt.Key.Key_Return)
    QTest.keyClick(tray, Qt.Key.Key_Escape)
    assert panel.tray is None
    assert not project.runs.runs
    assert not panel.outgoing._wanted


async def test_it_says_when_nothing_leaves_any_more(project, ticked, panel):
    tray = await opened(panel)
    panel.choose_engine("on-device")
    assert tray.standing.text == NOTHING
    assert names(tray) == []
    assert not tray.run.isEnabled()


async def test_the_amount_is_prepared_when_all_is_at_rest_and_kept_while_it_is_true(project, ticked, panel, far):
    panel.outgoing._rest.setInterval(1)
    panel.outgoing._planned()
    panel.outgoing._rest.start(1)
    await until(lambda: panel.outgoing.outgoing is not None)
    prepared = far.prepared
    panel.watch.ask()
    assert panel.outgoing.outgoing is not None
    assert far.prepared == prepared
    choose(open_menu(panel.run_box), "Candidates", "2")
    assert panel.outgoing.outgoing is None


async def test_the_conversation_that_is_sent_again_is_told(project, ticked, panel):
    panel.run_all()
    run = await project.runs.finished(next(iter(project.runs.runs)))
    panel.continue_from(run.candidates[0])
    assert panel.run_box.line.text.startswith("3 pictures and an earlier answer leave")
    tray = await opened(panel)
    again = tray.earlier.text
    assert again.startswith("Before these, the conversation is sent again: the words and the answer of run 1 (")
    panel.continues.remove.click()
    await filled(panel)
    assert tray.earlier.isHidden()
    assert panel.run_box.line.text.startswith("3 pictures leave")


async def test_only_words_leave_where_there_is_no_picture(project, panel):
    with_edits(project.editor, "a red barn in the snow")
    tray = await opened(panel)
    assert names(tray) == []
    assert "a red barn in the snow" in tray.words.toPlainText()
