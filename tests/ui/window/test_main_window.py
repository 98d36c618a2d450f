import cv2
import numpy as np
import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

from nanodesk.document.operations.layers import rename
from nanodesk.editor.intake import PictureSource
from nanodesk.imaging.codec import encode_png
from nanodesk.ui import tasks
from nanodesk.ui.actions import ACTIONS
from nanodesk.ui.drop import intake
from tests.editor.scripted import picture
from tests.waiting import until


def photo(name="photo.png"):
    return PictureSource(name, data=encode_png(picture()))


def sheet(window):
    found = [one for one in window.findChildren(QDialog) if one.isVisible()]
    return found[-1] if found else None


def press(window, name):
    button = sheet(window).findChild(QPushButton, name)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


async def test_an_empty_window_shows_the_start_page_and_nothing_that_cannot_be_done(window):
    assert window.page.start.isVisible()
    for name in ("save", "export", "undo", "duplicate_layer", "crop"):
        assert not window.menus.actions[name].isEnabled()
    assert window.menus.actions["open_file"].isEnabled()


async def test_a_dropped_picture_becomes_the_document_and_the_bars_say_so(window, tmp_path):
    path = tmp_path / "cup.png"
    cv2.imwrite(str(path), picture()[..., :3])
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    window.page.canvas.dropped.emit(intake(mime), None)
    await until(lambda: not window.page.project.editor.document.empty)
    await until(lambda: window.status.facts.text() == "300 × 270 px · sRGB")
    assert not window.page.start.isVisible()
    assert window.top.tabs.unsaved(0)
    assert window.menus.actions["export"].isEnabled()
    await until(lambda: window.status.disk.text() == "All work is on disk", 20)


async def test_a_sample_comes_with_its_sentence(window):
    window.page.start.sample_chosen.emit(
        window.page.start.findChildren(QPushButton) and _sample(window), "Make it warmer"
    )
    await until(lambda: len(window.page.project.editor.state.edit_stack) == 1)
    assert not window.page.project.editor.document.empty


def _sample(window):
    from nanodesk.ui.window.start_page import SampleButton

    return window.page.start.findChildren(SampleButton)[0].path


async def test_a_file_that_is_no_picture_is_named_in_a_notice(window, tmp_path):
    path = tmp_path / "letter.png"
    path.write_text("<html>not a picture</html>")
    await window.files.open_paths([path])
    await until(lambda: window.page.notices.toasts())
    assert "letter.png" in window.page.notices.toasts()[0].accessibleName()
    assert window.page.project.editor.document.empty


async def test_undo_and_redo_by_their_keys(window):
    project = window.page.project
    (layer,) = await project.place([photo()])
    project.editor.apply_document("Rename layer", lambda d: rename(d, layer, "cup"))
    window.page.canvas.setFocus()
    assert window.menus.actions["undo"].text() == "Undo Rename layer"
    window.menus.actions["undo"].trigger()
    assert project.editor.document.layer(layer).name == "photo.png"
    window.menus.actions["redo"].trigger()
    assert project.editor.document.layer(layer).name == "cup"


async def test_run_sends_what_is_still_being_written(window, engine):
    project = window.page.project
    await project.place([photo()])
    window.page.edits.focus_input()
    QTest.keyClicks(window.page.edits.input.field, "make it warmer")
    window.menus.actions["run"].trigger()
    await until(lambda: len(project.editor.document.root) == 2)
    assert [edit.instruction for edit in project.editor.state.edit_stack] == ["make it warmer"]


async def test_closing_asks_only_about_unsaved_work(window, workspace):
    first = window.page.project
    await first.place([photo()])
    window.do("close_project")
    await until(lambda: sheet(window) is not None)
    press(window, "cancel")
    await until(lambda: sheet(window) is None)
    assert first in workspace.projects
    window.do("close_project")
    await until(lambda: sheet(window) is not None)
    press(window, "discard")
    await until(lambda: first not in workspace.projects and workspace.projects)
    (second,) = workspace.projects  # an empty one takes its place
    window.do("close_project")
    await until(lambda: second not in workspace.projects and workspace.projects)
    assert sheet(window) is None


async def test_leaving_with_unsaved_work_asks_and_can_be_called_off(window):
    await window.page.project.place([photo()])
    window.close()
    await until(lambda: sheet(window) is not None)
    assert window.isVisible()
    QTest.keyClick(sheet(window), Qt.Key.Key_Escape)
    await until(lambda: sheet(window) is None)
    await tasks.settled()
    assert not window.closed.done()
    window.close()
    await until(lambda: sheet(window) is not None)
    press(window, "discard")
    await until(window.closed.done)


async def test_save_writes_a_project_and_the_dot_goes(window, tmp_path, monkeypatch):
    async def where(*_):
        return tmp_path / "poster.nanodesk"

    monkeypatch.setattr("nanodesk.ui.window.deeds.file.ask_where", where)
    await window.page.project.place([photo()])
    window.do("save")
    await until(lambda: not window.page.project.modified, 20)
    assert (tmp_path / "poster.nanodesk").exists()
    await until(lambda: not window.top.tabs.unsaved(0))
    assert window.top.tabs.name(0) == "poster"


async def test_projects_in_tabs_keep_to_themselves(window, workspace):
    first = window.page.project
    await first.place([photo()])
    window.do("new_project")
    assert window.page.project is not first
    assert window.top.tabs.count() == 2
    assert window.page.start.isVisible()
    window.do("next_project")
    assert window.page.project is first
    assert not window.page.start.isVisible()


async def test_paste_takes_a_picture_from_the_clipboard(window):
    mime = QMimeData()
    mime.setData("image/png", encode_png(picture()))
    QGuiApplication.clipboard().setMimeData(mime)
    window.do("paste")
    await until(lambda: not window.page.project.editor.document.empty)
    window.do("paste")
    await until(lambda: len(window.page.project.editor.document.root) == 2)


async def test_rotating_and_cropping_by_menu_are_one_step_each(window):
    project = window.page.project
    await project.place([photo()])
    steps = len(project.editor.history.steps)
    window.do("rotate_right")
    await until(lambda: project.editor.document.size.width == 270)
    assert len(project.editor.history.steps) == steps + 1
    window.do("crop")
    await until(lambda: window.page.notices.toasts())
    assert "draw one first" in window.page.notices.toasts()[-1].accessibleName()


async def test_notices_speak_plain_text_and_offer_undo(window):
    from nanodesk.editor.notice import Notice

    project = window.page.project
    await project.place([photo()])
    project.notices.emit(Notice("<b>Removed</b>", undo=True))
    toast = window.page.notices.toasts()[-1]
    label = next(one for one in toast.findChildren(type(window.status.facts)) if one.text())
    assert label.text() == "<b>Removed</b>"
    assert label.textFormat() is Qt.TextFormat.PlainText
    QTest.mouseClick(toast.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert project.editor.document.root == ()


async def test_every_action_has_something_that_does_it(window):
    for action in ACTIONS:
        assert any(hasattr(deeds, action.id) for deeds in window._deeds), action.id


async def test_no_two_actions_share_a_key():
    keys = [key for action in ACTIONS for key in action.shortcuts]
    assert len(keys) == len(set(keys))


async def test_f6_goes_round_the_parts_of_the_window(window):
    await window.page.project.place([photo()])
    window.activateWindow()
    window.page.canvas.setFocus()
    seen = []
    for _ in range(4):
        window.do("next_panel")
        seen.append(QApplication.focusWidget())
    assert seen[-1] is window.page.canvas
    assert window.page.edits.input.field in seen
    window.do("previous_panel")
    assert QApplication.focusWidget() is window.top.menu_button


@pytest.mark.parametrize("width", [900, 1024, 1920])
async def test_the_dock_keeps_its_width_within_bounds(window, width):
    window.resize(width, 700)
    await until(lambda: window.width() == width)
    assert 280 <= window.page.dock.width() <= 520


async def test_what_was_converted_while_opening_is_said_in_the_window(window, tmp_path):
    path = tmp_path / "deep.png"
    cv2.imwrite(str(path), np.full((60, 80, 3), 40000, np.uint16))
    await window.files.open_paths([path])
    await until(lambda: window.page.notices.toasts())
    assert "16" in window.page.notices.toasts()[0].accessibleName()
