import pytest

from nanodesk.ui.history_panel.layered_history import LayeredHistory


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
