"""A layer of which a part cannot be read is marked in the list, as soon as that is found out."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from nanodesk.document.layer import Group
from nanodesk.ui import theme
from nanodesk.ui.history_panel.layers_panel import LayersPanel
from nanodesk.ui.history_panel.rows import Folding, LayerRow, rows_of
from nanodesk.ui.history_panel.words import damage_mark, damage_told
from nanodesk.ui.history_panel.zones import ZoneKind
from tests.editor.scripted import picture, with_picture
from tests.storage.made import spoil_tiles
from tests.waiting import until


@pytest.fixture
def spoiled(qloop, workspace, tmp_path):
    """A project file of two layers, the lower one with a tile that cannot be read."""
    path = tmp_path / "two.nanodesk"

    async def saved():
        project = workspace.new()
        lower = with_picture(project.editor, project.pixels, picture(value=30), "lower.png")
        with_picture(project.editor, project.pixels, picture(value=200), "upper.png")
        await project.save_as(path)
        (grid,) = project.editor.document.layer(lower).grids()
        await workspace.close(project)
        return [next(tile.id for tile in grid.tiles if tile is not None)]

    spoil_tiles(path, qloop.run_until_complete(saved()))
    return path


def layer_rows(state, folding, damaged):
    return [row for row in rows_of(state, {}, folding, damaged=damaged) if isinstance(row, LayerRow)]


def row_of(panel, name):
    return next(row for row in panel.list.model().rows if isinstance(row, LayerRow) and row.layer.name == name)


def spoken(panel, name, role):
    model = panel.list.model()
    return str(model.data(model.index_of(row_of(panel, name).layer.id), role))


def has_colour(widget, colour):
    image = widget.grab().toImage()
    wanted = colour.rgb()
    return any(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


@pytest.mark.allow_log
async def test_the_list_follows_what_the_look_over_finds(workspace, spoiled, shown):
    project = await workspace.open(spoiled)
    panel = shown(LayersPanel(project))
    first = [row.damaged for row in panel.list.model().rows]
    await project.keeping.condition.inspection.finished()
    await until(lambda: row_of(panel, "lower.png").damaged)
    assert first == [False, False]  # nothing was read yet: no row said more than was known
    assert not row_of(panel, "upper.png").damaged
    assert "part of it is damaged" in spoken(panel, "lower.png", Qt.ItemDataRole.AccessibleTextRole)
    assert "hatched" in spoken(panel, "lower.png", Qt.ItemDataRole.AccessibleDescriptionRole)
    assert "damaged" not in spoken(panel, "upper.png", Qt.ItemDataRole.AccessibleTextRole)
    assert spoken(panel, "upper.png", Qt.ItemDataRole.AccessibleDescriptionRole) == ""


@pytest.mark.allow_log
async def test_the_mark_is_in_the_colour_that_wants_attention_and_the_tip_says_what_it_means(workspace, spoiled, shown):
    project = await workspace.open(spoiled)
    panel = shown(LayersPanel(project))
    attention = theme.colours().attention
    assert not has_colour(panel.list.viewport(), attention)
    await project.keeping.condition.inspection.finished()
    await until(lambda: row_of(panel, "lower.png").damaged)
    assert has_colour(panel.list.viewport(), attention)
    place = panel.list.zone_rect(1, ZoneKind.NAME).center()
    point = QPoint(place.x(), place.y() + 18)  # the second line
    QApplication.sendEvent(
        panel.list.viewport(),
        QHelpEvent(QEvent.Type.ToolTip, point, panel.list.viewport().mapToGlobal(point)),
    )
    assert "Part of it is damaged" in QToolTip.text()
    assert "lower.png" in QToolTip.text()
    QToolTip.hideText()


@pytest.mark.allow_log
async def test_a_layer_without_the_damaged_part_is_whole_again(workspace, spoiled, shown):
    project = await workspace.open(spoiled)
    panel = shown(LayersPanel(project))
    await project.keeping.condition.inspection.finished()
    await until(lambda: row_of(panel, "lower.png").damaged)
    panel.set_active_layer(row_of(panel, "lower.png").layer.id)
    panel.layer_actions.remove()
    assert [row.damaged for row in panel.list.model().rows] == [False]
    project.editor.undo()
    assert row_of(panel, "lower.png").damaged


async def test_a_folded_group_speaks_for_the_layers_in_it(project, photo, shown):
    panel = shown(LayersPanel(project))
    panel.set_active_layer(photo)
    panel.layer_actions.group()
    document = project.editor.document
    group = next(layer for layer in document.layers.values() if isinstance(layer.content, Group))
    state, damaged = project.editor.state, frozenset({photo})
    assert [row.damaged for row in layer_rows(state, Folding(), damaged)] == [False, True]
    (row,) = layer_rows(state, Folding(folded={group.id}), damaged)
    assert damage_mark(row) == "a layer in it is damaged"
    assert damage_told(row).startswith("A layer in it is damaged: ")
    (row,) = layer_rows(state, Folding(folded={group.id}), frozenset())
    assert damage_mark(row) == ""
    assert damage_told(row) == ""
