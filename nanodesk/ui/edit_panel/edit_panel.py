"""The lower half of the dock: the edits, what they are shown, and Run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from nanodesk.document.run import RunState
from nanodesk.editor.errors import ConsentMissingError, EditNotUnderstoodError, RunError
from nanodesk.ui import theme
from nanodesk.ui.edit_panel.continue_chip import ContinueChip, continued_words
from nanodesk.ui.edit_panel.edit_actions import EditActions
from nanodesk.ui.edit_panel.endings import WaysOut, sentence_of, ways_out, with_charge
from nanodesk.ui.edit_panel.engine_menu import AUTO, info_of
from nanodesk.ui.edit_panel.input_box import InputBox
from nanodesk.ui.edit_panel.nameable import Nameable
from nanodesk.ui.edit_panel.outgoing_watch import OutgoingWatch
from nanodesk.ui.edit_panel.plan_watch import PlanWatch
from nanodesk.ui.edit_panel.run_box import RunBox
from nanodesk.ui.edit_panel.run_options import name_of_model, with_successor
from nanodesk.ui.edit_panel.stack_list import StackList
from nanodesk.ui.edit_panel.tray_sheet import TraySheet
from nanodesk.ui.references.references_strip import ReferencesStrip
from nanodesk.ui.references.section_title import SectionTitle
from nanodesk.ui.references.thumbnails import Thumbnails

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QResizeEvent

    from nanodesk.document.change import Change
    from nanodesk.document.edit import Edit
    from nanodesk.document.identity import CandidateId, EditId, RunId
    from nanodesk.document.run import Remedy, Run
    from nanodesk.editor.project import Project
    from nanodesk.editor.workspace import Workspace
    from nanodesk.ui.edit_panel.endings import Way


TWICE_S = 0.6
"""Run pressed again so soon, with nothing changed, is a slip of the hand."""


class EditPanel(QWidget):
    """Shows one project's stack.

    Signals:
        run_started: a run was sent, by its id.
        key_wanted: a key shall be entered, for the engine of that name; `show_engines` when it is there.
        consent_wanted: nobody agreed yet that pictures go to that engine; `run_all` when somebody has.
        connection_wanted: the connection of that engine shall be set up.
        ceiling_wanted: a ceiling shall be raised.
    """

    run_started = Signal(str)
    key_wanted = Signal(str)
    consent_wanted = Signal(str)
    connection_wanted = Signal(str)
    ceiling_wanted = Signal()

    def __init__(self, project: Project, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._workspace = workspace
        self._mine: set[RunId] = set()
        self._sent: tuple[float, RunId, object] | None = None
        self._faults: dict[EditId, str] = {}
        self._about_stack = False  # what the message says is over once the stack is another
        self.edit_actions = EditActions(project)
        self._thumbnails = Thumbnails(project, self)
        remembered = workspace.settings.engine
        known = {info.id for info in project.runs.engines()}
        self.watch = PlanWatch(project, workspace, remembered if remembered in known else AUTO, self)
        self.outgoing = OutgoingWatch(project, self.watch, self)
        self.count = QLabel()
        self.stack = StackList(self.edit_actions)
        self.continues = ContinueChip()
        self.input = InputBox()
        self.references = ReferencesStrip(project, self._thumbnails)
        self.run_box = RunBox(project, self.watch, self.outgoing, lambda: self.input.field.sentence)
        self.tray: TraySheet | None = None
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
        writing.addWidget(self.continues, 0, Qt.AlignmentFlag.AlignLeft)
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
        project, box = self._project, self.run_box
        self._connections: list[Callable[[], None]] = [
            project.editor.changed.connect(self._changed),
            project.runs.changed.connect(self._run_changed),
        ]
        self.input.submitted.connect(self._submitted)
        self.input.went_up.connect(self.stack.focus_last)
        self.input.field.textChanged.connect(box.show_plan)
        self.stack.run_wanted.connect(self.press_run)
        self.stack.left_down.connect(self.focus_input)
        self.continues.removed.connect(lambda: self.continue_from(None))
        self.watch.planned.connect(self._show_plan)
        box.run_wanted.connect(self.press_run)
        box.engine_chosen.connect(self.choose_engine)
        box.key_wanted.connect(self.key_wanted)
        box.tray_wanted.connect(self.open_tray)
        box.message.answer_wanted.connect(self.focus_input)
        box.progress.raise_wanted.connect(self.ceiling_wanted)

    def minimumSizeHint(self) -> QSize:
        """High enough for words that need several lines at this width."""
        layout = self.layout()
        least: QSize = super().minimumSizeHint()
        if layout is None:
            return least
        return QSize(least.width(), max(least.height(), layout.minimumHeightForWidth(max(200, self.width()))))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._make_room()
        return bool(super().event(event))

    def _make_room(self) -> None:
        """In a low window, what is said of a run goes before the references, which the tray shows too."""
        layout = self.layout()
        if layout is None or not self.isVisible():
            return
        needed = layout.minimumHeightForWidth(self.width())
        if self.references.isHidden():
            needed += self.references.heightForWidth(self.width() - 24) + 8
        self.references.setVisible(self.run_box.notes.isHidden() or needed <= self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def close_down(self) -> None:
        """Follow the project no more; what is being written is taken over first."""
        self.stack.commit()
        for disconnect in self._connections:
            disconnect()
        self._connections.clear()
        if self.tray is not None:
            self.tray.close()
        self.outgoing.close_down()
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

    def show_engines(self) -> None:
        """An engine has become ready, or is so no more: a key was entered, somebody agreed, the models are others."""
        self.run_box.message.clear()
        self.watch.ask()

    def continue_from(self, candidate_id: CandidateId | None) -> None:
        """Have the next run, and that one alone, go on from an answer; none begins anew."""
        candidate = self._project.runs.candidates.get(candidate_id) if candidate_id is not None else None
        run = self._project.runs.runs.get(candidate.run) if candidate is not None else None
        if candidate_id is None or run is None:
            self.watch.continue_from(None)
            return
        if self.watch.answering != run.engine:
            self.choose_engine(run.engine)
        self.watch.continue_from(candidate_id)
        self.focus_input()

    def _changed(self, change: Change) -> None:
        if change.edit_stack is not None:
            self._faults = {}
            self._show_stack()
            if self._about_stack:
                self._about_stack = False
                self.run_box.message.clear()
        if change.tray is not None or change.touches_document:
            self._show_names()
        if change.edit_stack is not None or change.tray is not None or change.touches_document:
            self.references.show_state(document_changed=change.touches_document)
        self.run_box.show_plan()

    def _show_stack(self) -> None:
        stack = self._project.editor.state.edit_stack
        self.stack.show_stack(stack)
        self.stack.show_plan(self.watch.by_edit(), self._faults)
        on = sum(1 for edit in stack if edit.enabled)
        self.count.setText(f"{on} of {len(stack)} on" if len(stack) else "")

    def _show_names(self) -> None:
        nameable = Nameable.of(self._project.editor.state)
        sends = self.watch.plan is not None and self.watch.plan.sends
        self.stack.show_names(nameable, sends=sends)
        self.input.show_names(nameable, sends=sends)

    def _show_plan(self) -> None:
        self._show_names()
        self.stack.show_plan(self.watch.by_edit(), self._faults)
        self.continues.write(continued_words(self._project.runs, self.watch.continues))
        self.run_box.show_plan()

    def open_tray(self) -> None:
        """Show all that leaves this computer; what is being written is taken in first, as Run would."""
        self.stack.commit()
        self._take_in()
        if self.tray is None:
            self.tray = TraySheet(self.window(), self._project, self.watch, self.outgoing, self._thumbnails)
            self.tray.run_wanted.connect(self.run_all)
            self.tray.finished.connect(self._tray_closed)
        self.tray.show()
        self.tray.raise_()
        self.tray.activateWindow()  # it is not modal: nothing else would give it the keyboard

    def _tray_closed(self) -> None:
        tray, self.tray = self.tray, None
        if tray is not None:
            tray.close_down()
            tray.deleteLater()

    def _submitted(self, run: bool) -> None:
        if run:
            self.press_run()
        else:
            self._take_in()

    def _take_in(self) -> None:
        """Make an edit of what is written; it stays in the box when that fails."""
        sentence = self.input.field.sentence
        edit_id = self.edit_actions.add(sentence) if sentence else None
        if edit_id is not None:
            self.input.clear()
            self.stack.reveal(edit_id)

    def press_run(self) -> None:
        """Run, by a hand: what was sent a moment ago is not sent again by the second half of a double click."""
        sends = self.watch.plan is not None and self.watch.plan.sends
        if sends and self._sent is not None and not self.input.field.sentence:
            when, run_id, state = self._sent
            same = state is self._project.editor.state and self._project.runs.runs[run_id].state.active
            if same and time.monotonic() - when < TWICE_S:
                return
        self.run_all()

    def run_all(self) -> None:
        """Send the stack, with what is being written; what cannot be sent is said in place."""
        self.stack.commit()
        self._take_in()
        self.run_box.message.clear()
        self._faults, self._about_stack = {}, False
        sent = self._project.editor.state.edit_stack.enabled
        try:
            run_id = self._project.runs.submit(self.watch.engine, self.watch.options)
        except ConsentMissingError as error:
            self.consent_wanted.emit(error.engine)
        except EditNotUnderstoodError as error:
            self._about_stack = True
            self._say_not_understood(error, sent)
        except RunError as error:
            self._about_stack = not sent
            ways = self._ways_out(error.remedy, error.successor, self.watch.answering)
            self.run_box.message.say(with_charge(str(error), error.charged), ways)
        else:
            self._mine.add(run_id)
            self._sent = time.monotonic(), run_id, self._project.editor.state
            self.watch.continue_from(None)
            self.run_started.emit(run_id)
            return
        self.watch.ask()

    def _say_not_understood(self, error: EditNotUnderstoodError, sent: Sequence[Edit]) -> None:
        if not 0 <= error.edit < len(sent):
            self.run_box.message.say(str(error))
            return
        missed = sent[error.edit]
        self._faults = {missed.id: str(error)}
        self.stack.reveal(missed.id)
        number = self._project.editor.state.edit_stack.edits.index(missed) + 1
        self.run_box.message.say(f"Edit {number} cannot be done; it says why above. Nothing ran.")

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
        sentence = sentence_of(run)
        if not sentence:
            return
        failed = run.state is RunState.FAILED
        ways = self._ways_out(run.remedy, run.successor, run.engine, run) if failed else ()
        words = self._project.runs.fault_of(run_id).words if failed else ""
        self.run_box.message.say(sentence, ways, words)
        self._faults = {
            run.edits[place].id: message for place, message in run.edit_messages if 0 <= place < len(run.edits)
        }
        self.stack.show_plan(self.watch.by_edit(), self._faults)

    def _ways_out(self, remedy: Remedy, successor: str, engine: str, run: Run | None = None) -> Sequence[Way]:
        info = info_of(self._project.runs.engines(), engine)
        ways = WaysOut(
            again=lambda: self._run_again(run),
            reword=lambda: self._reword(run),
            answer_with=lambda model: self._answer_with(model, run),
            enter_key=lambda: self.key_wanted.emit(engine),
            set_up_connection=lambda: self.connection_wanted.emit(engine),
            raise_ceiling=self.ceiling_wanted.emit,
        )
        return ways_out(remedy, successor, lambda model: name_of_model(info, model), ways)

    def _run_again(self, run: Run | None) -> None:
        """Send the stack as it is now, going on from the same answer."""
        if run is not None and run.options.continues is not None:
            self.watch.continue_from(run.options.continues)
        self.run_all()

    def _answer_with(self, model: str, run: Run | None) -> None:
        if not model:
            self.run_box.open_menu()
            return
        self.watch.choose_options(with_successor(self.watch.options, model))
        self._run_again(run)

    def _reword(self, run: Run | None) -> None:
        """Open the first sentence of a run that is still in the stack."""
        sent = run.edits if run is not None else self._project.editor.state.edit_stack.enabled
        card = next((card for card in (self.stack.card(edit.id) for edit in sent) if card is not None), None)
        if card is None:
            self.focus_input()
            return
        self.stack.reveal(card.edit.id)
        card.begin_editing()
