"""Each rule of tests/rules is seen to hold and to fail, in a small suite that runs once in a process of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

SETTINGS = """
[pytest]
filterwarnings = error
qt_api = pyside6
markers =
    xvfb: a journey
    allow_log: may log
"""

SUITE = """
import asyncio, logging, socket, threading
import pytest
from tests.waiting import until

kept = []

async def test_async_in_a_plain_loop():
    await asyncio.sleep(0)
    assert type(asyncio.get_running_loop()).__module__.startswith("asyncio")

async def test_async_in_qts_loop(qloop, qtbot):
    from PySide6.QtCore import QTimer
    seen = []
    QTimer.singleShot(5, lambda: seen.append(1))
    await until(lambda: seen)
    assert asyncio.get_running_loop() is qloop

async def test_events_turned_within_a_test(qloop):
    from PySide6.QtWidgets import QApplication
    woken = []
    async def other():
        await asyncio.sleep(0)
        woken.append(1)
    task = asyncio.create_task(other())
    for _ in range(3):
        QApplication.processEvents()
    assert not woken
    await task
    assert woken

async def test_async_that_is_wrong():
    assert 1 == 2

async def test_waiting_in_vain():
    await until(lambda: False, timeout_s=0.01)

async def test_task_left_in_a_plain_loop():
    kept.append(asyncio.create_task(asyncio.sleep(60)))

async def test_task_left_in_qts_loop(qloop):
    kept.append(asyncio.create_task(asyncio.sleep(60)))

async def test_callback_that_raises():
    asyncio.get_running_loop().call_soon(lambda: 1 / 0)
    await asyncio.sleep(0.01)

async def test_callback_that_raises_in_qts_loop(qloop):
    qloop.call_soon(lambda: 1 / 0)
    await asyncio.sleep(0.01)

def test_coroutine_never_awaited():
    asyncio.sleep(0)

def test_thread_left():
    kept.append(threading.Event())
    threading.Thread(target=kept[-1].wait, args=(10,)).start()

def test_thread_left_by_another_ends():
    kept[-1].set()

def test_window_left(qapp):
    from PySide6.QtWidgets import QWidget
    kept.append(QWidget())

def test_window_closed_by_qtbot(qtbot):
    from PySide6.QtWidgets import QWidget
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()

def test_qt_warns(qapp):
    from PySide6.QtCore import qWarning
    qWarning("something")

def test_network_used():
    socket.create_connection(("192.0.2.1", 80), 1)

def test_network_used_and_kept_quiet():
    try:
        socket.create_connection(("192.0.2.1", 80), 1)
    except Exception:
        pass

def test_loopback():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), 1).close()

def test_log_unexpected():
    logging.getLogger("nanodesk").warning("something")

def test_log_read(caplog):
    logging.getLogger("nanodesk").warning("something")

@pytest.mark.allow_log
def test_log_allowed():
    logging.getLogger("nanodesk").warning("something")
"""

EXPECTED = {
    "async_in_a_plain_loop": {"PASSED"},
    "async_in_qts_loop": {"PASSED"},
    "events_turned_within_a_test": {"PASSED"},
    "async_that_is_wrong": {"FAILED"},
    "waiting_in_vain": {"FAILED"},
    "task_left_in_a_plain_loop": {"FAILED"},
    "task_left_in_qts_loop": {"FAILED"},
    "callback_that_raises": {"FAILED"},
    "callback_that_raises_in_qts_loop": {"PASSED", "ERROR"},
    "coroutine_never_awaited": {"FAILED"},
    "thread_left": {"PASSED", "ERROR"},
    "thread_left_by_another_ends": {"PASSED"},
    "window_left": {"PASSED", "ERROR"},
    "window_closed_by_qtbot": {"PASSED"},
    "qt_warns": {"FAILED"},
    "network_used": {"FAILED", "ERROR"},
    "network_used_and_kept_quiet": {"PASSED", "ERROR"},
    "loopback": {"PASSED"},
    "log_unexpected": {"PASSED", "ERROR"},
    "log_read": {"PASSED"},
    "log_allowed": {"PASSED"},
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Give what became of each test of the small suite: how it ended, and `ERROR` for a rule broken after it."""
    folder = tmp_path_factory.mktemp("suite")
    (folder / "pytest.ini").write_text(SETTINGS + "qt_log_level_fail = WARNING\n")
    (folder / "test_small.py").write_text(SUITE)
    rules = [f"-ptests.rules.{name}" for name in ("async_tests", "leaks", "network", "logs")]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", *rules, "test_small.py"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    found: dict[str, set[str]] = {}
    for word, name in re.findall(r"^(PASSED|FAILED|ERROR) test_small\.py::test_(\w+)", ran.stdout, re.MULTILINE):
        found.setdefault(name, set()).add(word)
    assert found, ran.stdout + ran.stderr
    return found


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_rule_holds(outcomes, name):
    assert outcomes[name] == EXPECTED[name]


def test_every_case_of_the_small_suite_is_judged(outcomes):
    assert set(outcomes) == set(EXPECTED)
