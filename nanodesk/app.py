"""The one place that builds everything: application, event loop, workspace, window."""

from __future__ import annotations

import asyncio
import builtins
import gc
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nanodesk.ui.window.display import fault, missing_library

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QApplication

    from nanodesk.ui.main_window import MainWindow

SETTLED_S = 1.0
"""So long after the window is shown garbage is left lying, until it and a file it was opened on are there."""
DESKTOP_NAME = "org.nanodesk.Nanodesk"
NO_WINDOW, FAULT = 2, 70


def main(files: Sequence[Path]) -> int:
    """Show the window on these files until it is left; the exit status."""
    load = builtins.__import__
    try:
        import PySide6.QtWidgets  # before qasync, which would else look for another binding
    except ImportError as error:
        sys.stderr.write(missing_library(str(error).partition(":")[0]) + "\n")
        return NO_WINDOW
    builtins.__import__ = load  # Qt's own reads the source of every module, for switches that nobody here uses
    wrong = fault(Path(PySide6.__file__).parent / "Qt" / "plugins" / "platforms")
    if wrong:
        sys.stderr.write(wrong + "\n")
        return NO_WINDOW
    try:
        _show(files)
    except Exception as error:  # noqa: BLE001 - a fault of ours ends in a sentence, and work is on disk
        from nanodesk.ui import tasks

        tasks.report(error)
        sys.stderr.write(
            "Nanodesk has a fault and had to end. What you did is kept and comes back at the next start.\n"
        )
        return FAULT
    return 0


def _show(files: Sequence[Path]) -> None:
    gc.disable()  # until the window is there: what is built for it stays, and looking through it again takes time
    try:
        import qasync

        application = _application()
        if sys.version_info >= (3, 12):
            asyncio.run(_run(application, files), loop_factory=lambda: qasync.QEventLoop(application))
        else:
            qasync.run(_run(application, files))
    finally:
        gc.enable()


def _application() -> QApplication:
    from PySide6.QtWidgets import QApplication

    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication([sys.argv[0]])
    application.setApplicationName("Nanodesk")
    application.setDesktopFileName(DESKTOP_NAME)
    application.setQuitOnLastWindowClosed(False)
    return application


async def _run(application: QApplication, files: Sequence[Path]) -> None:
    from nanodesk.editor.workspace import Workspace
    from nanodesk.ui import tasks, theme
    from nanodesk.ui.main_window import MainWindow

    loop = asyncio.get_running_loop()
    tasks.install(loop)
    workspace = Workspace.for_desktop()
    theme.install(application, workspace.settings.theme)  # type: ignore[arg-type]  # settings keep to the names of the themes
    window = MainWindow(workspace)
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, window.leave_at_once)
        except (NotImplementedError, RuntimeError):  # Windows has no such handlers
            signal.signal(number, lambda *_: window.leave_at_once())
    workspace.new()
    window.show()
    settling = loop.call_later(SETTLED_S, _settle)
    tasks.spawn(_begin(window, files), name="begin")
    tasks.spawn(workspace.accounts.load(only_where_kept=True), name="key store")
    await window.closed
    settling.cancel()
    await workspace.shut_down()
    window.close_down()
    await tasks.settled()
    window.deleteLater()


def _settle() -> None:
    """From now on look for garbage again, but not among what the window was built of: it stays."""
    gc.freeze()
    gc.enable()


async def _begin(window: MainWindow, files: Sequence[Path]) -> None:
    """Bring back what a session lost, then open what was asked for."""
    first = window.workspace.projects[0]
    restored = await window.workspace.restore()
    if files:
        await window.files.open_paths(files)
    if restored and first in window.workspace.projects and first.editor.document.empty and not first.modified:
        await window.workspace.close(first, discard=True)
    for project in restored:
        window.tell_restored(project)
    for sentence in window.workspace.lost:
        window.tell(sentence)
