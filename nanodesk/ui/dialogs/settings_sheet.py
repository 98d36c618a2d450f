"""The settings: key, consent, the way to the service, and what may be spent."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDoubleSpinBox, QFormLayout, QHBoxLayout, QPushButton, QWidget

from nanodesk.editor.accounts import BASE_URL, GEMINI, IMAGEN, KeySource
from nanodesk.editor.spending import dollars
from nanodesk.ui import tasks
from nanodesk.ui.dialogs.asking import answered
from nanodesk.ui.dialogs.fields import Amount, Choice
from nanodesk.ui.dialogs.form import Verdict, fact, form_in, row_title, section, text_field
from nanodesk.ui.dialogs.key_sheet import ask_for_key
from nanodesk.ui.dialogs.sheet import Sheet
from nanodesk.ui.dialogs.sizes import shape_field
from nanodesk.ui.history_panel.words import plain

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from nanodesk.editor.accounts import Accounts
    from nanodesk.editor.workspace import Workspace

DEFAULT_URL = "https://generativelanguage.googleapis.com/"
VERSIONS = (("", "What suits"), ("v1", "v1"), ("v1beta", "v1beta"))
_NO_CEILING = 0.0
_HIGHEST = 10_000.0


class Consent:
    """How the consent to one engine stands, and the button that withdraws it."""

    def __init__(self, accounts: Accounts, engine: str, name: str) -> None:
        self._accounts = accounts
        self._engine = engine
        self.words = fact(wraps=False)
        self.withdraw = _button("Withdraw", f"Withdraw the consent to {name}")
        self.withdraw.clicked.connect(lambda: accounts.withdraw(engine))
        self.parts = (self.words, self.withdraw)

    def show(self) -> None:
        """Say how it stands."""
        at = self._accounts.consented_at(self._engine)
        agreed = self._accounts.consented(self._engine)
        day = "" if at is None else time.strftime("%d %b %Y", time.localtime(at)).lstrip("0")
        if agreed:
            self.words.setText(f"Given on {day}" if day else "Given until Nanodesk is closed")
        else:
            self.words.setText(f"Given on {day} for another address" if day else "Not given; the first run asks")
        self.withdraw.setVisible(agreed or at is not None)


class SettingsSheet(Sheet):
    """Key and consent are changed at once; the rest when it is saved."""

    def __init__(self, parent: QWidget, workspace: Workspace) -> None:
        super().__init__(parent, "Settings", "", (("ok", "Save"), ("cancel", "Cancel")))
        self._workspace = workspace
        self._accounts = workspace.accounts
        self._name = next((plain(info.name) for info in workspace.engines.infos() if info.id == GEMINI), "Gemini")
        self.key = fact(wraps=False)
        self.enter = _button("Enter a key…", f"Enter a key for {self._name}")
        self.forget = _button("Forget it", f"Forget the key for {self._name}")
        self.consents = {
            GEMINI: Consent(self._accounts, GEMINI, self._name),
            IMAGEN: Consent(self._accounts, IMAGEN, "the Agent Platform"),
        }
        self.verdict = Verdict()
        self._service()
        self._platform()
        self._spending()
        self.body.addWidget(self.verdict)
        self.enter.clicked.connect(lambda: self._start(self._enter()))
        self.forget.clicked.connect(lambda: self._start(self._forget()))
        self._unhear = self._accounts.changed.connect(self._show)
        self.finished.connect(lambda _: self._unhear())
        self._show()

    def _service(self) -> None:
        settings, accounts = self._workspace.settings, self._accounts
        self.body.addWidget(section(self._name))
        form = form_in(self.body)
        _row(form, "Key", self.key, self.enter, self.forget)
        _row(form, "Consent", *self.consents[GEMINI].parts)
        named = accounts.environment_url
        self.address = text_field(plain(named) or settings.base_url, DEFAULT_URL, "Address of the service")
        self.address.setEnabled(not named)
        self.address.setToolTip(f"{BASE_URL} of the environment says so" if named else "")
        self.proxy = text_field(settings.proxy, "As the system says", "Proxy")
        self.version = Choice()
        shape_field(self.version, "Version of the interface")
        for value, title in VERSIONS:
            self.version.addItem(title, value)
        self.version.setCurrentIndex(self.version.findData(settings.api_version))
        form.addRow(row_title("Address"), self.address)
        form.addRow(row_title("Proxy"), self.proxy)
        form.addRow(row_title("API version"), self.version)

    def _platform(self) -> None:
        """Opt-in: without a project nothing of it is used, nor looked for."""
        settings = self._workspace.settings
        self.body.addSpacing(6)
        self.body.addWidget(section("Google’s Agent Platform: upscale and segment"))
        form = form_in(self.body)
        self.project = text_field(settings.platform_project, "None", "Project on the Agent Platform")
        self.location = text_field(settings.platform_location, "us-central1", "Location of that project")
        form.addRow(row_title("Project"), self.project)
        form.addRow(row_title("Location"), self.location)
        _row(form, "Consent", *self.consents[IMAGEN].parts)

    def _spending(self) -> None:
        settings = self._workspace.settings
        self.body.addSpacing(6)
        self.body.addWidget(section("Spending"))
        form = form_in(self.body)
        self.day = _ceiling(settings.day_ceiling, "Ceiling for a day")
        self.document = _ceiling(settings.document_ceiling, "Ceiling for a document")
        today = dollars(self._workspace.purse.today)
        spent = fact(f"{today} today. A run that would pass a ceiling waits until it is raised.", dim=True)
        form.addRow(row_title("At most a day"), self.day)
        form.addRow(row_title("At most a document"), self.document)
        form.addRow(row_title("Spent"), spent)

    def _show(self) -> None:
        """Say how key and consent stand."""
        source = self._accounts.source(GEMINI)
        self.key.setText(
            {
                KeySource.NONE: "None yet",
                KeySource.ENVIRONMENT: f"From {self._accounts.environment_name} of the environment",
                KeySource.KEY_STORE: "In the system’s key store",
                KeySource.SESSION: "Until Nanodesk is closed",
            }[source]
        )
        self.enter.setText("Enter a key…" if source is KeySource.NONE else "Another…")
        self.forget.setVisible(source in (KeySource.KEY_STORE, KeySource.SESSION))
        for consent in self.consents.values():
            consent.show()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        tasks.spawn(work, name="settings")

    async def _enter(self) -> None:
        await ask_for_key(self, self._workspace, GEMINI)

    async def _forget(self) -> None:
        self.verdict.say(await self._accounts.forget(GEMINI), wrong=True)

    def _choose(self, name: str) -> None:
        if name == "ok" and not self._saved():
            return
        super()._choose(name)

    def _saved(self) -> bool:
        named = self._accounts.environment_url
        address = self._workspace.settings.base_url if named else self.address.text().strip()
        try:
            self._accounts.reach(
                base_url="" if address == DEFAULT_URL else address,
                proxy=self.proxy.text().strip(),
                api_version=self.version.currentData(),
            )
            self._accounts.use_platform(self.project.text().strip(), self.location.text().strip())
        except ValueError as error:
            self.verdict.say(str(error), wrong=True)
            return False
        self._workspace.purse.set_ceilings(_ceiling_of(self.day), _ceiling_of(self.document))
        self._workspace.settings.save()
        return True


def _button(title: str, name: str) -> QPushButton:
    made = QPushButton(title)
    made.setAccessibleName(name)
    made.setAutoDefault(False)
    return made


def _row(form: QFormLayout, title: str, *parts: QWidget) -> None:
    row = QHBoxLayout()
    row.setSpacing(8)
    for place, part in enumerate(parts):
        row.addWidget(part, 1 if place == 0 else 0)
    form.addRow(row_title(title), row)


def _ceiling(value: float | None, name: str) -> QDoubleSpinBox:
    box = Amount()
    box.setRange(_NO_CEILING, _HIGHEST)
    box.setDecimals(2)
    box.setPrefix("$ ")
    box.setSpecialValueText("No ceiling")
    box.setValue(value or _NO_CEILING)
    shape_field(box, name)
    return box


def _ceiling_of(box: QDoubleSpinBox) -> float | None:
    return round(box.value(), 2) or None


async def show_settings(parent: QWidget, workspace: Workspace) -> None:
    """Show the settings until they are saved or left."""
    await answered(SettingsSheet(parent, workspace))
