import asyncio
import shutil
import threading

import numpy as np
import pytest

from nanodesk.document.operations.layers import rename, set_visible
from nanodesk.editor.disk import DiskStatus
from nanodesk.editor.errors import NewerProjectError, OpenError, SaveError
from nanodesk.editor.previews import previews
from nanodesk.editor.workspace import Workspace
from nanodesk.storage.project_file import ProjectFile
from nanodesk.storage.settings import Settings
from tests.editor.kept import brighter, renamed, shown, with_work, workspace
from tests.editor.scripted import ScriptedEngine


async def test_everything_is_there_after_save_close_and_open(folder):
    path = folder / "work.nanodesk"
    space = workspace(folder)
    project = space.new()
    await with_work(project)
    before, state, history = shown(project), project.editor.state, project.editor.history
    run = next(iter(project.runs.runs.values()))
    await project.save_as(path)
    assert not project.modified
    await space.shut_down()
    assert sorted(one.name for one in folder.glob("work*")) == ["work.nanodesk"]

    space = workspace(folder)
    project = await space.open(path)
    assert project.editor.state == state
    assert set(project.editor.history.steps) == set(history.steps)
    assert project.editor.history.current == history.current
    assert np.array_equal(shown(project), before)
    assert next(iter(project.runs.runs.values())) == run
    while project.editor.can_undo:
        project.editor.undo()
    assert project.editor.document.empty
    while project.editor.can_redo:
        project.editor.redo()
    assert np.array_equal(shown(project), before)
    await space.shut_down()


async def test_a_second_save_writes_only_what_is_new(folder):
    path = folder / "work.nanodesk"
    space = workspace(folder)
    project = space.new()
    await with_work(project)
    await project.save_as(path)
    tiles = project.keeping.files.tiles()
    top = project.editor.document.root[-1]
    project.editor.apply_document("Rename", lambda d: rename(d, top, "Again"))
    assert project.modified
    await project.save()
    assert project.keeping.files.tiles() == tiles
    assert not project.modified
    await space.shut_down()


async def test_work_that_was_never_saved_comes_back_after_a_crash(folder):
    space = workspace(folder)
    project = space.new()
    await with_work(project)
    before, state = shown(project), project.editor.state
    await project.keeping.flushed()
    assert project.disk_status is DiskStatus.ON_DISK
    crashed = folder / "crashed"
    shutil.copytree(folder / "state" / "recovery", crashed)
    await space.close(project, discard=True)
    await space.shut_down()

    space = Workspace([ScriptedEngine(brighter)], Settings(folder / "settings.json"), crashed)
    (restored,) = await space.restore()
    assert restored.editor.state == state
    assert np.array_equal(shown(restored), before)
    assert restored.modified
    await restored.save_as(folder / "rescued.nanodesk")
    await space.shut_down()
    assert not list(crashed.glob("*.recovery"))


async def test_unsaved_changes_of_a_saved_project_come_back_too(folder):
    path = folder / "work.nanodesk"
    space = workspace(folder)
    project = space.new()
    await with_work(project)
    await project.save_as(path)
    top = project.editor.document.root[-1]
    project.editor.apply_document("Rename", lambda d: rename(d, top, "After the save"))
    await project.keeping.flushed()
    await space.shut_down()  # keeps what is not saved

    space = workspace(folder)
    (restored,) = await space.restore()
    assert restored.path == path
    assert restored.editor.document.layer(top).name == "After the save"
    assert restored.modified
    await restored.save()
    await space.shut_down()
    space = workspace(folder)
    assert await space.restore() == ()
    again = await space.open(path)
    assert again.editor.document.layer(top).name == "After the save"
    await space.shut_down()


async def test_a_second_window_reads_and_says_why_it_cannot_save(folder):
    path = folder / "work.nanodesk"
    one, two = workspace(folder), workspace(folder)
    project = one.new()
    await with_work(project)
    await project.save_as(path)
    second = await two.open(path)
    assert "open in another window" in second.read_only
    with pytest.raises(SaveError, match="another window"):
        await second.save()
    await second.save_as(folder / "copy.nanodesk")
    assert second.read_only == ""
    await one.shut_down()
    await two.shut_down()


async def test_files_that_are_no_projects_say_so_and_stay_as_they_are(folder):
    space = workspace(folder)
    path = folder / "odd.nanodesk"
    path.write_bytes(b"this is not a project at all" * 100)
    with pytest.raises(OpenError, match="not a Nanodesk project"):
        await space.open(path)
    assert path.read_bytes().startswith(b"this is not")
    with pytest.raises(OpenError, match="not there"):
        await space.open(folder / "gone.nanodesk")
    assert space.projects == ()
    await space.shut_down()


async def test_a_newer_version_is_refused_and_left_alone(folder):
    import sqlite3

    path = folder / "work.nanodesk"
    space = workspace(folder)
    project = space.new()
    await with_work(project)
    await project.save_as(path)
    await space.close(project)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(NewerProjectError, match="newer version"):
        await space.open(path)
    assert path.read_bytes() == before
    await space.shut_down()


async def test_a_save_that_cannot_be_written_loses_nothing(folder):
    space = workspace(folder)
    project = space.new()
    await with_work(project)
    (folder / "file").write_bytes(b"")
    with pytest.raises(SaveError, match="file"):
        await project.save_as(folder / "file" / "work.nanodesk")
    assert project.modified
    await project.save_as(folder / "work.nanodesk")
    assert not project.modified
    await space.shut_down()


async def test_a_crop_keeps_selections_where_they_were_on_the_picture(folder):
    from nanodesk.document.geometry import Rect
    from nanodesk.document.operations.selections import set_selection
    from nanodesk.document.selection import RectangleSelection, Selection

    space = workspace(folder)
    project = space.new()
    await with_work(project)
    marked = Selection(RectangleSelection(Rect(50, 60, 20, 20)))
    project.editor.apply("Select", lambda state: set_selection(state, marked))
    await project.crop(Rect(40, 40, 100, 100))
    assert project.editor.document.size.width == 100
    assert project.editor.state.selection.bounds == Rect(10, 20, 20, 20)
    await space.close(project, discard=True)
    await space.shut_down()


async def test_previews_follow_a_save_and_are_of_what_was_saved(folder):
    path = folder / "work.nanodesk"
    space = workspace(folder)
    project = space.new()
    await with_work(project)
    await project.save_as(path)
    top = project.editor.document.root[-1]
    first = previews(project.editor.document, project.pixels)
    project.editor.apply_document("Hide", lambda d: set_visible(d, top, False))
    saved = previews(project.editor.document, project.pixels)
    assert saved != first
    await project.save()
    project.editor.apply_document("Show", lambda d: set_visible(d, top, True))
    await project.keeping.flushed()
    await space.close(project, discard=True)
    file = ProjectFile.open(path)
    assert tuple(file.preview(one.kind) for one in saved) == saved
    file.close()
    again = await space.open(path)
    assert not again.editor.document.layer(top).visible
    await space.shut_down()


async def test_a_fault_of_ours_while_saving_keeps_the_work_for_the_next_save(folder, monkeypatch):
    path = folder / "work.nanodesk"
    space = workspace(folder)
    project = space.new()
    await with_work(project)
    await project.save_as(path)
    renamed(project, "Not yet")

    def failing(batch):
        raise ZeroDivisionError

    monkeypatch.setattr(project.keeping.files, "write_project", failing)
    with pytest.raises(ZeroDivisionError):
        await project.save()
    assert project.modified
    monkeypatch.undo()
    monkeypatch.setattr("nanodesk.editor.workspace.state_folder", lambda: folder / "state")
    await project.save()
    assert not project.modified
    await space.shut_down()


async def test_a_step_made_while_tiles_are_packed_is_written_too(folder, monkeypatch):
    space = workspace(folder)
    project = space.new()
    await with_work(project)
    await project.keeping.flushed()
    cooling, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def slowly(hot):
        loop.call_soon_threadsafe(cooling.set)
        go_on.wait(5)

    monkeypatch.setattr(project.pixels, "cool", slowly)
    renamed(project, "First")
    await cooling.wait()
    renamed(project, "Meanwhile")
    said = [project.disk_status]
    go_on.set()
    await project.keeping.flushed()
    written = project.keeping.files.recovered_steps()
    assert written == list(project.editor.history.steps)
    assert [*said, project.disk_status] == [DiskStatus.WRITING, DiskStatus.ON_DISK]
    await space.close(project, discard=True)
    await space.shut_down()
