"""What the window does not wait for when the program starts."""

import os
import subprocess
import sys

_STARTED = """
import asyncio, builtins, gc, os, sys
import nanodesk.__main__
from nanodesk import app
load = builtins.__import__
run = app._run
def painted(self, event):
    seen = sorted(sys.modules)
    def settled():
        if not gc.isenabled():
            asyncio.get_running_loop().call_later(0.01, settled)
            return
        print("frozen", gc.get_freeze_count() > 0, "load", builtins.__import__ is load)
        print(*seen)
        sys.stdout.flush()
        os._exit(0)
    asyncio.get_running_loop().call_later(0, settled)
async def _run(application, files):
    from nanodesk.ui import main_window
    main_window.MainWindow.paintEvent = painted
    await run(application, files)
app._run = _run
app.main([])
"""
_LATER = {
    "numpy",
    "cv2",
    "PIL",
    "sqlite3",
    "google.genai",
    "psd_tools",
    "nanodesk.formats.decode_client",
    "nanodesk.ui.advice.advice_card",
    "nanodesk.ui.fit.leak_card",
    "nanodesk.ui.history_panel.history_panel",
    "nanodesk.ui.history_panel.runs_panel",
    "nanodesk.ui.window.deeds.file",
    "nanodesk.ui.dialogs.asking",
    "nanodesk.ui.dialogs.export",
    "nanodesk.ui.dialogs.settings_sheet",
}


def test_the_first_picture_of_the_window_waits_for_no_library_of_pictures_and_no_sheet(tmp_path):
    places = {name: str(tmp_path) for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    environment = {**os.environ, **places, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", _STARTED], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    first, loaded = done.stdout.splitlines()[-2:]
    assert first == "frozen True load True"
    modules = set(loaded.split())
    assert "nanodesk.ui.window.page" in modules
    assert modules & _LATER == set()
