"""What hurried and clumsy hands do with fitted answers: nothing breaks or is lost, and it is said what happened."""

import asyncio

import cv2
import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from nanodesk.document.geometry import Point
from nanodesk.document.operations.layers import move_layer, remove_layer
from nanodesk.editor.intake import PictureSource
from nanodesk.imaging.codec import encode_png
from nanodesk.imaging.fit import fitting
from nanodesk.resources import resource_path
from nanodesk.ui.fit.fit_words import NOT_FOUND
from tests.editor.scripted import with_edits, with_picture
from tests.editor.test_fitting import GREEN, coffee, opaque, redrawn
from tests.ui.canvas.conftest import Driver
from tests.ui.fit.fitted import SLOW_S, fitted_layer, labelled, rows, seen
from tests.ui.window.seen import said
from tests.waiting import until

LEFT = Qt.MouseButton.LeftButton


def labels(project):
    return [step.label for step in project.editor.history.steps.values()]


def slowed(monkeypatch):
    """A fit that waits until the result is set."""
    loop = asyncio.get_running_loop()
    may = asyncio.Event()
    real = fitting.fit

    def patient(*args, **how):
        asyncio.run_coroutine_threadsafe(may.wait(), loop).result(SLOW_S)
        return real(*args, **how)

    monkeypatch.setattr(fitting, "fit", patient)
    return may


async def answer_of_another_tool(window):
    project = window.page.project
    with_picture(project.editor, project.pixels, coffee())
    answer = opaque(redrawn(coffee(), (GREEN, (60, 200, 60))))
    layer = with_picture(project.editor, project.pixels, answer, "elsewhere.jpg")
    window.page.canvas.active_layer = layer
    return layer


async def test_refit_pressed_twice_is_one_refit(window):
    photo, _ = await fitted_layer(window)
    project, card = window.page.project, window.page.leak
    window.do("show_leak")
    project.editor.apply_document("Move", lambda document: move_layer(document, photo, Point(5, 3)))
    QTest.mouseClick(card.refit, LEFT)
    QTest.mouseClick(card.refit, LEFT)
    await asyncio.sleep(0)
    QTest.mouseClick(card.refit, LEFT)
    await labelled(project, "Refit")
    await until(lambda: card.refit.isHidden(), SLOW_S)
    assert labels(project).count("Refit") == 1


async def test_two_rows_in_a_hurry_are_both_dropped(window):
    await fitted_layer(window)
    project, card = window.page.project, window.page.leak
    window.do("show_leak")
    for row in [one for one in rows(card) if one.kept]:
        QTest.mouseClick(row, LEFT, pos=row.rect().center())
    await until(lambda: np.array_equal(seen(project), coffee()), SLOW_S)
    assert not any(row.kept for row in rows(card))
    assert "Nothing is kept" in card.sentence.text
    window.do("undo")
    window.do("undo")
    assert all(row.kept for row in rows(card))


async def test_a_locked_layer_keeps_its_parts_and_says_why(window):
    _, layer = await fitted_layer(window)
    project, card = window.page.project, window.page.leak
    window.do("show_leak")
    window.do("lock_layer")
    row = next(one for one in rows(card) if one.kept)
    QTest.mouseClick(row, LEFT, pos=row.rect().center())
    await until(lambda: "locked" in card.note.text)
    assert row.kept
    assert row.number in project.refitting.kept(layer)


async def test_a_picture_dropped_while_an_answer_is_under_way_is_there_and_the_answer_is_too(window, engine):
    project = window.page.project
    with_picture(project.editor, project.pixels, coffee())
    with_edits(project.editor, "two balls")
    run = project.runs.submit()
    await project.place([PictureSource("elsewhere.jpg", data=redrawn(coffee()))])
    await project.runs.finished(run)
    (candidate,) = project.runs.runs[run].candidates
    assert not project.refitting.candidate_stale(candidate), "what was dropped lies over where it would go"
    await project.runs.accept_when_ready(candidate)
    document = project.editor.document
    assert [document.layers[one].name for one in document.root][::2] == ["photo.jpg", "elsewhere.jpg"]
    assert not project.refitting.stale(document.root[1])


async def test_a_picture_of_something_else_is_said_not_to_be_found(window):
    project = window.page.project
    with_picture(project.editor, project.pixels, coffee())
    other = np.random.default_rng(3).integers(0, 255, (40, 60, 4), np.uint8)
    other = cv2.resize(other, (600, 400), interpolation=cv2.INTER_CUBIC)
    other[..., 3] = 255
    layer = with_picture(project.editor, project.pixels, other, "else.png")
    window.page.canvas.active_layer = layer
    window.do("fit_layer")
    await until(lambda: any("Fitting “else.png”" in one for one in said(window)))
    await until(lambda: window.page.leak.isVisible(), SLOW_S)
    assert window.page.leak.sentence.text == f"{NOT_FOUND}."
    assert not any("Fitting" in one for one in said(window))
    assert not window.page.leak.apart.isVisible()
    assert not rows(window.page.leak)
    assert not window.page.leak.overlay.shown


async def test_a_layer_that_is_removed_while_it_is_fitted_stays_away(window, monkeypatch):
    may = slowed(monkeypatch)
    layer = await answer_of_another_tool(window)
    project = window.page.project
    window.do("fit_layer")
    await asyncio.sleep(0.05)
    project.editor.apply_document("Remove", lambda document: remove_layer(document, layer))
    may.set()
    await until(lambda: not any("Fitting" in one for one in said(window)), SLOW_S)
    assert layer not in project.editor.document.layers
    assert said(window)
    assert not window.page.leak.isVisible()


async def test_a_document_can_be_closed_while_a_fit_runs(window, monkeypatch):
    may = slowed(monkeypatch)
    await answer_of_another_tool(window)
    project = window.page.project
    window.do("fit_layer")
    await asyncio.sleep(0.05)
    window.workspace.new()
    closing = asyncio.ensure_future(window.workspace.close(project, discard=True))
    await asyncio.sleep(0.05)
    may.set()
    await closing
    await until(lambda: len(asyncio.all_tasks()) <= 2, SLOW_S)
    assert project not in window.workspace.projects
    assert not any("fault" in one for one in said(window))


async def test_a_stroke_beside_the_layer_is_no_step_and_says_why(window):
    _, layer = await fitted_layer(window)
    project, canvas = window.page.project, window.page.canvas
    rect = project.editor.document.layers[layer].rect
    canvas.set_tool("mask-brush")
    before = len(project.editor.history.steps)
    beside = (rect.right + 70, rect.bottom - 10) if rect.right < 500 else (rect.x - 70, rect.bottom - 10)
    Driver(project, canvas).drag(canvas.viewport.to_widget(*beside), canvas.viewport.to_widget(*beside))
    await until(lambda: any("lies there" in one for one in said(window)))
    assert len(project.editor.history.steps) == before


async def test_undo_in_the_middle_of_a_stroke_takes_back_the_stroke_only(window):
    _, layer = await fitted_layer(window)
    project, canvas = window.page.project, window.page.canvas
    canvas.set_tool("mask-brush")
    before = project.editor.history.current
    rect = project.editor.document.layers[layer].rect
    way = [canvas.viewport.to_widget(rect.x + across, rect.y + 60) for across in (10, 40, 80)]
    driver = Driver(project, canvas)
    driver.press(*way[0])
    driver.move(*way[1])
    window.do("undo")
    assert not canvas.busy
    driver.release(*way[2])
    for _ in range(20):
        await asyncio.sleep(0.005)
    assert project.editor.history.current == before


async def test_escape_over_the_canvas_puts_the_card_away(window):
    await fitted_layer(window)
    window.do("show_leak")
    window.page.canvas.setFocus()
    QTest.keyClick(window.page.canvas, Qt.Key.Key_Escape)
    assert window.page.leak.isHidden()


async def test_what_is_asked_of_a_layer_that_was_never_fitted_is_answered_with_a_way_on(window):
    project = window.page.project
    with_picture(project.editor, project.pixels, opaque(resource_path("samples", "cat.jpg").read_bytes()), "cat.jpg")
    for deed in ("show_leak", "own_picture", "refit", "unbake"):
        window.do(deed)
        await until(lambda: said(window))
        assert any("was not" in one for one in said(window)), deed
        for toast in window.page.notices.toasts():
            toast.dismiss()


async def test_a_paste_of_the_same_picture_is_placed(window):
    project = window.page.project
    with_picture(project.editor, project.pixels, coffee())
    await project.place([PictureSource("same.png", data=encode_png(coffee()))])
    assert len(project.editor.document.root) == 2
