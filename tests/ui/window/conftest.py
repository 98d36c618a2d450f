"""The whole window, offscreen, on a workspace with an engine that a test steers."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from nanodesk.editor.workspace import Workspace
from nanodesk.ui import theme
from nanodesk.ui.main_window import MainWindow


@pytest.fixture
def window(qapp, qloop, workspace: Workspace) -> Iterator[MainWindow]:
    theme.install(qapp, "dark")

    async def build() -> MainWindow:
        made = MainWindow(workspace)
        workspace.new()
        made.resize(1280, 800)
        made.show()
        return made

    made = qloop.run_until_complete(build())
    yield made
    made.close_down()
    made.hide()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    qapp.setStyleSheet("")
