"""Finds out, when all is quiet, how often models have drawn the layers whose rows are unfolded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from nanodesk.document.errors import DocumentError
from nanodesk.document.fingerprint import fingerprint
from nanodesk.editor.flattening import up_to
from nanodesk.ui import tasks
from nanodesk.ui.history_panel.words import wear_words

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable

    from nanodesk.document.identity import LayerId
    from nanodesk.document.tiles import PixelsId
    from nanodesk.editor.project import Project

QUIET_MS = 500


class WearWatch(QObject):
    """What is known of layers, in words.

    Attributes:
        words: for each layer that was asked about; what was said before stays until it is known anew.

    Signals:
        told: something else is known.
    """

    told = Signal()

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._wanted: tuple[LayerId, ...] = ()
        self._known: dict[LayerId, PixelsId] = {}
        self._task: asyncio.Task[None] | None = None
        self.words: dict[LayerId, str] = {}
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(self._look)

    def want(self, layers: Iterable[LayerId]) -> None:
        """Ask about these layers, as they are when nothing has happened for a moment."""
        self._wanted = tuple(layers)
        if self._wanted:
            self._quiet.start()

    def _look(self) -> None:
        if tasks.can_spawn() and (self._task is None or self._task.done()):
            self._task = tasks.spawn(self._looked(), name="wear of layers")

    async def _looked(self) -> None:
        for layer_id in self._wanted:
            document = self._project.editor.document
            if layer_id not in document.layers:
                continue
            shown = fingerprint(up_to(document, layer_id))
            if self._known.get(layer_id) == shown:
                continue
            try:
                wear = await self._project.wearing.of_layer(layer_id)
            except DocumentError:
                continue  # it was removed meanwhile
            self._known[layer_id] = shown
            words = wear_words(wear)
            if self.words.get(layer_id) != words:
                self.words = {**self.words, layer_id: words}
                self.told.emit()

    def close_down(self) -> None:
        """Ask no more."""
        self._quiet.stop()
        if self._task is not None:
            self._task.cancel()
