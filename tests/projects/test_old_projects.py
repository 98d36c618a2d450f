"""A project file of every released version opens, whole, for ever."""

import shutil
from pathlib import Path

import pytest

from nanodesk.document.identity import RunId
from nanodesk.document.invariants import check_state
from nanodesk.document.layer import Unknown
from nanodesk.document.operations.layers import set_opacity
from nanodesk.editor.workspace import Workspace
from nanodesk.imaging.tile_codec import unpack
from nanodesk.imaging.tiling import tile_id
from nanodesk.storage.integrity import look_over
from nanodesk.storage.project_file import ProjectFile
from nanodesk.storage.reading import ProjectReader
from nanodesk.storage.schema import VERSION
from nanodesk.storage.settings import Settings
from tests.projects import make_version_2
from tests.projects.make_version_1 import LATER, make, runs

HERE = Path(__file__).parent
PROJECTS = sorted(HERE.glob("*.nanodesk"))


@pytest.fixture(params=PROJECTS, ids=lambda path: path.stem)
def file(request, tmp_path):
    copy = tmp_path / request.param.name
    shutil.copyfile(request.param, copy)
    file = ProjectFile.open(copy)
    yield file
    file.close()


def test_there_is_a_file_of_every_version():
    assert [path.name for path in PROJECTS] == [f"version-{number}.nanodesk" for number in range(1, VERSION + 1)]


def test_every_step_and_every_tile_is_there(file):
    assert look_over(file.path).whole
    reader = ProjectReader([file])
    history = reader.read().history
    for step_id in history.steps:
        state = reader.state_at(history, step_id)
        check_state(state)
        for grid in state.grids():
            for one in grid.ids():
                assert tile_id(unpack(reader.tile_data(one))) == one
    assert file.preview("merged") is not None
    assert file.preview("thumbnail") is not None


def test_version_1_holds_what_was_put_into_it(tmp_path):
    copy = tmp_path / "version-1.nanodesk"
    shutil.copyfile(HERE / "version-1.nanodesk", copy)
    file = ProjectFile.open(copy, read_only=True)
    reader, story = ProjectReader([file]), make()
    opened = reader.read()
    assert opened.history == story.history
    for step_id, state in story.states.items():
        assert reader.state_at(opened.history, step_id) == state
    assert isinstance(opened.state.document.layer(LATER).content, Unknown)
    assert (opened.runs, opened.candidates) == runs(story)
    file.close()


def test_version_2_holds_what_was_put_into_it(tmp_path):
    copy = tmp_path / "version-2.nanodesk"
    shutil.copyfile(HERE / "version-2.nanodesk", copy)
    file = ProjectFile.open(copy)
    reader, story = ProjectReader([file]), make_version_2.make()
    opened = reader.read()
    assert opened.history == story.history
    for step_id, state in story.states.items():
        assert reader.state_at(opened.history, step_id) == state
    assert (opened.runs, opened.candidates) == runs(story)
    assert opened.journal == make_version_2.journal()
    for number, body in make_version_2.REPLIES.items():
        assert reader.reply(RunId("run1"), number) == body
    assert reader.grid_or_none(story.named.id) == story.named
    file.close()


async def test_what_a_later_version_made_goes_along_with_its_pictures_to_another_file(tmp_path, monkeypatch):
    monkeypatch.setattr("nanodesk.editor.workspace.state_folder", lambda: tmp_path / "state")
    copy = tmp_path / "version-2.nanodesk"
    shutil.copyfile(HERE / "version-2.nanodesk", copy)
    space = Workspace([], Settings(tmp_path / "settings.json"), tmp_path / "state" / "recovery")
    project = await space.open(copy)
    project.editor.apply_document("Fade", lambda d: set_opacity(d, make_version_2.SCENE, 0.5))
    await project.save_as(tmp_path / "other.nanodesk")
    await project.housekeeping.slim_copy(tmp_path / "slim.nanodesk")
    await space.shut_down()
    story = make_version_2.make()
    for name in ("other", "slim"):
        file = ProjectFile.open(tmp_path / f"{name}.nanodesk")
        assert file.grid(story.named.id) == story.named
        for tile in story.named.ids():
            assert tile_id(unpack(file.tile_data(tile) or b"")) == tile
        state = ProjectReader([file]).read().state
        content = state.document.layer(make_version_2.SCENE).content
        assert content == story.state.document.layer(make_version_2.SCENE).content
        file.close()


@pytest.mark.parametrize("path", PROJECTS, ids=lambda path: path.stem)
def test_an_old_project_where_nothing_can_be_written_is_read_as_it_is(path, tmp_path, monkeypatch):
    copy = tmp_path / path.name
    shutil.copyfile(path, copy)
    monkeypatch.setattr("nanodesk.storage.project_file._may_be_written", lambda _: False)
    before = copy.read_bytes()
    file = ProjectFile.open(copy)
    assert file.read_only
    assert ProjectReader([file]).read().history.steps
    file.close()
    assert copy.read_bytes() == before
