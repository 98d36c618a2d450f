import asyncio

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from nanodesk.document.geometry import Point
from nanodesk.document.operations.layers import duplicate_layer, move_layer, remove_layer, set_locked
from nanodesk.ui.references.flat_button import FlatButton
from nanodesk.ui.references.wrapped_label import WrappedLabel
from tests.editor.scripted import with_edits, with_picture
from tests.editor.test_fitting import GREEN, coffee, opaque, redrawn
from tests.ui.fit.fitted import fitted_layer, labelled, rows, seen
from tests.ui.window.seen import said
from tests.waiting import until

LEFT = Qt.MouseButton.LeftButton


async def test_the_parts_are_listed_and_each_is_kept_or_dropped_by_a_click(window):
    _, layer = await fitted_layer(window)
    project, card = window.page.project, window.page.leak
    window.do("show_leak")
    assert card.isVisible()
    assert card.sentence.text.startswith("Only")
    listed = rows(card)
    assert len(listed) >= 2
    kept = [row for row in listed if row.kept]
    before = seen(project)
    QTest.mouseClick(kept[0], LEFT, pos=kept[0].rect().center())
    await labelled(project, "Drop a part")
    assert not np.array_equal(seen(project), before)
    assert len([row for row in rows(card) if row.kept]) == len(kept) - 1
    again = next(row for row in rows(card) if row.number == kept[0].number)
    again.setFocus()
    QTest.keyClick(again, Qt.Key.Key_Space)
    await labelled(project, "Keep a part")
    assert np.array_equal(seen(project), before)
    assert project.refitting.kept(layer)


async def test_the_models_own_picture_is_one_click_away_and_back(window):
    await fitted_layer(window)
    project, card = window.page.project, window.page.leak
    window.do("show_leak")
    before = seen(project)
    QTest.mouseClick(card.own, LEFT)
    await labelled(project, "Show the model’s own picture")
    assert not np.array_equal(seen(project), before)
    assert card.own.text() == "Only what changed"
    assert "All that the model sent" in card.note.text
    assert not card.overlay.shown
    window.do("own_picture")
    await labelled(project, "Show only what changed")
    assert np.array_equal(seen(project), before)


async def test_an_older_base_is_said_and_refit_is_one_click(window):
    photo, layer = await fitted_layer(window)
    project, card = window.page.project, window.page.leak
    window.do("show_leak")
    assert card.refit.isHidden()
    project.editor.apply_document("Unlock", lambda document: set_locked(document, photo, False))
    project.editor.apply_document("Move", lambda document: move_layer(document, photo, Point(5, 3)))
    assert "older base" in card.note.text
    QTest.mouseClick(card.refit, LEFT)
    await labelled(project, "Refit")
    await until(lambda: card.refit.isHidden(), 25)
    assert not project.refitting.stale(layer)


async def test_taking_apart_makes_a_group_and_the_card_goes(window):
    _, layer = await fitted_layer(window)
    project, card = window.page.project, window.page.leak
    window.do("show_leak")
    if card.apart.isHidden():
        window.do("unbake")
        await until(lambda: any("one part" in one for one in said(window)))
        return
    QTest.mouseClick(card.apart, LEFT)
    await labelled(project, "Take apart by edit")
    assert project.editor.document.layers[layer].children
    await until(lambda: not card.isVisible())


async def test_a_waiting_answer_shows_its_parts_too(window):
    project, card = window.page.project, window.page.leak
    with_picture(project.editor, project.pixels, coffee())
    with_edits(project.editor, "two balls")
    run = await project.runs.finished(project.runs.submit())
    candidate = run.candidates[0]
    card.open_for_candidate(candidate)
    assert card.own.isHidden()
    kept = [row for row in rows(card) if row.kept]
    QTest.mouseClick(kept[0], LEFT, pos=kept[0].rect().center())
    await until(lambda: kept[0].number not in project.runs.candidates[candidate].fit.kept)
    project.runs.discard(candidate)
    assert not card.isVisible()


async def test_a_picture_of_another_tool_is_fitted_by_the_menu(window):
    project = window.page.project
    with_picture(project.editor, project.pixels, coffee())
    answer = opaque(redrawn(coffee(), (GREEN, (60, 200, 60))))
    layer = with_picture(project.editor, project.pixels, answer, "elsewhere.jpg")
    window.page.canvas.active_layer = layer
    window.do("show_leak")
    await until(lambda: any("was not fitted" in one for one in said(window)))
    window.do("fit_layer")
    await labelled(project, "Fit to what lies below")
    window.do("show_leak")
    assert window.page.leak.isVisible()
    project.editor.apply_document("Remove", lambda document: remove_layer(document, layer))
    assert not window.page.leak.isVisible()
    await asyncio.sleep(0)


async def test_the_blend_is_checked_and_mended_here_or_asked_for(window):
    await fitted_layer(window)
    project, card = window.page.project, window.page.leak
    window.do("show_leak")
    await until(lambda: card.blend.wear.text == "1 model pass from the source", 25)
    QTest.mouseClick(card.blend.check, LEFT)
    await until(lambda: card.blend._report is not None, 25)
    assert "cannot see" in card.blend.blind.text
    report = card.blend._report
    if not report.trait:
        return
    assert card.blend.words.text == report.sentence
    QTest.mouseClick(card.blend.ask, LEFT)
    assert project.editor.state.edit_stack.edits[-1].instruction == report.request
    before = seen(project)
    steps = len(project.editor.history.steps)
    QTest.mouseClick(card.blend.mend, LEFT)
    await until(lambda: len(project.editor.history.steps) > steps, 25)
    assert project.editor.undo_label == f"Mend the {report.trait}"
    assert not np.array_equal(seen(project), before)
    await until(lambda: card.blend._report is None, 25)


async def waiting_answers(window, count):
    project = window.page.project
    with_picture(project.editor, project.pixels, coffee())
    with_edits(project.editor, "two balls")
    for _ in range(count):
        await project.runs.finished(project.runs.submit())
    await until(lambda: window.page.strip.waiting == count)


async def test_escape_puts_the_card_away_first_and_the_answer_stays(window):
    await waiting_answers(window, 1)
    strip, card = window.page.strip, window.page.leak
    strip.choose_number(1)
    card.open_for_candidate(strip.candidate)
    assert card.hasFocus()
    QTest.keyClick(card, Qt.Key.Key_Escape)
    assert card.isHidden()
    assert strip.chosen
    assert window.page.canvas.hasFocus()


async def test_the_card_follows_the_answer_that_is_looked_at(window):
    await waiting_answers(window, 2)
    strip, card = window.page.strip, window.page.leak
    strip.choose_number(1)
    card.open_for_candidate(strip.candidate)
    first = strip.candidate
    strip.choose_number(2)
    assert strip.candidate != first
    assert card.isVisible()
    card.setFocus()
    strip.choose("")
    assert card.isHidden()


async def test_the_card_leaves_the_brush_its_bar(window):
    _, layer = await fitted_layer(window)
    canvas, card = window.page.canvas, window.page.leak
    card.open_for_layer(layer)
    canvas.set_tool("mask-brush")
    await until(lambda: canvas.brush_bar.isVisible())
    await until(lambda: not card.geometry().intersects(canvas.brush_bar.geometry()))
    canvas.set_tool("move")
    await until(lambda: card.y() < canvas.brush_bar.geometry().bottom())


def foot_gap(card):
    """What stays free between the lowest button and the card's edge, device-independent pixels."""
    buttons = [one for one in card.findChildren(FlatButton) if one.isVisible()]
    return card.height() - max(one.mapTo(card, one.rect().bottomLeft()).y() for one in buttons)


def clipped(card):
    """The sentences that have less room than they need."""
    labels = [one for one in card.findChildren(WrappedLabel) if one.isVisible()]
    return [one.text for one in labels if one.height() < one.heightForWidth(one.width())]


async def test_the_card_is_as_high_as_its_words_in_every_state(window):
    photo, _ = await fitted_layer(window)
    project, card = window.page.project, window.page.leak
    window.do("show_leak")
    await until(lambda: card.blend.wear.text)
    assert foot_gap(card) <= 16
    assert not clipped(card)
    QTest.mouseClick(card.blend.check, LEFT)
    await until(lambda: card.blend._report is not None, 25)
    assert foot_gap(card) <= 16
    assert not clipped(card)
    project.editor.apply_document("Move", lambda document: move_layer(document, photo, Point(5, 3)))
    assert card.note.isVisible()
    assert foot_gap(card) <= 16
    assert not clipped(card)
    window.resize(900, 560)
    assert foot_gap(card) <= 16
    assert card.geometry().bottom() < window.page.canvas.height()
    assert not [one for one in clipped(card) if one in {card.sentence.text, card.note.text}]


async def test_the_card_is_dragged_aside_and_stays_in_sight(window):
    await fitted_layer(window)
    card, canvas = window.page.leak, window.page.canvas
    window.do("show_leak")
    before, place = card.pos(), QPoint(card.width() // 2, 20)
    start, by, none = card.mapToGlobal(place), QPoint(-120, 40), Qt.MouseButton.NoButton
    for kind, at, own, held in (
        (QEvent.Type.MouseButtonPress, start, LEFT, LEFT),
        (QEvent.Type.MouseMove, start + by, none, LEFT),
        (QEvent.Type.MouseButtonRelease, start + by, LEFT, none),
    ):
        keys = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(card, QMouseEvent(kind, QPointF(place), QPointF(at), own, held, keys))
    assert card.pos() == before + QPoint(-120, 40)
    window.resize(900, 560)
    assert canvas.rect().contains(card.geometry())


async def test_the_keyboard_reaches_every_part(window):
    _, layer = await fitted_layer(window)
    project, card = window.page.project, window.page.leak
    window.do("show_leak")
    await until(lambda: card.overlay.shown)
    QTest.keyClick(card, Qt.Key.Key_Down)
    first, second = rows(card)[:2]
    assert first.hasFocus()
    assert card.overlay.marked == first.number
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert second.hasFocus()
    QTest.keyClick(second, Qt.Key.Key_Up)
    QTest.keyClick(first, Qt.Key.Key_Space)
    await labelled(project, "Drop a part")
    assert first.hasFocus(), "the row keeps the keyboard while the list is told anew"
    assert first.number not in project.refitting.kept(layer)
    QTest.keyClick(first, Qt.Key.Key_Escape)
    assert card.isHidden()


async def test_the_card_follows_the_active_layer_and_takes_no_keyboard_from_the_list(window):
    photo, layer = await fitted_layer(window)
    project, card, panel = window.page.project, window.page.leak, window.page.layered.layers
    project.editor.apply_document("Duplicate", lambda document: duplicate_layer(document, layer))
    copy = project.editor.document.root[-1]
    panel.set_active_layer(layer)
    window.do("show_leak")
    row = next(one for one in rows(card) if one.kept)
    QTest.mouseClick(row, LEFT, pos=row.rect().center())
    await labelled(project, "Drop a part")
    panel.set_active_layer(copy)
    assert card.isVisible()
    assert all(one.kept for one in rows(card) if not one.island.side_effect)
    panel.list.setFocus()
    panel.set_active_layer(photo)
    assert card.isHidden()
    assert panel.list.hasFocus()
