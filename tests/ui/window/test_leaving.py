"""Closing tabs and the window: nothing is lost, nothing is asked without need, nothing waits for ever."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from nanodesk.editor.errors import SaveError
from nanodesk.ui import tasks
from tests.editor.scripted import with_edits
from tests.ui.window.seen import answer, asked, photo, said, sheet
from tests.waiting import until


async def test_calling_off_the_second_question_leaves_every_tab_open(window, workspace):
    first = window.page.project
    await first.place([photo()])
    second = workspace.new()
    await second.place([photo()])
    window.close()
    await answer(window, "discard")
    await asked(window)
    assert window.page.project is second  # the question is about what is in front
    await answer(window, "cancel")
    await tasks.settled()
    assert workspace.projects == (first, second)
    assert not first.editor.document.empty
    assert not window.closed.done()
    window.do("next_project")
    assert window.windowTitle().startswith("Untitled •")  # the bars still follow


async def test_a_second_close_while_the_question_is_open_asks_nothing_more(window):
    await window.page.project.place([photo()])
    window.close()
    await asked(window)
    window.close()
    await answer(window, "cancel")
    assert sheet(window) is None
    await tasks.settled()
    assert not window.closed.done()


async def test_the_system_ending_the_program_does_not_wait_for_an_answer(window, workspace):
    await window.page.project.place([photo()])
    window.close()
    await asked(window)
    window.leave_at_once()
    await until(window.closed.done)
    await tasks.settled()
    assert len(workspace.projects) == 1  # kept for the next start, nothing was discarded


async def test_a_save_that_fails_while_leaving_says_why_and_stays(window, monkeypatch, tmp_path):
    project = window.page.project
    await project.place([photo()])

    async def where(*_):
        return tmp_path / "full.nanodesk"

    async def fail(_):
        raise SaveError("“full.nanodesk” could not be written: the disk is full.")

    monkeypatch.setattr("nanodesk.ui.window.deeds.file.ask_where", where)
    monkeypatch.setattr(project, "save_as", fail)
    window.close()
    await answer(window, "save")
    await tasks.settled()
    assert not window.closed.done()
    assert any("disk is full" in sentence for sentence in said(window))


async def test_leaving_after_an_answer_for_each_closes_the_window(window, workspace, monkeypatch, tmp_path):
    first = window.page.project
    await first.place([photo()])
    second = workspace.new()
    await second.place([photo()])

    async def where(*_):
        return tmp_path / "kept.nanodesk"

    monkeypatch.setattr("nanodesk.ui.window.deeds.file.ask_where", where)
    window.close()
    await answer(window, "save")
    await answer(window, "discard")
    await until(window.closed.done, 20)
    assert (tmp_path / "kept.nanodesk").exists()
    assert not window.isVisible()
    assert workspace.projects == ()


async def test_escape_is_cancel(window):
    await window.page.project.place([photo()])
    window.do("close_project")
    QTest.keyClick(await asked(window), Qt.Key.Key_Escape)
    await tasks.settled()
    assert not window.page.project.editor.document.empty


async def test_the_question_says_that_runs_are_under_way(window, engine):
    project = window.page.project
    await project.place([photo()])
    with_edits(project.editor, "make it warmer")
    engine.gate.clear()
    project.runs.submit()
    window.close()
    await asked(window)
    words = " ".join(label.text() for label in sheet(window).findChildren(QLabel))
    assert "1 run is under way and will be cancelled; what was sent may be charged." in words
    await answer(window, "cancel")
    engine.gate.set()
    await tasks.settled()
    await until(lambda: not any(run.state.active for run in project.runs.runs.values()))


async def test_a_project_changed_outside_is_saved_beside_it(window, monkeypatch, tmp_path):
    project = window.page.project
    await project.place([photo()])
    path, beside = tmp_path / "work.nanodesk", tmp_path / "mine.nanodesk"
    await project.save_as(path)
    other = path.read_bytes()
    path.unlink()
    path.write_bytes(other)  # another file in its place, as a sync client puts there
    asked_for = []

    async def where(_, __, suggested, ___):
        asked_for.append(suggested)
        return beside

    monkeypatch.setattr("nanodesk.ui.window.deeds.file.ask_where", where)
    await project.place([photo()])
    window.do("save")
    await tasks.settled()
    (toast,) = [one for one in window.page.notices.toasts() if "changed by another program" in one.accessibleName()]
    (offer,) = [one for one in toast.findChildren(QPushButton) if one.text() == "Save as…"]
    assert project.modified
    assert not asked_for
    QTest.mouseClick(offer, Qt.MouseButton.LeftButton)
    await tasks.settled()
    assert asked_for == [path]
    assert project.path == beside
    assert not project.modified
    assert path.read_bytes() == other  # both are kept


async def test_what_cannot_be_saved_is_said_on_its_own_page(window, workspace, tmp_path):
    project = window.page.project
    await project.place([photo()])
    await project.save_as(tmp_path / "work.nanodesk")
    (tmp_path / "work.nanodesk").unlink()
    await project.place([photo()])
    page = window.page
    window.do("save")
    workspace.new()
    await tasks.settled()
    assert window.page is not page
    assert window.page.notices.toasts() == []
    assert any("no longer there" in toast.accessibleName() for toast in page.notices.toasts())
