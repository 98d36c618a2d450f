"""What every family of deeds stands on: the window, and the page in front."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.errors import DocumentError
from nanodesk.editor.errors import EditorError
from nanodesk.editor.notice import Notice, NoticeKind
from nanodesk.ui import tasks

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from nanodesk.editor.project import Project
    from nanodesk.editor.workspace import Workspace
    from nanodesk.ui.main_window import MainWindow
    from nanodesk.ui.window.page import ProjectPage


class Deeds:
    """Acts on the window's page in front."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    @property
    def workspace(self) -> Workspace:
        """Every open project."""
        return self.window.workspace

    @property
    def page(self) -> ProjectPage:
        """The page in front."""
        return self.window.page

    @property
    def project(self) -> Project:
        """The project in front."""
        return self.window.page.project

    def start(self, work: Awaitable[object]) -> None:
        """Do slow work in a task; what cannot be done is said in a notice."""

        async def guarded() -> None:
            try:
                await work
            except (EditorError, DocumentError) as error:
                self.say(str(error))

        tasks.spawn(guarded())

    def say(self, message: str, kind: NoticeKind = NoticeKind.ATTENTION) -> None:
        """Show one plain sentence on the page in front."""
        self.page.notices.show_notice(Notice(message, kind))
