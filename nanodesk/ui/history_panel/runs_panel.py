"""The Runs tab: what was asked, what it brought and what became of that, with the way back to each answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QAbstractItemView, QVBoxLayout, QWidget

from nanodesk.ui.history_panel.layers_list import LayersList
from nanodesk.ui.history_panel.row_painter import Pictures
from nanodesk.ui.history_panel.rows import RunRow
from nanodesk.ui.history_panel.run_deeds import RunDeeds
from nanodesk.ui.history_panel.run_menu import run_menu
from nanodesk.ui.history_panel.runs_model import RunsModel

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from nanodesk.document.identity import RunId
    from nanodesk.editor.project import Project
    from nanodesk.ui.history_panel.rows import Row
    from nanodesk.ui.history_panel.zones import Zone

_TICK_MS = 500
_GATHER_MS = 30


class RunsPanel(QWidget):
    """The list of runs of one project; `run_deeds` acts on them."""

    def __init__(self, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._model = RunsModel(project, lambda *_: None, self)
        pictures = Pictures(lambda _: None, lambda _: None, project.runs.usual_duration_s)
        self.list = LayersList(self._model, pictures)
        self.list.setAccessibleName("Runs")
        self.list.empty = ("No runs yet", "Write an edit below and press Run.")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.run_deeds = RunDeeds(project, self._model.folding, self._refresh, self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 4, 0, 0)
        box.addWidget(self.list)
        self._gathering = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._gathering.timeout.connect(self._refresh)
        self._ticking = QTimer(self, interval=_TICK_MS)
        self._ticking.timeout.connect(self.list.viewport().update)
        self.list.zone_clicked.connect(self._clicked)
        self.list.key_pressed.connect(self._key_pressed)
        self.list.menu_wanted.connect(self._open_menu)
        self._ends = [
            project.runs.changed.connect(lambda _: self._later()),
            project.runs.candidates_changed.connect(self._later),
            project.editor.history_changed.connect(self._later),
        ]
        self._refresh()

    def close_down(self) -> None:
        """Follow the project no more."""
        for end in self._ends:
            end()
        self._ends.clear()
        self._gathering.stop()
        self._ticking.stop()

    def unfold(self, run: RunId) -> None:
        """Tell all of one run."""
        self._model.folding.runs.add(run)
        self._refresh()

    def _later(self) -> None:
        if self.isVisible() and not self._gathering.isActive():
            self._gathering.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def _refresh(self) -> None:
        self._model.refresh()
        active = any(isinstance(row, RunRow) and row.run.state.active for row in self._model.rows)
        if active != self._ticking.isActive():
            self._ticking.start() if active else self._ticking.stop()

    def _clicked(self, row: Row, zone: Zone, shift: bool) -> None:
        del shift
        if isinstance(row, RunRow):
            self.run_deeds.do(row.run, zone)

    def _key_pressed(self, row: Row, key: int, text: str) -> None:
        if isinstance(row, RunRow) and not text.isdecimal():
            self.run_deeds.press(row, key)

    def _open_menu(self, place: QPoint) -> None:
        row = self._model.row(self.list.currentIndex())
        if isinstance(row, RunRow):
            run_menu(self, row, self.run_deeds).popup(place)
