"""Asking for a key: hidden as it is typed, tried out before it is taken, and remembered only where that is safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from nanodesk.editor.accounts import KeySource
from nanodesk.ui import tasks
from nanodesk.ui.dialogs.asking import answered
from nanodesk.ui.dialogs.check_box import CheckBox
from nanodesk.ui.dialogs.form import WIDTH, Verdict, text_field
from nanodesk.ui.dialogs.sheet import Sheet
from nanodesk.ui.history_panel.words import plain
from nanodesk.ui.window.menus import tip

if TYPE_CHECKING:
    import asyncio

    from nanodesk.editor.accounts import Accounts
    from nanodesk.editor.workspace import Workspace

WHERE = "aistudio.google.com/apikey"


class KeySheet(Sheet):
    """Takes one key of an engine.

    Attributes:
        taken: whether a key was taken.
    """

    def __init__(self, parent: QWidget, accounts: Accounts, engine: str, name: str) -> None:
        host = plain(accounts.host(engine)) or "the service"
        super().__init__(
            parent,
            f"A key for {name}",
            f"{name} answers with a key of your own; Google gives one at {WHERE}. It goes to {host} and nowhere else,"
            " and never into a project, a log or a report.",
            (("ok", "Check and use"), ("cancel", "Cancel")),
        )
        self.taken = False
        self._accounts = accounts
        self._engine = engine
        self._host = host
        self._left = False
        self._task: asyncio.Task[None] | None = None
        self.field = text_field("", "Paste the key here", f"Key for {name}")
        self.field.setMinimumWidth(WIDTH)
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.remember = CheckBox("Remember it in the system’s key store")
        self.remember.setChecked(True)
        self.verdict = Verdict()
        self.get = QPushButton("Get a key…")
        self.get.setAccessibleName(f"Open {WHERE} in the browser")
        self.get.setAutoDefault(False)
        self.get.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(f"https://{WHERE}")))
        below = QHBoxLayout()
        below.addWidget(self.remember, 1)
        below.addWidget(self.get)
        self.body.addWidget(self.field)
        self.body.addLayout(below)
        self.body.addWidget(self.verdict)
        self.field.textChanged.connect(self._typed)
        self.finished.connect(lambda _: self._leave())
        self._typed("")
        self.verdict.say(self._present())
        self.field.setFocus()
        self._looking = tasks.spawn(self._look(), name="look for a key store")

    def _present(self) -> str:
        """Which key is used now."""
        match self._accounts.source(self._engine):
            case KeySource.ENVIRONMENT:
                name = self._accounts.environment_name
                return f"Now the key of {name} is used. One entered here comes before it until Nanodesk is closed."
            case KeySource.KEY_STORE:
                return "Now the key that the system’s key store holds is used."
            case KeySource.SESSION:
                return "Now a key is used that is forgotten when Nanodesk is closed."
            case KeySource.NONE:
                return ""

    def _button(self, name: str) -> QPushButton:
        found = self.findChild(QPushButton, name)
        assert isinstance(found, QPushButton)
        return found

    async def _look(self) -> None:
        fault = await self._accounts.store_there()
        if fault:
            self._forgetful(fault)

    def _forgetful(self, fault: str) -> None:
        self.remember.setChecked(False)
        self.remember.setEnabled(False)
        self.remember.setToolTip(tip(fault))
        if self._task is None:
            self.verdict.say(self._present() or f"{fault} The key is used until Nanodesk is closed.")

    def _typed(self, text: str) -> None:
        self._button("ok").setEnabled(bool(text.strip()))

    def _choose(self, name: str) -> None:
        if name == "ok" and not self.taken:
            if self._task is None and self.field.text().strip():
                self._task = tasks.spawn(self._check(), name="check a key")
            return
        super()._choose("ok" if self.taken else name)

    async def _check(self) -> None:
        self._working(True)
        fault = "The key could not be checked, by a fault of ours; it was not taken."
        try:
            fault = await self._accounts.enter(self._engine, self.field.text(), remember=self.remember.isChecked())
        finally:
            self._task = None
            if not self._left:
                self._working(False)
                self._checked(fault)

    def _working(self, on: bool) -> None:
        self.field.setEnabled(not on)
        self.remember.setEnabled(not on and not self._accounts.store_fault)
        self._button("ok").setEnabled(not on)
        self.verdict.say(f"Asking {self._host} whether the key is good…" if on else "")

    def _checked(self, fault: str) -> None:
        if fault:
            self.verdict.say(plain(fault), wrong=True)
            self.field.setFocus()
            self.field.selectAll()
            return
        self.taken = True
        self.field.clear()
        if self.remember.isChecked() and self._accounts.source(self._engine) is KeySource.SESSION:
            self._say_forgotten()
            return
        super()._choose("ok")

    def _say_forgotten(self) -> None:
        """It is good and could not be remembered: that is said before the sheet goes."""
        self.field.setEnabled(False)
        self.remember.setEnabled(False)
        self._button("cancel").hide()
        self._button("ok").setText("Done")
        self._button("ok").setEnabled(True)
        self._button("ok").setFocus()
        self.verdict.say(f"The key is good and is used until Nanodesk is closed. {self._accounts.store_fault}")

    def _leave(self) -> None:
        self._left = True
        for task in (self._task, self._looking):
            if task is not None:
                task.cancel()
        self.field.clear()


async def ask_for_key(parent: QWidget, workspace: Workspace, engine: str) -> bool:
    """Have a key of an engine entered and checked; whether one was taken."""
    name = next((plain(info.name) for info in workspace.engines.infos() if info.id == engine), engine)
    sheet = KeySheet(parent, workspace.accounts, engine, name)
    await answered(sheet)
    return sheet.taken
