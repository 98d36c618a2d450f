"""Opacity while a slider is dragged, candidates in place, before and after."""

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from nanodesk.document.blend import BlendMode
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.identity import LayerId, RunId
from nanodesk.document.layer import Adjustment, Group, Layer
from nanodesk.document.operations.layers import add_layer, remove_layer, set_blend_mode, set_opacity
from nanodesk.document.provenance import Origin, Provenance
from nanodesk.ui.canvas.compare import CompareMode, before_last_run
from nanodesk.ui.canvas.dragging import cut_out, divided
from tests.ui.canvas.fakes import COLOURS, FakeProject, layer_of
from tests.ui.canvas.test_tiles import colour
from tests.waiting import until

SMALL = Size(800, 600)
BLUE, RED, GREEN = LayerId("blue"), LayerId("red"), LayerId("green")


@pytest.fixture
def stack() -> FakeProject:
    """Red, blue over it, and a green corner on top."""
    return FakeProject(layer_of("red", SMALL), layer_of("blue", SMALL), layer_of("green", Size(200, 600)), size=SMALL)


def mixed(one, other, share):
    return tuple(round(a * share + b * (1 - share)) for a, b in zip(COLOURS[one], COLOURS[other], strict=True))


async def test_fading_is_blended_at_once_and_asks_for_three_parts_only(qloop, opened, stack):
    driver = opened(stack)
    await driver.quiet()
    stack.painter.asked.clear()
    for value in (0.9, 0.7, 0.5):
        driver.canvas.preview_opacity(BLUE, value)
    await until(lambda: driver.canvas._stage.dragging.parts is not None)
    assert colour(driver, 500, 300) == pytest.approx(mixed("blue", "red", 0.5), abs=2)
    for value in (0.4, 0.25):
        driver.canvas.preview_opacity(BLUE, value)
        assert colour(driver, 500, 300) == pytest.approx(mixed("blue", "red", value), abs=2)
    assert colour(driver, 150, 300) == COLOURS["green"]
    assert len(stack.painter.rendered_parts) == 3
    assert stack.painter.asked == []
    assert stack.layer("blue").opacity == 1.0
    driver.canvas.end_preview()
    await until(lambda: driver.canvas._stage.dragging is None)
    assert colour(driver, 500, 300) == COLOURS["blue"]


async def test_what_is_shown_stays_until_the_steps_own_tiles_have_come(qloop, opened, stack):
    driver = opened(stack)
    await driver.quiet()
    driver.canvas.preview_opacity(BLUE, 0.0)
    await until(lambda: driver.canvas._stage.dragging.parts is not None)
    stack.painter.gate = asyncio.Event()
    driver.canvas.end_preview()
    stack.editor.apply_document("Opacity", lambda d: set_opacity(d, BLUE, 0.0))
    await asyncio.sleep(0.03)
    assert colour(driver, 500, 300) == COLOURS["red"]
    assert driver.canvas._stage.dragging is not None
    stack.painter.gate.set()
    await driver.quiet()
    assert driver.canvas._stage.dragging is None
    assert colour(driver, 500, 300) == COLOURS["red"]


async def test_steps_made_while_fading_ask_for_no_tiles_until_it_ends(qloop, opened, stack):
    driver = opened(stack)
    await driver.quiet()
    stack.painter.asked.clear()
    for tick, value in enumerate((0.8, 0.6, 0.3)):
        driver.canvas.preview_opacity(BLUE, value)
        stack.editor.apply_document("Opacity", lambda d, v=value: set_opacity(d, BLUE, v), amend=tick > 0)
        await asyncio.sleep(0.01)
    assert stack.painter.asked == []
    driver.canvas.end_preview()
    await driver.quiet()
    assert stack.painter.asked
    assert colour(driver, 500, 300) == pytest.approx(mixed("blue", "red", 0.3), abs=1)


async def test_where_qt_would_be_wrong_exact_tiles_are_shown(qloop, opened, stack):
    stack.editor.apply_document("Blend", lambda d: set_blend_mode(d, BLUE, BlendMode.MULTIPLY))
    driver = opened(stack)
    await driver.quiet()
    driver.canvas.preview_opacity(BLUE, 0.5)
    assert driver.canvas._stage.dragging.exact is not None
    await until(lambda: driver.canvas._stage.dragging.exact.complete)
    assert colour(driver, 500, 300) == pytest.approx(mixed("blue", "red", 0.5), abs=1)
    driver.canvas.end_preview()
    await until(lambda: driver.canvas._stage.dragging is None)


async def test_zooming_while_fading_gathers_the_parts_anew(qloop, opened, stack):
    driver = opened(stack)
    await driver.quiet()
    driver.canvas.preview_opacity(BLUE, 0.5)
    await until(lambda: driver.canvas._stage.dragging.parts is not None)
    driver.canvas.zoom_to(0.3)
    await until(lambda: driver.canvas._stage.dragging.parts.level == 1)
    assert colour(driver, 420, 300) == pytest.approx(mixed("blue", "red", 0.5), abs=2)
    driver.canvas.end_preview()
    await driver.quiet()


async def test_a_layer_that_is_gone_cannot_be_faded(qloop, opened, stack):
    driver = opened(stack)
    driver.canvas.preview_opacity(LayerId("nobody"), 0.5)
    assert driver.canvas._stage.dragging is None
    driver.canvas.end_preview()
    await driver.quiet()


def test_a_document_is_divided_only_where_blending_gives_the_same(stack):
    document = stack.editor.document
    division = divided(document, BLUE)
    assert division is not None
    assert division.above is not None
    assert division.below.root == (RED,)
    assert division.above.root == (GREEN,)
    top = divided(document, GREEN)
    assert top is not None
    assert top.above is None
    for operation in (
        lambda d: set_blend_mode(d, GREEN, BlendMode.SCREEN),
        lambda d: set_blend_mode(d, BLUE, BlendMode.SCREEN),
        lambda d: add_layer(d, Layer(LayerId("warm"), "warm", Adjustment(()))),
    ):
        assert divided(operation(document), BLUE) is None
    assert divided(set_blend_mode(document, RED, BlendMode.SCREEN), BLUE) is not None


def test_within_a_plain_group_it_is_divided_too(stack):
    document = stack.editor.document
    group = Layer(LayerId("group"), "group", Group((RED, BLUE)))
    inside = replace(document, layers={**document.layers, group.id: group}, root=(group.id, GREEN))
    division = divided(inside, RED)
    assert division is not None
    assert division.above is not None
    assert division.below.layer(group.id).children == ()
    assert division.above.layer(group.id).children == (BLUE,)
    assert division.above.root == (group.id, GREEN)
    faint = replace(inside, layers={**inside.layers, group.id: replace(group, opacity=0.5)})
    assert divided(faint, RED) is None


def test_a_layer_is_cut_out_with_what_lies_beside_the_canvas():
    layer = layer_of("blue", Size(500, 400), Point(-300, 50), opacity=0.4)
    project = FakeProject(layer, size=SMALL)
    alone = cut_out(project.editor.document, layer.id, Rect(-300, 50, 500, 400))
    assert alone.size == Size(500, 400)
    assert alone.layer(layer.id).rect == Rect(0, 0, 500, 400)
    assert alone.layer(layer.id).opacity == 1.0


async def test_a_candidate_is_shown_in_place_and_taken_away(qloop, opened, stack):
    driver = opened(stack)
    await driver.quiet()
    candidate = remove_layer(stack.editor.document, BLUE)
    driver.canvas.set_preview_document(candidate, "Candidate 2 of 4")
    assert colour(driver, 500, 300) == COLOURS["blue"]
    await until(lambda: colour(driver, 500, 300) == COLOURS["red"])
    driver.canvas.set_preview_document(None)
    assert colour(driver, 500, 300) == COLOURS["blue"]


async def test_a_previewed_candidate_is_compared_with_the_document_as_it_stands(qloop, opened, stack):
    driver = opened(stack)
    await driver.quiet()
    driver.canvas.set_preview_document(remove_layer(stack.editor.document, BLUE))
    await until(lambda: colour(driver, 500, 300) == COLOURS["red"])
    QTest.keyPress(driver.canvas, Qt.Key.Key_Y)
    await until(lambda: driver.canvas._stage.before.complete)
    assert colour(driver, 500, 300) == COLOURS["blue"]
    QTest.keyRelease(driver.canvas, Qt.Key.Key_Y)
    assert colour(driver, 500, 300) == COLOURS["red"]


async def test_the_key_for_before_shows_the_document_before_the_last_run(qloop, opened, stack):
    run = Provenance(Origin.RUN, 0.0, run=RunId("1"))
    stack.editor.apply_document("Make it red", lambda d: remove_layer(d, BLUE), provenance=run)
    stack.editor.apply_document("Opacity", lambda d: set_opacity(d, GREEN, 0.0))
    driver = opened(stack)
    await driver.quiet()
    assert colour(driver, 500, 300) == COLOURS["red"]
    for code in (Qt.Key.Key_Backslash, Qt.Key.Key_Y):
        QTest.keyPress(driver.canvas, code)
        await until(lambda: colour(driver, 500, 300) == COLOURS["blue"])
        QTest.keyRelease(driver.canvas, code)
        assert colour(driver, 500, 300) == COLOURS["red"]


def test_without_a_run_before_is_the_step_before(stack):
    assert before_last_run(stack.editor).root == (RED, BLUE)
    stack.editor.apply("Select", lambda s: s)
    assert before_last_run(stack.editor).root == (RED, BLUE)
    assert before_last_run(FakeProject().editor).size.empty


async def test_the_split_is_toggled_and_its_line_dragged(qloop, opened, stack):
    driver = opened(stack)
    driver.canvas.set_compare_document(remove_layer(stack.editor.document, BLUE))
    told = []
    driver.canvas.compare.changed.connect(lambda: told.append(driver.canvas.compare.mode))
    QTest.keyClick(driver.canvas, Qt.Key.Key_Y, Qt.KeyboardModifier.ShiftModifier)
    assert told[-1] is CompareMode.SPLIT
    await until(lambda: driver.canvas._stage.before.complete)
    assert colour(driver, 340, 250) == COLOURS["red"]
    assert colour(driver, 460, 250) == COLOURS["blue"]
    driver.move(402, 300)
    assert driver.canvas.cursor().shape() == Qt.CursorShape.SplitHCursor
    driver.drag((400, 250), (450, 250), (550, 250))
    assert colour(driver, 500, 250) == COLOURS["red"]
    assert colour(driver, 600, 250) == COLOURS["blue"]
    assert stack.layer("green").offset == Point(0, 0)
    QTest.keyClick(driver.canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert driver.canvas.compare.position < 0.75
    driver.canvas.compare.toggle_split()
    assert colour(driver, 340, 250) == COLOURS["blue"]
    await driver.quiet()


async def test_a_before_of_another_size_is_shown_at_the_same_place(qloop, opened, stack):
    driver = opened(stack)
    driver.canvas.zoom_to(0.5)
    await driver.quiet()
    wider = replace(stack.editor.document, size=Size(1400, 600), root=(RED,))
    wide = replace(wider, layers={**wider.layers, RED: layer_of("red", Size(1400, 600))})
    driver.canvas.set_compare_document(wide)
    x, y = driver.canvas.viewport.to_widget(1000, 300)
    QTest.keyPress(driver.canvas, Qt.Key.Key_Y)
    await until(lambda: colour(driver, int(x), int(y)) == COLOURS["red"])
    QTest.keyRelease(driver.canvas, Qt.Key.Key_Y)
    assert colour(driver, int(x), int(y)) != COLOURS["red"]
    await driver.quiet()


async def test_closing_with_everything_open_leaves_no_task_and_no_slot(qloop, opened, stack):
    slots = len(stack.editor.changed._slots), len(stack.painter.damaged._slots)
    driver = opened(stack)
    await driver.quiet()
    stack.painter.gate = asyncio.Event()
    driver.canvas.set_preview_document(remove_layer(stack.editor.document, BLUE))
    driver.canvas.compare.set_split(True)
    driver.canvas.preview_opacity(BLUE, 0.5)
    await asyncio.sleep(0.02)
    assert len(asyncio.all_tasks()) > 1
    driver.canvas.close_down()
    driver.canvas.end_preview()
    await until(lambda: len(asyncio.all_tasks()) == 1)
    assert (len(stack.editor.changed._slots), len(stack.painter.damaged._slots)) == slots
    driver.canvas.grab()


@pytest.mark.parametrize("operation", [lambda d: remove_layer(d, BLUE), lambda d: replace(d, size=Size(700, 600))])
async def test_a_layer_or_a_size_that_goes_meanwhile_ends_the_fading(qloop, opened, stack, operation):
    driver = opened(stack)
    await driver.quiet()
    driver.canvas.preview_opacity(BLUE, 0.5)
    await until(lambda: driver.canvas._stage.dragging.parts is not None)
    stack.editor.apply_document("Change", operation)
    await driver.quiet()
    assert driver.canvas._stage.dragging is None
    assert colour(driver, 500, 300) == COLOURS["blue" if BLUE in stack.editor.document.layers else "red"]


async def test_a_layer_deleted_while_it_is_moved_is_not_moved(qloop, opened, stack):
    driver = opened(stack)
    await driver.quiet()
    driver.canvas.active_layer = BLUE
    driver.press(400, 300)
    driver.move(450, 300)
    stack.editor.apply_document("Delete", lambda d: remove_layer(d, BLUE))
    driver.move(480, 300)
    driver.release(500, 300)
    assert stack.labels()[-1] == "Delete"
    await driver.quiet()
    assert driver.canvas._stage.dragging is None
