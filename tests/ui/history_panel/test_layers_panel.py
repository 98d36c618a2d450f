import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from nanodesk.document.layer import Group
from nanodesk.document.operations.layers import set_locked
from nanodesk.document.run import RunState
from nanodesk.engines.errors import ServiceError
from nanodesk.ui.history_panel.layers_panel import LayersPanel
from nanodesk.ui.history_panel.rows import LayerRow, RunRow
from nanodesk.ui.history_panel.zones import ZoneKind
from tests.editor.scripted import picture, with_edits, with_picture
from tests.waiting import until


@pytest.fixture
def three(project, photo, in_loop):
    """Three layers, bottom first."""

    def add():
        middle = with_picture(project.editor, project.pixels, picture(value=10), "middle.png")
        return photo, middle, with_picture(project.editor, project.pixels, picture(value=200), "top.png")

    return in_loop(add)


@pytest.fixture
def panel(shown, project):
    return shown(LayersPanel(project))


def steps(project):
    return len(project.editor.history.steps)


def names(panel):
    return [row.layer.name for row in panel.list.model().rows if isinstance(row, LayerRow)]


def click(panel, pointer, place, kind, **keys):
    rect = panel.list.zone_rect(place, kind)
    assert not rect.isNull()
    pointer(panel.list.viewport()).click(rect.center(), **keys)


def key(panel, *args):
    QTest.keyClick(panel.list, *args)


async def test_an_empty_document_says_so(project, panel):
    assert panel.active_layer is None
    assert panel.list.model().rows == ()
    assert not panel.grab().isNull()


async def test_layers_show_top_most_first_and_the_newest_is_active(project, panel, three):
    assert names(panel) == ["top.png", "middle.png", "photo.jpg"]
    assert panel.active_layer == three[2]


async def test_a_click_makes_a_layer_active(project, three, panel, pointer, qtbot):
    told: list[object] = []
    panel.active_layer_changed.connect(told.append)
    click(panel, pointer, 1, ZoneKind.NAME)
    assert panel.active_layer == three[1]
    assert told == [three[1]]


async def test_the_eye_hides_and_space_shows_again(project, three, panel, pointer):
    click(panel, pointer, 0, ZoneKind.EYE)
    assert not project.editor.document.layer(three[2]).visible
    key(panel, Qt.Key.Key_Space)
    assert project.editor.document.layer(three[2]).visible
    project.editor.undo()
    assert not project.editor.document.layer(three[2]).visible


async def test_f2_renames_in_place(project, three, panel):
    key(panel, Qt.Key.Key_F2)
    field = panel.list.findChild(QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, "Blue sky")
    QTest.keyClick(field, Qt.Key.Key_Return)
    await until(lambda: project.editor.document.layer(three[2]).name == "Blue sky")
    assert names(panel)[0] == "Blue sky"


async def test_a_result_that_comes_while_a_name_is_written_leaves_it_alone(project, three, panel):
    key(panel, Qt.Key.Key_F2)
    field = panel.list.findChild(QLineEdit)
    QTest.keyClicks(field, "Half a na")
    newest = with_picture(project.editor, project.pixels, picture(value=77), "newest.png")
    panel.set_active_layer(newest)
    assert panel.active_layer == three[2]
    QTest.keyClicks(field, "me")
    QTest.keyClick(field, Qt.Key.Key_Return)
    await until(lambda: project.editor.document.layer(three[2]).name == "Half a name")


async def test_escape_leaves_the_name_alone(project, three, panel):
    before = steps(project)
    key(panel, Qt.Key.Key_F2)
    field = panel.list.findChild(QLineEdit)
    QTest.keyClicks(field, "no")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert project.editor.document.layer(three[2]).name == "top.png"
    assert steps(project) == before


async def test_delete_removes_with_a_word_that_it_can_be_undone(project, three, panel, notices):
    key(panel, Qt.Key.Key_Delete)
    assert three[2] not in project.editor.document.layers
    assert notices[-1].undo
    assert panel.active_layer == three[1]
    project.editor.undo()
    assert names(panel) == ["top.png", "middle.png", "photo.jpg"]


async def test_dragging_the_opacity_is_one_step(project, three, panel, pointer):
    ticks: list[tuple[str, float]] = []
    ended: list[str] = []
    panel.opacity_dragging.connect(lambda layer, value: ticks.append((layer, value)))
    panel.opacity_drag_ended.connect(ended.append)
    before = steps(project)
    start = panel.list.zone_rect(0, ZoneKind.OPACITY).center()
    ways = [start - QPoint(dx, 0) for dx in (10, 30, 60)]
    pointer(panel.list.viewport()).drag(start, *ways)
    assert project.editor.document.layer(three[2]).opacity == pytest.approx(0.7)
    assert steps(project) == before + 1
    assert len(ticks) == 3
    assert ended == [three[2]]
    project.editor.undo()
    assert project.editor.document.layer(three[2]).opacity == 1.0


async def test_two_drags_are_two_steps(project, three, panel, pointer):
    before = steps(project)
    for _ in range(2):
        start = panel.list.zone_rect(0, ZoneKind.OPACITY).center()
        pointer(panel.list.viewport()).drag(start, start - QPoint(20, 0), start - QPoint(40, 0))
    assert steps(project) == before + 2


async def test_a_click_on_the_opacity_opens_a_slider_with_a_number(project, three, panel, pointer):
    from nanodesk.ui.history_panel.opacity import OpacityPopup

    click(panel, pointer, 0, ZoneKind.OPACITY)
    popup = panel.findChild(OpacityPopup)
    popup.number.setValue(40)
    assert project.editor.document.layer(three[2]).opacity == pytest.approx(0.4)
    popup.close()


async def test_digits_set_the_opacity(project, three, panel):
    key(panel, Qt.Key.Key_3)
    assert project.editor.document.layer(three[2]).opacity == pytest.approx(0.3)
    key(panel, Qt.Key.Key_0)
    assert project.editor.document.layer(three[2]).opacity == 1.0


async def test_a_tick_sends_the_layer_along(project, three, panel, pointer):
    click(panel, pointer, 0, ZoneKind.TICK)
    assert project.editor.state.tray.of_layer(three[2]) is not None
    assert panel.list.model().rows[0].ticked
    click(panel, pointer, 0, ZoneKind.TICK)
    assert project.editor.state.tray.of_layer(three[2]) is None


async def test_a_layer_is_dragged_below_another(project, three, panel, pointer):
    before = steps(project)
    start = panel.list.zone_rect(0, ZoneKind.NAME).center()
    under = panel.list.visualRect(panel.list.model().index(2))
    pointer(panel.list.viewport()).drag(start, start + QPoint(0, 20), QPoint(60, under.top() - 6))
    assert project.editor.document.root == (three[0], three[2], three[1])
    assert steps(project) == before + 1
    assert panel.active_layer == three[2]


async def test_escape_takes_a_drag_back(project, three, panel, pointer):
    before = project.editor.document.root
    mouse = pointer(panel.list.viewport())
    start = panel.list.zone_rect(0, ZoneKind.NAME).center()
    mouse.drag(start, start + QPoint(0, 90), drop=False)
    key(panel, Qt.Key.Key_Escape)
    mouse.drop(start + QPoint(0, 90))
    assert project.editor.document.root == before


async def test_layers_are_grouped_and_dragged_into_a_group(project, three, panel, pointer):
    panel.set_active_layer(three[1])
    panel.layer_actions.group()
    group = project.editor.document.parent_of(three[1])
    assert isinstance(project.editor.document.layer(group).content, Group)
    start = panel.list.zone_rect(0, ZoneKind.NAME).center()
    into = panel.list.visualRect(panel.list.model().index_of(group)).center()
    pointer(panel.list.viewport()).drag(start, start + QPoint(0, 20), into)
    assert project.editor.document.layer(group).children == (three[1], three[2])


async def test_a_group_folds(project, three, panel, pointer):
    panel.set_active_layer(three[1])
    panel.layer_actions.group()
    place = panel.list.model().index_of(project.editor.document.parent_of(three[1])).row()
    click(panel, pointer, place, ZoneKind.DISCLOSURE)
    assert "middle.png" not in names(panel)
    click(panel, pointer, place, ZoneKind.DISCLOSURE)
    assert "middle.png" in names(panel)


async def test_what_a_lock_forbids_is_said_in_a_notice(project, three, panel, notices):
    project.editor.apply_document("Lock", lambda document: set_locked(document, three[2], True))
    panel.set_active_layer(three[2])
    panel.layer_actions.toggle_mask()
    await until(lambda: panel.header.lock.accessibleDescription() == "locked")
    panel.header.lock.click()
    assert not project.editor.document.layer(three[2]).locked


async def test_moving_up_and_down_by_action(project, three, panel):
    panel.layer_actions.lower_layers()
    assert project.editor.document.root == (three[0], three[2], three[1])
    panel.layer_actions.raise_layers()
    assert project.editor.document.root == three
    panel.select_below()
    assert panel.active_layer == three[1]


async def test_duplicate_makes_the_copy_active(project, three, panel):
    panel.layer_actions.duplicate()
    assert names(panel)[0] == "top.png copy"
    assert panel.active_layer == project.editor.document.root[-1]


async def test_a_run_under_way_stands_where_its_result_will_come_and_can_be_cancelled(
    project, three, panel, pointer, engine
):
    engine.gate.clear()
    with_edits(project.editor, "make it warmer")
    run = project.runs.submit()
    row = panel.list.model().rows[0]
    assert isinstance(row, RunRow)
    assert not panel.grab().isNull()
    click(panel, pointer, 0, ZoneKind.CANCEL)
    assert (await project.runs.finished(run)).state is RunState.CANCELLED
    assert names(panel) == ["top.png", "middle.png", "photo.jpg"]
    assert len(panel.list.model().rows) == 3


async def test_a_finished_run_is_a_layer_that_tells_its_run(project, three, panel, engine):
    engine.missed = {"add steam": "not found in the result"}
    with_edits(project.editor, "make it warmer", "add steam")
    await project.runs.finished(project.runs.submit())
    row = panel.list.model().rows[0]
    assert isinstance(row, LayerRow)
    assert row.unfolded
    assert panel.active_layer == row.layer.id
    assert not panel.list.zone_rect(0, ZoneKind.RUN_AGAIN).isNull()
    assert not panel.grab().isNull()


async def test_revert_to_here_keeps_the_sentences(project, three, panel, pointer):
    with_edits(project.editor, "make it warmer")
    await project.runs.finished(project.runs.submit())
    made = panel.list.model().rows[0].layer.id
    panel.layer_actions.show(False, made, three[0])
    with_edits(project.editor, "another sentence")
    click(panel, pointer, 0, ZoneKind.REVERT)
    assert project.editor.document.layer(made).visible
    assert [edit.instruction for edit in project.editor.state.edit_stack] == ["make it warmer", "another sentence"]


async def test_branch_stands_at_the_step_of_the_run(project, three, panel, pointer):
    with_edits(project.editor, "make it warmer")
    await project.runs.finished(project.runs.submit())
    made = project.editor.history.current
    panel.layer_actions.show(False, three[0])
    click(panel, pointer, 0, ZoneKind.BRANCH)
    assert project.editor.history.current == made


async def test_a_missed_edit_is_run_again_alone(project, three, panel, pointer, engine):
    engine.missed = {"add steam": "not found in the result"}
    with_edits(project.editor, "make it warmer", "add steam")
    await project.runs.finished(project.runs.submit())
    engine.missed = {}
    click(panel, pointer, 0, ZoneKind.RUN_AGAIN)
    newest = list(project.runs.runs)[-1]
    await project.runs.finished(newest)
    assert [edit.instruction for edit in engine.requests[-1].edits] == ["add steam"]
    assert [edit.enabled for edit in project.editor.state.edit_stack] == [False, True]


async def test_a_failed_run_says_why_and_is_put_away(project, three, panel, pointer, engine):
    engine.failure = ServiceError("The picture is too large for this engine: crop it first.")
    with_edits(project.editor, "make it warmer")
    await project.runs.finished(project.runs.submit())
    assert isinstance(panel.list.model().rows[0], RunRow)
    click(panel, pointer, 0, ZoneKind.RUN_AGAIN)
    await project.runs.finished(list(project.runs.runs)[-1])
    assert len(project.runs.runs) == 2
    click(panel, pointer, 0, ZoneKind.DISMISS)
    assert len(panel.list.model().rows) == 3


async def test_the_same_layers_stay_selected_through_undo(project, three, panel):
    panel.set_active_layer(three[0])
    panel.layer_actions.set_opacity(0.5)
    project.editor.undo()
    assert panel.active_layer == three[0]
    assert panel.list.selected_layers() == (three[0],)


async def test_the_canvas_may_name_the_active_layer_back_before_the_list_knows_it(project, shown):
    """The canvas follows new layers as well, and Ctrl is still held after Ctrl+Enter."""
    panels: list[LayersPanel] = []
    project.editor.changed.connect(lambda _: panels[0].set_active_layer(project.editor.document.root[-1]))
    panel = shown(LayersPanel(project))
    panels.append(panel)
    panel.active_layer_changed.connect(panel.set_active_layer)
    QTest.keyPress(panel.list, Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier)
    layer = with_picture(project.editor, project.pixels, picture())
    QTest.keyRelease(panel.list, Qt.Key.Key_Control)
    assert panel.active_layer == layer
    assert panel.list.selected_layers() == (layer,)


async def test_a_layer_picked_in_a_folded_group_unfolds_it(project, three, panel, pointer):
    panel.set_active_layer(three[1])
    panel.layer_actions.group()
    click(panel, pointer, panel.list.model().index_of(panel.active_layer).row(), ZoneKind.DISCLOSURE)
    assert "middle.png" not in names(panel)
    panel.set_active_layer(three[1])
    assert "middle.png" in names(panel)
    assert panel.list.selected_layers() == (three[1],)


async def test_the_context_menu_offers_every_operation(project, three, panel, qtbot):
    from PySide6.QtWidgets import QMenu

    panel.list.menu_wanted.emit(QPoint(10, 10))
    menu = panel.findChild(QMenu)
    titles = {action.text() for action in menu.actions()}
    assert {"Rename", "Duplicate", "Remove", "Group", "Ungroup", "Merge down", "Lock", "Send as reference"} <= titles
    blend = next(action.menu() for action in menu.actions() if action.menu() is not None)
    next(action for action in blend.actions() if action.text() == "Multiply").trigger()
    assert project.editor.document.layer(three[2]).blend_mode == "multiply"
    menu.close()
