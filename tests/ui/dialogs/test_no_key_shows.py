"""A canary: one key is entered and used, well and badly, and then looked for wherever it must not be."""

import asyncio
import contextlib
import logging
import sys
import threading
import traceback
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from nanodesk.document.identity import EditId, new_id
from nanodesk.document.operations.edits import add_edit
from nanodesk.document.run import RunState
from nanodesk.ui import tasks
from nanodesk.ui.dialogs.key_sheet import KeySheet, ask_for_key
from tests.ui.window.seen import asked, photo
from tests.wire import scenarios

CANARY = "canary-8c1f2e-AIzaSyNotReal_0123456789"

ENDINGS = (
    (None, RunState.DONE),
    (scenarios.blocked("PROHIBITED_CONTENT"), RunState.FAILED),
    (scenarios.forbids("API_KEY_SERVICE_BLOCKED"), RunState.FAILED),
    (scenarios.drops_in_the_middle, RunState.FAILED),
    (scenarios.sends(b"{not json"), RunState.FAILED),
    (scenarios.redirects("http://127.0.0.1:9/"), RunState.FAILED),
)


@pytest.fixture
def hooks(monkeypatch):
    """The program's own ways of reporting, for as long as the test."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)


def command_lines():
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):  # where there is such a folder
        with contextlib.suppress(OSError):  # that process has ended meanwhile
            lines.append(path.read_bytes())
    return lines


def looked_through(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def crash(key):
    try:
        holding = {"key": key, "letters": key.reveal()}
        raise RuntimeError(f"never foreseen, with {len(holding)} locals and {key}")
    except RuntimeError:
        return sys.exc_info()


async def test_one_key_is_nowhere_but_in_the_store(window, workspace, vault, service, hooks, caplog, capfd, tmp_path):
    caplog.set_level(logging.DEBUG)
    service.key = CANARY
    tasks.install(asyncio.get_running_loop())
    asking = tasks.spawn(ask_for_key(window, workspace, "gemini"))
    dialog = await asked(window, KeySheet)
    QTest.keyClicks(dialog.field, CANARY)
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert await asking
    workspace.accounts.consent("gemini")
    project = window.page.project
    await project.place([photo()])
    project.editor.apply("Add edit", lambda state: add_edit(state, EditId(new_id()), "add steam"))
    said = []
    for scenario, state in ENDINGS:
        if scenario is not None:
            service.will(scenario)
        run = await project.runs.finished(project.runs.submit("gemini"))
        assert run.state is state
        said += [run.message, *run.notes, repr(run), repr(project.runs.fault_of(run.id))]
        said += traceback.format_exception(project.runs.fault_of(run.id))
    await project.save_as(tmp_path / "work.nanodesk")
    project.editor.apply("Add edit", lambda state: add_edit(state, EditId(new_id()), "unsaved"))
    await project.keeping.flushed()
    assert workspace.settings.save()

    key = workspace.accounts.key("gemini")
    assert key.reveal() == CANARY
    sys.excepthook(*crash(key))
    tasks.report(crash(key)[1])
    for entry in project.runs.journal.entries.values():
        said += [repr(entry), str(project.runs.journal.body(entry.run, entry.reply))]
    said += [repr(vars(workspace.accounts)), repr(workspace.accounts.connection()), caplog.text, *capfd.readouterr()]
    assert any("RuntimeError" in line for line in said)
    assert not [text[:200] for text in said if CANARY in text]

    files = looked_through(tmp_path)
    assert {"work.nanodesk", "settings.json", "spending.jsonl"} <= set(files)
    assert any(name.endswith(".recovery") for name in files)
    assert not [name for name, data in files.items() if CANARY.encode() in data]
    assert not [line for line in command_lines() if CANARY.encode() in line]
    assert list(vault.kept.values()) == [CANARY]
    assert all(one.headers["x-goog-api-key"] == CANARY for one in service.asked)
    assert not [one.path for one in service.asked if CANARY in one.path]
