"""Drags over the canvas: words, drop place, and nothing left when they leave."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from nanodesk.document.geometry import Point
from tests.ui.canvas.fakes import FakeProject

COPY = Qt.DropAction.CopyAction
ANY = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def files(*names: str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(name) for name in names])
    return mime


def enter(driver, mime, at=(10, 10)):
    event = QDragEnterEvent(QPoint(*at), ANY, mime, LEFT, NONE)
    QApplication.sendEvent(driver.canvas, event)
    return event


def drop(driver, mime, at):
    event = QDropEvent(QPointF(*at), ANY, mime, LEFT, NONE)
    QApplication.sendEvent(driver.canvas, event)
    return event


def words(driver):
    return driver.canvas._dropping.words()


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("/a/cat.png",), "Add as layer"),
        (("/a/cat.png", "/a/dog.jpg"), "Add as 2 layers"),
        (("/a/poster.nanodesk",), "Open project"),
        (("/a/logo.svg",), "SVG drawings cannot be taken in: save “logo.svg” as PNG and drop that."),
    ],
)
async def test_the_overlay_says_what_will_happen(qloop, opened, photo, names, said):
    driver = opened(photo)
    await driver.quiet()
    before = driver.canvas.grab().toImage()
    event = enter(driver, files(*names))
    assert event.isAccepted()
    assert event.dropAction() == COPY
    assert words(driver) == said
    assert driver.canvas.grab().toImage() != before
    QApplication.sendEvent(driver.canvas, QDragLeaveEvent())
    assert words(driver) == ""
    assert driver.canvas.grab().toImage() == before


async def test_on_an_empty_canvas_a_picture_opens(qloop, opened):
    driver = opened(FakeProject())
    enter(driver, files("/a/cat.png"))
    assert words(driver) == "Open as a new document"
    QApplication.sendEvent(driver.canvas, QDragLeaveEvent())


async def test_a_drop_tells_what_came_and_where(qloop, opened, photo, tmp_path):
    driver = opened(photo)
    driver.canvas.zoom_to(1.0)
    came = []
    driver.canvas.dropped.connect(lambda intake, at: came.append((intake, at)))
    mime = files(str(tmp_path / "cat.png"))
    place = driver.canvas.viewport.to_widget(700, 600)
    enter(driver, mime)
    move = QDragMoveEvent(QPoint(50, 50), ANY, mime, LEFT, NONE)
    QApplication.sendEvent(driver.canvas, move)
    assert move.isAccepted()
    event = drop(driver, mime, place)
    assert event.isAccepted()
    assert event.dropAction() == COPY
    assert came[0][0].files == (tmp_path / "cat.png",)
    assert came[0][1] == Point(700, 600)
    assert words(driver) == ""
    await driver.quiet()


async def test_what_is_no_picture_is_not_accepted(qloop, opened, photo):
    driver = opened(photo)
    came = []
    driver.canvas.dropped.connect(lambda intake, at: came.append(intake))
    mime = QMimeData()
    mime.setText("make it warmer")
    assert not enter(driver, mime).isAccepted()
    assert words(driver) == ""
    assert not drop(driver, mime, (10, 10)).isAccepted()
    assert came == []
    await driver.quiet()


async def test_what_is_refused_says_why_when_dropped(qloop, opened, photo):
    driver = opened(photo)
    came = []
    driver.canvas.dropped.connect(lambda intake, at: came.append(intake))
    mime = files("/a/logo.svg")
    enter(driver, mime)
    drop(driver, mime, (10, 10))
    assert not came[0].usable
    assert "logo.svg" in came[0].message
    await driver.quiet()
