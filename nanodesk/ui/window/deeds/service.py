"""What a page needs before anything is sent: a key, consent, an address, a higher ceiling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.editor.errors import EditorError
from nanodesk.ui import tasks
from nanodesk.ui.window.deeds.deed import Deeds

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.editor.planning import Outgoing
    from nanodesk.ui.window.page import ProjectPage


class ServiceDeeds(Deeds):
    """Asks in sheets, and goes on with what was wanted once the answer is yes."""

    def serve(self, page: ProjectPage) -> None:
        """Answer what a page asks for."""
        edits = page.edits
        page.start.key_wanted.connect(lambda engine: self._ask_key(page, engine, page.show_engines))
        edits.key_wanted.connect(lambda engine: self._ask_key(page, engine, edits.show_engines))
        edits.consent_wanted.connect(lambda engine: self._ask_consent(page, engine, edits.run_all))
        edits.connection_wanted.connect(lambda _: self._settings(page))
        edits.ceiling_wanted.connect(lambda: self._settings(page))
        page.advice_key_wanted.connect(lambda engine: self._ask_key(page, engine, page.advice.again))
        page.advice_consent_wanted.connect(lambda engine: self._ask_consent(page, engine, page.advice.again))

    def _ask_key(self, page: ProjectPage, engine: str, then: Callable[[], None]) -> None:
        from nanodesk.ui.dialogs.key_sheet import ask_for_key

        async def ask() -> None:
            if await ask_for_key(self.window, self.workspace, engine):
                then()

        tasks.spawn(ask(), name="key")

    def _ask_consent(self, page: ProjectPage, engine: str, then: Callable[[], None]) -> None:
        from nanodesk.ui.dialogs.consent_sheet import ask_for_consent

        async def ask() -> None:
            outgoing = await self._outgoing(page, engine)
            if await ask_for_consent(self.window, self.workspace, engine, outgoing):
                then()

        tasks.spawn(ask(), name="consent")

    @staticmethod
    async def _outgoing(page: ProjectPage, engine: str) -> Outgoing | None:
        """What the next run would send, as far as it can be told now."""
        try:
            return await page.project.runs.outgoing(engine, page.edits.watch.options)
        except EditorError:
            return None

    def _settings(self, page: ProjectPage) -> None:
        from nanodesk.ui.dialogs.settings_sheet import show_settings

        async def show() -> None:
            await show_settings(self.window, self.workspace)
            page.edits.show_engines()

        tasks.spawn(show(), name="settings")
