import pytest

from nanodesk.ui.history_panel.history_panel import HistoryPanel
from nanodesk.ui.history_panel.layered_history import LayeredHistory
from nanodesk.ui.history_panel.runs_panel import RunsPanel


@pytest.fixture
def dock(shown, project):
    return shown(LayeredHistory(project))


async def test_the_tabs_show_layers_or_steps(project, photo, dock, pointer):
    assert dock.layers.isVisible()
    pointer(dock.tabs).click(dock.tabs.tab_rect(1).center())
    assert dock.history.isVisible()
    assert not dock.layers.isVisible()
    pointer(dock.tabs).click(dock.tabs.tab_rect(0).center())
    assert dock.layers.isVisible()


async def test_a_tab_is_made_when_it_is_first_looked_at_and_knows_what_was_before(project, photo, dock, pointer):
    assert dock.findChildren(HistoryPanel) == []
    assert dock.findChildren(RunsPanel) == []
    pointer(dock.tabs).click(dock.tabs.tab_rect(1).center())
    (panel,) = dock.findChildren(HistoryPanel)
    labels = [panel.list.model().row(panel.list.model().index(place)).step.label for place in range(2)]
    assert labels[0] == "Add photo.jpg"
    pointer(dock.tabs).click(dock.tabs.tab_rect(2).center())
    (runs,) = dock.findChildren(RunsPanel)
    assert runs.isVisible()
    assert not panel.isVisible()
