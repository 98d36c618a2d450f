"""What links and menus do to a fitted layer; every change is a step, and none is paid for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from nanodesk.ui.history_panel.attempt import start

if TYPE_CHECKING:
    from nanodesk.document.identity import LayerId
    from nanodesk.editor.project import Project


class FitActions(QObject):
    """Signals: `changed_wanted` with a layer of which the parts that its answer changed shall be shown."""

    changed_wanted = Signal(str)

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._refitting: set[LayerId] = set()

    def show_changed(self, layer_id: LayerId) -> None:
        """Have its parts shown."""
        self.changed_wanted.emit(layer_id)

    def refit(self, layer_id: LayerId) -> None:
        """Fit its kept answer to what lies below it now; a second wish while that is done is none."""
        if layer_id in self._refitting:
            return
        self._refitting.add(layer_id)

        async def refitted() -> None:
            try:
                await self._project.refitting.refit(layer_id)
            finally:
                self._refitting.discard(layer_id)

        start(self._project, refitted())

    def take_apart(self, layer_id: LayerId) -> None:
        """Make a layer of each edit, or of each part."""
        start(self._project, self._project.refitting.unbake(layer_id))
