"""Damaged files and files of strangers: they open, open with named damage, or are refused with a sentence."""

import random
import shutil
import sqlite3
import struct

import pytest

from nanodesk.storage import schema
from nanodesk.storage.errors import (
    CannotReadError,
    CannotWriteError,
    DamagedProjectError,
    DamagedTileError,
    NewerVersionError,
    NotAProjectError,
    StorageError,
)
from nanodesk.storage.project_file import ProjectFile, looks_like_project
from nanodesk.storage.reading import ProjectReader
from nanodesk.storage.saving import save_new
from tests.storage.made import Made, assert_holds, packed, spoil

pytestmark = pytest.mark.allow_log


@pytest.fixture
def made():
    made = Made()
    made.add_picture()
    for stroke in range(60):
        made.stroke(f"stroke {stroke}", [(stroke % 12, stroke % 8)])
    return made


@pytest.fixture
def path(tmp_path, made):
    path = tmp_path / "work.nanodesk"
    save_new(path, made.whole())
    return path


def read_all(path):
    """Every part of a file, as the program would read it."""
    file = ProjectFile.open(path)
    try:
        reader = ProjectReader([file])
        opened = reader.read()
        for step_id in opened.history.steps:
            reader.state_at(opened.history, step_id)
        return opened
    finally:
        file.close()


@pytest.mark.parametrize("data", [b"", b"no", b"\x89PNG\r\n\x1a\n" + b"x" * 9000, b"\x00" * 20_000])
def test_another_kind_of_file_is_named_as_such(tmp_path, data):
    path = tmp_path / "picture.nanodesk"
    path.write_bytes(data)
    assert not looks_like_project(path)
    with pytest.raises(NotAProjectError, match=r"^“picture\.nanodesk” is not a Nanodesk project\.$"):
        ProjectFile.open(path)
    assert path.read_bytes() == data


def test_a_database_of_another_program_is_named_as_such(tmp_path):
    path = tmp_path / "other.db"
    spoil(path, "CREATE TABLE notes (text)")
    with pytest.raises(NotAProjectError):
        ProjectFile.open(path)


def test_a_folder_and_what_is_not_there_are_told(tmp_path):
    with pytest.raises(NotAProjectError):
        ProjectFile.open(tmp_path)
    with pytest.raises(CannotReadError, match="is not there"):
        ProjectFile.open(tmp_path / "gone.nanodesk")
    assert list(tmp_path.iterdir()) == []


def test_a_newer_version_is_refused_and_left_alone(path):
    spoil(path, "PRAGMA user_version = 99", "CREATE TABLE holograms (x)")
    before = path.read_bytes()
    with pytest.raises(NewerVersionError, match="newer version of Nanodesk"):
        ProjectFile.open(path)
    assert path.read_bytes() == before


ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT x FROM n"


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER wipe AFTER UPDATE ON meta BEGIN DELETE FROM tiles; END",
        "CREATE TRIGGER wipe AFTER INSERT ON tiles BEGIN DELETE FROM steps; END",
        "CREATE TRIGGER loud BEFORE INSERT ON steps BEGIN SELECT RAISE(ABORT, 'no'); END",
        f"CREATE VIEW endless AS {ENDLESS}",
        "CREATE INDEX odd ON steps (label)",
        "CREATE INDEX odd ON steps (upper(label))",
        "CREATE UNIQUE INDEX one ON candidates (run)",
        "CREATE TABLE more (x)",
        "CREATE VIRTUAL TABLE found USING fts5 (words)",
        "PRAGMA writable_schema = ON",
        "CREATE TABLE big AS SELECT zeroblob(1000000) AS x",
    ],
)
def test_what_a_stranger_added_never_runs_and_stays_behind(path, tmp_path, made, statement):
    spoil(path, statement)
    before = path.read_bytes()
    file = ProjectFile.open(path)
    assert file.strange == (statement != "PRAGMA writable_schema = ON")
    assert file.read_only == file.strange
    assert_holds([file], made)
    if file.strange:
        with pytest.raises(CannotWriteError, match="read-only"):
            file.write(made.fresh())
    file.close()
    assert path.read_bytes() == before
    save_new(path, made.whole())
    file = ProjectFile.open(path)
    assert not file.strange
    assert_holds([file], made)
    file.close()


@pytest.mark.parametrize("statement", ["PRAGMA page_size = 4096", "PRAGMA auto_vacuum = FULL"])
def test_a_file_laid_out_by_another_program_is_only_read(path, made, statement):
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(statement)
    connection.execute("VACUUM")
    connection.close()
    file = ProjectFile.open(path)
    assert file.strange
    assert_holds([file], made)
    file.close()


def test_a_file_left_in_wal_mode_is_one_file_again(path, made):
    spoil(path, "PRAGMA journal_mode = WAL")
    file = ProjectFile.open(path)
    assert_holds([file], made)
    file.close()
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert path.read_bytes()[18:20] == b"\x01\x01"


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE runs RENAME TO ran",
        "DROP TABLE preview",
        "ALTER TABLE steps ADD COLUMN more TEXT",
        "PRAGMA user_version = 0",
        "PRAGMA user_version = -5",
    ],
)
def test_a_file_without_our_tables_is_refused_and_left_alone(path, statement):
    spoil(path, statement)
    before = path.read_bytes()
    with pytest.raises(DamagedProjectError, match="lacks parts that a Nanodesk project has"):
        ProjectFile.open(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "query",
    [
        "ATTACH DATABASE 'other.db' AS other",
        "SELECT load_extension('x')",
        "SELECT writefile('x', 'y')",
        "SELECT x FROM endless",
        "CREATE TABLE more (x)",
        "DROP TABLE tiles",
        "VACUUM INTO 'other.db'",
        ENDLESS,
    ],
)
def test_a_connection_does_only_what_reading_and_writing_rows_needs(path, query):
    spoil(path, f"CREATE VIEW endless AS {ENDLESS}")
    file = ProjectFile.open(path)
    with pytest.raises(StorageError, match=r"\.$"):
        file.rows(query)
    file.close()


def test_a_look_that_takes_too_long_is_ended(path, monkeypatch):
    file = ProjectFile.open(path)
    monkeypatch.setattr("nanodesk.storage.project_file._LIST_S", 0.05)
    long = ", ".join(f"steps AS s{number}" for number in range(12))
    with pytest.raises(DamagedProjectError, match="damaged"):
        file.rows(f"SELECT count(*) FROM {long}")
    assert file.rows("SELECT count(*) FROM steps") == [(62,)]
    file.close()


def test_a_table_that_bites_its_own_tail_is_no_endless_read(path, monkeypatch):
    """An inner page whose children are all one and the same page, level upon level."""
    monkeypatch.setattr("nanodesk.storage.project_file._LIST_S", 0.2)
    connection = sqlite3.connect(path)
    (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'runs'").fetchone()
    connection.close()
    data = bytearray(path.read_bytes())
    at = (root - 1) * 16384
    cells = 200
    data[at : at + 12] = b"\x05" + struct.pack(">HHHBI", 0, cells, 16384 - 5 * cells, 0, root)
    for cell in range(cells):
        offset = 16384 - 5 * (cell + 1)
        data[at + 12 + 2 * cell : at + 14 + 2 * cell] = struct.pack(">H", offset)
        data[at + offset : at + offset + 5] = struct.pack(">IB", root, cell % 100)
    path.write_bytes(data)
    file = ProjectFile.open(path)
    with pytest.raises(StorageError, match=r"\.$"):
        file.rows("SELECT id, value FROM runs")
    file.close()


def test_a_view_in_place_of_a_table_is_refused(path):
    view = "CREATE VIEW preview AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT x AS kind FROM n"
    spoil(path, "DROP TABLE preview", view)
    with pytest.raises(DamagedProjectError):
        ProjectFile.open(path)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM steps",
        "DELETE FROM steps WHERE id = 's5'",
        "DELETE FROM meta",
        "DELETE FROM key_frames",
        "DELETE FROM grids",
        "UPDATE grids SET width = 'wide'",
        "UPDATE grids SET tiles = 'text'",
        "UPDATE grids SET tiles = zeroblob(330)",
        "UPDATE grids SET height = 1000000000000, width = 1000000000000",
        "UPDATE grids SET channels = 3",
        "UPDATE key_frames SET value = '{}'",
        "UPDATE key_frames SET value = x'ff00fe'",
        "UPDATE key_frames SET value = '[' || value",
        "UPDATE key_frames SET value = replace(value, '\"opacity\":1.0', '\"opacity\":NaN')",
        "UPDATE key_frames SET value = replace(value, '\"opacity\":1.0', '\"opacity\":2.5')",
        'UPDATE key_frames SET value = replace(value, \'"root":["a"]\', \'"root":["a","a"]\')',
        "UPDATE changes SET value = '5'",
        "UPDATE steps SET parent = 's60' WHERE id = 's1'",
        "UPDATE steps SET parent = 's1' WHERE id = 's1'",
        "UPDATE steps SET parent = NULL WHERE id = 's7'",
        "UPDATE meta SET value = 'nowhere' WHERE key = 'current'",
    ],
)
def test_rows_that_make_no_project_are_refused_with_a_sentence(path, statement):
    spoil(path, statement)
    with pytest.raises(StorageError, match=r"\.$") as told:
        read_all(path)
    assert "Error" not in str(told.value)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE steps SET label = x'ff', created = 'then', document = 'yes', depth = 'deep'",
        "UPDATE steps SET created = 9e999",
        'UPDATE steps SET provenance = \'{"origin": "nowhere"}\'',
        "INSERT INTO runs VALUES ('r', 'one', '{}'), ('s', 2, '[]')",
        "INSERT INTO candidates VALUES ('c', 'r', 'x')",
        "INSERT OR REPLACE INTO visited VALUES ('s3', 's1'), ('x', 'y')",
        "DELETE FROM visited",
        "DELETE FROM meta WHERE key = 'change_id'",
        "UPDATE preview SET data = 5",
    ],
)
def test_damage_to_the_rest_does_not_keep_the_picture_from_being_opened(path, made, statement):
    spoil(path, statement)
    assert read_all(path).state == made.state


@pytest.mark.parametrize("change", ["data = x'00'", "data = 'text'", "hash = x'00'"])
def test_a_damaged_tile_is_named_and_the_rest_opens(path, made, change):
    grid = made.state.document.layer("a").grid
    spoiled, whole = grid.at(11, 7).id, grid.at(10, 7).id
    spoil(path, f"UPDATE tiles SET {change} WHERE id = x'{spoiled}'")
    file = ProjectFile.open(path)
    reader = ProjectReader([file])
    assert reader.read().state == made.state
    assert reader.tile_data(whole) == packed(whole)
    with pytest.raises(StorageError, match=r"\.$"):
        reader.tile_data(spoiled)
    file.close()


def test_a_file_cut_off_anywhere_is_never_read_wrongly(path, tmp_path, made):
    data = path.read_bytes()
    for size in [1, 50, 99, 100, 1000, 16384, *range(20_000, len(data), len(data) // 23)]:
        cut = tmp_path / "cut.nanodesk"
        cut.write_bytes(data[:size])
        assert_right_or_told(cut, made)


@pytest.mark.parametrize("seed", range(40))
def test_flipped_bits_and_zeroed_pages_are_never_read_wrongly(path, tmp_path, made, seed):
    chance = random.Random(seed)
    data = bytearray(path.read_bytes())
    if seed % 2:
        page = chance.randrange(len(data) // 4096) * 4096
        data[page : page + 4096] = bytes(4096)
    else:
        for _ in range(chance.randint(1, 19)):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    spoiled = tmp_path / "spoiled.nanodesk"
    spoiled.write_bytes(data)
    assert_right_or_told(spoiled, made)


def assert_right_or_told(path, made):
    """Never another exception, and never other tile data than was written."""
    try:
        file = ProjectFile.open(path)
    except StorageError as told:
        assert str(told).endswith(".")  # noqa: PT017 - either way is right
        return
    try:
        reader = ProjectReader([file])
        opened = reader.read()
        for grid in opened.state.grids():
            for tile_id in grid.ids():
                try:
                    assert reader.tile_data(tile_id) == packed(tile_id)
                except DamagedTileError:
                    continue
    except StorageError as told:
        assert str(told).endswith(".")  # noqa: PT017 - either way is right
    finally:
        file.close()


def test_a_file_whose_writer_was_killed_is_rolled_back_also_for_reading(path, tmp_path, made):
    before = path.read_bytes()
    file = ProjectFile.open(path)
    file.rows("PRAGMA cache_size = 1")
    file.rows("PRAGMA cache_spill = 1")
    file.rows("BEGIN IMMEDIATE")
    file.rows("UPDATE steps SET label = 'half'")
    file.rows("UPDATE grids SET width = 7")
    killed = tmp_path / "killed.nanodesk"
    journal = tmp_path / "killed.nanodesk-journal"
    shutil.copyfile(path, killed)
    shutil.copyfile(path.with_name(path.name + "-journal"), journal)
    file.rows("ROLLBACK")
    file.close()
    assert journal.stat().st_size > 0
    assert killed.read_bytes() != before
    for read_only in (True, False):
        file = ProjectFile.open(killed, read_only=read_only)
        assert_holds([file], made)
        file.close()
    assert not journal.exists()


def test_the_page_on_the_schema_names_every_table_and_column():
    from pathlib import Path

    text = Path(schema.__file__).with_suffix(".md").read_text("utf-8")
    connection = sqlite3.connect(":memory:", isolation_level=None)
    schema.create(connection)
    for table in schema.TABLES:
        assert f"`{table}`" in text
        for column in connection.execute(f"PRAGMA table_info({table})"):
            if column[1] not in ("value",):
                assert f"`{column[1]}`" in text, (table, column[1])
    connection.close()
