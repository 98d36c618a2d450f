import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from nanodesk.document.edit import Role
from nanodesk.document.operations.references import tick_layer
from nanodesk.ui.edit_panel.edit_panel import EditPanel
from tests.editor.scripted import picture, with_picture
from tests.waiting import until


@pytest.fixture
def strip(shown, project, workspace, photo):
    return shown(EditPanel(project, workspace)).references


@pytest.fixture
def ticked(project, photo, in_loop):
    """Two ticked layers, in the order they were ticked."""

    def add():
        second = with_picture(project.editor, project.pixels, picture(value=10), "second.png")
        for layer in (photo, second):
            project.editor.apply("Send along", lambda state, layer=layer: tick_layer(state, layer))
        return photo, second

    return in_loop(add)


def labels(strip):
    return [well.text() for well in strip.wells]


def menu_of(strip, place):
    strip.wells[place].click()
    return [menu for menu in strip.findChildren(QMenu) if menu.isVisible()][-1]


def choose(menu, title):
    next(action for action in menu.actions() if action.text() == title).trigger()
    menu.close()


async def test_the_base_comes_first_then_the_references_in_order(project, strip, ticked):
    assert strip.base.text() == "1 Base"
    assert labels(strip) == ["2 Ref", "3 Ref"]


async def test_a_role_is_chosen_and_undone(project, strip, ticked):
    choose(menu_of(strip, 0), "Style")
    assert project.editor.state.tray.references[0].role is Role.STYLE
    assert labels(strip)[0] == "2 Style"
    project.editor.undo()
    assert labels(strip)[0] == "2 Ref"


async def test_a_reference_is_switched_off_and_removed(project, strip, ticked, notices):
    choose(menu_of(strip, 0), "Switch off")
    assert not project.editor.state.tray.references[0].enabled
    choose(menu_of(strip, 0), "Remove")
    assert len(project.editor.state.tray) == 1
    assert notices[-1].undo


async def test_references_are_dragged_into_another_order(project, strip, ticked, pointer):
    await until(lambda: strip.wells[1].x() > strip.wells[0].x() > 0)
    first, last = strip.wells
    beyond = first.mapFromGlobal(last.mapToGlobal(QPoint(last.width() - 2, 20)))
    pointer(first).drag(QPoint(20, 20), QPoint(40, 20), beyond)
    assert [one.layer for one in project.editor.state.tray] == [ticked[1], ticked[0]]


async def test_a_dropped_file_becomes_a_reference_and_no_layer(project, strip, photo, monkeypatch, tmp_path):
    taken = []

    async def add_references(sources):
        taken.extend(sources)

    monkeypatch.setattr(project, "add_references", add_references)
    file = tmp_path / "tone.png"
    file.write_bytes(b"picture")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), copy, mime, left, none)
    QApplication.sendEvent(strip, enter)
    assert enter.isAccepted()
    assert strip.add.lit
    QApplication.sendEvent(strip, QDropEvent(QPointF(5, 5), copy, mime, left, none))
    await until(lambda: taken)
    assert [source.path for source in taken] == [file]
    assert not strip.add.lit
    assert len(project.editor.document.layers) == 1


async def test_the_dashed_well_asks_for_files(project, strip, photo, monkeypatch, tmp_path):
    taken = []

    async def add_references(sources):
        taken.extend(sources)

    monkeypatch.setattr(project, "add_references", add_references)
    QTest.mouseClick(strip.add, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(20, 20))
    assert strip.chooser.isVisible()
    strip.chooser.filesSelected.emit([str(tmp_path / "tone.png")])
    strip.chooser.close()
    await until(lambda: taken)
    assert taken[0].name == "tone.png"
