"""What the layer list says of a fitted layer, and what can be done from there."""

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from nanodesk.document.geometry import Point
from nanodesk.document.layer import Group
from nanodesk.document.operations.layers import move_layer, set_locked
from nanodesk.ui import theme
from nanodesk.ui.history_panel.row_layout import layout_of
from nanodesk.ui.history_panel.rows import LayerRow
from nanodesk.ui.history_panel.run_account import account_of
from nanodesk.ui.history_panel.words import what_made
from nanodesk.ui.history_panel.zones import Zone, ZoneKind
from tests.editor.scripted import picture, with_picture
from tests.editor.test_fitting import GREEN, coffee, opaque, redrawn
from tests.ui.fit.fitted import fitted_layer, labelled
from tests.waiting import until

LEFT = Qt.MouseButton.LeftButton


def row_of(window, layer):
    model = window.page.layered.layers.list.model()
    return next((place, row) for place, row in enumerate(model.rows) if getattr(row, "key", "") == layer)


def press(window, layer, kind):
    panel = window.page.layered.layers
    rect = panel.list.zone_rect(row_of(window, layer)[0], kind)
    assert not rect.isNull(), f"the row has no {kind}"
    QTest.mouseClick(panel.list.viewport(), LEFT, pos=rect.center())


def move_below(project, photo):
    project.editor.apply_document("Unlock", lambda document: set_locked(document, photo, False))
    project.editor.apply_document("Move", lambda document: move_layer(document, photo, Point(5, 3)))


def told(row):
    return " ".join(piece.text for pieces in account_of(row) for piece in pieces)


async def test_a_row_says_that_its_base_is_older_and_one_click_refits(window):
    photo, layer = await fitted_layer(window)
    project = window.page.project
    assert not row_of(window, layer)[1].older
    move_below(project, photo)
    row = row_of(window, layer)[1]
    assert row.older
    assert "refit" in told(row)
    model = window.page.layered.layers.list.model()
    assert "older base" in model.data(model.index_of(layer))
    press(window, layer, ZoneKind.REFIT)
    press(window, layer, ZoneKind.REFIT)  # impatient
    await labelled(project, "Refit")
    assert not row_of(window, layer)[1].older
    assert [step.label for step in project.editor.history.steps.values()].count("Refit") == 1
    window.do("undo")
    assert row_of(window, layer)[1].older


async def test_in_a_narrow_panel_the_word_that_counts_is_whole(window):
    photo, layer = await fitted_layer(window)
    move_below(window.page.project, photo)
    row = row_of(window, layer)[1]
    secondary = QFontMetrics(theme.font("secondary"))
    for width, words in ((344, "Older base: refit"), (280, "Refit")):
        layout = layout_of(row, width)
        assert layout.older_words == words
        assert layout.older.width() >= secondary.horizontalAdvance(words)
        assert layout.zone_at(layout.older.center()) == Zone(ZoneKind.REFIT)


async def test_an_open_row_leads_to_the_parts_and_tells_the_wear(window):
    _, layer = await fitted_layer(window)
    await until(lambda: "1 model pass from the source" in told(row_of(window, layer)[1]), 25)
    press(window, layer, ZoneKind.CHANGED)
    assert window.page.leak.isVisible()
    assert window.page.leak.parts.rows


async def test_the_menu_of_a_row_takes_it_apart(window):
    _, layer = await fitted_layer(window)
    panel = window.page.layered.layers
    panel.list.menu_wanted.emit(panel.list.mapToGlobal(panel.list.rect().center()))
    menu = next(one for one in panel.findChildren(QMenu) if one.isVisible())
    actions = {action.text(): action for action in menu.actions()}
    assert not actions["Refit to what lies below"].isEnabled()
    actions["Take apart"].trigger()
    await labelled(window.page.project, "Take apart by edit")
    assert isinstance(window.page.project.editor.document.layers[layer].content, Group)
    menu.close()


async def test_another_tools_answer_cannot_be_run_again(window):
    project = window.page.project
    with_picture(project.editor, project.pixels, coffee())
    answer = opaque(redrawn(coffee(), (GREEN, (60, 200, 60))))
    layer = with_picture(project.editor, project.pixels, answer, "elsewhere.jpg")
    window.page.canvas.active_layer = layer
    window.do("fit_layer")
    await labelled(project, "Fit to what lies below")
    row = row_of(window, layer)[1]
    assert isinstance(row, LayerRow)
    assert "run again" not in told(row)
    assert "what changed" in told(row)
    assert "another tool" in told(row)
    assert "from another tool" in what_made(row)
    await until(lambda: window.page.leak.isVisible())


async def test_of_two_selected_layers_the_upper_is_fitted_to_the_lower(window):
    project, panel = window.page.project, window.page.layered.layers
    base = with_picture(project.editor, project.pixels, coffee(), "base.png")
    between = with_picture(project.editor, project.pixels, picture(600, 400), "between.png")
    answer = opaque(redrawn(coffee(), (GREEN, (60, 200, 60))))
    upper = with_picture(project.editor, project.pixels, answer, "elsewhere.jpg")
    window.resize(1280, 1200)  # all rows in sight
    for _ in range(20):
        await asyncio.sleep(0.005)  # until they are laid out
    for place, keys in ((base, Qt.KeyboardModifier.NoModifier), (upper, Qt.KeyboardModifier.ControlModifier)):
        rect = panel.list.zone_rect(row_of(window, place)[0], ZoneKind.NAME)
        QTest.mouseClick(panel.list.viewport(), LEFT, keys, rect.center())
    assert set(panel.selected_layers()) == {base, upper}
    window.do("fit_layer")
    await labelled(project, "Fit to base.png")
    fit = project.refitting.fit_of(upper)
    assert fit is not None
    assert fit.outcome.value == "edit"
    assert not project.refitting.stale(upper)
    assert project.editor.document.layers[between].visible
