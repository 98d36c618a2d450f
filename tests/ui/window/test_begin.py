"""What a start does once the window is there: bring back lost work, then open what was asked for."""

from nanodesk.app import _begin
from nanodesk.editor.workspace import Workspace
from nanodesk.storage.settings import Settings
from tests.ui.window.seen import photo


async def lost_work(folder):
    """What a session that was killed leaves."""
    workspace = Workspace([], Settings(), folder)
    project = workspace.new()
    await project.place([photo()])
    await project.keeping.flushed()
    await workspace.shut_down()


def untitled(window):
    return [one for one in window.workspace.projects if one.editor.document.empty]


async def test_nothing_lost_leaves_the_empty_tab(window):
    await _begin(window, [])
    assert untitled(window) == list(window.workspace.projects)


async def test_restored_work_takes_the_place_of_the_empty_tab(window, tmp_path):
    await lost_work(window.workspace._recovery)
    await _begin(window, [])
    assert len(window.workspace.projects) == 1
    assert untitled(window) == []


async def test_a_file_that_is_asked_for_stands_beside_restored_work(window, tmp_path):
    await lost_work(window.workspace._recovery)
    path = tmp_path / "asked for.png"
    path.write_bytes(photo().data)
    await _begin(window, [path])
    assert len(window.workspace.projects) == 2
    assert untitled(window) == []
