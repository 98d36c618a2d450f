"""Writing to the recovery file goes on, whoever waits for it and whatever happens meanwhile."""

import asyncio
import sqlite3
import threading
from contextlib import asynccontextmanager

from nanodesk.document.identity import EditId, new_id
from nanodesk.document.operations.edits import add_edit
from nanodesk.editor.disk import DiskStatus
from nanodesk.editor.retrying import PAUSES_S, in_loop
from nanodesk.editor.workspace import Workspace
from nanodesk.storage.errors import CannotWriteError
from nanodesk.storage.settings import Settings
from tests.waiting import until


def write_edit(project, sentence):
    project.editor.apply("Add edit", lambda state: add_edit(state, EditId(new_id()), sentence))


def steps_on_disk(folder):
    (path,) = folder.glob("*.recovery")
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return {step for (step,) in connection.execute("SELECT id FROM steps")}
    finally:
        connection.close()


async def test_cancelling_who_waits_for_the_disk_stops_no_writing(tmp_path):
    workspace = Workspace([], Settings(), tmp_path)
    project = workspace.new()
    for number in range(5):
        write_edit(project, f"edit {number}")
        waiter = asyncio.create_task(project.keeping.flushed())
        await asyncio.sleep(0.002 * number)
        waiter.cancel()
        await asyncio.gather(waiter, return_exceptions=True)
    await project.keeping.flushed()
    assert project.disk_status is DiskStatus.ON_DISK
    assert steps_on_disk(tmp_path) == set(project.editor.history.steps)
    await workspace.shut_down()


async def test_what_happens_while_tiles_are_packed_is_written_too(tmp_path, monkeypatch):
    workspace = Workspace([], Settings(), tmp_path)
    project = workspace.new()
    packing, go_on = threading.Event(), threading.Event()

    def cool(_):
        packing.set()
        go_on.wait(5)

    monkeypatch.setattr(project.pixels, "cool", cool)
    write_edit(project, "one")
    await until(packing.is_set)
    write_edit(project, "two")
    go_on.set()
    await project.keeping.flushed()
    assert steps_on_disk(tmp_path) == set(project.editor.history.steps)
    await workspace.shut_down()


class Later:
    """What was put off, for a test to let happen."""

    def __init__(self):
        self.put_off = []

    def __call__(self, delay_s, call):
        self.put_off.append((delay_s, call))
        return self

    def cancel(self):
        self.put_off.pop()

    @property
    def delays(self):
        return [delay for delay, _ in self.put_off]

    def pass_by(self):
        _, call = self.put_off.pop()
        call()


class Disk:
    """A recovery file that takes nothing while it is full."""

    def __init__(self, files, monkeypatch):
        self.full, self.tried = True, 0
        self._write = files.write_recovery
        monkeypatch.setattr(files, "write_recovery", self.write)

    def write(self, *args):
        self.tried += 1
        if self.full:
            raise CannotWriteError("The disk is full.")
        return self._write(*args)


@asynccontextmanager
async def full_disk(folder, monkeypatch):
    """An open project, its disk that is full, and what was put off."""
    workspace = Workspace([], Settings(), folder)
    project = workspace.new()
    project.keeping.retry.later = later = Later()
    yield project, Disk(project.keeping.files, monkeypatch), later
    await workspace.shut_down()


async def test_what_the_disk_would_not_take_is_tried_again_by_itself(tmp_path, monkeypatch):
    async with full_disk(tmp_path / "recovery", monkeypatch) as (project, disk, later):
        write_edit(project, "one")
        await project.keeping.flushed()
        assert project.disk_status is DiskStatus.FAILED
        assert project.disk_message == "Not on disk, trying again within 5 s: The disk is full."
        assert later.delays == [5]
        disk.full = False
        said = []
        project.status_changed.connect(lambda: said.append(project.disk_message))
        later.pass_by()
        await project.keeping.flushed()
        assert said == ["All work is on disk"]
        assert steps_on_disk(tmp_path / "recovery") == set(project.editor.history.steps)
        assert later.delays == []


async def test_each_try_waits_longer_and_the_last_ones_as_long(tmp_path, monkeypatch):
    async with full_disk(tmp_path / "recovery", monkeypatch) as (project, disk, later):
        write_edit(project, "one")
        await project.keeping.flushed()
        waited = []
        for _ in range(len(PAUSES_S) + 2):
            waited += later.delays
            later.pass_by()
            await project.keeping.flushed()
        assert waited == [*PAUSES_S, PAUSES_S[-1], PAUSES_S[-1]]
        assert f"within {PAUSES_S[-1]} s" in project.disk_message
        assert disk.tried == len(waited) + 1
        disk.full = False
        later.pass_by()
        await project.keeping.flushed()
        disk.full = True
        write_edit(project, "two")
        await project.keeping.flushed()
        assert later.delays == [PAUSES_S[0]]  # another fault begins from the start


async def test_a_change_in_between_is_a_try_too_and_puts_nothing_off_twice(tmp_path, monkeypatch):
    async with full_disk(tmp_path / "recovery", monkeypatch) as (project, disk, later):
        write_edit(project, "one")
        await project.keeping.flushed()
        write_edit(project, "two")
        await project.keeping.flushed()
        assert disk.tried == 2
        assert later.delays == [5]
        disk.full = False
        write_edit(project, "three")
        await project.keeping.flushed()
        assert later.delays == []
        assert project.disk_message == "All work is on disk"


async def test_what_a_save_has_put_elsewhere_is_on_disk(tmp_path, monkeypatch):
    async with full_disk(tmp_path / "recovery", monkeypatch) as (project, disk, later):
        write_edit(project, "one")
        await project.keeping.flushed()
        assert project.disk_status is DiskStatus.FAILED
        await project.save_as(tmp_path / "elsewhere.nanodesk")
        assert project.disk_message == "All work is on disk"
        assert not project.modified
        assert later.delays == []
        disk.full = False
        write_edit(project, "two")
        await project.keeping.flushed()
        assert steps_on_disk(tmp_path / "recovery") == {project.editor.history.current}


async def test_a_closed_project_tries_no_more(tmp_path, monkeypatch):
    async with full_disk(tmp_path / "recovery", monkeypatch) as (project, _, later):
        write_edit(project, "one")
        await project.keeping.flushed()
        assert later.delays == [5]
    assert later.delays == []


async def test_the_loop_calls_what_was_put_off():
    called = asyncio.Event()
    in_loop(0, called.set)
    await asyncio.wait_for(called.wait(), 5)
    other = asyncio.Event()
    in_loop(0, other.set).cancel()
    await asyncio.sleep(0.01)
    assert not other.is_set()
