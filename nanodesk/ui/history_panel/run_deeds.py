"""What the links in a run's account do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from nanodesk.document.run import Remedy, RunState
from nanodesk.ui.history_panel.attempt import say
from nanodesk.ui.history_panel.run_again import run_again, step_of
from nanodesk.ui.history_panel.zones import Zone, ZoneKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.document.identity import CandidateId, RunId
    from nanodesk.document.run import Run
    from nanodesk.editor.project import Project
    from nanodesk.ui.history_panel.rows import Folding, RunRow


class RunDeeds(QObject):
    """Acts on the runs of one project for a list that shows them.

    Args:
        refresh: called when what is folded has changed.

    Signals:
        continue_wanted: the next run shall go on from the answer of this id.
        answer_wanted: the answer of this id shall be shown on the strip.
    """

    continue_wanted = Signal(str)
    answer_wanted = Signal(str)

    def __init__(self, project: Project, folding: Folding, refresh: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._project = project
        self._folding = folding
        self._refresh = refresh

    def do(self, run: Run, zone: Zone) -> None:
        """Act on a link of a run's account."""
        match zone.kind:
            case ZoneKind.DISCLOSURE | ZoneKind.WORDS:
                shown = self._folding.runs if zone.kind is ZoneKind.DISCLOSURE else self._folding.words
                shown.symmetric_difference_update({run.id})
            case ZoneKind.CANCEL:
                self._project.runs.cancel(run.id)
            case ZoneKind.DISMISS:
                self._folding.dismissed.add(run.id)
            case ZoneKind.REVERT | ZoneKind.BRANCH:
                self.walk(run.id, branch=zone.kind is ZoneKind.BRANCH)
            case ZoneKind.SHOW_ANSWER | ZoneKind.BRING_BACK | ZoneKind.CONTINUE:
                self._answer(run, zone)
            case _:
                self._again(run, zone)
        self._refresh()

    def press(self, row: RunRow, key: int) -> None:
        """What a key means on a run's row."""
        delete = key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        run = row.run
        if delete and (run.state.active or run.state is RunState.FAILED):
            self.do(run, Zone(ZoneKind.CANCEL if run.state.active else ZoneKind.DISMISS))
        elif enter and run.state is RunState.FAILED:
            self.do(run, Zone(ZoneKind.SEND_AGAIN if row.asking else ZoneKind.RUN_AGAIN))
        elif enter or key == Qt.Key.Key_Space or row.unfolded == (key == Qt.Key.Key_Left):
            self.do(run, Zone(ZoneKind.DISCLOSURE))

    def walk(self, run: RunId | None, *, branch: bool) -> None:
        """Stand at the step of a run, or bring its picture back as a new step."""
        step = step_of(self._project.editor.history, run)
        if step is None:
            say(self._project, "The step of this run is not in the history any more.")
        elif branch:
            self._project.editor.go_to(step)
        else:
            self._project.editor.revert_to(step)

    def _answer(self, run: Run, zone: Zone) -> None:
        if not 0 <= zone.place < len(run.candidates):
            return
        candidate: CandidateId = run.candidates[zone.place]
        if zone.kind is ZoneKind.CONTINUE:
            self.continue_wanted.emit(candidate)
            return
        if zone.kind is ZoneKind.BRING_BACK:
            self._project.runs.bring_back(candidate)
        self.answer_wanted.emit(candidate)

    def _again(self, run: Run, zone: Zone) -> None:
        """Send again; where that may be paid twice it is asked first, in the row."""
        asking = self._folding.asking
        if zone.kind is ZoneKind.RUN_AGAIN and run.remedy is Remedy.ASK_AGAIN and run.id not in asking:
            asking.add(run.id)
            return
        asking.discard(run.id)
        if zone.kind is ZoneKind.LEAVE:
            return
        self._folding.dismissed.add(run.id)
        if zone.kind is ZoneKind.SUCCESSOR:
            run = replace(run, options=replace(run.options, model=run.successor))
        run_again(self._project, run, zone.place)
