"""What left and what came back lies in the file, and a file of before has room for it once it is opened."""

import os
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from nanodesk.document.edit import Role
from nanodesk.document.geometry import Rect, Size
from nanodesk.document.identity import RunId
from nanodesk.document.journal import JournalEntry, SentPicture
from nanodesk.storage import schema
from nanodesk.storage.batch import Reply
from nanodesk.storage.errors import DamagedProjectError
from nanodesk.storage.project_file import ProjectFile
from nanodesk.storage.reading import ProjectReader
from nanodesk.storage.saving import save_new
from tests.storage.made import Made

OLD = Path(__file__).parents[1] / "projects" / "version-1.nanodesk"
ENTRY = JournalEntry(
    RunId("r"),
    0,
    "gemini",
    "a-model",
    "example.org",
    "abc",
    "1. make it dusk",
    (
        SentPicture("base", None, Size(30, 20), "image/png", 512, "00"),
        SentPicture("tone", Role.STYLE, Size(9, 9), "", 4, ""),
    ),
    1.5,
    frame=Rect(-1, 0, 32, 20),
    clip=Rect(0, 0, 30, 20),
)
BODY = b'{"candidates": []}' + os.urandom(5000)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "work.nanodesk"
    made = Made()
    made.add_picture()
    save_new(path, made.whole())
    return path


def write(path, entries=(), replies=()):
    file = ProjectFile.open(path)
    made = ProjectReader([file]).read()
    file.write(
        replace(Made().fresh(), current=made.history.current, visited={}, steps=(), journal=entries, replies=replies)
    )
    return file


def test_entries_and_replies_come_back(path):
    write(path, [ENTRY], [Reply(RunId("r"), 0, lambda: BODY)]).close()
    file = ProjectFile.open(path)
    reader = ProjectReader([file])
    assert reader.read().journal == (ENTRY,)
    assert reader.reply(RunId("r"), 0) == BODY
    assert reader.reply(RunId("r"), 1) is None
    file.close()


def test_an_entry_is_replaced_and_a_reply_is_not(path):
    write(path, [ENTRY], [Reply(RunId("r"), 0, lambda: BODY)]).close()
    file = write(path, [replace(ENTRY, answered=2.5)], [Reply(RunId("r"), 0, lambda: b"other")])
    assert ProjectReader([file]).read().journal[0].answered == 2.5
    assert ProjectReader([file]).reply(RunId("r"), 0) == BODY
    file.close()


def test_the_recovery_file_is_asked_before_the_project(path, tmp_path):
    write(path, [ENTRY]).close()
    project = ProjectFile.open(path)
    newer = ProjectFile.create(tmp_path / "newer")
    newer.write(
        replace(Made().whole(), journal=[replace(ENTRY, answered=9.0)], replies=[Reply(RunId("r"), 0, lambda: BODY)])
    )
    reader = ProjectReader([newer, project])
    assert reader._journal()[0].answered == 9.0
    assert reader.reply(RunId("r"), 0) == BODY
    newer.close()
    project.close()


@pytest.mark.parametrize("spoilt", [b"", b"x" * 40, b"\x28\xb5\x2f\xfd" + b"\xff" * 30])
def test_a_spoilt_reply_is_told_as_damaged(path, spoilt):
    write(path, [ENTRY], [Reply(RunId("r"), 0, lambda: BODY)]).close()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE replies SET data = ?", (spoilt,))
    connection.commit()
    connection.close()
    file = ProjectFile.open(path)
    with pytest.raises(DamagedProjectError, match="answer kept in"):
        ProjectReader([file]).reply(RunId("r"), 0)
    file.close()


def test_an_older_file_is_brought_up_when_it_may_be_written(tmp_path):
    path = tmp_path / "old.nanodesk"
    shutil.copyfile(OLD, path)
    file = ProjectFile.open(path)
    assert file.version == schema.VERSION
    before = ProjectReader([file]).read()
    file.close()
    assert [one.name for one in tmp_path.iterdir()] == ["old.nanodesk"]
    assert before.journal == ()


def test_an_older_file_is_read_as_it_is_when_it_may_not(tmp_path):
    path = tmp_path / "old.nanodesk"
    shutil.copyfile(OLD, path)
    bytes_before = path.read_bytes()
    file = ProjectFile.open(path, read_only=True)
    opened = ProjectReader([file]).read()
    assert opened.journal == ()
    assert ProjectReader([file]).reply(RunId("run1"), 0) is None
    file.close()
    assert path.read_bytes() == bytes_before


def test_a_file_that_cannot_be_brought_up_stays_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "old.nanodesk"
    shutil.copyfile(OLD, path)
    bytes_before = path.read_bytes()
    monkeypatch.setattr("nanodesk.storage.migrations.STEPS", {1: ("CREATE TABLE journal (odd)",)})
    with pytest.raises(DamagedProjectError):
        ProjectFile.open(path)
    assert path.read_bytes() == bytes_before
    assert [one.name for one in tmp_path.iterdir()] == ["old.nanodesk"]
