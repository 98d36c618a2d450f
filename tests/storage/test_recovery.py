"""Unsaved work lies in a recovery file, and is found when its owner is gone."""

import os
import threading
from pathlib import Path

import pytest

from nanodesk.storage.base_copy import BaseCopy
from nanodesk.storage.errors import CannotReadError, CannotWriteError, DamagedProjectError
from nanodesk.storage.lock import FileLock
from nanodesk.storage.project_file import ProjectFile
from nanodesk.storage.recovery import Orphan, RecoveryFile, orphans, set_aside
from nanodesk.storage.saving import save_new
from tests.storage.made import Made, assert_holds, count


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "state" / "recovery"


@pytest.fixture
def made():
    made = Made()
    made.add_picture()
    made.stroke("red")
    return made


def crashed(recovery):
    """Leave it as a process does that ends without closing anything."""
    recovery.file.close()
    recovery._lock._file.close()


def test_untitled_work_is_found_after_a_crash(folder, made):
    recovery = RecoveryFile.create(folder, None, "Untitled 2")
    recovery.file.write(made.fresh())
    assert orphans(folder) == []  # its owner lives
    crashed(recovery)
    (orphan,) = orphans(folder)
    assert (orphan.project_path, orphan.name) == (None, "Untitled 2")
    claimed = RecoveryFile.claim(orphan)
    assert claimed
    assert RecoveryFile.claim(orphan) is None
    assert orphans(folder) == []
    assert_holds([claimed.file], made)
    made.stroke("blue")
    claimed.file.write(made.fresh())
    assert_holds([claimed.file], made)
    claimed.discard()
    assert list(folder.iterdir()) == []


def test_work_that_is_left_on_purpose_is_found_too(folder, made):
    recovery = RecoveryFile.create(folder, None, "Untitled")
    recovery.file.write(made.fresh())
    recovery.close()
    assert [one.name for one in orphans(folder)] == ["Untitled"]
    assert [one.suffix for one in folder.iterdir()] == [".recovery"]


def test_a_recovery_file_holds_only_what_its_project_has_not_got(folder, tmp_path, made):
    path = tmp_path / "caf\udce9.nanodesk"
    for stroke in range(70):
        made.stroke(f"stroke {stroke}")
    save_new(path, made.whole())
    project = ProjectFile.open(path)
    recovery = RecoveryFile.create(folder, path, path.stem, project.change_id)
    made.stroke("new", [(5, 5), (6, 5)])
    assert len(recovery.file.write(made.fresh())) == 2
    made.fade(0.5)
    recovery.file.write(made.fresh())
    made.go("s30")
    made.stroke("branch", [(1, 1)])
    recovery.file.write(made.fresh())
    assert count(recovery.file, "tiles") == 3
    assert count(recovery.file, "steps") == 3
    assert count(recovery.file, "visited") <= 3
    assert_holds([recovery.file, project], made)
    crashed(recovery)

    (orphan,) = orphans(folder)
    assert orphan.project_path == path
    assert orphan.base_change_id == project.change_id
    claimed = RecoveryFile.claim(orphan)
    assert claimed
    made.stroke("after", [(2, 2)])
    assert len(claimed.file.write(made.fresh())) == 1
    assert_holds([claimed.file, project], made)
    claimed.discard()
    project.close()


def test_without_its_project_everything_is_written(folder, tmp_path, made):
    path = tmp_path / "work.nanodesk"
    save_new(path, made.whole())
    for where, base in ((tmp_path / "gone.nanodesk", "x"), (path, "another save")):
        recovery = RecoveryFile.create(folder, where, "work", base)
        recovery.file.write(made.whole())
        assert count(recovery.file, "tiles") == 12 * 8 + 2
        assert_holds([recovery.file], made)
        recovery.discard()


def test_what_its_owner_never_wrote_to_is_no_work(folder):
    recovery = RecoveryFile.create(folder, None, "Untitled")
    crashed(recovery)
    assert orphans(folder) == []
    assert list(folder.glob("*.recovery")) == []


def test_what_cannot_be_read_is_named_and_left_alone(folder, made):
    folder.mkdir(parents=True)
    broken = folder / "broken.recovery"
    broken.write_bytes(b"SQLite format 3\x00 and then nothing")
    recovery = RecoveryFile.create(folder, None, "Untitled")
    recovery.file.write(made.fresh())
    crashed(recovery)
    (unread,) = [one for one in orphans(folder) if one.path == broken]
    assert unread.name == "unsaved work"
    with pytest.raises(DamagedProjectError):
        RecoveryFile.claim(unread)
    assert len(orphans(folder)) == 2
    aside = set_aside(unread)
    assert aside
    assert aside.read_bytes().startswith(b"SQLite")
    assert len(orphans(folder)) == 1


def test_a_copy_of_a_project_lives_as_long_as_work_that_stands_on_it(folder, tmp_path, made):
    path = tmp_path / "work.nanodesk"
    save_new(path, made.whole())
    copy, other = (BaseCopy.make(path, folder, lambda: False) for _ in range(2))
    assert copy
    assert other
    assert_holds([copy.file], made)
    recovery = RecoveryFile.create(folder, path, "work", copy.file.change_id)
    copy.known_to(recovery.file)
    made.stroke("more")
    recovery.file.write(made.fresh())
    assert orphans(folder) == []
    assert len(list(folder.glob("*.base"))) == 2  # their owners live
    crashed(recovery)
    copy.close()
    other.close()
    (orphan,) = orphans(folder)
    assert [one.name for one in folder.glob("*.base")] == [orphan.base_copy]
    again = BaseCopy.left_by(orphan)
    assert again
    assert BaseCopy.left_by(orphan) is None  # somebody has it
    claimed = RecoveryFile.claim(orphan)
    assert claimed
    assert_holds([claimed.file, again.file], made)
    claimed.discard()
    again.discard()
    assert list(folder.iterdir()) == []


def test_a_copy_that_is_called_off_or_cannot_be_made_leaves_nothing(folder, tmp_path, made):
    path = tmp_path / "work.nanodesk"
    save_new(path, made.whole())
    assert BaseCopy.make(path, folder, lambda: True) is None
    with pytest.raises(CannotReadError):
        BaseCopy.make(tmp_path / "gone.nanodesk", folder, lambda: False)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["", "../work.nanodesk", "gone.base", "/etc/passwd", "x.recovery"])
def test_a_recovery_file_can_name_no_other_file_as_its_copy(folder, name):
    orphan = Orphan(folder / "a.recovery", None, "Untitled", "", 0.0, name)
    assert BaseCopy.left_by(orphan) is None


def test_no_folder_no_orphans(folder):
    assert orphans(folder) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "state").write_text("a file")
    with pytest.raises(CannotWriteError, match="what should be its folder is a file"):
        RecoveryFile.create(tmp_path / "state" / "recovery", None, "Untitled")


@pytest.mark.skipif(os.name != "posix", reason="permissions are of POSIX")
def test_nobody_else_may_look_into_the_folder(folder):
    recovery = RecoveryFile.create(folder, None, "Untitled")
    assert folder.stat().st_mode & 0o077 == 0
    recovery.discard()


def test_only_one_holds_a_lock_however_often_it_changes_hands(tmp_path):
    path = tmp_path / "one.lock"
    inside: list[int] = []
    faults: list[int] = []

    def fight():
        for _ in range(150):
            lock = FileLock(path)
            if lock.acquire():
                inside.append(1)
                if len(inside) != 1:
                    faults.append(1)
                inside.pop()
                lock.release()

    threads = [threading.Thread(target=fight) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults


def test_a_lock_that_was_let_go_can_be_taken(tmp_path: Path):
    lock = FileLock(tmp_path / "one.lock")
    assert lock.acquire()
    assert not FileLock(tmp_path / "one.lock").acquire()
    lock.release()
    lock.release()
    again = FileLock(tmp_path / "one.lock")
    assert again.acquire()
    again.release()
