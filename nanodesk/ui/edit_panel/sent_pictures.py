"""Small pictures of what would be sent, each decoded from the very bytes that would leave."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from nanodesk.document.geometry import Size
from nanodesk.editor.errors import EditorError
from nanodesk.ui import tasks
from nanodesk.ui.qt_images import pixmap_of

if TYPE_CHECKING:
    import asyncio

    from PySide6.QtGui import QPixmap

    from nanodesk.editor.planning import OutgoingPicture
    from nanodesk.editor.project import Project

KEPT = 64
SIZE = Size(168, 126)
"""Twice the well of a row, so that screens of double density get sharp pictures."""


class SentPictures(QObject):
    """Gives a pixmap at once when there is one, and says when others have come.

    Signals:
        arrived: a picture that was asked for is there now, or could not be shown.
    """

    arrived = Signal()

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._known: OrderedDict[str, QPixmap] = OrderedDict()
        self._faults: dict[str, str] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def close_down(self) -> None:
        """Take in nothing more."""
        for task in self._tasks.values():
            task.cancel()

    def fault_of(self, picture: OutgoingPicture) -> str:
        """Why a picture cannot be shown, as a plain sentence; empty when it can."""
        return self._faults.get(picture.hash, "")

    def of(self, picture: OutgoingPicture) -> QPixmap | None:
        """The picture, small; none while it is being decoded, and where it cannot be shown."""
        key = picture.hash
        known = self._known.get(key)
        if known is not None:
            self._known.move_to_end(key)
        elif key not in self._tasks and key not in self._faults:
            self._tasks[key] = tasks.spawn(self._fetch(key, picture), name="show what would be sent")
        return known

    async def _fetch(self, key: str, picture: OutgoingPicture) -> None:
        try:
            block = await self._project.runs.seen(picture, SIZE)
        except EditorError as error:
            self._faults[key] = str(error)
        else:
            self._known[key] = pixmap_of(block)
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        finally:
            self._tasks.pop(key, None)
        self.arrived.emit()
