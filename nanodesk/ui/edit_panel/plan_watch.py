"""How the stack is understood, asked anew when it has been left alone for a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from nanodesk.editor.errors import EditorError

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.document.change import Change
    from nanodesk.document.identity import EditId
    from nanodesk.editor.planning import Plan, PlannedEdit
    from nanodesk.editor.project import Project

DELAY_MS = 150


class PlanWatch(QObject):
    """Holds the newest plan.

    Signals:
        planned: there is another plan, or none because the engine cannot be asked.
    """

    planned = Signal()

    def __init__(self, project: Project, engine: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._engine = engine
        self.plan: Plan | None = None
        self.fault = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.ask)
        self._disconnect: Callable[[], None] = project.editor.changed.connect(self._changed)

    def close_down(self) -> None:
        """Ask no more."""
        self._disconnect()
        self._timer.stop()

    @property
    def engine(self) -> str:
        """The engine that is asked, or `auto`."""
        return self._engine

    def choose(self, engine: str) -> None:
        """Ask another engine from now on."""
        self._engine = engine
        self.ask()

    def _changed(self, change: Change) -> None:
        if change.edit_stack is not None:
            self._timer.start()

    def ask(self) -> None:
        """Make the plan now."""
        self._timer.stop()
        try:
            self.plan, self.fault = self._project.runs.plan(self._engine), ""
        except EditorError as error:
            self.plan, self.fault = None, str(error)
        self.planned.emit()

    def by_edit(self) -> dict[EditId, PlannedEdit]:
        """What the plan says of each edit that is switched on and still reads as it was asked."""
        if self.plan is None:
            return {}
        enabled = self._project.editor.state.edit_stack.enabled
        return {
            edit.id: planned
            for edit, planned in zip(enabled, self.plan.edits, strict=False)
            if edit.instruction == planned.instruction
        }
