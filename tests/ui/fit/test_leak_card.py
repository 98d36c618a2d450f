import asyncio

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from nanodesk.document.geometry import Point
from nanodesk.document.operations.layers import move_layer, remove_layer, set_locked
from nanodesk.imaging.painter import flatten
from nanodesk.storage.settings import Settings
from nanodesk.ui.fit.island_row import IslandRow
from tests.editor.scripted import ScriptedEngine, with_edits, with_picture
from tests.editor.test_fitting import BLUE, GREEN, answering, coffee, equal_fits_are_made_once, opaque, redrawn
from tests.ui.window.seen import said
from tests.waiting import until

__all__ = ["equal_fits_are_made_once"]
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def engine(qloop):
    return ScriptedEngine(answering((GREEN, (60, 200, 60)), (BLUE, (220, 40, 40))), generative=True)


@pytest.fixture(autouse=True)
def consented(monkeypatch):
    monkeypatch.setattr(Settings, "consented", lambda *_: True)


def labelled(project, label):
    """When a fit has come to its end; it takes its time."""
    return until(lambda: project.editor.undo_label == label, 25)


async def fitted_layer(window):
    project = window.page.project
    photo = with_picture(project.editor, project.pixels, coffee())
    with_edits(project.editor, "two balls")
    run = await project.runs.finished(project.runs.submit())
    await project.runs.accept_when_ready(run.candidates[0])
    layer = project.editor.document.root[-1]
    window.page.canvas.active_layer = layer
    return photo, layer


def rows(card):
    return [row for row in card.rows.findChildren(IslandRow) if not row.isHidden()]


def seen(project):
    return flatten(project.editor.document, project.pixels.tile)


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


async def test_what_changed_is_tinted_and_the_part_under_the_pointer_stronger(window):
    await fitted_layer(window)
    card = window.page.leak
    window.do("show_leak")
    await until(lambda: card.overlay.shown)
    plain = card.overlay._image.copy()
    row = rows(card)[0]
    at = QPointF(row.rect().center())
    QApplication.sendEvent(row, QEnterEvent(at, at, QPointF(row.mapToGlobal(at.toPoint()))))
    await until(lambda: card.overlay._image != plain)
    QApplication.sendEvent(row, QEvent(QEvent.Type.Leave))
    await until(lambda: card.overlay._image == plain)
    QTest.keyClick(card, Qt.Key.Key_Escape)
    assert not card.isVisible()
    assert not card.overlay.shown


async def test_the_models_own_picture_is_one_click_away_and_back(window):
    await fitted_layer(window)
    project, card = window.page.project, window.page.leak
    window.do("show_leak")
    before = seen(project)
    QTest.mouseClick(card.own, LEFT)
    await labelled(project, "Show the model’s own picture")
    assert not np.array_equal(seen(project), before)
    assert card.own.text() == "Only what changed"
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
    assert "older base" in card.older.text
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
    await until(lambda: any("not made by fitting" in one for one in said(window)))
    window.do("fit_layer")
    await labelled(project, "Fit to what lies below")
    window.do("show_leak")
    assert window.page.leak.isVisible()
    project.editor.apply_document("Remove", lambda document: remove_layer(document, layer))
    assert not window.page.leak.isVisible()
    await asyncio.sleep(0)


async def test_a_tint_that_rests_paints_nothing(window):
    _, layer = await fitted_layer(window)
    card = window.page.leak
    card.open_for_layer(layer)
    await until(lambda: card.overlay.shown)
    await asyncio.sleep(0.4)
    painted = []

    class Counts(QObject):
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Paint:
                painted.append(event)
            return False

    counts = Counts()
    card.overlay.installEventFilter(counts)
    await asyncio.sleep(0.5)
    assert len(painted) <= 2
    card.overlay.removeEventFilter(counts)


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
