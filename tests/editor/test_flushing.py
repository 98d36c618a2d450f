"""Writing to the recovery file goes on, whoever waits for it and whatever happens meanwhile."""

import asyncio
import sqlite3
import threading

from nanodesk.document.identity import EditId, new_id
from nanodesk.document.operations.edits import add_edit
from nanodesk.editor.disk import DiskStatus
from nanodesk.editor.workspace import Workspace
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
