"""What is done while the writing thread is busy with something else than writing is on disk all the same."""

import threading

import pytest

from nanodesk.editor.disk import DiskStatus
from nanodesk.editor.workspace import Workspace
from nanodesk.storage.settings import Settings
from tests.editor.scripted import picture, with_edits, with_picture
from tests.waiting import until


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr("nanodesk.editor.workspace.state_folder", lambda: tmp_path / "state")
    return tmp_path


async def test_a_step_made_while_tiles_are_cooled_is_written(folder, monkeypatch):
    space = Workspace([], Settings(folder / "settings.json"), folder / "state" / "recovery")
    project = space.new()
    cooling, go_on = threading.Event(), threading.Event()
    cool = project.pixels.cool

    def slow(hot):
        cooling.set()
        assert go_on.wait(10)
        return cool(hot)

    monkeypatch.setattr(project.pixels, "cool", slow)
    with_picture(project.editor, project.pixels, picture())
    await until(cooling.is_set)
    assert project.disk_status is DiskStatus.ON_DISK
    with_edits(project.editor, "make it warmer")
    go_on.set()
    await project.keeping.flushed()
    assert project.keeping._for_recovery.empty
    assert project.disk_status is DiskStatus.ON_DISK
    await space.shut_down()
