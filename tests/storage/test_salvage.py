"""What can be had of a project of which much is gone: steps, then layers, then pictures; in the end a sentence."""

import pytest

from nanodesk.document.errors import DocumentError
from nanodesk.document.geometry import Size
from nanodesk.document.identity import LayerId, StepId
from nanodesk.document.invariants import check_state
from nanodesk.document.tiles import TileId
from nanodesk.storage.errors import DamagedProjectError, StorageError
from nanodesk.storage.project_file import ProjectFile
from nanodesk.storage.reading import ProjectReader, note_shapes
from nanodesk.storage.salvage import salvage
from nanodesk.storage.saving import save_new
from tests.storage.made import Made, spoil

pytestmark = pytest.mark.allow_log


@pytest.fixture
def made():
    made = Made()
    made.add_picture()
    made.add_picture(LayerId("b"), Size(700, 300))
    for stroke in range(60):
        made.stroke(f"stroke {stroke}", [(stroke % 12, stroke % 8)])
    made.go(StepId("s10"))
    made.stroke("branch", [(0, 0)])
    return made


@pytest.fixture
def path(tmp_path, made):
    path = tmp_path / "work.nanodesk"
    save_new(path, made.whole())
    return path


def salvaged(path):
    file = ProjectFile.open_broken(path)
    try:
        found = salvage([file])
    finally:
        file.close()
    history = found.opened.history
    assert history.steps[history.root].parent is None
    assert set(found.changes) == set(history.steps) - {history.root}
    check_state(found.opened.state)
    return found


def test_a_whole_project_is_had_whole(path, made):
    found = salvaged(path)
    assert found.lost_steps == 0
    assert found.opened.state == made.state
    assert set(made.history.steps) < set(found.opened.history.steps)
    assert found.opened.history.current == made.history.current


def test_a_step_that_is_gone_takes_those_below_it_up_to_the_next_key_frame(path, made):
    spoil(path, "DELETE FROM changes WHERE step = 's20'")
    found = salvaged(path)
    left = set(found.opened.history.steps) & set(made.states)
    assert {"s1", "s19", "s50", "s62"} <= left
    assert left.isdisjoint({"s20", "s21", "s49"})
    assert found.lost_steps == 30
    assert found.opened.state == made.state


@pytest.mark.parametrize(
    "table", ["visited", "meta", "preview", "runs", "candidates", "journal", "replies", "profiles"]
)
def test_a_table_that_is_gone_costs_no_step(path, made, table):
    spoil(path, f"DROP TABLE {table}")
    with pytest.raises(StorageError):
        ProjectFile.open(path)
    found = salvaged(path)
    assert found.lost_steps == 0
    assert set(made.history.steps) < set(found.opened.history.steps)


def test_a_picture_that_is_gone_is_stood_in_for_and_the_rest_of_the_layers_stay(path, made):
    lost = made.state.document.layer(LayerId("b")).grid
    spoil(path, f"UPDATE grids SET tiles = x'00' WHERE id = x'{lost.id}'")
    found = salvaged(path)
    assert found.lost_steps == 0
    document = found.opened.state.document
    stand_in = document.layer(LayerId("b")).grid
    assert stand_in.size == lost.size
    assert stand_in.ids().isdisjoint(lost.ids())
    assert document.layer(LayerId("a")) == made.state.document.layer(LayerId("a"))
    spoil(path, f"DELETE FROM grids WHERE id = x'{lost.id}'")
    assert salvaged(path).opened.state.document.layer(LayerId("b")).grid.size == Size(256, 256)


@pytest.mark.parametrize("size", ["width = -4", "width = 99999999", "width = 60000, height = 60000", "channels = 7"])
def test_a_picture_that_says_it_is_absurdly_large_is_not_believed(path, made, size):
    lost = made.state.document.layer(LayerId("b")).grid
    spoil(path, f"UPDATE grids SET {size} WHERE id = x'{lost.id}'")
    assert salvaged(path).opened.state.document.layer(LayerId("b")).grid.size == Size(256, 256)


def test_where_no_step_is_left_every_picture_becomes_a_layer(path, made):
    spoil(path, "DELETE FROM steps")
    found = salvaged(path)
    document = found.opened.state.document
    assert document.size == Size(3000, 2000)
    assert document.layer(document.root[0]).name == "Recovered picture 1"
    assert len(document.layers) == 50
    assert made.state.document.layer(LayerId("a")).grid in {one.grid for one in document.layers.values()}


def test_where_nothing_is_left_that_is_said(path):
    spoil(path, "DELETE FROM steps", "DELETE FROM grids")
    with pytest.raises(DamagedProjectError, match="Nothing of the project can be read"):
        salvaged(path)


def test_a_state_that_is_not_sound_is_not_taken(path):
    spoil(path, 'UPDATE key_frames SET value = replace(value, \'"root":["a","b"]\', \'"root":["a","a"]\')')
    found = salvaged(path)
    for step_id in found.changes:
        try:
            check_state(found.opened.state)
        except DocumentError:
            pytest.fail(step_id)


def test_a_tile_cannot_have_two_shapes(made):
    shapes = dict[TileId, tuple[int, ...]]()
    note_shapes(made.state.document.layer(LayerId("a")).grid, shapes)
    assert set(shapes.values()) == {(256, 256, 4), (256, 184, 4), (208, 256, 4), (208, 184, 4)}
    small = made.state.document.layer(LayerId("b")).grid
    wrong = small.replaced({(0, 0): made.state.document.layer(LayerId("a")).grid.at(11, 0)})
    with pytest.raises(DamagedProjectError):
        note_shapes(wrong, shapes)


def test_what_somebody_else_left_out_can_be_asked_for_without_a_fault(path):
    file = ProjectFile.open(path)
    reader = ProjectReader([file])
    assert reader.grid_or_none("00" * 32) is None
    assert reader.grid_or_none("no hexadecimal") is None
    assert reader.profile_or_none("00" * 32) is None
    file.close()
