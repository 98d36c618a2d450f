"""Breaking a run off from the command line: by the time limit, and by Ctrl-C."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from nanodesk.cli.output import Output
from nanodesk.document.run import Charged, RunState
from nanodesk.editor.workspace import Workspace
from tests.wire import scenarios

EDIT = ("-e", "add steam over the cup", "--engine", "gemini")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def run_out(monkeypatch):
    """Lets the time limit of 77 seconds run out at once, from any thread."""
    real, limits = asyncio.timeout, []

    def recorded(delay):
        limit = real(delay)
        if delay == 77:
            limits.append((asyncio.get_running_loop(), limit))
        return limit

    def now():
        loop, limit = limits[0]
        loop.call_soon_threadsafe(lambda: limit.reschedule(loop.time()))

    monkeypatch.setattr(asyncio, "timeout", recorded)
    return now


def test_the_time_limit_hangs_up_and_says_what_may_have_been_charged(service, photo, nanodesk, run_out):
    def never(handler, asked):
        run_out()
        scenarios.says_nothing(handler, asked)

    service.will(never)
    status, told, _ = nanodesk("edit", photo, *EDIT, "--time-limit", "77")
    assert status == 5
    assert "time limit" in told["error"]
    assert "may have been charged" in told["error"]
    assert service.hung_up.acquire(timeout=5)


def test_what_came_before_the_time_limit_is_written(service, photo, tmp_path, nanodesk, run_out, monkeypatch):
    said = []

    def progress(_, message):
        said.append(message)
        if message == "1 of 2 candidates came":
            run_out()

    monkeypatch.setattr(Output, "progress", progress)
    service.will(scenarios.edits(), scenarios.says_nothing)
    words = ("--candidates", "2", "--time-limit", "77", "-o", tmp_path / "out.png")
    status, told, _ = nanodesk("edit", photo, *EDIT, *words)
    assert status == 0
    assert len(told["outputs"]) == 1
    assert any("1 of 2 candidates" in note for note in told["notes"])


def _started(words, env):
    return subprocess.Popen(
        [sys.executable, "-m", "nanodesk", *map(str, words)],
        env={**os.environ, **env},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _until_said(process, words):
    line = ""
    while words not in line:
        line = process.stderr.readline()
        assert line, f"it ended without saying {words}"


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to one process there")
def test_ctrl_c_hangs_up_and_ends_with_130(service, photo, recoveries):
    service.will(scenarios.says_nothing)
    with _started(["edit", photo, *EDIT], {}) as process:
        _until_said(process, "Waiting")
        while not service.generated:
            threading.Event().wait(0.01)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert service.hung_up.acquire(timeout=5)
    assert "Cancelled" in said[1]
    assert "may have been charged" in said[1]
    assert "Traceback" not in said[1]
    assert len(list(photo.parent.iterdir())) == 1
    assert recoveries() == []


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to one process there")
def test_what_was_paid_for_before_ctrl_c_is_kept_for_the_window(service, photo, recoveries):
    service.will(scenarios.edits(), scenarios.says_nothing)
    with _started(["edit", photo, *EDIT, "--candidates", "2"], {}) as process:
        _until_said(process, "1 of 2 candidates came")
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "kept" in said[1]
    assert len(recoveries()) == 1
    asyncio.run(_offered_by_the_window())
    assert recoveries() == []


@pytest.mark.skipif(sys.platform == "win32", reason="the signal is not there")
def test_a_run_that_was_killed_after_sending_is_told_of_and_never_sent_again(service, home, photo, recoveries):
    service.will(scenarios.says_nothing)
    with _started(["edit", photo, *EDIT], {}) as process:
        _until_said(process, "Waiting")
        while not service.generated:
            threading.Event().wait(0.01)
        process.kill()
        process.communicate(timeout=20)
    asyncio.run(_told_by_the_window())
    assert recoveries() == []
    assert len(service.generated) == 1


async def _told_by_the_window():
    workspace = Workspace.for_desktop()
    (project,) = await workspace.restore()
    (run,) = project.runs.runs.values()
    assert (run.state, run.charged) == (RunState.FAILED, Charged.MAYBE)
    assert "may have been charged" in run.message
    await workspace.close(project, discard=True)
    await workspace.shut_down()


async def _offered_by_the_window():
    workspace = Workspace.for_desktop()
    (project,) = await workspace.restore()
    assert project.name == "photo"
    (candidate,) = project.runs.waiting()
    document = await project.runs.preview(candidate.id)
    assert len(document.root) == 2
    (run,) = project.runs.runs.values()
    assert run.usage.cost
    await workspace.close(project, discard=True)
    await workspace.shut_down()
