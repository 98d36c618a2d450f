"""How the stack is understood, asked anew when it has been left alone for a moment."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from nanodesk.editor.errors import EditorError
from nanodesk.ui.edit_panel.engine_menu import info_of
from nanodesk.ui.edit_panel.run_options import kept_of, options_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.document.change import Change
    from nanodesk.document.identity import CandidateId, EditId
    from nanodesk.document.run import RunOptions
    from nanodesk.editor.planning import EngineInfo, Plan, PlannedEdit
    from nanodesk.editor.project import Project
    from nanodesk.editor.workspace import Workspace

DELAY_MS = 150


class PlanWatch(QObject):
    """Holds the engine, what is chosen for it, and the newest plan.

    Signals:
        planned: there is another plan, or none because the engine cannot be asked.
    """

    planned = Signal()

    def __init__(self, project: Project, workspace: Workspace, engine: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._settings = workspace.settings
        self._engine = engine
        self._options: dict[str, RunOptions] = {}
        self._continues: CandidateId | None = None
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

    @property
    def answering(self) -> str:
        """The engine that would answer: the one asked, or what `auto` stands for as far as is known."""
        return self.plan.engine if self.plan is not None else self._engine

    @property
    def info(self) -> EngineInfo | None:
        """Who would answer."""
        return info_of(self._project.runs.engines(), self.answering)

    @property
    def options(self) -> RunOptions:
        """What the next run is asked with."""
        return replace(self._chosen(self.answering), continues=self._continues)

    @property
    def continues(self) -> CandidateId | None:
        """The answer whose conversation the next run continues."""
        return self._continues

    def _chosen(self, engine: str) -> RunOptions:
        if engine not in self._options:
            self._options[engine] = options_of(self._settings.run_options(engine))
        return self._options[engine]

    def choose(self, engine: str) -> None:
        """Ask another engine from now on."""
        self._engine = engine
        self.plan = None
        self.ask()

    def choose_options(self, options: RunOptions) -> None:
        """Ask the same engine otherwise from now on, and remember it."""
        engine = self.answering
        self._options[engine] = replace(options, continues=None)
        self._settings.keep_run_options(engine, kept_of(options))
        self.ask()

    def continue_from(self, candidate: CandidateId | None) -> None:
        """Have the next run continue an answer's conversation, or begin a new one."""
        self._continues = candidate
        self.ask()

    def _changed(self, change: Change) -> None:
        if change.edit_stack is not None or change.tray is not None or change.touches_document:
            self._timer.start()

    def ask(self) -> None:
        """Make the plan now."""
        self._timer.stop()
        try:
            self.plan, self.fault = self._planned(), ""
        except EditorError as error:
            self.plan, self.fault = None, str(error)
        self.planned.emit()

    def _planned(self) -> Plan:
        """A plan with what is chosen for the engine that answers; that is known only once one has been made."""
        runs = self._project.runs
        plan = runs.plan(self._engine, self.options)
        if plan.engine != self.answering:
            self.plan = plan
            plan = runs.plan(self._engine, self.options)
        return plan

    def by_edit(self) -> dict[EditId, PlannedEdit]:
        """What the plan says of each edit that is switched on and still reads as it was asked.

        Nothing of one that goes to a model word for word: there is nothing to tell of it.
        """
        if self.plan is None:
            return {}
        enabled = self._project.editor.state.edit_stack.enabled
        return {
            edit.id: planned
            for edit, planned in zip(enabled, self.plan.edits, strict=False)
            if edit.instruction == planned.instruction and not (self.plan.sends and planned.understood)
        }
