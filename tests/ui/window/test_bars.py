"""Top bar, tabs, status bar, notices, panels: what they say and what can be done there."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from nanodesk.document.geometry import Point
from nanodesk.document.operations.layers import rename
from nanodesk.editor.notice import Notice, NoticeKind
from nanodesk.resources import resource_path
from nanodesk.ui import theme
from nanodesk.ui.window.menus import plain, tip
from nanodesk.ui.window.start_page import SampleButton
from tests.ui.window.seen import photo, said, sheet
from tests.waiting import until

CONTROL = Qt.KeyboardModifier.ControlModifier


async def test_the_status_bar_says_which_layer_a_pixel_comes_from(window):
    project = window.page.project
    (layer,) = await project.place([photo()])
    window.page.canvas.hovered.emit(Point(20, 10), (255, 0, 128, 255))
    assert window.status.cursor_place.text() == "x 20 y 10 · #FF0080"
    await until(lambda: window.status.cursor_place.text().endswith("from photo.png"))
    project.editor.apply_document("Rename layer", lambda d: rename(d, layer, 9 * "on and "))
    window.page.canvas.hovered.emit(Point(21, 10), (255, 0, 128, 128))
    await until(lambda: window.status.cursor_place.text().endswith("…"))
    assert "50% opaque" in window.status.cursor_place.text()
    window.page.canvas.hovered.emit(None, None)
    assert window.status.cursor_place.text() == ""


async def test_a_tab_is_closed_by_its_cross_or_the_middle_button(window, workspace):
    workspace.new()
    workspace.new()
    tabs = window.top.tabs
    cross = QPoint(tabs.tabRect(1).right() - 16, tabs.tabRect(1).center().y())
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, cross)
    await until(lambda: tabs.count() == 2)
    assert workspace.projects[1].name == "Untitled 3"
    QTest.mouseClick(tabs, Qt.MouseButton.MiddleButton, Qt.KeyboardModifier.NoModifier, tabs.tabRect(0).center())
    await until(lambda: tabs.count() == 1)


async def test_pressing_the_cross_and_letting_go_elsewhere_closes_nothing(window, workspace):
    workspace.new()
    tabs = window.top.tabs
    cross = QPoint(tabs.tabRect(0).right() - 16, tabs.tabRect(0).center().y())
    QTest.mousePress(tabs, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, cross)
    QTest.mouseRelease(tabs, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, tabs.tabRect(1).center())
    assert tabs.count() == 2


async def test_closing_the_tab_in_front_shows_the_one_beside_it(window, workspace):
    first = window.page.project
    second = workspace.new()
    third = workspace.new()
    window.bring_to_front(second)
    await workspace.close(second)
    assert window.page.project in (first, third)
    assert window.top.tabs.name(window.top.tabs.currentIndex()) == window.page.project.name


async def test_names_are_shown_as_they_are_written(window, tmp_path):
    project = window.page.project
    path = tmp_path / "salt & pepper.nanodesk"
    await project.place([photo("<b>a & b</b>.png")])
    await project.save_as(path)
    await until(lambda: window.top.tabs.name(0) == "salt & pepper")
    assert window.top.tabs.tabText(0) == "salt && pepper"
    assert window.menus.actions["undo"].text() == "Undo Add <b>a && b</b>.png"
    assert "&amp;" in window.top.tabs.tabToolTip(0)


def test_text_from_outside_is_neither_markup_nor_keys():
    assert plain("a & b") == "a && b"
    assert tip("<img src=x>") == "<span>&lt;img src=x&gt;</span>"


async def test_undo_in_a_text_field_edits_the_text_first(window):
    project = window.page.project
    await project.place([photo()])
    window.activateWindow()
    window.page.edits.focus_input()
    field = window.page.edits.input.field
    QTest.keyClicks(field, "make it warmer")
    QTest.keyClick(field, Qt.Key.Key_Z, CONTROL)
    assert field.toPlainText() != "make it warmer"
    assert not project.editor.document.empty
    window.page.canvas.setFocus()
    QTest.keyClick(window.page.canvas, Qt.Key.Key_Z, CONTROL)
    await until(lambda: not project.editor.document.root)


async def test_letters_typed_into_a_sentence_choose_no_tool(window):
    await window.page.project.place([photo()])
    window.activateWindow()
    window.page.edits.focus_input()
    QTest.keyClicks(window.page.edits.input.field, "mlihv")
    assert window.page.canvas.tool == "move"
    window.page.canvas.setFocus()
    QTest.keyClick(window.page.canvas, Qt.Key.Key_L)
    assert window.page.canvas.tool == "lasso"


async def test_panels_go_and_come_in_every_tab(window, workspace):
    window.page.edits.focus_input()
    window.do("panels")
    assert not window.page.dock.isVisible()
    assert not window.menus.actions["panels"].isChecked()
    workspace.new()
    assert not window.page.dock.isVisible()
    window.do("next_panel")
    assert QApplication.focusWidget() is not window.page.edits.input.field
    window.do("panels")
    assert window.page.dock.isVisible()


async def test_the_theme_that_is_chosen_is_checked_kept_and_painted(window, workspace):
    window.do("theme_light")
    assert window.menus.actions["theme_light"].isChecked()
    assert not window.menus.actions["theme_dark"].isChecked()
    assert workspace.settings.theme == "light"
    shown = QPixmap(window.size())
    window.render(shown)
    assert shown.toImage().pixelColor(window.width() - 4, window.height() - 4) == theme.LIGHT.panel
    window.do("theme_dark")
    window.render(shown)
    assert shown.toImage().pixelColor(window.width() - 4, window.height() - 4) == theme.DARK.panel


async def test_an_undo_that_is_no_longer_of_the_last_step_goes(window):
    project = window.page.project
    (layer,) = await project.place([photo()])
    project.notices.emit(Notice("Added photo.png.", undo=True))
    project.editor.apply_document("Rename layer", lambda d: rename(d, layer, "cup"))
    assert window.page.notices.toasts() == []
    assert project.editor.document.layer(layer).name == "cup"


async def test_notices_never_take_the_keyboard_and_say_each_thing_once(window):
    project = window.page.project
    await project.place([photo()])
    window.activateWindow()
    window.page.edits.focus_input()
    before = QApplication.focusWidget()
    for _ in range(3):
        project.notices.emit(Notice("The same again."))
    for number in range(5):
        project.notices.emit(Notice(f"Number {number}."))
    assert QApplication.focusWidget() is before
    assert said(window) == ["Number 2.", "Number 3.", "Number 4."]
    close = window.page.notices.toasts()[0].findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    QTest.mouseClick(next(one for one in close if one.accessibleName() == "Dismiss"), Qt.MouseButton.LeftButton)
    assert said(window) == ["Number 3.", "Number 4."]


async def test_work_that_came_back_is_said(window):
    window.tell_restored(window.page.project)
    assert "is back" in said(window)[0]


async def test_a_recent_file_that_is_gone_is_said_and_forgotten(window, workspace, tmp_path):
    path = tmp_path / "gone.png"
    workspace.settings.remember(path)
    await window.files.open_paths([path])
    assert "gone.png" in said(window)[0]
    assert path not in workspace.recent


async def test_recent_files_open_from_the_menu(window, workspace, tmp_path):
    path = tmp_path / "a & b.jpg"
    path.write_bytes(resource_path("samples", "cat.jpg").read_bytes())
    workspace.settings.remember(path)
    window.menus.recent.aboutToShow.emit()
    (action,) = window.menus.recent.actions()
    assert action.text() == "a && b.jpg"
    action.trigger()
    await until(lambda: window.top.tabs.count() == 1 and window.top.tabs.name(0) == "a & b")


async def test_the_zoom_says_whether_it_fits(window):
    await window.page.project.place([photo()])
    assert [action.text() for action in window.top.zoom.menu().actions()][:2] == ["Fit", "100 %"]
    window.do("zoom_in")
    assert "Fit" not in window.top.zoom._words
    window.do("fit")
    assert window.top.zoom._words.startswith("Fit ")


async def test_everything_that_can_be_pressed_is_large_enough_and_has_a_name(window):
    await window.page.project.place([photo()])
    for button in (window.top, window.rail, window.status):
        for one in button.findChildren(QWidget):
            if one.focusPolicy() is not Qt.FocusPolicy.NoFocus and one.isVisible():
                assert min(one.width(), one.height()) >= 24, one
                assert one.accessibleName() or (isinstance(one, QPushButton) and one.text()), one


@pytest.mark.parametrize("size", [(1024, 700), (1440, 900), (2560, 1400)])
async def test_nothing_is_cut_off_at_any_width(window, size):
    await window.page.project.place([photo()])
    window.resize(*size)
    await until(lambda: window.width() == size[0])
    for widget in (window.top.export, window.top.compare, window.status.disk, window.top.menu_button):
        corner = widget.mapTo(window, widget.rect().bottomRight())
        assert window.rect().contains(corner)
    assert sheet(window) is None


async def test_the_start_page_can_be_used_by_keys(window):
    window.activateWindow()
    sample = window.page.start.findChildren(SampleButton)[1]
    sample.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(sample, Qt.Key.Key_Space)
    await until(lambda: len(window.page.project.editor.state.edit_stack) == 1)
    assert window.page.project.editor.state.edit_stack.edits[0].instruction == "Make it warmer"


async def test_several_notices_at_once_are_whole(window):
    for number in range(3):
        window.page.notices.show_notice(Notice(f"Sentence number {number}.", NoticeKind.ERROR))
    toasts = window.page.notices.toasts()
    assert len(toasts) == 3
    assert all(toast.height() >= toast.sizeHint().height() for toast in toasts)
    feet = [toast.geometry().bottom() for toast in toasts]
    assert feet == sorted(feet)
    assert window.page.notices.geometry().bottom() < window.page.canvas.height()


def test_a_timer_that_rings_when_the_loop_has_ended_asks_nothing(window):
    bar = window.status
    bar.show_cursor(Point(3, 4), (1, 2, 3, 255))
    bar._ask_origin()
    assert bar.cursor_place.text().startswith("x 3 y 4")
