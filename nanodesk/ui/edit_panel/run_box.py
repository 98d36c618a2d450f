"""The foot of the panel: who does it, what leaves this computer, and Run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from nanodesk.ui import theme
from nanodesk.ui.edit_panel.engine_menu import AUTO, Choices, engine_menu
from nanodesk.ui.edit_panel.engine_title import EngineTitle
from nanodesk.ui.edit_panel.leaving_line import LeavingLine
from nanodesk.ui.edit_panel.link_button import LinkButton
from nanodesk.ui.edit_panel.message_bar import MessageBar
from nanodesk.ui.edit_panel.notes_area import NotesArea
from nanodesk.ui.edit_panel.run_button import RunButton
from nanodesk.ui.edit_panel.run_options import chosen_of, name_of_model, with_successor
from nanodesk.ui.edit_panel.run_progress import RunProgress
from nanodesk.ui.history_panel.words import plain
from nanodesk.ui.references.flat_button import tidy
from nanodesk.ui.references.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.editor.planning import Plan
    from nanodesk.editor.project import Project
    from nanodesk.ui.edit_panel.outgoing_watch import OutgoingWatch
    from nanodesk.ui.edit_panel.plan_watch import PlanWatch

_KEYS_FROM = 320
"""The width from which on Run shows its keys, device-independent pixels."""


class RunBox(QWidget):
    """The foot.

    Signals:
        run_wanted: Run was pressed.
        engine_chosen: with the engine's name or `auto`.
        key_wanted: a key shall be entered for that engine.
        tray_wanted: all that leaves shall be seen.
    """

    run_wanted = Signal()
    engine_chosen = Signal(str)
    key_wanted = Signal(str)
    tray_wanted = Signal()

    def __init__(self, project: Project, watch: PlanWatch, outgoing: OutgoingWatch, written: Callable[[], str]) -> None:
        super().__init__()
        self._written = written
        self._project = project
        self._watch = watch
        self._outgoing = outgoing
        self.message = MessageBar()
        self.progress = RunProgress(project)
        self.notes = NotesArea(self.message, self.progress)
        self.engine = EngineTitle()
        self.leaving = WrappedLabel(role="secondary", ink="dim")
        self.line = LeavingLine()
        self.remedy = LinkButton("", ink="text")
        self.button = RunButton()
        self._remedy: Callable[[], object] = lambda: None
        tidy(self.engine, "Engine", "Choose what does the edits, and how")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._lay_out()
        self.engine.clicked.connect(self.open_menu)
        self.line.see_all.clicked.connect(self.tray_wanted)
        self.remedy.clicked.connect(lambda: self._remedy())
        self.button.clicked.connect(self.run_wanted)
        outgoing.changed.connect(self._show_leaving)
        self.show_plan()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        for widget in (self.engine, self.leaving, self.line):
            words.addWidget(widget)
        words.addWidget(self.remedy, 0, Qt.AlignmentFlag.AlignLeft)
        words.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addLayout(words, 1)
        foot.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 11, 12, 12)
        box.setSpacing(10)
        box.addWidget(self.notes)
        box.addLayout(foot)

    def show_plan(self) -> None:
        """Show the plan, or why nothing can be run."""
        reason = self.reason
        self._show_title(self._watch.plan)
        self.button.setEnabled(not reason)
        self.button.setToolTip("" if reason else "Run every edit that is on, in one pass")
        self._show_leaving()
        self._show_remedy()

    def _show_leaving(self) -> None:
        plan, reason = self._watch.plan, self.reason
        leaves = not reason and plan is not None and plan.sends
        self.leaving.write(reason or "Nothing leaves this computer")
        if leaves and plan is not None:
            earlier = self._project.runs.continued(self._watch.options)
            self.line.show_plan(plan, self._outgoing.outgoing, earlier)
        self.leaving.setVisible(not leaves)
        self.line.setVisible(leaves)

    def _show_title(self, plan: Plan | None) -> None:
        info = self._watch.info
        if info is None:
            self.engine.write("No engine")
        elif plan is not None and plan.model_name:
            self.engine.write(*chosen_of(plan, info))
        elif self._watch.engine == AUTO and len(self._project.runs.engines()) > 1:
            self.engine.write("Automatic", plain(info.name))
        else:
            self.engine.write(plain(info.name))

    @property
    def reason(self) -> str:
        """Why Run cannot be pressed, as a plain sentence; empty when it can."""
        state, plan, info = self._project.editor.state, self._watch.plan, self._watch.info
        if self._watch.fault:
            return plain(self._watch.fault)
        if info is not None and not info.ready:
            return plain(info.reason) or f"{plain(info.name)} is not ready."
        if state.document.size.empty and not (info is not None and info.generative):
            return "Drop a picture on the canvas first."
        if plan is not None and plan.refusal:
            return plain(plan.refusal)
        if state.edit_stack.enabled or self._written():
            return ""
        return "Every edit is switched off." if len(state.edit_stack) else "Describe an edit, then run it."

    def _show_remedy(self) -> None:
        """A way out of what keeps Run from being pressed, where one click is one."""
        plan, info = self._watch.plan, self._watch.info
        words, remedy = "", self._remedy
        if info is not None and info.needs_key and not info.ready:
            engine = info.id
            words, remedy = "Enter a key", lambda: self.key_wanted.emit(engine)
        elif plan is not None and plan.refusal and plan.successor:
            wanted = with_successor(self._watch.options, plan.successor)
            words = f"Use {name_of_model(info, plan.successor)}"
            remedy = lambda: self._watch.choose_options(wanted)  # noqa: E731 - one of two ways, called on a click
        self._remedy = remedy
        self.remedy.write(words)
        self.remedy.setVisible(bool(words))

    def open_menu(self) -> None:
        """Show the engines, and what can be chosen for the one that answers."""
        watch = self._watch
        choices = Choices(
            self._project.runs.engines(),
            watch.engine,
            watch.plan,
            watch.options,
            self.engine_chosen.emit,
            watch.choose_options,
            self.key_wanted.emit,
        )
        menu = engine_menu(self, choices)
        menu.popup(self.engine.mapToGlobal(QPoint(0, 0)) - QPoint(0, menu.sizeHint().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.button.show_keys(self.width() >= _KEYS_FROM)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, theme.colours().line)
        painter.end()
