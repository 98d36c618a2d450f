import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from nanodesk.document.history import History, Step
from nanodesk.document.identity import StepId
from nanodesk.document.operations.layers import set_opacity, set_visible
from nanodesk.ui.history_panel.history_panel import HistoryPanel
from nanodesk.ui.history_panel.step_graph import step_rows
from tests.editor.scripted import with_edits
from tests.waiting import until


@pytest.fixture
def panel(shown, project):
    return shown(HistoryPanel(project), height=400)


def labels(panel):
    return [row.step.label for row in panel.list.model().rows]


def middle(panel, place):
    rect = panel.list.visualRect(panel.list.model().index(place))
    return QPoint(rect.left() + 90, rect.center().y())


def hide(project, photo):
    return project.editor.apply_document("Hide", lambda document: set_visible(document, photo, False))


async def test_the_newest_step_is_at_the_top_and_the_current_one_is_marked(project, photo, panel):
    hide(project, photo)
    await until(lambda: labels(panel)[0] == "Hide")
    assert labels(panel) == ["Hide", "Add photo.jpg", "New document"]
    assert panel.list.model().current.row() == 0
    project.editor.undo()
    await until(lambda: panel.list.model().rows[0].undone)
    assert panel.list.model().current.row() == 1


async def test_a_click_goes_to_a_step_and_loses_nothing(project, photo, panel, pointer):
    hide(project, photo)
    await until(lambda: labels(panel)[0] == "Hide")
    pointer(panel.list.viewport()).click(middle(panel, 1))
    assert project.editor.document.layer(photo).visible
    assert len(project.editor.history.steps) == 3


async def test_revert_to_here_is_a_new_step_that_keeps_the_sentences(project, photo, panel, pointer):
    hide(project, photo)
    with_edits(project.editor, "make it warmer")
    await until(lambda: labels(panel)[0] == "Add edit")
    mouse = pointer(panel.list.viewport())
    index = panel.list.model().index(2)
    QTest.mouseMove(panel.list.viewport(), middle(panel, 2))
    button = panel.list.itemDelegate().button_rect(panel.list.visualRect(index), index)
    mouse.click(button.center())
    assert project.editor.document.layer(photo).visible
    assert [edit.instruction for edit in project.editor.state.edit_stack] == ["make it warmer"]
    await until(lambda: labels(panel)[0].startswith("Revert to"))


async def test_keys_walk_the_history(project, photo, panel):
    hide(project, photo)
    await until(lambda: labels(panel)[0] == "Hide")
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert project.editor.document.layer(photo).visible


async def test_a_branch_stands_beside_the_line(project, photo, panel):
    hide(project, photo)
    project.editor.undo()
    project.editor.apply_document("Fade", lambda document: set_opacity(document, photo, 0.5))
    await until(lambda: labels(panel)[0] == "Fade")
    rows = {row.step.label: row for row in panel.list.model().rows}
    assert rows["Fade"].lane == 0
    assert rows["Hide"].lane == 1
    assert not rows["Hide"].on_line
    assert rows["Add photo.jpg"].joins == (1,)
    assert not panel.grab().isNull()


async def test_an_amended_step_stays_one_row(project, photo, panel):
    for opacity in (0.9, 0.8):
        project.editor.apply_document(
            "Fade", lambda document, to=opacity: set_opacity(document, photo, to), amend=opacity < 0.9
        )
        await until(lambda: labels(panel)[0] == "Fade")
    assert labels(panel) == ["Fade", "Add photo.jpg", "New document"]
    history = project.editor.history
    await until(lambda: panel.list.model().rows[0].step is history.step(history.current))


def test_thousands_of_steps_are_laid_out_in_one_pass():
    steps = {StepId("0"): Step(StepId("0"), None, "New document", 0.0)}
    for number in range(1, 5000):
        parent = StepId(str(number - 1 if number % 10 else number // 2))
        steps[StepId(str(number))] = Step(StepId(str(number)), parent, "Step", float(number))
    rows = step_rows(History(steps, StepId("4999"), StepId("0")))
    assert len(rows) == 5000
    line = [row for row in rows if row.on_line]
    assert all(row.lane == 0 for row in line)
    assert line[-1].step.parent is None


def test_every_line_that_begins_also_ends():
    steps = {StepId("0"): Step(StepId("0"), None, "New document", 0.0)}
    for number, parent in enumerate((0, 0, 1, 1, 2, 5, 3), 1):
        steps[StepId(str(number))] = Step(StepId(str(number)), StepId(str(parent)), "Step", 0.0)
    rows = step_rows(History(steps, StepId("6"), StepId("0")))
    open_lanes: set[int] = set()
    for row in rows:
        assert set(row.through) | set(row.joins) | (set() if row.ends else {row.lane}) == open_lanes
        open_lanes = set(row.through) | ({row.lane} if row.step.parent is not None else set())
    assert not open_lanes
