import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from nanodesk.editor.accounts import KeySource
from nanodesk.storage.settings import Settings
from nanodesk.ui.dialogs.key_sheet import KeySheet
from nanodesk.ui.dialogs.settings_sheet import SettingsSheet
from tests.ui.window.seen import answer, asked, press, sheet
from tests.waiting import until
from tests.wire.asked import KEY


async def opened(window):
    window.do("settings")
    return await asked(window, SettingsSheet)


def push(button):
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


async def test_addresses_and_ceilings_are_saved_together(window, workspace, tmp_path, service):
    dialog = await opened(window)
    assert dialog.address.text() == service.url
    dialog.address.setText("https://gate.example/gw")
    dialog.proxy.setText("http://10.0.0.1:3128")
    dialog.version.setCurrentIndex(dialog.version.findData("v1beta"))
    dialog.day.setValue(5)
    dialog.document.setValue(0.5)
    await answer(window, "ok")
    kept = Settings.load(tmp_path)
    assert (kept.base_url, kept.proxy, kept.api_version) == (
        "https://gate.example/gw",
        "http://10.0.0.1:3128",
        "v1beta",
    )
    assert (kept.day_ceiling, kept.document_ceiling) == (5.0, 0.5)
    assert window.status.spending.text() == "Today $0.00 of $5.00"
    dialog = await opened(window)
    assert (dialog.day.value(), dialog.version.currentData()) == (5.0, "v1beta")
    dialog.day.setValue(0)
    dialog.address.setText("https://generativelanguage.googleapis.com/")
    await answer(window, "ok")
    kept = Settings.load(tmp_path)
    assert (kept.day_ceiling, kept.base_url) == (None, "")


async def test_cancel_changes_nothing(window, workspace, service):
    dialog = await opened(window)
    dialog.address.setText("https://gate.example")
    dialog.day.setValue(5)
    await answer(window, "cancel")
    assert workspace.settings.base_url == service.url
    assert workspace.settings.day_ceiling is None


async def test_an_address_that_cannot_be_is_said_in_place(window, workspace, service):
    dialog = await opened(window)
    dialog.address.setText("http://gate.example")
    press(window, "ok")
    assert "https://" in dialog.verdict.text
    assert sheet(window) is dialog
    dialog.address.setText(service.url)
    dialog.proxy.setText("http://me:secret@proxy")
    press(window, "ok")
    assert "HTTPS_PROXY" in dialog.verdict.text
    assert workspace.settings.proxy == ""
    await answer(window, "cancel")


async def test_a_key_is_entered_and_forgotten_from_here(window, workspace, vault):
    dialog = await opened(window)
    assert dialog.key.text() == "None yet"
    assert not dialog.forget.isVisible()
    push(dialog.enter)
    entering = await asked(window, KeySheet)
    QTest.keyClicks(entering.field, KEY)
    QTest.keyClick(entering.field, Qt.Key.Key_Return)
    await until(lambda: dialog.key.text() == "In the system’s key store")
    await until(lambda: sheet(window) is dialog)
    assert dialog.forget.isVisible()
    push(dialog.forget)
    await until(lambda: dialog.key.text() == "None yet")
    assert vault.kept == {}
    assert workspace.accounts.source("gemini") is KeySource.NONE
    assert dialog.verdict.text == ""
    await answer(window, "cancel")


async def test_consent_is_shown_and_withdrawn(window, workspace):
    dialog = await opened(window)
    assert "first run asks" in dialog.consents["gemini"].words.text()
    assert not dialog.consents["gemini"].withdraw.isVisible()
    workspace.accounts.consent("gemini", for_now=True)
    assert dialog.consents["gemini"].words.text() == "Given until Nanodesk is closed"
    workspace.accounts.consent("gemini")
    assert dialog.consents["gemini"].words.text().startswith("Given on ")
    push(dialog.consents["gemini"].withdraw)
    assert not workspace.accounts.consented("gemini")
    assert "first run asks" in dialog.consents["gemini"].words.text()
    workspace.settings.consent("gemini", "elsewhere.example")
    workspace.accounts.changed.emit()
    assert "another address" in dialog.consents["gemini"].words.text()
    await answer(window, "cancel")


@pytest.fixture
def named(environment, service):
    environment["GOOGLE_GEMINI_BASE_URL"] = service.url
    environment["GEMINI_API_KEY"] = KEY


async def test_what_the_environment_says_is_shown_and_not_saved(named, window, workspace):
    before = workspace.settings.base_url
    dialog = await opened(window)
    assert dialog.key.text() == "From GEMINI_API_KEY of the environment"
    assert not dialog.forget.isVisible()
    assert not dialog.address.isEnabled()
    await answer(window, "ok")
    assert workspace.settings.base_url == before


async def test_everything_has_a_name_and_fits(window):
    dialog = await opened(window)
    for part in (dialog.address, dialog.proxy, dialog.version, dialog.day, dialog.document, dialog.enter):
        assert part.accessibleName()
    for label in dialog.findChildren(QLabel):
        if label.isVisible() and not label.wordWrap():
            assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width()
    assert dialog.height() < window.height()
    await answer(window, "cancel")


async def test_the_agent_platform_is_used_once_it_has_a_project(window, workspace, tmp_path):
    def imagen():
        return next(info for info in window.page.project.runs.engines() if info.id == "imagen")

    assert not imagen().ready
    dialog = await opened(window)
    dialog.project.setText("My Project!")
    press(window, "ok")
    assert "small letters" in dialog.verdict.text
    dialog.project.setText("my-project-123")
    dialog.location.setText("europe-west4")
    await answer(window, "ok")
    assert imagen().ready
    assert workspace.accounts.host("imagen") == "europe-west4-aiplatform.googleapis.com"
    workspace.accounts.consent("imagen")
    assert not workspace.accounts.consented("gemini")
    dialog = await opened(window)
    assert dialog.project.text() == "my-project-123"
    push(dialog.consents["imagen"].withdraw)
    assert not workspace.accounts.consented("imagen")
    await answer(window, "cancel")
    assert Settings.load(tmp_path).platform_location == "europe-west4"
