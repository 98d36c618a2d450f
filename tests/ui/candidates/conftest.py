"""The whole window on a project with a photo, two sentences and an engine that offers candidates as a test lets it."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from nanodesk.document.run import RunOptions
from nanodesk.editor.workspace import Workspace
from nanodesk.storage.settings import Settings
from nanodesk.ui import theme
from nanodesk.ui.main_window import MainWindow
from tests.editor.scripted import ScriptedEngine, picture, with_edits, with_picture
from tests.ui.candidates.offering import OfferingEngine
from tests.waiting import until

SENTENCES = ("Turn the red cup sage green", "Remove the crumbs on the left")


class Desk:
    """A window, its page in front, and what a hand does there."""

    def __init__(self, window: MainWindow, engine: Any) -> None:
        self.window = window
        self.engine = engine

    @property
    def page(self):
        return self.window.page

    @property
    def project(self):
        return self.page.project

    @property
    def runs(self):
        return self.project.runs

    @property
    def canvas(self):
        return self.page.canvas

    @property
    def strip(self):
        return self.page.strip

    @property
    def bar(self):
        return self.strip.view.bar

    @property
    def thumbs(self):
        return self.bar.row.thumbs

    @property
    def layers(self):
        return [self.project.editor.document.layers[one].name for one in self.project.editor.document.root]

    def states(self):
        return [candidate.state.value for candidate in self.runs.candidates.values()]

    def offered(self):
        """The names of the buttons that can be pressed now."""
        return {name for name, button in self.bar.buttons.named.items() if button.isVisible()}

    def run(self, candidates: int = 4):
        return self.runs.submit("auto", RunOptions(candidates=candidates))

    async def arrived(self, count: int):
        await until(lambda: self.strip.waiting == count)

    async def run_of(self, candidates: int):
        """A run that is over, with so many answers on the strip."""
        run = self.run(candidates)
        self.engine.let(candidates)
        await self.runs.finished(run)
        await self.arrived(candidates)
        return run

    async def shown(self, place: int | None):
        """Wait until the candidate of a place, from 0, or none is on the canvas."""
        key = None if place is None else self.strip.slots[place].key
        await until(lambda: self.strip.showing.shown == key)

    def key(self, code, *, on: QWidget | None = None):
        QTest.keyClick(on or self.canvas, code)

    def press(self, name: str):
        button = self.bar.buttons.named[name]
        assert button.isVisible(), name
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def click(self, place: int):
        QTest.mouseClick(self.thumbs[place], Qt.MouseButton.LeftButton)

    def point(self, place: int | None):
        """Move the pointer onto a place, or off the strip."""
        for thumb in self.thumbs:
            if self.bar.row.over == thumb.slot.key:
                QApplication.sendEvent(thumb, QEvent(QEvent.Type.Leave))
        if place is not None:
            at = QPointF(20, 20)
            QApplication.sendEvent(self.thumbs[place], QEnterEvent(at, at, at))

    def told(self):
        return self.bar.said.title.text, self.bar.said.detail.text


@pytest.fixture
def offering(qloop: asyncio.AbstractEventLoop) -> OfferingEngine:
    return OfferingEngine()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def opened_desk(
    qapp: QApplication, qloop: asyncio.AbstractEventLoop, offering: OfferingEngine, folder: Path
) -> Iterator[Callable[..., Desk]]:
    """Opens a desk on an engine; takes down every one at the end."""
    theme.install(qapp, "dark")
    made: list[tuple[MainWindow, Workspace]] = []

    async def build(engine: ScriptedEngine, block: np.ndarray) -> Desk:
        settings = Settings(folder / "settings.json")
        settings.consent(engine.info.id)
        workspace = Workspace([engine], settings, folder / "recovery")
        window = MainWindow(workspace)
        made.append((window, workspace))
        workspace.new()
        window.resize(1280, 800)
        window.show()
        desk = Desk(window, engine)
        with_picture(desk.project.editor, desk.project.pixels, block)
        with_edits(desk.project.editor, *SENTENCES)
        await until(lambda: len(asyncio.all_tasks()) == 1)  # what still runs when the loop stops would be lost
        return desk

    def opened(engine: ScriptedEngine | None = None, block: np.ndarray | None = None) -> Any:
        return qloop.run_until_complete(build(engine or offering, picture() if block is None else block))

    yield opened
    for window, workspace in made:
        window.close_down()
        window.hide()
        qloop.run_until_complete(workspace.shut_down())
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    qapp.setStyleSheet("")


@pytest.fixture
def desk(opened_desk: Callable[..., Desk]) -> Desk:
    return opened_desk()
