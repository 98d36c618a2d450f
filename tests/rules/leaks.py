"""Fails a test that leaves a thread running or a window open."""

import gc
import sys
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_PATIENCE_S = 1.0
_RUNNERS_OWN = ("execnet", "pytest_timeout", "pytest-timeout")
_QTS_OWN = ("QTipLabel", "QWhatsThat")


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + _PATIENCE_S
    while (left := _new_threads(before)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not left, f"threads outlived the test: {left}"


@pytest.fixture(autouse=True)
def no_window_left() -> Iterator[None]:
    before = {id(widget) for widget in _windows()}
    yield
    if [widget for widget in _windows() if id(widget) not in before]:
        _let_go()
    left = [repr(widget) for widget in _windows() if id(widget) not in before]
    assert not left, f"windows outlived the test: {left}"


def _new_threads(before: set[threading.Thread]) -> list[threading.Thread]:
    # A thread that Python did not start (Qt's, OpenCV's) shows as a dummy for ever once it has run Python code.
    return [
        thread
        for thread in threading.enumerate()
        if thread not in before
        and not isinstance(thread, threading._DummyThread)
        and not thread.name.startswith(_RUNNERS_OWN)
    ]


def _windows() -> "list[QWidget]":
    if "PySide6.QtWidgets" not in sys.modules:
        return []
    from PySide6.QtWidgets import QApplication

    if QApplication.instance() is None:
        return []
    return [
        widget
        for widget in QApplication.topLevelWidgets()
        if widget.parent() is None and type(widget).__name__ not in _QTS_OWN
    ]


def _let_go() -> None:
    """Delete what waits to be deleted: Qt's deferred deletions, and Python's cycles around widgets."""
    from PySide6.QtCore import QCoreApplication, QEvent

    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QCoreApplication.processEvents()
