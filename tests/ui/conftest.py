"""A real workspace with temporary folders and an engine that a test steers."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from nanodesk.document.identity import LayerId
from nanodesk.editor.notice import Notice
from nanodesk.editor.project import Project
from nanodesk.editor.workspace import Workspace
from nanodesk.storage.settings import Settings
from nanodesk.ui.edit_panel.edit_panel import EditPanel
from nanodesk.ui.history_panel.history_panel import HistoryPanel
from nanodesk.ui.history_panel.layered_history import LayeredHistory
from nanodesk.ui.history_panel.layers_panel import LayersPanel
from tests.editor.scripted import picture, with_picture
from tests.fake_engine import FakeEngine
from tests.waiting import until


@pytest.fixture(autouse=True)
def loops_timers_end_on_this_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """A closed qasync loop keeps its timers; collected by a worker's garbage collection they would warn."""
    yield
    loop = request.node.funcargs.get("qloop")
    if loop is not None:
        shiboken6.delete(loop._timer)


@pytest.fixture
def engine(qloop: asyncio.AbstractEventLoop) -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def workspace(qloop: asyncio.AbstractEventLoop, engine: FakeEngine, tmp_path: Path) -> Iterator[Workspace]:
    workspace = Workspace([engine], Settings(tmp_path / "settings.json"), tmp_path / "recovery")
    yield workspace
    qloop.run_until_complete(workspace.shut_down())


@pytest.fixture
def project(workspace: Workspace) -> Project:
    """An empty untitled project."""
    return workspace.new()


@pytest.fixture
def in_loop(qloop: asyncio.AbstractEventLoop) -> Callable[[Callable[[], Any]], Any]:
    """Does something inside the loop, as everything in the window is, and lets what it started come to its end."""

    async def story(act: Callable[[], Any]) -> Any:
        result = act()
        await until(lambda: len(asyncio.all_tasks()) == 1)
        return result

    return lambda act: qloop.run_until_complete(story(act))


@pytest.fixture
def photo(project: Project, in_loop: Callable[[Callable[[], Any]], Any]) -> LayerId:
    """The one picture of the project, 300 × 270 pixels, called photo.jpg."""
    layer: LayerId = in_loop(lambda: with_picture(project.editor, project.pixels, picture()))
    return layer


@pytest.fixture
def notices(project: Project) -> list[Notice]:
    """What the project has said since."""
    said: list[Notice] = []
    project.notices.connect(said.append)
    return said


@pytest.fixture
def shown(qapp: QApplication) -> Iterator[Callable[..., QWidget]]:
    """Shows a panel; takes it down, C++ side included, before a worker's garbage collection could."""
    widgets: list[QWidget] = []

    def show(widget: QWidget, width: int = 344, height: int = 600) -> QWidget:
        widget.resize(width, height)
        widget.show()
        widgets.append(widget)
        return widget

    yield show
    for widget in widgets:
        if isinstance(widget, LayersPanel | HistoryPanel | LayeredHistory | EditPanel):
            widget.close_down()
        widget.close()
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


class Pointer:
    """A mouse over one widget; positions are the widget's own."""

    def __init__(self, widget: QWidget) -> None:
        self.widget = widget

    def click(self, at: QPoint, *, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseClick(self.widget, Qt.MouseButton.LeftButton, keys, at)

    def drag(self, start: QPoint, *ways: QPoint, drop: bool = True) -> None:
        QTest.mousePress(self.widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
        for way in ways:
            self.move(way)
        if drop:
            self.drop(ways[-1])

    def move(self, at: QPoint) -> None:
        """Move with the left button held."""
        held = Qt.MouseButton.LeftButton
        place, anywhere = QPointF(at), QPointF(self.widget.mapToGlobal(at))
        keys = Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(QEvent.Type.MouseMove, place, anywhere, Qt.MouseButton.NoButton, held, keys)
        QApplication.sendEvent(self.widget, event)

    def drop(self, at: QPoint) -> None:
        QTest.mouseRelease(self.widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)


@pytest.fixture
def pointer() -> type[Pointer]:
    return Pointer
