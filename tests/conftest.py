"""What holds for every test: a private home, no network, and nothing left behind.

Qt is imported only when a test asks for it, so that the rooms below the window are tested without it.
An `async def` test runs inside the window's loop when it asks for `qloop`, and in a plain asyncio loop otherwise.
"""

import os
import sys
import tempfile
from pathlib import Path

import pytest

_HOME = Path(tempfile.mkdtemp(prefix="nanodesk-tests-"))
os.environ.update(
    {
        "HOME": str(_HOME),
        "USERPROFILE": str(_HOME),
        "APPDATA": str(_HOME / "config"),
        "LOCALAPPDATA": str(_HOME / "data"),
        "XDG_CONFIG_HOME": str(_HOME / "config"),
        "XDG_DATA_HOME": str(_HOME / "data"),
        "XDG_STATE_HOME": str(_HOME / "state"),
        "XDG_CACHE_HOME": str(_HOME / "cache"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "QT_API": "pyside6",
    }
)
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for name in ("GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GEMINI_BASE_URL"):
    os.environ.pop(name, None)

pytest_plugins = ["tests.rules.async_tests", "tests.rules.leaks", "tests.rules.network", "tests.rules.logs"]


def pytest_sessionfinish(session: pytest.Session) -> None:
    import shutil

    shutil.rmtree(_HOME, ignore_errors=True)
    _clear_clipboard()


def _clear_clipboard() -> None:
    """What a test copied is Python's, and the offscreen clipboard would only let go of it when Python is gone."""
    gui = sys.modules.get("PySide6.QtGui")
    if gui is not None and gui.QGuiApplication.instance() is not None:
        gui.QGuiApplication.clipboard().clear()
