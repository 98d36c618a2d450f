"""The lower half of the dock: the edits, what they are shown, and Run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from nanodesk.document.run import RunState
from nanodesk.editor.errors import EditNotUnderstoodError, EditorError
from nanodesk.ui import theme
from nanodesk.ui.edit_panel.edit_actions import EditActions
from nanodesk.ui.edit_panel.engine_menu import AUTO
from nanodesk.ui.edit_panel.input_box import InputBox
from nanodesk.ui.edit_panel.plan_watch import PlanWatch
from nanodesk.ui.edit_panel.run_box import RunBox
from nanodesk.ui.edit_panel.stack_list import StackList
from nanodesk.ui.references.references_strip import ReferencesStrip
from nanodesk.ui.references.section_title import SectionTitle
from nanodesk.ui.references.thumbnails import Thumbnails

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.document.change import Change
    from nanodesk.document.identity import EditId, RunId
    from nanodesk.editor.project import Project
    from nanodesk.editor.workspace import Workspace


class EditPanel(QWidget):
    """Shows one project's stack.

    Signals:
        run_started: a run was sent, by its id.
    """

    run_started = Signal(str)

    def __init__(self, project: Project, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._workspace = workspace
        self._mine: set[RunId] = set()
        self._faults: dict[EditId, str] = {}
        self.edit_actions = EditActions(project)
        self._thumbnails = Thumbnails(project, self)
        remembered = workspace.settings.engine
        known = {info.id for info in project.runs.engines()}
        self.watch = PlanWatch(project, remembered if remembered in known else AUTO, self)
        self.count = QLabel()
        self.stack = StackList(self.edit_actions)
        self.input = InputBox()
        self.references = ReferencesStrip(project, self._thumbnails)
        self.run_box = RunBox(project, self.watch, lambda: self.input.field.sentence)
        self._lay_out()
        self._connect()
        self._show_stack()
        self.watch.ask()
        self.run_box.progress.follow()

    def _lay_out(self) -> None:
        header = QHBoxLayout()
        header.setContentsMargins(12, 5, 12, 4)
        header.addWidget(SectionTitle("Edits"))
        header.addStretch(1)
        self.count.setFont(theme.font("section"))
        header.addWidget(self.count)
        writing = QVBoxLayout()
        writing.setContentsMargins(12, 4, 12, 10)
        writing.setSpacing(8)
        writing.addWidget(self.input)
        writing.addWidget(self.references)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(header)
        box.addWidget(self.stack)
        box.addLayout(writing)
        box.addStretch(1)
        box.addWidget(self.run_box)

    def _connect(self) -> None:
        project = self._project
        self._connections: list[Callable[[], None]] = [
            project.editor.changed.connect(self._changed),
            project.runs.changed.connect(self._run_changed),
        ]
        self.input.submitted.connect(self._submitted)
        self.input.went_up.connect(self.stack.focus_last)
        self.input.field.textChanged.connect(self.run_box.show_plan)
        self.stack.run_wanted.connect(self.run_all)
        self.stack.left_down.connect(self.focus_input)
        self.run_box.run_wanted.connect(self.run_all)
        self.run_box.engine_chosen.connect(self.choose_engine)
        self.watch.planned.connect(self._show_plan)

    def close_down(self) -> None:
        """Follow the project no more; what is being written is taken over first."""
        self.stack.commit()
        for disconnect in self._connections:
            disconnect()
        self._connections.clear()
        self.watch.close_down()
        self.references.close_down()
        self.run_box.progress.close_down()
        self._thumbnails.close_down()

    def focus_input(self) -> None:
        """Put the cursor where the next edit is written."""
        self.input.field.setFocus()

    def choose_engine(self, engine: str) -> None:
        """Let another engine do the edits from now on."""
        self._workspace.settings.engine = engine
        self.watch.choose(engine)

    def _changed(self, change: Change) -> None:
        if change.edit_stack is not None:
            self._faults = {}
            self._show_stack()
        if change.tray is not None or change.touches_document:
            self.references.show_state(document_changed=change.touches_document)
        self.run_box.show_plan()

    def _show_stack(self) -> None:
        stack = self._project.editor.state.edit_stack
        self.stack.show_stack(stack)
        self.stack.show_plan(self.watch.by_edit(), self._faults)
        on = sum(1 for edit in stack if edit.enabled)
        self.count.setText(f"{on} of {len(stack)} on" if len(stack) else "")

    def _show_plan(self) -> None:
        self.stack.show_plan(self.watch.by_edit(), self._faults)
        self.run_box.show_plan()

    def _submitted(self, run: bool) -> None:
        if run:
            self.run_all()
        else:
            self._take_in()

    def _take_in(self) -> None:
        """Make an edit of what is written; it stays in the box when that fails."""
        sentence = self.input.field.sentence
        edit_id = self.edit_actions.add(sentence) if sentence else None
        if edit_id is not None:
            self.input.clear()
            self.stack.reveal(edit_id)

    def run_all(self) -> None:
        """Send the stack, with what is being written; what cannot be sent is said in place."""
        self.stack.commit()
        self._take_in()
        self.run_box.message.clear()
        self._faults = {}
        sent = self._project.editor.state.edit_stack.enabled
        try:
            run_id = self._project.runs.submit(self.watch.engine)
        except EditNotUnderstoodError as error:
            if 0 <= error.edit < len(sent):
                missed = sent[error.edit]
                self._faults = {missed.id: str(error)}
                self.stack.reveal(missed.id)
                number = self._project.editor.state.edit_stack.edits.index(missed) + 1
                self.run_box.message.say(f"Edit {number} cannot be done; it says why above. Nothing ran.")
            else:
                self.run_box.message.say(str(error))
        except EditorError as error:
            self.run_box.message.say(str(error))
        else:
            self._mine.add(run_id)
            self.run_started.emit(run_id)
        self.watch.ask()

    def follow_run(self, run_id: RunId) -> None:
        """Tell of a run that was started elsewhere as of one's own."""
        self._mine.add(run_id)
        self.run_started.emit(run_id)

    def cancel_newest(self) -> None:
        """Stop the run that was started last, if one is under way."""
        active = [run.id for run in self._project.runs.runs.values() if run.state.active]
        if active:
            self._project.runs.cancel(active[-1])

    def _run_changed(self, run_id: RunId) -> None:
        self.run_box.progress.follow()
        run = self._project.runs.runs[run_id]
        if run.state.active or run_id not in self._mine:
            return
        self._mine.discard(run_id)
        if run.state is RunState.FAILED:
            self.run_box.message.say(f"Run {run.number}: {run.message}")
            self._faults = {
                run.edits[place].id: message for place, message in run.edit_messages if 0 <= place < len(run.edits)
            }
            self.stack.show_plan(self.watch.by_edit(), self._faults)
