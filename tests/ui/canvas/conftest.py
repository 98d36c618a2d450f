import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from nanodesk.document.geometry import Size
from nanodesk.ui.canvas.canvas import CanvasWidget
from tests.ui.canvas.fakes import FakeProject, layer_of
from tests.waiting import until

PHOTO = Size(1600, 1200)


class Driver:
    """A canvas in a window, driven by the events a mouse and a keyboard make."""

    def __init__(self, project: FakeProject, canvas: CanvasWidget) -> None:
        self.project = project
        self.canvas = canvas
        self.button = Qt.MouseButton.NoButton

    def mouse(self, kind: QEvent.Type, x: float, y: float, **held: Any) -> None:
        button = held.get("button", Qt.MouseButton.LeftButton)
        keys = held.get("keys", Qt.KeyboardModifier.NoModifier)
        if kind == QEvent.Type.MouseButtonPress:
            self.button = button
        elif kind == QEvent.Type.MouseButtonRelease:
            self.button = Qt.MouseButton.NoButton
        own = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else button
        at = QPointF(x, y)
        event = QMouseEvent(kind, at, QPointF(self.canvas.mapToGlobal(at.toPoint())), own, self.button, keys)
        QApplication.sendEvent(self.canvas, event)

    def press(self, x: float, y: float, **held: Any) -> None:
        self.mouse(QEvent.Type.MouseButtonPress, x, y, **held)

    def move(self, x: float, y: float, **held: Any) -> None:
        self.mouse(QEvent.Type.MouseMove, x, y, **held)

    def release(self, x: float, y: float, **held: Any) -> None:
        self.mouse(QEvent.Type.MouseButtonRelease, x, y, **held)

    def drag(self, *way: tuple[float, float], **held: Any) -> None:
        self.press(*way[0], **held)
        for place in way[1:]:
            self.move(*place, **held)
        self.release(*way[-1], **held)

    def wheel(self, x: float, y: float, notches: float = 0.0, **more: Any) -> None:
        pixels = QPoint(*more.get("pixels", (0, 0)))
        angle = QPoint(round(more.get("across", 0) * 120), round(notches * 120))
        keys = more.get("keys", Qt.KeyboardModifier.NoModifier)
        phase = more.get("phase", Qt.ScrollPhase.NoScrollPhase)
        at = QPointF(x, y)
        event = QWheelEvent(at, at, pixels, angle, Qt.MouseButton.NoButton, keys, phase, False)
        QApplication.sendEvent(self.canvas, event)

    async def quiet(self) -> None:
        """Wait until every tile in sight is there."""
        live = self.canvas._stage.live
        await asyncio.sleep(0.01)
        await until(lambda: live.complete and self.project.painter.open_iterators == 0)
        await asyncio.sleep(0.01)


@pytest.fixture
def opened(qloop, qtbot) -> Iterator[Callable[..., Driver]]:
    """Show a canvas on a project, and close it down at the end."""
    shown: list[CanvasWidget] = []

    def show(project: FakeProject, width: int = 800, height: int = 600) -> Driver:
        canvas = CanvasWidget(project)  # type: ignore[arg-type]  # a stand-in of what a canvas needs
        canvas.resize(width, height)
        canvas.show()
        canvas.setFocus()
        shown.append(canvas)
        return Driver(project, canvas)

    yield show
    for canvas in shown:
        canvas.close_down()
        canvas.close()
        canvas.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def photo() -> FakeProject:
    """A photo with a smaller picture on it."""
    return FakeProject(layer_of("red", PHOTO), layer_of("blue", Size(400, 300)), size=PHOTO)
