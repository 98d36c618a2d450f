"""What is written comes back, and a save costs what it holds."""

import os
import sqlite3
import threading
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from nanodesk.document.candidate import Candidate, CandidateState
from nanodesk.document.change import diff
from nanodesk.document.identity import CandidateId, RunId, StepId
from nanodesk.document.run import Run, RunState
from nanodesk.storage import schema
from nanodesk.storage.batch import Preview, StepRecord
from nanodesk.storage.errors import (
    CannotReadError,
    CannotWriteError,
    ChangedOutsideError,
    DamagedTileError,
    LockedProjectError,
)
from nanodesk.storage.integrity import look_over
from nanodesk.storage.project_file import ProjectFile, looks_like_project
from nanodesk.storage.reading import ProjectReader
from nanodesk.storage.saving import save_new
from tests.document.any_operation import after_any_operation
from tests.document.values import CANDIDATES, RUNS, states
from tests.storage.made import Made, assert_holds, count, number, packed

SLOW = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "work.nanodesk"


@pytest.fixture
def made():
    made = Made()
    made.add_picture()
    made.stroke("red")
    made.fade(0.5)
    return made


@st.composite
def any_made(draw):
    made = Made(draw(states()))
    for _ in range(draw(st.integers(0, 8))):
        if draw(st.integers(0, 3)) == 0:
            made.go(draw(st.sampled_from(sorted(made.states))))
        made.record(after_any_operation(draw, made.state))
    return made


@SLOW
@given(any_made(), st.lists(RUNS, max_size=2), st.lists(CANDIDATES, max_size=2))
def test_any_project_comes_back(tmp_path_factory, made, runs, candidates):
    path = tmp_path_factory.mktemp("any") / "work.nanodesk"
    save_new(path, made.whole(runs=tuple(runs), candidates=tuple(candidates)))
    file = ProjectFile.open(path)
    try:
        assert_holds([file], made)
        opened = ProjectReader([file]).read()
        assert sorted(opened.runs, key=lambda run: run.id) == sorted(runs, key=lambda run: run.id)
        assert opened.candidates == tuple(candidates)
    finally:
        file.close()


def test_steps_written_one_by_one_are_the_same_as_a_whole_file(path, made):
    file = ProjectFile.create(path)
    file.write(made.fresh())
    for stroke in range(120):
        if stroke == 60:
            made.go("s20")
        made.stroke(f"stroke {stroke}", [(stroke % 12, stroke % 8)])
        file.write(made.fresh())
    assert_holds([file], made)
    file.close()
    file = ProjectFile.open(path, read_only=True)
    assert_holds([file], made)
    file.close()


def test_at_rest_there_is_one_file_that_anybody_can_read(path, made):
    save_new(path, made.whole())
    file = ProjectFile.open(path)
    made.stroke("blue")
    file.write(made.fresh())
    file.close()
    assert [one.name for one in path.parent.iterdir()] == ["work.nanodesk"]
    assert looks_like_project(path)
    connection = sqlite3.connect(path)
    values = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    assert values == [0x4E414E4F, schema.VERSION]
    assert connection.execute("PRAGMA page_size").fetchone()[0] == 16384
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
    assert [row[0] for row in connection.execute("SELECT label FROM steps ORDER BY seq")][-1] == "blue"
    connection.close()


def test_writing_is_synchronous(path):
    file = ProjectFile.create(path)
    assert file.rows("PRAGMA synchronous") == [(2,)]
    assert file.rows("PRAGMA journal_mode") == [("truncate",)]
    assert file.rows("PRAGMA trusted_schema") == [(0,)]
    file.close()


def test_step_5000_opens_as_fast_as_step_5(path, made):
    for step in range(5000):
        made.fade(step / 5000)
    save_new(path, made.whole())
    file = ProjectFile.open(path)
    reader = ProjectReader([file])
    assert reader.read().state == made.state
    assert reader.changes_read <= 50
    for step_id in (StepId("s5"), StepId("s4999"), StepId("s2500")):
        before = reader.changes_read
        assert reader.state_at(made.history, step_id) == made.states[step_id]
        assert reader.changes_read - before <= 50
    rows = number(file, "SELECT total_changes()")
    made.fade(1.0)
    file.write(made.fresh())
    assert number(file, "SELECT total_changes()") - rows <= 6  # step, change, key frame, visited, two facts
    file.close()


def test_a_stroke_writes_the_tiles_it_touched_and_no_others(path, made):
    asked = []

    def counted(tile_id):
        asked.append(tile_id)
        return packed(tile_id)

    save_new(path, made.whole())
    file = ProjectFile.open(path)
    tiles = count(file, "tiles")
    assert tiles == 12 * 8 + 2
    made.stroke("green", [(3, 3), (4, 3), (5, 3)])
    assert len(file.write(made.fresh(counted))) == 3
    assert count(file, "tiles") == tiles + 3
    assert len(asked) == 3
    made.stroke("green", [(3, 3), (4, 3), (5, 3)])  # the same pixels again
    assert file.write(made.fresh(counted)) == set()
    made.fade(0.25)
    assert file.write(made.fresh(counted)) == set()
    assert len(asked) == 3
    file.close()


def test_an_amended_step_is_replaced(path, made):
    file = ProjectFile.create(path)
    file.write(made.whole())
    last = made.records[-1]
    after = replace(made.state, selection=None, document=replace(made.state.document, dpi=300.0))
    made.go(last.step.parent)
    made.records.pop()
    made.history = replace(made.history, steps={**made.history.steps, last.step.id: last.step})
    made.records.append(StepRecord(last.step, diff(made.state, after), after))
    made.states[last.step.id] = after
    made.go(last.step.id)
    file.write(made.whole())
    assert_holds([file], made)
    file.close()


def test_runs_and_candidates_keep_their_order_when_they_change(path, made):
    runs = [Run(RunId(name), place, (), "on-device") for place, name in enumerate("abc", 1)]
    candidates = [Candidate(CandidateId(name), RunId("a"), ()) for name in "xyz"]
    file = ProjectFile.create(path)
    file.write(made.whole(runs=runs, candidates=candidates))
    runs[0] = replace(runs[0], state=RunState.DONE)
    candidates[0] = replace(candidates[0], state=CandidateState.ACCEPTED)
    file.write(made.fresh(runs=runs[:1], candidates=candidates[:1]))
    opened = ProjectReader([file]).read()
    assert opened.runs == tuple(runs)
    assert opened.candidates == tuple(candidates)
    file.close()


def test_the_preview_is_there_before_anything_else(path, made):
    previews = (Preview("merged", "image/png", 30, 20, b"png"), Preview("thumbnail", "image/png", 3, 2, b"small"))
    save_new(path, made.whole(previews=previews))
    file = ProjectFile.open(path)
    assert (file.preview("merged"), file.preview("thumbnail")) == previews
    assert file.preview("other") is None
    file.close()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE preview SET data = 'damaged' WHERE kind = 'merged'")
    connection.execute("UPDATE preview SET width = 'wide' WHERE kind = 'thumbnail'")
    connection.commit()
    connection.close()
    file = ProjectFile.open(path)
    assert (file.preview("merged"), file.preview("thumbnail")) == (None, None)
    file.close()


def test_names_that_are_no_unicode_are_kept(path, made):
    made.change_document(lambda document: replace(document, dpi=300.0), "Add caf\udce9.png")
    save_new(path.with_name("caf\udce9.nanodesk"), made.whole())
    file = ProjectFile.open(path.with_name("caf\udce9.nanodesk"))
    assert ProjectReader([file]).read().history.step(made.history.current).label == "Add caf?.png"
    file.close()


def test_a_change_by_somebody_else_is_noticed_and_never_overwritten(path, made):
    save_new(path, made.whole())
    mine, theirs = ProjectFile.open(path), ProjectFile.open(path)
    made.stroke("mine")
    batch = made.fresh()
    theirs.write(batch)
    before = path.read_bytes()
    with pytest.raises(ChangedOutsideError, match=r"“work\.nanodesk” was changed by another program"):
        mine.write(batch)
    assert path.read_bytes() == before
    mine.close()
    theirs.close()


def test_a_file_that_was_replaced_or_removed_is_noticed(path, made):
    save_new(path, made.whole())
    file = ProjectFile.open(path)
    copy = path.read_bytes()
    made.stroke("mine")
    batch = made.fresh()
    path.unlink()
    with pytest.raises(CannotWriteError, match="no longer there"):
        file.write(batch)
    path.write_bytes(copy)
    with pytest.raises(ChangedOutsideError):
        file.write(batch)
    assert path.read_bytes() == copy
    file.close()


def test_a_file_in_use_is_told(path, made, monkeypatch):
    monkeypatch.setattr("nanodesk.storage.connection.PATIENCE_S", 0.01)
    save_new(path, made.whole())
    file = ProjectFile.open(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    made.fade(0.1)
    batch = made.fresh()
    with pytest.raises(LockedProjectError, match="in use"):
        file.write(batch)
    other.execute("ROLLBACK")
    other.close()
    file.write(batch)
    assert_holds([file], made)
    file.close()


def test_a_full_disk_leaves_the_file_as_it_was(path, made):
    save_new(path, made.whole())
    file = ProjectFile.open(path)
    pages = number(file, "PRAGMA page_count")
    file.rows(f"PRAGMA max_page_count = {pages}")
    for stroke in range(20):
        made.stroke(f"much {stroke}", [(x, y) for x in range(12) for y in range(8)])
    batch = made.fresh()
    with pytest.raises(CannotWriteError, match="the disk is full"):
        file.write(batch)
    assert look_over(file.path).whole
    assert count(file, "steps") == 4
    file.rows("PRAGMA max_page_count = 100000")
    file.write(batch)
    assert_holds([file], made)
    file.close()


def test_a_file_opened_to_read_is_not_written(path, made):
    save_new(path, made.whole())
    before = path.read_bytes()
    file = ProjectFile.open(path, read_only=True)
    made.fade(0.1)
    with pytest.raises(CannotWriteError, match="read-only"):
        file.write(made.fresh())
    file.close()
    assert path.read_bytes() == before


def test_a_save_that_fails_half_way_leaves_the_old_file_and_nothing_else(path, made):
    save_new(path, made.whole())
    before = path.read_bytes()

    def failing(tile_id):
        raise CannotReadError("“other.nanodesk” could not be read.")

    with pytest.raises(CannotReadError):
        save_new(path, made.whole(failing))
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["work.nanodesk"]


def test_the_sentence_names_the_file_that_was_asked_for(tmp_path, made):
    with pytest.raises(CannotWriteError, match=r"“work\.nanodesk” could not be written here"):
        save_new(tmp_path / "gone" / "work.nanodesk", made.whole())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="links and permissions are of POSIX")
def test_a_link_and_the_permissions_stay(tmp_path, made):
    real, link = tmp_path / "real.nanodesk", tmp_path / "link.nanodesk"
    save_new(real, made.whole())
    real.chmod(0o640)
    link.symlink_to(real)
    made.fade(0.2)
    save_new(link, made.whole())
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    file = ProjectFile.open(real)
    assert_holds([file], made)
    file.close()


@pytest.mark.allow_log
def test_a_tile_that_is_lost_already_does_not_keep_the_rest_from_being_saved(path, made):
    lost = made.state.document.layer("a").grid.at(5, 5).id

    def without(tile_id):
        if tile_id == lost:
            raise DamagedTileError("A part of a picture is damaged.")
        return packed(tile_id)

    save_new(path, made.whole(without))
    file = ProjectFile.open(path)
    reader = ProjectReader([file])
    assert reader.read().state == made.state
    with pytest.raises(DamagedTileError):
        reader.tile_data(lost)
    file.close()


def test_what_was_closed_says_so(path, made):
    save_new(path, made.whole())
    file = ProjectFile.open(path)
    file.close()
    with pytest.raises(CannotReadError, match="closed"):
        file.known_tiles()


def test_others_can_read_while_tiles_are_being_packed(path, made):
    save_new(path, made.whole())
    file = ProjectFile.open(path)
    known = made.state.document.layer("a").grid.at(5, 5).id

    def slowly(tile_id):
        reader = threading.Thread(target=lambda: read.append(file.tile_data(known)))
        reader.start()
        reader.join(5)
        return packed(tile_id)

    read: list[bytes | None] = []
    made.stroke("slow", [(0, 0)])
    file.write(made.fresh(slowly))
    assert read == [packed(known)]
    assert_holds([file], made)
    file.close()


def test_a_large_batch_is_packed_in_part_within_the_transaction(path, made, monkeypatch):
    monkeypatch.setattr("nanodesk.storage.writing.PACK_AHEAD", 1000)
    save_new(path, made.whole())
    file = ProjectFile.open(path)
    assert_holds([file], made)
    file.close()


def test_what_a_killed_save_left_is_swept_away_by_the_next(path, made):
    left, lately, other = (
        path.with_name(f".{name}.part") for name in ("work.nanodesk.01234567", "work.nanodesk.89abcdef", "x")
    )
    for one in (left, lately, other):
        one.write_bytes(b"half")
    os.utime(left, (1e9, 1e9))
    os.utime(other, (1e9, 1e9))
    save_new(path, made.whole())
    assert not left.exists()
    assert lately.exists()  # its writer may live, on another computer
    assert other.exists()


def test_a_file_that_is_there_is_not_made_again(path):
    path.write_bytes(b"mine")
    with pytest.raises(CannotWriteError, match="there is a file of that name"):
        ProjectFile.create(path)
    assert path.read_bytes() == b"mine"
