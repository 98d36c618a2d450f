from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from nanodesk.editor.account import Account, Droppable, Part
from nanodesk.ui.dialogs.compact_sheet import CompactSheet, size_words
from tests.ui.window.seen import answer, asked, click, photo, press, said, sheet
from tests.waiting import until


async def with_branch(window, tmp_path):
    """A saved project with a branch that nobody stands on."""
    project = window.page.project
    await project.place([photo()])
    await project.place([photo("second.png")])
    project.editor.undo()
    await project.place([photo("third.png")])
    await project.save_as(tmp_path / "work.nanodesk")
    return project


def button(window, name):
    found = sheet(window).findChild(QPushButton, name)
    assert found is not None
    return found


async def test_compacting_shows_what_goes_and_drops_what_is_ticked(window, tmp_path):
    project = await with_branch(window, tmp_path)
    steps = len(project.editor.history.steps)
    window.do("compact")
    dialog = await asked(window, CompactSheet)
    words = [label.text() for label in dialog.findChildren(QLabel)]
    assert "The picture as it is now" in words
    assert any(size_words((tmp_path / "work.nanodesk").stat().st_size) in one for one in words)
    (tick,) = dialog.ticks.values()
    assert tick.text() == "The branch “Add second.png”, 1 step"
    assert not button(window, "ok").isEnabled()
    click(tick, tick.width() // 2, tick.height() // 2)
    assert button(window, "ok").isEnabled()
    await answer(window, "ok")
    await until(lambda: any("smaller" in words for words in said(window)))
    assert len(project.editor.history.steps) == steps - 1


async def test_compacting_called_off_drops_nothing(window, tmp_path):
    project = await with_branch(window, tmp_path)
    before = (tmp_path / "work.nanodesk").read_bytes()
    history = project.editor.history
    window.do("compact")
    dialog = await asked(window, CompactSheet)
    (tick,) = dialog.ticks.values()
    tick.setFocus()
    QTest.keyClick(tick, Qt.Key.Key_Space)
    assert dialog.ticked
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    await until(lambda: sheet(window) is None)
    assert project.editor.history is history
    assert (tmp_path / "work.nanodesk").read_bytes() == before


async def test_where_nothing_can_be_dropped_that_is_said(window, tmp_path):
    project = window.page.project
    await project.place([photo()])
    await project.save_as(tmp_path / "work.nanodesk")
    window.do("compact")
    dialog = await asked(window, CompactSheet)
    assert any("There is nothing to drop." in label.text() for label in dialog.findChildren(QLabel))
    assert sheet(window).findChild(QPushButton, "ok") is None
    press(window, "close")
    await until(lambda: sheet(window) is None)


async def test_a_project_is_saved_before_it_is_compacted(window, tmp_path, monkeypatch):
    asked_for = []

    async def where(*_):
        asked_for.append(1)
        return

    monkeypatch.setattr("nanodesk.ui.window.deeds.file.ask_where", where)
    await window.page.project.place([photo()])
    window.do("compact")
    await until(lambda: asked_for)
    assert sheet(window) is None


async def test_a_slim_copy_is_written_beside(window, tmp_path, monkeypatch):
    suggested = []

    async def where(parent, title, path, suffixes):
        suggested.append(path)
        return tmp_path / "for you"

    monkeypatch.setattr("nanodesk.ui.window.deeds.file.ask_where", where)
    project = await with_branch(window, tmp_path)
    window.do("slim_copy")
    await until(lambda: any("“for you.nanodesk”" in words for words in said(window)))
    assert suggested == [tmp_path / "work slim.nanodesk"]
    assert (tmp_path / "for you.nanodesk").exists()
    assert project.path == tmp_path / "work.nanodesk"


def test_long_names_are_shortened_and_told_in_full_on_hover(qtbot):
    words = "The branch “" + "a very long sentence " * 6 + "”, 3 steps"
    account = Account(10, (Part("The picture", 10),), (Droppable("x", words, 5, 1.7e9),))
    made = CompactSheet(None, "work", account)  # type: ignore[arg-type]  # nothing is compacted here
    qtbot.addWidget(made)
    tick = made.ticks["x"]
    assert tick.text().endswith("…")
    assert tick.toolTip() == words


def test_sizes_are_told_as_people_read_them():
    told = [size_words(number) for number in (0, 999, 1000, 999_499, 999_500, 48_123_456, 999_500_000, 2_345_678_901)]
    assert told == ["0 bytes", "999 bytes", "1 kB", "999 kB", "1.0 MB", "48.1 MB", "1.00 GB", "2.35 GB"]
