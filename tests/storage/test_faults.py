"""The disk fails wherever something is written: the file is as it was, the work stays, and a retry works."""

import contextlib
import os
import sqlite3
import subprocess
import sys

import pytest

from nanodesk.storage.errors import CannotWriteError, StorageError
from nanodesk.storage.integrity import look_over
from nanodesk.storage.project_file import ProjectFile
from nanodesk.storage.recovery import RecoveryFile, orphans
from nanodesk.storage.saving import save_new
from tests.storage.made import Made, assert_holds, packed

resource = pytest.importorskip("resource", reason="limits of the size of files are of POSIX")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "work.nanodesk"


@pytest.fixture
def made():
    made = Made()
    made.add_picture()
    made.stroke("red")
    return made


def heavy(tile_id):
    return packed(tile_id) * 40  # about 10 KB


@contextlib.contextmanager
def no_file_longer_than(size):
    """Let every write beyond `size` bytes of a file fail, as on a disk that is full there."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


PAGE = 16384
CLASSES = [
    *(0, 1, 20, 511, 512, 513, 4095, 4096),  # the header of the journal
    *(PAGE - 1, PAGE, PAGE + 1, 2 * PAGE, 5 * PAGE + 7, 12 * PAGE + 100),
    *(40 * PAGE, 80 * PAGE + 5000, 100 * PAGE),
]
"""Bytes at which a disk can be full: within a header, at the edge of a page, within a page, late."""


@pytest.mark.parametrize("limit", CLASSES)
def test_a_disk_full_at_any_byte_of_a_save_leaves_the_file_as_it_was(path, made, limit):
    save_new(path, made.whole(heavy))
    file = ProjectFile.open(path)
    size, records = path.stat().st_size, len(made.records)
    for number in range(6):
        made.stroke(f"more {number}", [(x, y) for x in range(12) for y in range(2)])
    batch = made.fresh(heavy)
    failed = False
    with no_file_longer_than(limit if limit < PAGE else size - 4 * PAGE + limit):
        try:
            file.write(batch)
        except CannotWriteError as told:
            failed = True
            assert str(told).endswith("The work is not lost.")  # noqa: PT017 - which of them fail is up to SQLite
    if failed:
        assert len(file.rows("SELECT 1 FROM steps")) == records
        file.write(batch)
    assert len(file.rows("SELECT 1 FROM steps")) == len(made.records)
    file.close()
    assert look_over(path).whole
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("limit", [0, 1, 512, 4096, PAGE, PAGE + 1, 3 * PAGE + 9, 20 * PAGE, 60 * PAGE + 1])
def test_a_disk_full_at_any_byte_of_a_whole_save_leaves_the_old_file_and_nothing_else(path, made, limit):
    save_new(path, made.whole())
    before = path.read_bytes()
    with no_file_longer_than(limit), pytest.raises(CannotWriteError, match=r"“work\.nanodesk” could not be written"):
        save_new(path, made.whole(heavy))
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    save_new(path, made.whole())


@pytest.mark.parametrize("limit", [0, 1, 512, 4096, PAGE, 3 * PAGE + 9, 15 * PAGE])
def test_a_disk_full_at_any_byte_of_a_recovery_file_is_told_and_tried_again(tmp_path, made, limit):
    folder = tmp_path / "recovery"
    batch = made.fresh(heavy)
    with no_file_longer_than(limit), pytest.raises(CannotWriteError):
        RecoveryFile.create(folder, None, "Untitled").file.write(batch)
    for one in orphans(folder):  # what was begun, in vain
        claimed = RecoveryFile.claim(one)
        assert claimed
        claimed.discard()


class Failing(sqlite3.Connection):
    """A connection on which one statement of each kind fails, when it is told so."""

    fails: str = ""
    code = "SQLITE_IOERR_WRITE"

    def _look(self, statement):
        if Failing.fails and statement.lstrip().startswith(Failing.fails):
            fault = sqlite3.OperationalError("disk I/O error")
            fault.sqlite_errorcode = getattr(sqlite3, Failing.code)
            fault.sqlite_errorname = Failing.code
            raise fault

    def execute(self, statement, *arguments):
        self._look(statement)
        return super().execute(statement, *arguments)

    def executemany(self, statement, *arguments):
        self._look(statement)
        return super().executemany(statement, *arguments)


STATEMENTS = [
    "BEGIN",
    *(f"INSERT INTO {table}" for table in ("steps", "runs", "candidates", "journal")),
    *(f"INSERT OR REPLACE INTO {table}" for table in ("changes", "key_frames", "visited", "meta")),
    *(f"INSERT OR IGNORE INTO {table}" for table in ("tiles", "grids")),
    "COMMIT",
]


@pytest.fixture
def failing(monkeypatch):
    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *one, **two: real(*one, factory=Failing, **two))
    yield
    Failing.fails = ""


@pytest.mark.parametrize("code", ["SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_FULL", "SQLITE_READONLY"])
@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_fault_at_any_statement_of_a_save_leaves_the_file_as_it_was(path, failing, made, statement, code):
    save_new(path, made.whole())
    file = ProjectFile.open(path)
    before = path.read_bytes()
    made.stroke("more", [(3, 3)])
    batch = made.fresh()
    Failing.fails, Failing.code = statement, code
    with pytest.raises(CannotWriteError, match=r"The work is not lost\.$"):
        file.write(batch)
    Failing.fails = ""
    assert path.read_bytes() == before
    file.write(batch)
    assert_holds([file], made)
    file.close()


def _in_tiny_disk(folder, size_kb):
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size_kb}k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode != 0:
        pytest.skip("nothing can be mounted here")


@pytest.mark.skipif(not sys.platform.startswith("linux") or os.geteuid() != 0, reason="only root may mount a disk")
@pytest.mark.parametrize("size_kb", [900, 1700])
def test_a_real_disk_that_is_full(tmp_path, made, size_kb):
    disk = tmp_path / "disk"
    _in_tiny_disk(disk, size_kb)
    path = disk / "work.nanodesk"
    save_new(path, made.whole())
    file = ProjectFile.open(path)
    try:
        while True:
            made.stroke(f"stroke {len(made.records)}", [(x, y) for x in range(12) for y in range(8)])
            batch = made.fresh(heavy)
            records = len(file.rows("SELECT 1 FROM steps"))
            try:
                file.write(batch)
            except CannotWriteError as told:
                assert "the disk is full" in str(told)  # noqa: PT017 - it has to come to this
                break
        assert len(file.rows("SELECT 1 FROM steps")) == records
        file.close()
        assert look_over(path).whole
        with pytest.raises(CannotWriteError, match="the disk is full"):
            save_new(disk / "other.nanodesk", made.whole(heavy))
        assert [one.name for one in disk.iterdir()] == ["work.nanodesk"]
        save_new(tmp_path / "elsewhere.nanodesk", made.whole(heavy))
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        file = ProjectFile.open(path)
        assert file.read_only
        with pytest.raises(CannotWriteError, match="read-only"):
            file.write(batch)
        with pytest.raises(CannotWriteError, match="the disk may only be read"):
            save_new(path, made.whole())
    finally:
        file.close()
        subprocess.run(["umount", "-l", str(disk)], check=False)


def test_a_drive_that_goes_away_is_told_and_saving_elsewhere_works(path, made):
    save_new(path, made.whole())
    file = ProjectFile.open(path)
    made.stroke("more")
    path.unlink()
    path.parent.rename(path.parent.with_name("away"))
    with pytest.raises(StorageError, match=r"\.$") as told:
        file.write(made.fresh())
    assert "no longer there" in str(told.value)
    file.close()
    path.parent.mkdir()
    save_new(path, made.whole())
    file = ProjectFile.open(path)
    assert_holds([file], made)
    file.close()
