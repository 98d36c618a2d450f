"""Exactly what the next run would send, prepared off the window's thread when it is asked for or all is at rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from nanodesk.editor.errors import EditorError
from nanodesk.ui import tasks

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from nanodesk.document.change import Change
    from nanodesk.document.run import RunOptions
    from nanodesk.document.state import State
    from nanodesk.editor.planning import Outgoing
    from nanodesk.editor.project import Project
    from nanodesk.ui.edit_panel.plan_watch import PlanWatch

REST_MS = 1200
"""So long the document rests before the pictures are prepared for their size alone."""
FAULT = "What would be sent could not be prepared."


@dataclass(frozen=True, slots=True)
class _Asked:
    """What something was prepared of."""

    engine: str
    options: RunOptions
    state: State

    def same(self, other: _Asked) -> bool:
        """Whether the same would be sent; values of the state are compared by identity, which is quick."""
        return (
            (self.engine, self.options) == (other.engine, other.options)
            and self.state.document is other.state.document
            and self.state.edit_stack is other.state.edit_stack
            and self.state.tray is other.state.tray
        )


class OutgoingWatch(QObject):
    """Holds what would be sent, as long as it is true.

    Signals:
        changed: it is being prepared, it is there, it could not be prepared, or it is no longer true.

    Attributes:
        outgoing: what would be sent; none while that is not known, and where nothing leaves.
        preparing: whether it is on its way.
        fault: why it could not be prepared, as a plain sentence.
    """

    changed = Signal()

    def __init__(self, project: Project, watch: PlanWatch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._watch = watch
        self.outgoing: Outgoing | None = None
        self.preparing = False
        self.fault = ""
        self._wanted = False
        self._task: asyncio.Task[None] | None = None
        self._of: _Asked | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.ask)
        self._disconnect: Callable[[], None] = project.editor.changed.connect(self._project_changed)
        watch.planned.connect(self._planned)

    def close_down(self) -> None:
        """Prepare nothing more."""
        self._disconnect()
        self._rest.stop()
        self._stop()

    def want(self, on: bool) -> None:
        """Prepare it at once whenever it changes, because somebody looks at it; or only when all is at rest."""
        self._wanted = on
        if on and self.outgoing is None and not self.preparing:
            self.ask()

    def _project_changed(self, change: Change) -> None:
        if change.edit_stack is not None or change.tray is not None or change.touches_document:
            self._forget()  # a new plan follows, and with it what would be sent

    def _planned(self) -> None:
        plan, asked = self._watch.plan, self._now()
        if plan is not None and self._of is not None and self._of.same(asked):
            return
        self._forget()
        if plan is not None and plan.sends:
            self._rest.start(0 if self._wanted else REST_MS)

    def _now(self) -> _Asked:
        return _Asked(self._watch.answering, self._watch.options, self._project.editor.state)

    def _forget(self) -> None:
        """What was prepared is no longer what would be sent."""
        self._rest.stop()
        self._stop()
        self.outgoing, self.fault, self._of = None, "", None
        self.changed.emit()

    @property
    def _ready(self) -> bool:
        info = self._watch.info
        return info is not None and info.ready

    def _stop(self) -> None:
        task, self._task = self._task, None
        self.preparing = False
        if task is not None:
            task.cancel()

    def ask(self) -> None:
        """Prepare it now."""
        self._rest.stop()
        self._stop()
        plan = self._watch.plan
        if plan is None or not plan.sends or not plan.edits or not self._ready:
            self.changed.emit()
            return
        if not tasks.can_spawn():
            return
        self.preparing, self._of = True, self._now()
        self._task = tasks.spawn(self._prepare(), name="prepare what would be sent")
        self.changed.emit()

    async def _prepare(self) -> None:
        outgoing, fault = None, ""
        try:
            outgoing = await self._project.runs.outgoing(self._watch.engine, self._watch.options)
        except EditorError as error:
            fault = str(error)
        except Exception as error:  # noqa: BLE001 - whatever an engine does, the panel says so and goes on
            tasks.report(error)
            fault = FAULT
        self.outgoing, self.fault = outgoing, fault
        self.preparing = False
        self._task = None
        self.changed.emit()
