from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QSpinBox

from nanodesk.ui import tasks
from nanodesk.ui.actions import ACTIONS
from nanodesk.ui.dialogs.check_box import CheckBox
from nanodesk.ui.dialogs.search import ActionSearch, matching
from tests.ui.window.seen import answer, asked, click, photo, said, sheet
from tests.waiting import until


def field(dialog, kind, name):
    return next(one for one in dialog.findChildren(kind) if one.accessibleName() == name)


async def test_resizing_keeps_proportions_until_told_otherwise(window):
    project = window.page.project
    await project.place([photo()])
    window.do("resize")
    dialog = await asked(window)
    width, height = field(dialog, QSpinBox, "Width"), field(dialog, QSpinBox, "Height")
    width.setValue(600)
    assert height.value() == 540
    keep = dialog.findChild(CheckBox)
    click(keep, keep.width() - 3, keep.height() // 2)
    height.setValue(100)
    assert width.value() == 600
    await answer(window, "ok")
    await until(lambda: project.editor.document.size.width == 600)
    assert project.editor.document.size.height == 100


async def test_a_resolution_alone_is_one_step_and_moves_no_pixel(window):
    project = window.page.project
    await project.place([photo()])
    before = project.editor.document
    window.do("resize")
    field(await asked(window), QDoubleSpinBox, "Resolution in pixels an inch, for printing").setValue(300)
    await answer(window, "ok")
    await until(lambda: project.editor.document.dpi == 300)
    assert project.editor.document.size == before.size
    assert project.editor.undo_label == "Set the resolution to 300 dpi"


async def test_resizing_called_off_changes_nothing(window):
    project = window.page.project
    await project.place([photo()])
    before = project.editor.document
    window.do("resize")
    field(await asked(window), QSpinBox, "Width").setValue(10)
    await answer(window, "cancel")
    await tasks.settled()
    assert project.editor.document is before


async def test_an_export_asks_for_format_quality_and_size(window, monkeypatch, tmp_path):
    async def where(*_):
        return tmp_path / "small.jpg"

    monkeypatch.setattr("nanodesk.ui.window.deeds.file.ask_where", where)
    await window.page.project.place([photo()])
    window.do("export")
    dialog = await asked(window)
    kind, sizes = field(dialog, QComboBox, "Format"), field(dialog, QComboBox, "Size")
    quality, width = field(dialog, QSpinBox, "Quality"), field(dialog, QSpinBox, "Width")
    assert not quality.isVisible()
    kind.setCurrentIndex(kind.findData("jpeg"))
    assert quality.isVisible()
    assert not width.isVisible()
    sizes.setCurrentIndex(sizes.findData("other"))
    assert width.isVisible()
    width.setValue(150)
    await answer(window, "ok")
    await until(lambda: any("small.jpg" in sentence for sentence in said(window)))
    with Image.open(tmp_path / "small.jpg") as written:
        assert written.format == "JPEG"
        assert written.size == (150, 135)


async def test_a_name_that_cannot_be_written_is_said_in_place(window, monkeypatch, tmp_path):
    async def where(*_):
        return tmp_path / "no such folder" / "out.png"

    monkeypatch.setattr("nanodesk.ui.window.deeds.file.ask_where", where)
    await window.page.project.place([photo()])
    window.do("export")
    await answer(window, "ok")
    await until(lambda: said(window))
    assert "out.png" in said(window)[0]


async def test_an_action_is_found_by_its_words_and_done(window):
    project = window.page.project
    await project.place([photo()])
    window.do("search")
    search = await asked(window, ActionSearch)
    QTest.keyClicks(search.field, "rotate 180")
    assert search.list.count() == 1
    steps = len(project.editor.history.steps)
    QTest.keyClick(search.field, Qt.Key.Key_Return)
    await until(lambda: len(project.editor.history.steps) == steps + 1)
    assert sheet(window) is None


async def test_the_search_is_moved_through_by_arrows_and_left_by_escape(window):
    window.do("search")
    search = await asked(window, ActionSearch)
    assert not any(search.list.item(row).text() == "Save" for row in range(search.list.count()))  # nothing to save
    QTest.keyClick(search.field, Qt.Key.Key_Down)
    assert search.list.currentRow() == 1
    QTest.keyClick(search.field, Qt.Key.Key_PageUp)
    assert search.list.currentRow() == 0
    QTest.keyClicks(search.field, "no such thing")
    QTest.keyClick(search.field, Qt.Key.Key_Return)
    assert search.isVisible()
    QTest.keyClick(search.field, Qt.Key.Key_Escape)
    await until(lambda: sheet(window) is None)


def test_what_starts_with_the_words_comes_first():
    assert matching("save", ACTIONS)[0].title == "Save"
    assert [one.id for one in matching("export", ACTIONS)] == ["export"]
    assert {one.menu for one in matching("layer", ACTIONS)} >= {"Layer", "File"}


async def test_every_key_stands_on_the_page_of_shortcuts(window):
    window.do("shortcuts")
    dialog = await asked(window)
    words = {label.text() for label in dialog.findChildren(QLabel)}
    for action in ACTIONS:
        if action.shortcuts and action.menu:
            assert action.title.rstrip("…") in words
    assert dialog.height() <= window.height()
    await answer(window, "close")
