"""Every tab follows what the accounts say: keys, consent; the start page invites to enter a key."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from nanodesk.editor.workspace import Workspace
from nanodesk.storage.settings import Settings
from nanodesk.ui.dialogs.key_sheet import KeySheet
from tests.sending_engine import SendingEngine
from tests.waiting import until


@pytest.fixture
def far(qloop):
    return SendingEngine()


@pytest.fixture
def workspace(qloop, engine, far, tmp_path):
    workspace = Workspace([engine, far], Settings(tmp_path / "settings.json"), tmp_path / "recovery")
    yield workspace
    qloop.run_until_complete(workspace.shut_down())


def line(window):
    return window.page.start.engines


@pytest.fixture
def keyless(far):
    far.without_key()


@pytest.mark.usefixtures("keyless")
async def test_the_start_page_invites_to_enter_a_key(window, engine):
    shown = line(window)
    assert shown.text == f"{engine.info.name} ready. Add a Far away key for generative edits."
    QTest.mouseClick(shown.invitation, Qt.MouseButton.LeftButton)
    await until(lambda: window.findChildren(KeySheet))
    (sheet,) = window.findChildren(KeySheet)
    assert sheet.isVisible()
    sheet.reject()
    await until(lambda: not window.findChildren(KeySheet))


async def test_a_key_is_noticed_by_every_tab(window, workspace, far, engine):
    far.without_key()
    first = window.page
    workspace.new()
    second = window.page
    for page in (first, second):
        page.edits.choose_engine("gemini")
    await until(lambda: not second.edits.run_box.remedy.isHidden())
    far.with_key()
    workspace.accounts.changed.emit()
    assert line(window).text == f"{engine.info.name} and Far away ready."
    assert line(window).invitation.isHidden()
    await until(lambda: first.edits.run_box.remedy.isHidden() and second.edits.run_box.remedy.isHidden())


async def test_without_engines_that_send_nothing_leaves(window, far, engine):
    line(window).show_engines([engine.info])
    assert line(window).text == f"{engine.info.name} ready. Nothing leaves this computer."
    line(window).show_engines([])
    assert line(window).text == "No engine is ready."
