"""What one tab shows: the canvas with what lies over it, and the dock at its right."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from nanodesk.document.identity import CandidateId, LayerId
from nanodesk.editor.errors import EditorError
from nanodesk.editor.notice import Notice, NoticeKind
from nanodesk.ui.candidates.strip import CandidateStrip
from nanodesk.ui.canvas.canvas import CanvasWidget
from nanodesk.ui.edit_panel.edit_panel import EditPanel
from nanodesk.ui.fit.fit_verdict import FitVerdict
from nanodesk.ui.history_panel.attempt import start
from nanodesk.ui.history_panel.layered_history import LayeredHistory
from nanodesk.ui.window.notices import Notices
from nanodesk.ui.window.start_page import StartPage

if TYPE_CHECKING:
    from nanodesk.document.change import Change
    from nanodesk.document.run import RunOptions
    from nanodesk.editor.project import Project
    from nanodesk.editor.workspace import Workspace
    from nanodesk.ui.advice.advice_card import AdviceCard
    from nanodesk.ui.fit.leak_card import LeakCard
    from nanodesk.ui.fit.rebase_card import RebaseCard

DOCK_WIDTH = 344
DOCK_NARROW, DOCK_WIDE = 280, 520
STACK_HEIGHT = 116
"""So much of the edit stack is always seen, device-independent pixels."""


class ProjectPage(QWidget):
    """The widgets of one project, connected with each other.

    Attributes:
        changed: something that menus and bars show is otherwise than before.
        advice_key_wanted, advice_consent_wanted: the engine that a question needs it for.
    """

    changed = Signal()
    advice_key_wanted = Signal(str)
    advice_consent_wanted = Signal(str)

    def __init__(self, project: Project, workspace: Workspace) -> None:
        super().__init__()
        self.project = project
        self._workspace = workspace
        self.canvas = CanvasWidget(project)
        self.layered = LayeredHistory(project)
        self.edits = EditPanel(project, workspace)
        self.start = StartPage(self.canvas)
        self.strip = CandidateStrip(project, self.canvas, FitVerdict())
        self.notices = Notices(self.canvas, project.editor)
        self.dock = self._dock()
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setHandleWidth(1)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.canvas)
        self.split.addWidget(self.dock)
        self.split.setStretchFactor(0, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.split)
        self._ends = [
            project.editor.changed.connect(self._editor_changed),
            project.editor.history_changed.connect(self.changed.emit),
            project.notices.connect(self.notices.show_notice),
            project.status_changed.connect(self.changed.emit),
            project.runs.changed.connect(lambda _: self.changed.emit()),
        ]
        self._connect()
        self.strip.view.resized.connect(self.notices.stand_above)
        self.notices.stand_above(self.strip.view.taken)
        self.strip.showing.changed.connect(self.show_start)
        self.strip.changed.connect(lambda: self.layered.show_waiting(self.strip.waiting))
        self.strip.changed.connect(self._follow_candidate)
        self.layered.show_waiting(self.strip.waiting)
        self.layered.answers_wanted.connect(self.strip.bring)
        self.layered.answer_wanted.connect(self.strip.bring)
        self.layered.continue_wanted.connect(self.edits.continue_from)
        self.strip.leak_wanted.connect(self._show_leak)
        seen = project.first_sight()
        if seen is not None:
            self.canvas.begin_with(*seen)
        self.canvas.installEventFilter(self)
        self.show_start()
        self._room_for_edits()

    def _dock(self) -> QWidget:
        dock = QWidget()
        dock.setMinimumWidth(DOCK_NARROW)
        dock.setMaximumWidth(DOCK_WIDE)
        dock.setAutoFillBackground(True)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setHandleWidth(1)
        halves.setChildrenCollapsible(False)
        halves.addWidget(self.layered)
        halves.addWidget(self.edits)
        halves.setStretchFactor(0, 1)
        halves.setStretchFactor(1, 1)
        box = QVBoxLayout(dock)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(halves)
        self.halves = halves
        return dock

    def _connect(self) -> None:
        layers = self.layered.layers
        layers.active_layer_changed.connect(self._layer_chosen)
        self.canvas.active_layer_changed.connect(layers.set_active_layer)
        self.notices.layer_meant.connect(layers.set_active_layer)
        layers.fit_actions.changed_wanted.connect(self._show_changed)
        layers.opacity_dragging.connect(self.canvas.preview_opacity)
        layers.opacity_drag_ended.connect(lambda _: self.canvas.end_preview())

    @cached_property
    def advice(self) -> AdviceCard:
        """Questions to a model that looks and does not draw; made when the first is asked."""
        from nanodesk.ui.advice.advice_card import AdviceCard

        card = AdviceCard(self.project, self.canvas)
        card.edit_wanted.connect(self.edits.edit_actions.add)
        card.key_wanted.connect(self.advice_key_wanted)
        card.consent_wanted.connect(self.advice_consent_wanted)
        card.stand_below(self.canvas.brush_bar)
        return card

    @cached_property
    def leak(self) -> LeakCard:
        """What an answer changed, part by part; made when it is first looked at."""
        from nanodesk.ui.fit.leak_card import LeakCard

        card = LeakCard(self.project, self.canvas)
        card.edit_wanted.connect(self.edits.edit_actions.add)
        card.stand_below(self.canvas.brush_bar)
        return card

    @cached_property
    def rebase(self) -> RebaseCard:
        """What doing all edits anew would be; made when it is first asked for."""
        from nanodesk.ui.fit.rebase_card import RebaseCard

        card = RebaseCard(self.project, self.canvas)
        card.wanted.connect(lambda *asked: start(self.project, self._rebase(*asked)))
        card.stand_below(self.canvas.brush_bar)
        return card

    async def _rebase(self, engine: str, options: RunOptions) -> None:
        """Send it, and show what comes beside what there is."""
        runs = self.project.runs
        run_id = self.project.wearing.rebase(engine, options)
        self.edits.follow_run(run_id)
        await runs.finished(run_id)
        waiting = [one.id for one in runs.waiting() if one.run == run_id]
        if waiting and not self.closed:
            self.strip.bring(waiting[0])
            self.canvas.compare.set_split(True)

    @property
    def closed(self) -> bool:
        """Whether its project was closed: slow work that ends only now finds nothing here to show itself on."""
        return not self._ends

    def _follow_candidate(self) -> None:
        if "leak" in self.__dict__:
            self.leak.look_at(self.strip.candidate)

    def _show_changed(self, layer_id: str) -> None:
        try:
            self.leak.open_for_layer(LayerId(layer_id))
        except EditorError as error:
            self.notices.show_notice(Notice(str(error), NoticeKind.ATTENTION))

    def _show_leak(self, candidate_id: str) -> None:
        self.leak.open_for_candidate(CandidateId(candidate_id))

    def _layer_chosen(self, layer_id: object) -> None:
        self.canvas.active_layer = layer_id  # type: ignore[assignment]  # a LayerId or none: signals carry objects
        self.changed.emit()

    def _room_for_edits(self) -> None:
        cards = min(2, len(self.project.editor.state.edit_stack))
        self.edits.stack.setMinimumHeight(STACK_HEIGHT * cards // 2)

    def _editor_changed(self, change: Change) -> None:
        self.notices.forget_undo()
        if change.edit_stack is not None:
            self._room_for_edits()
        if change.touches_document:
            self.show_start()
        self.changed.emit()

    def show_start(self) -> None:
        """The start page over an empty document; nothing over another."""
        empty = self.project.editor.document.empty and self.strip.showing.shown is None
        if empty and not self.start.isVisible():
            self.start.show_recent(self._workspace.recent)
            self.start.engines.show_engines(self.project.runs.engines())
        self.start.setVisible(empty)

    def show_engines(self) -> None:
        """An engine has become ready, or is so no more."""
        self.start.engines.show_engines(self.project.runs.engines())
        self.edits.show_engines()

    def shape(self, dock: int, upper: int) -> None:
        """Give the dock a width and its upper half a height, in device-independent pixels."""
        width = max(DOCK_NARROW, min(DOCK_WIDE, dock))
        self.split.setSizes([max(1, self.width() - width), width])
        if upper > 0:
            self.halves.setSizes([upper, max(1, self.height() - upper)])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.Resize:
                self.start.setGeometry(self.canvas.rect())
            case QEvent.Type.DragEnter:
                self.start.hide()  # the canvas says now what a drop would do
            case QEvent.Type.DragLeave | QEvent.Type.Drop:
                QTimer.singleShot(0, self.show_start)
        return super().eventFilter(watched, event)

    def close_down(self) -> None:
        """Follow the project no more; the page can be deleted."""
        for end in self._ends:
            end()
        self._ends.clear()
        for card in (self.__dict__.get(name) for name in ("advice", "leak", "rebase")):
            if card is not None:
                card.close_down()
        self.edits.close_down()
        self.layered.close_down()
        self.strip.close_down()
        self.canvas.close_down()
