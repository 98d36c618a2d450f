"""The runs under way, the newest first: a line for each of the last few."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from nanodesk.ui.edit_panel.run_line import RunLine

if TYPE_CHECKING:
    from nanodesk.document.identity import RunId
    from nanodesk.document.run import Run
    from nanodesk.editor.project import Project

MOST_LINES = 3
_TICK_MS = 200


class RunProgress(QWidget):
    """Shown while anything runs; follows `follow`.

    Signals:
        raise_wanted: a ceiling holds a run, and the designer wants to raise it.
    """

    raise_wanted = Signal()

    def __init__(self, project: Project) -> None:
        super().__init__()
        self._project = project
        self._lines: dict[RunId, RunLine] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self.setVisible(False)

    @property
    def lines(self) -> list[RunLine]:
        """The lines, the newest run first."""
        return list(self._lines.values())

    def close_down(self) -> None:
        """Tick no more."""
        self._timer.stop()

    def _active(self) -> list[Run]:
        return [run for run in self._project.runs.runs.values() if run.state.active][::-1]

    def follow(self) -> None:
        """Show the newest runs under way, or nothing."""
        shown = self._active()[:MOST_LINES]
        for gone in set(self._lines) - {run.id for run in shown}:
            line = self._lines.pop(gone)
            self._box.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = {run.id: self._lines.get(run.id) or self._made(run.id) for run in shown}
        for place, line in enumerate(self._lines.values()):
            if self._box.indexOf(line) != place:
                self._box.insertWidget(place, line)
        self.setVisible(bool(shown))
        if shown:
            self._timer.start()
            self._tick()
        else:
            self._timer.stop()

    def _made(self, run_id: RunId) -> RunLine:
        line = RunLine()
        line.cancelled.connect(lambda: self._project.runs.cancel(run_id))
        line.raise_wanted.connect(self.raise_wanted)
        return line

    def _tick(self) -> None:
        runs = self._project.runs
        more = len(self._active()) - len(self._lines)
        told: set[str] = set()
        for place, (run_id, line) in enumerate(self._lines.items()):
            run = runs.runs[run_id]
            last = place == len(self._lines) - 1
            usual_s = runs.usual_duration_s(run.engine)
            line.show_run(run, usual_s, more=more if last else 0, tells=run.held not in told)
            told.add(run.held)
