"""The foot of the panel: who does it, what leaves this computer, and Run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from nanodesk.ui import theme
from nanodesk.ui.edit_panel.engine_menu import AUTO, engine_menu, info_of
from nanodesk.ui.edit_panel.message_bar import MessageBar
from nanodesk.ui.edit_panel.run_button import RunButton
from nanodesk.ui.edit_panel.run_progress import RunProgress
from nanodesk.ui.edit_panel.sending import sending_menu, sent_pictures
from nanodesk.ui.history_panel.words import money, plain
from nanodesk.ui.references.flat_button import FlatButton, tidy
from nanodesk.ui.references.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.editor.planning import Plan
    from nanodesk.editor.project import Project
    from nanodesk.ui.edit_panel.plan_watch import PlanWatch


class RunBox(QWidget):
    """Signals: `run_wanted`; `engine_chosen`, with the engine's name or `auto`."""

    run_wanted = Signal()
    engine_chosen = Signal(str)

    def __init__(self, project: Project, watch: PlanWatch, written: Callable[[], str]) -> None:
        super().__init__()
        self._written = written
        self._project = project
        self._watch = watch
        self.message = MessageBar()
        self.progress = RunProgress(project)
        self.engine = FlatButton("", chevron=True, flush=True).look("strip", bold=True)
        self.leaving = WrappedLabel(role="secondary", ink="dim")
        self.see_all = FlatButton("see all", flush=True).look("secondary", ink="dim")
        self.button = RunButton()
        tidy(self.engine, "Engine", "Choose what does the edits")
        tidy(self.see_all, "See all that is sent")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._lay_out()
        self.engine.clicked.connect(self._open_menu)
        self.see_all.clicked.connect(self._open_sending)
        self.button.clicked.connect(self.run_wanted)
        self.show_plan()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.engine)
        words.addWidget(self.leaving)
        words.addWidget(self.see_all)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addLayout(words, 1)
        foot.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 11, 12, 12)
        box.setSpacing(10)
        box.addWidget(self.message)
        box.addWidget(self.progress)
        box.addLayout(foot)

    def show_plan(self) -> None:
        """Show the plan, or why nothing can be run."""
        plan = self._watch.plan
        reason = self._reason()
        self.engine.write(self._engine_name(plan))
        self.button.setEnabled(not reason)
        self.leaving.write(reason or self._leaving(plan))
        self.see_all.setVisible(not reason and plan is not None and plan.sends)
        self.button.setToolTip("" if reason else "Run every edit that is on, in one pass")

    def _engine_name(self, plan: Plan | None) -> str:
        engines = self._project.runs.engines()
        info = info_of(engines, plan.engine if plan is not None else self._watch.engine)
        name = plain(info.name) if info is not None else "No engine"
        return f"Automatic · {name}" if self._watch.engine == AUTO and len(engines) > 1 else name

    def _reason(self) -> str:
        state = self._project.editor.state
        plan = self._watch.plan
        if self._watch.fault:
            return plain(self._watch.fault)
        info = info_of(self._project.runs.engines(), plan.engine) if plan is not None else None
        if info is not None and not info.ready:
            return plain(info.reason) or f"{plain(info.name)} is not ready."
        if state.document.size.empty and not (info is not None and info.generative):
            return "Drop a picture on the canvas first."
        if state.edit_stack.enabled or self._written():
            return ""
        return "Every edit is switched off." if len(state.edit_stack) else "Describe an edit, then run it."

    def _leaving(self, plan: Plan | None) -> str:
        if plan is None or not plan.sends:
            return "Nothing leaves this computer"
        count = len(sent_pictures(self._project.editor.state))
        words = f"{count} picture{'' if count == 1 else 's'} leave{'s' if count == 1 else ''} this computer"
        return f"{words} · about {money(plan.cost)}" if plan.cost is not None else words

    def _open_menu(self) -> None:
        menu = engine_menu(self, self._project.runs.engines(), self._watch.engine, self.engine_chosen.emit)
        menu.popup(self.engine.mapToGlobal(QPoint(0, 0)) - QPoint(0, menu.sizeHint().height()))

    def _open_sending(self) -> None:
        menu = sending_menu(self, self._project.editor.state)
        menu.popup(self.see_all.mapToGlobal(QPoint(0, 0)) - QPoint(0, menu.sizeHint().height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, theme.colours().line)
        painter.end()
