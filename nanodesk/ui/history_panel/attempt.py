"""Changing the document from a gesture: what cannot be done is said in a notice, never raised into Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.errors import DocumentError
from nanodesk.editor.errors import EditorError
from nanodesk.editor.notice import Notice, NoticeKind
from nanodesk.ui import tasks

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from nanodesk.document.document import Document
    from nanodesk.document.history import Step
    from nanodesk.document.state import State
    from nanodesk.editor.project import Project


def change_state(
    project: Project, label: str, operation: Callable[[State], State], *, amend: bool = False
) -> Step | None:
    """Apply an operation on the state as one step; none when nothing was changed."""
    try:
        return project.editor.apply(label, operation, amend=amend)
    except (DocumentError, EditorError) as error:
        say(project, str(error))
        return None


def change_document(
    project: Project, label: str, operation: Callable[[Document], Document], *, amend: bool = False
) -> Step | None:
    """Apply an operation on the document as one step; none when nothing was changed."""
    try:
        return project.editor.apply_document(label, operation, amend=amend)
    except (DocumentError, EditorError) as error:
        say(project, str(error))
        return None


def start(project: Project, work: Awaitable[object]) -> None:
    """Do slow work of the project in a task."""

    async def guarded() -> None:
        try:
            await work
        except (DocumentError, EditorError) as error:
            say(project, str(error))

    _ = tasks.spawn(guarded())


def say(project: Project, message: str, kind: NoticeKind = NoticeKind.ATTENTION, *, undo: bool = False) -> None:
    """Show one plain sentence in place."""
    project.notices.emit(Notice(message, kind, undo))
