"""When the file, its project or its disk is not what it was: what there is opens, and says what is missing."""

import sqlite3

import numpy as np
import pytest

from nanodesk.editor.disk import DiskStatus
from nanodesk.editor.errors import SaveError
from nanodesk.editor.intake import PictureSource
from nanodesk.imaging.codec import encode_png
from tests.editor.kept import recovery_files, renamed, saved_and_left_unsaved, shown, with_work, workspace
from tests.editor.scripted import picture
from tests.storage.made import spoil_tiles
from tests.waiting import until


@pytest.mark.allow_log
async def test_work_whose_project_is_gone_opens_by_itself(folder):
    path, state, _ = await saved_and_left_unsaved(folder)
    path.unlink()
    space = workspace(folder)
    said = []
    space.opened.connect(lambda project: project.notices.connect(lambda notice: said.append(notice.message)))
    (project,) = await space.restore()
    assert said == [project.read_note]
    assert project.name == "Recovered work"
    assert project.path is None
    assert project.modified
    assert "is gone or another one" in project.read_note
    assert project.editor.document.layers.keys() == state.document.layers.keys()
    assert project.editor.document.layer(state.document.root[-1]).name == "After the save"
    assert len(project.keeping.condition.damaged_layers) == 0
    shown(project)  # what lay in the project alone is hatched
    assert len(project.keeping.condition.damaged_layers) == 2
    await project.keeping.flushed()
    assert len(recovery_files(folder)) == 1
    await project.save_as(folder / "again.nanodesk")
    await space.shut_down()
    assert recovery_files(folder) == []
    space = workspace(folder)
    again = await space.open(folder / "again.nanodesk")
    assert again.editor.document.layers.keys() == state.document.layers.keys()
    await space.shut_down()


async def test_a_project_renamed_in_its_folder_is_found_again(folder):
    path, state, seen = await saved_and_left_unsaved(folder)
    moved = path.rename(folder / "better name.nanodesk")
    (folder / "other.nanodesk").write_bytes(b"nothing")
    space = workspace(folder)
    (project,) = await space.restore()
    assert project.path == moved
    assert project.editor.state == state
    assert np.array_equal(shown(project), seen)
    await project.save()
    await space.shut_down()


@pytest.mark.allow_log
async def test_work_on_another_save_of_its_project_keeps_both(folder):
    """A sync client put an older or another version in the project's place."""
    path, state, _ = await saved_and_left_unsaved(folder)
    path.unlink()
    space = workspace(folder)
    other = space.new()
    await other.place([PictureSource("other.png", data=encode_png(picture(value=3)))])
    await other.save_as(path)
    await space.shut_down()
    before = path.read_bytes()
    space = workspace(folder)
    (project,) = await space.restore()
    assert project.path is None
    assert project.editor.document.layers.keys() == state.document.layers.keys()
    assert path.read_bytes() == before
    await space.close(project, discard=True)
    assert path.read_bytes() == before
    await space.shut_down()


async def test_a_recovery_file_of_which_nothing_is_left_is_named_once_and_kept(folder):
    _, _, _ = await saved_and_left_unsaved(folder)
    (left,) = recovery_files(folder)
    left.write_bytes(b"SQLite format 3\x00 and then nothing")
    space = workspace(folder)
    assert await space.restore() == ()
    assert "could not be brought back" in space.lost[0]
    await space.shut_down()
    assert [one.suffix for one in (folder / "state" / "recovery").iterdir()] == [".unreadable"]
    space = workspace(folder)
    assert await space.restore() == ()
    assert space.lost == []
    await space.shut_down()


@pytest.mark.allow_log
async def test_a_damaged_recovery_file_is_salvaged(folder):
    path, state, _ = await saved_and_left_unsaved(folder)
    (left,) = recovery_files(folder)
    connection = sqlite3.connect(left)
    connection.execute("UPDATE meta SET value = 'nowhere' WHERE key = 'current'")
    connection.execute("DROP TABLE visited")
    connection.commit()
    connection.close()
    space = workspace(folder)
    (project,) = await space.restore()
    assert project.editor.document.layers.keys() == state.document.layers.keys()
    assert project.path is None
    await project.keeping.flushed()
    assert left not in recovery_files(folder)
    await space.close(project, discard=True)
    await space.shut_down()
    assert path.exists()


@pytest.mark.allow_log
async def test_damage_is_found_in_the_background_and_the_layer_named(folder):
    path = folder / "work.nanodesk"
    space = workspace(folder)
    project = space.new()
    await with_work(project)
    await project.save_as(path)
    base, top = project.editor.document.root
    tiles = [tile.id for tile in project.editor.document.layer(base).grid.tiles]
    above = project.editor.document.layer(top).grid.ids()
    await space.shut_down()
    spoil_tiles(path, [tiles[-1]])
    space = workspace(folder)
    project = await space.open(path)
    said = []
    project.notices.connect(lambda notice: said.append(notice.message))
    await project.keeping.condition.inspection.finished()
    await until(lambda: said)
    if tiles[-1] not in above:
        assert project.keeping.condition.damaged_layers == (base,)
    assert "“photo.png”" in said[0]
    assert "is hatched" in said[0]
    assert said[0] == project.read_note
    await project.save_as(folder / "rest.nanodesk")
    await space.shut_down()


@pytest.mark.allow_log
async def test_a_project_that_cannot_be_opened_as_a_whole_is_salvaged(folder):
    path, state, seen = await saved_and_left_unsaved(folder)
    for left in recovery_files(folder):
        left.unlink()
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM changes WHERE step = (SELECT id FROM steps ORDER BY seq DESC LIMIT 1)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    space = workspace(folder)
    project = await space.open(path)
    assert project.path is None
    assert project.name == "Recovered work"
    assert "All but one step" in project.read_note
    assert project.editor.document.layers.keys() == state.document.layers.keys()
    await project.keeping.flushed()
    assert project.disk_status is DiskStatus.ON_DISK
    await project.save_as(folder / "again.nanodesk")
    await space.shut_down()
    assert path.read_bytes() == before
    space = workspace(folder)
    again = await space.open(folder / "again.nanodesk")
    assert shown(again).shape == seen.shape
    assert again.read_note == ""
    await space.shut_down()


async def test_a_strangers_file_is_saved_as_a_file_of_our_own(folder):
    path, _, _ = await saved_and_left_unsaved(folder)
    for left in recovery_files(folder):
        left.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TRIGGER wipe AFTER INSERT ON steps BEGIN DELETE FROM tiles; END")
    connection.commit()
    connection.close()
    space = workspace(folder)
    project = await space.open(path)
    top = renamed(project, "Ours")
    assert project.read_only == ""
    seen = shown(project)
    await project.save()
    await space.shut_down()
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'").fetchone() == (0,)
    connection.close()
    space = workspace(folder)
    again = await space.open(path)
    assert again.editor.document.layer(top).name == "Ours"
    assert np.array_equal(shown(again), seen)
    await space.shut_down()


@pytest.fixture
def fragile_place(folder):
    """A folder that a sync program keeps."""
    place = folder / "Dropbox"
    place.mkdir()
    return place


async def test_where_a_disk_may_go_away_the_work_goes_on_from_a_copy(folder, fragile_place):
    path = fragile_place / "work.nanodesk"
    space = workspace(folder)
    project = space.new()
    await with_work(project)
    await project.save_as(path)
    await space.close(project)
    project = await space.open(path)
    await project.keeping.condition.inspection.finished()
    assert list((folder / "state" / "recovery").glob("*.base"))
    path.unlink()
    renamed(project, "Still here")
    with pytest.raises(SaveError, match="no longer there"):
        await project.save()
    assert project.modified
    seen = shown(project)
    await project.save_as(folder / "elsewhere.nanodesk")
    assert not project.modified
    await space.shut_down()
    assert list((folder / "state" / "recovery").iterdir()) == []
    space = workspace(folder)
    again = await space.open(folder / "elsewhere.nanodesk")
    assert np.array_equal(shown(again), seen)
    await space.shut_down()


async def test_after_a_crash_the_copy_stands_in_for_a_disk_that_is_away(folder, fragile_place):
    path = fragile_place / "work.nanodesk"
    space = workspace(folder)
    project = space.new()
    await with_work(project)
    await project.save_as(path)
    await space.close(project)
    project = await space.open(path)
    await project.keeping.condition.inspection.finished()
    renamed(project, "Not saved")
    await project.keeping.flushed()
    state, seen = project.editor.state, shown(project)
    await space.shut_down()
    path.unlink()
    space = workspace(folder)
    (restored,) = await space.restore()
    assert restored.path is None
    assert restored.editor.state == state
    assert np.array_equal(shown(restored), seen)
    await restored.keeping.flushed()
    await restored.save_as(folder / "rescued.nanodesk")
    assert np.array_equal(shown(restored), seen)
    await space.shut_down()
    assert list((folder / "state" / "recovery").iterdir()) == []


async def test_in_a_synced_folder_a_save_puts_a_whole_file_in_place(folder, fragile_place):
    path = fragile_place / "work.nanodesk"
    space = workspace(folder)
    project = space.new()
    await with_work(project)
    await project.save_as(path)
    node = path.stat().st_ino
    renamed(project, "Saved")
    await project.save()
    assert path.stat().st_ino != node
    assert [one.name for one in fragile_place.iterdir()] == ["work.nanodesk"]
    await project.keeping.condition.inspection.finished()  # nobody reads it just now
    path.write_bytes(path.read_bytes())  # a sync program writes it anew: the same bytes, then others
    renamed(project, "Saved again")
    await project.save()
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    other.replace(path)
    renamed(project, "Once more")
    with pytest.raises(SaveError, match="changed by another program"):
        await project.save()
    assert project.modified
    await space.close(project, discard=True)
    await space.shut_down()
