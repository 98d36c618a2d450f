"""A project file of every released version opens, whole, for ever."""

import shutil
from pathlib import Path

import pytest

from nanodesk.document.invariants import check_state
from nanodesk.document.layer import Unknown
from nanodesk.imaging.tile_codec import unpack
from nanodesk.imaging.tiling import tile_id
from nanodesk.storage.integrity import look_over
from nanodesk.storage.project_file import ProjectFile
from nanodesk.storage.reading import ProjectReader
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


def test_there_is_a_file_of_the_first_version():
    assert next(path.name for path in PROJECTS) == "version-1.nanodesk"


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
