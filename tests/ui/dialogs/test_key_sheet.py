import asyncio
import threading

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton

from nanodesk.editor.accounts import KeySource
from nanodesk.ui import tasks
from nanodesk.ui.dialogs.key_sheet import KeySheet, ask_for_key
from tests.storage.test_key_store import Broken
from tests.ui.window.seen import asked, click, press, sheet
from tests.waiting import until
from tests.wire import scenarios
from tests.wire.asked import KEY


async def opened(window, workspace):
    asking = tasks.spawn(ask_for_key(window, workspace, "gemini"))
    return asking, await asked(window, KeySheet)


def main_button(dialog):
    return dialog.findChild(QPushButton, "ok")


async def test_a_key_is_hidden_checked_and_remembered(window, workspace, vault, service):
    gate = threading.Event()
    service.will(scenarios.after(gate, scenarios.lists("gemini-nano-banana-2.1")))
    asking, dialog = await opened(window, workspace)
    assert dialog.field.echoMode() is QLineEdit.EchoMode.Password
    assert not main_button(dialog).isEnabled()
    QTest.keyClicks(dialog.field, KEY)
    assert KEY not in dialog.field.displayText()
    press(window, "ok")
    await until(lambda: dialog.verdict.text.startswith("Asking 127.0.0.1"))
    assert not dialog.field.isEnabled()
    gate.set()
    assert await asking is True
    assert workspace.accounts.source("gemini") is KeySource.KEY_STORE
    assert list(vault.kept.values()) == [KEY]
    assert [one.method for one in service.asked] == ["GET"]
    assert sheet(window) is None


async def test_a_bad_key_is_said_in_place_and_can_be_mended(window, workspace, vault):
    asking, dialog = await opened(window, workspace)
    QTest.keyClicks(dialog.field, "wrong")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    await until(lambda: "not valid" in dialog.verdict.text)
    assert dialog.isVisible()
    assert dialog.field.isEnabled()
    assert dialog.field.selectedText()
    assert vault.kept == {}
    QTest.keyClicks(dialog.field, KEY)  # what was selected is replaced
    click(dialog.remember, dialog.remember.width() - 3, dialog.remember.height() // 2)
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert await asking is True
    assert workspace.accounts.source("gemini") is KeySource.SESSION
    assert vault.kept == {}


async def test_leaving_while_the_key_is_checked_takes_nothing(window, workspace, vault, service):
    service.will(scenarios.says_nothing)
    asking, dialog = await opened(window, workspace)
    QTest.keyClicks(dialog.field, KEY)
    press(window, "ok")
    await until(lambda: service.asked)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert await asking is False
    await tasks.settled()
    assert workspace.accounts.key("gemini") is None
    assert vault.kept == {}


class Browser(QObject):
    """Takes the pages that would be opened."""

    def __init__(self):
        super().__init__()
        self.pages = []

    @Slot(QUrl)
    def opened(self, url):
        self.pages.append(url.toString())


async def test_where_a_key_comes_from_is_one_press_away(window, workspace):
    browser = Browser()
    QDesktopServices.setUrlHandler("https", browser, "opened")  # type: ignore[arg-type]  # PySide's stubs leave out the method's name
    try:
        asking, dialog = await opened(window, workspace)
        QTest.mouseClick(dialog.get, Qt.MouseButton.LeftButton)
        assert browser.pages == ["https://aistudio.google.com/apikey"]
        press(window, "cancel")
        assert await asking is False
    finally:
        QDesktopServices.unsetUrlHandler("https")


async def test_escape_takes_nothing(window, workspace):
    asking, dialog = await opened(window, workspace)
    QTest.keyClicks(dialog.field, KEY)
    QTest.keyClick(dialog.field, Qt.Key.Key_Escape)
    assert await asking is False
    assert workspace.accounts.key("gemini") is None


async def test_what_cannot_be_remembered_is_said_before_the_sheet_goes(window, workspace, vault):
    vault.set_password = Broken(OSError()).set_password
    asking, dialog = await opened(window, workspace)
    QTest.keyClicks(dialog.field, KEY)
    press(window, "ok")
    await until(lambda: "until Nanodesk is closed" in dialog.verdict.text)
    assert main_button(dialog).text() == "Done"
    assert workspace.accounts.source("gemini") is KeySource.SESSION
    press(window, "ok")
    assert await asking is True


async def test_a_system_without_a_store_says_so_at_once(window, workspace):
    def none():
        from nanodesk.storage.key_store import KeyStoreError

        raise KeyStoreError("This system offers no key store.")

    workspace.accounts._store.look = none
    asking, dialog = await opened(window, workspace)
    await until(lambda: not dialog.remember.isEnabled())
    assert not dialog.remember.isChecked()
    assert "offers no key store" in dialog.verdict.text
    press(window, "cancel")
    assert await asking is False


async def test_which_key_is_used_now_is_said(window, workspace, environment):
    await workspace.accounts.enter("gemini", KEY, remember=True)
    asking, dialog = await opened(window, workspace)
    assert "key store holds" in dialog.verdict.text
    press(window, "cancel")
    await asking
    await workspace.accounts.enter("gemini", KEY, remember=False)
    asking, dialog = await opened(window, workspace)
    assert "forgotten" in dialog.verdict.text
    press(window, "cancel")
    await asking
    environment["GOOGLE_API_KEY"] = "another"
    workspace.accounts._entered.clear()
    asking, dialog = await opened(window, workspace)
    assert "GOOGLE_API_KEY" in dialog.verdict.text
    press(window, "cancel")
    await asking


@pytest.mark.allow_log
async def test_a_fault_of_ours_leaves_the_sheet_usable(window, workspace):
    async def broken(_):
        raise RuntimeError("never foreseen")

    workspace.accounts.checked_by("gemini", broken)
    asking, dialog = await opened(window, workspace)
    QTest.keyClicks(dialog.field, KEY)
    press(window, "ok")
    await until(lambda: "fault of ours" in dialog.verdict.text)
    assert dialog.field.isEnabled()
    press(window, "cancel")
    assert await asking is False
    await asyncio.sleep(0)
