"""Pointing at an answer that nobody has looked at: shown as it came at once, and fitted meanwhile."""

from contextlib import contextmanager

import pytest
from PySide6.QtCore import Qt

from nanodesk.document.fit import FitOutcome
from nanodesk.document.geometry import Point, Rect
from nanodesk.document.operations.layers import move_layer
from nanodesk.document.run import RunOptions
from tests.editor.scripted import ScriptedEngine
from tests.editor.test_fitting import GREEN, coffee, equal_fits_are_made_once
from tests.editor.waiting_answers import COLOURS, Held, several
from tests.ui.window.seen import said
from tests.waiting import until

__all__ = ["equal_fits_are_made_once"]
MIDDLE = (GREEN.x + 45, GREEN.y + 45)
CORNER = (8, 390)
"""A place that every answer redrew, and none was asked to change."""


@pytest.fixture
def desk(qloop, opened_desk):
    return opened_desk(ScriptedEngine(several(), engine_id="gemini", generative=True), coffee())


async def answered(desk):
    """Three answers on the strip, the first of them shown."""
    await desk.runs.finished(desk.runs.submit("gemini", RunOptions(candidates=3)))
    await desk.arrived(3)
    await desk.shown(0)


def candidate(desk, place):
    return desk.runs.candidates[desk.strip.slots[place].key]


def on_canvas(desk, x, y):
    """Blue, green and red of a document pixel as it is on the screen."""
    place = desk.canvas.viewport.device_rect(Rect(x, y, 1, 1))
    colour = desk.canvas.grab().toImage().pixelColor(int(place.x + place.width / 2), int(place.y + place.height / 2))
    return colour.blue(), colour.green(), colour.red()


def near(one, other, most=45):
    return max(abs(int(a) - int(b)) for a, b in zip(one, other, strict=False)) <= most


def signs(desk):
    return [thumb._fitting for thumb in desk.thumbs]


async def test_the_first_is_fitted_and_the_others_have_a_picture(qloop, desk):
    await answered(desk)
    await until(lambda: all(thumb._pixmap is not None for thumb in desk.thumbs))
    assert [candidate(desk, place).unfitted for place in range(3)] == [False, True, True]
    assert signs(desk) == [False] * 3
    assert desk.strip.showing.shown == candidate(desk, 0).id


async def test_pointing_at_one_shows_it_as_it_came_and_then_fitted(qloop, desk, monkeypatch):
    await answered(desk)
    held, viewport = Held(monkeypatch), desk.canvas.viewport
    before = desk.thumbs[1]._pixmap
    desk.point(1)
    await held.under_way()
    await desk.shown(1)
    await until(lambda: near(on_canvas(desk, *MIDDLE), COLOURS[1]))
    base = coffee()[CORNER[1], CORNER[0], :3]
    assert on_canvas(desk, *CORNER) != tuple(base)  # redrawn there too
    assert signs(desk) == [False, True, False]
    assert "being fitted" in desk.thumbs[1].accessibleName()
    assert desk.told()[0] == "Turn the red cup sage green"
    assert "As it came" in desk.told()[1]
    held.let.set()
    await until(lambda: not candidate(desk, 1).unfitted)
    await until(lambda: on_canvas(desk, *CORNER) == tuple(base))
    assert near(on_canvas(desk, *MIDDLE), COLOURS[1])
    assert desk.canvas.viewport == viewport
    assert signs(desk) == [False] * 3
    assert "being fitted" not in desk.thumbs[1].accessibleName()
    await until(lambda: desk.thumbs[1]._pixmap is not before)
    assert desk.told()[0].startswith("Only")


async def test_of_two_passed_over_quickly_only_the_last_is_fitted(qloop, desk, monkeypatch):
    await answered(desk)
    held = Held(monkeypatch)
    desk.point(1)
    await held.under_way()
    desk.point(2)
    await held.under_way()
    assert held.called_off == 1
    await until(lambda: signs(desk) == [False, False, True])
    held.let.set()
    await until(lambda: not candidate(desk, 2).unfitted)
    await desk.shown(2)
    assert candidate(desk, 1).unfitted
    desk.point(1)
    await until(lambda: not candidate(desk, 1).unfitted)


async def test_leaving_it_calls_the_fit_off(qloop, desk, monkeypatch):
    await answered(desk)
    held = Held(monkeypatch)
    desk.point(1)
    await held.under_way()
    await desk.shown(1)
    desk.point(None)
    await desk.shown(0)
    await until(lambda: held.called_off == 1)
    assert candidate(desk, 1).unfitted
    assert signs(desk) == [False] * 3
    desk.key(Qt.Key.Key_Escape)
    await desk.shown(None)
    assert held.count == 1


async def test_the_arrows_reach_it_and_enter_takes_it_when_it_is_fitted(qloop, desk, monkeypatch):
    await answered(desk)
    held = Held(monkeypatch)
    desk.key(Qt.Key.Key_2)
    await held.under_way()
    await desk.shown(1)
    desk.key(Qt.Key.Key_Return)
    desk.key(Qt.Key.Key_Return)
    assert desk.layers == ["photo.jpg"]
    held.let.set()
    await until(lambda: len(desk.layers) == 2)
    await desk.shown(None)
    assert held.count == 1
    assert sorted(desk.states()) == ["accepted", "waiting", "waiting"]
    layer = desk.project.editor.document.root[-1]
    assert desk.project.refitting.answer_of(layer).fit.outcome is FitOutcome.EDIT
    base = coffee()[CORNER[1], CORNER[0], :3]
    await until(lambda: on_canvas(desk, *CORNER) == tuple(base))


async def test_accepting_goes_on_although_the_pointer_has_gone_elsewhere(qloop, desk, monkeypatch):
    await answered(desk)
    held = Held(monkeypatch)
    desk.click(1)
    await held.under_way()
    desk.press("accept")
    desk.point(0)
    await desk.shown(0)
    held.let.set()
    await until(lambda: len(desk.layers) == 2)
    assert held.called_off == 0


async def test_discarding_it_while_it_is_fitted_shows_its_neighbour(qloop, desk, monkeypatch):
    await answered(desk)
    held = Held(monkeypatch)
    gone = candidate(desk, 1).id
    desk.click(1)
    await held.under_way()
    desk.press("discard")
    await held.under_way()
    assert held.called_off == 1
    held.let.set()
    await desk.shown(1)
    await until(lambda: not candidate(desk, 1).unfitted)
    assert desk.runs.candidates[gone].unfitted
    assert not [words for words in said(desk.window) if "cannot" in words]


async def test_all_are_discarded_without_a_fit(qloop, desk, monkeypatch):
    await answered(desk)
    held = Held(monkeypatch)
    desk.strip.choose("")
    desk.press("discard_all")
    await until(lambda: desk.states() == ["discarded"] * 3)
    assert held.count == 0


async def test_a_picture_that_changes_meanwhile_does_not_begin_the_fit_anew(qloop, desk, monkeypatch):
    await answered(desk)
    held = Held(monkeypatch)
    desk.click(1)
    await held.under_way()
    await desk.shown(1)
    photo = desk.project.editor.document.root[0]
    desk.project.editor.apply_document("Move", lambda document: move_layer(document, photo, Point(300, 0)))
    held.let.set()
    await until(lambda: not candidate(desk, 1).unfitted)
    await until(lambda: near(on_canvas(desk, 400, 20), coffee()[20, 100], 2))
    assert held.count == 1
    await until(lambda: "older base" in desk.told()[1])


@contextmanager
def no_memory(monkeypatch):
    """While it lasts, no fit finds the memory that it needs."""

    def broken(*_, **__):
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr("nanodesk.editor.first_look.fitted", broken)
        yield


async def test_a_fault_is_said_once_and_the_answer_stays_in_sight(qloop, desk, monkeypatch):
    await answered(desk)

    with no_memory(monkeypatch):
        desk.click(1)
        await until(lambda: [words for words in said(desk.window) if "not enough memory" in words])
        await desk.shown(1)
        await until(lambda: near(on_canvas(desk, *MIDDLE), COLOURS[1]))
        desk.press("accept")
        await until(lambda: desk.strip._decisions._accepting == set())
        assert desk.layers == ["photo.jpg"]
    assert candidate(desk, 1).unfitted
    desk.press("accept")
    await until(lambda: len(desk.layers) == 2)


async def test_the_card_waits_for_the_fit_and_tells_what_changed(qloop, desk, monkeypatch):
    await answered(desk)
    held = Held(monkeypatch)
    desk.click(1)
    await held.under_way()
    desk.press("leak")
    card = desk.page.leak
    assert card.isVisible()
    assert card.sentence.text == "Finding what changed…"
    assert not card.refit.isVisible()
    held.let.set()
    await until(lambda: card.sentence.text.startswith("Only"))
    rows = list(card.parts.rows)
    assert rows
    assert held.count == 1


async def test_a_card_that_cannot_tell_says_why_and_asks_again_when_it_is_opened_again(qloop, desk, monkeypatch):
    await answered(desk)
    card = desk.page.leak

    with no_memory(monkeypatch):
        desk.click(1)
        await until(lambda: [words for words in said(desk.window) if "not enough memory" in words])
        desk.press("leak")
        await until(lambda: "not enough memory" in card.sentence.text)
        desk.key(Qt.Key.Key_Escape, on=card)
        assert not card.isVisible()
    desk.press("leak")
    await until(lambda: card.sentence.text.startswith("Only"))
    await until(lambda: near(on_canvas(desk, *MIDDLE), COLOURS[1]))


async def test_dropping_a_part_of_a_waiting_answer_is_seen_at_once(qloop, desk):
    await answered(desk)
    await until(lambda: near(on_canvas(desk, *MIDDLE), COLOURS[0]))
    desk.press("leak")
    await desk.project.refitting.keep_in_candidate(candidate(desk, 0).id, ())
    base = coffee()[MIDDLE[1], MIDDLE[0]]
    desk.page.leak.dismiss()
    await until(lambda: near(on_canvas(desk, *MIDDLE), base, 0))


async def test_closing_the_window_while_it_is_fitted_ends_the_fit(qloop, desk, monkeypatch):
    await answered(desk)
    held = Held(monkeypatch)
    desk.click(1)
    await held.under_way()
    await desk.window.workspace.close(desk.project)
    assert held.called_off == 1
    assert not said(desk.window)
