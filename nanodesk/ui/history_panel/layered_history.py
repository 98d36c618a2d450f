"""The upper half of the dock: layers, the tree of steps and the runs, one behind the other."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from nanodesk.ui.history_panel.layers_panel import LayersPanel
from nanodesk.ui.references.flat_button import FlatButton, tidy
from nanodesk.ui.references.section_title import SectionTitle

if TYPE_CHECKING:
    from nanodesk.editor.project import Project
    from nanodesk.ui.history_panel.history_panel import HistoryPanel
    from nanodesk.ui.history_panel.runs_panel import RunsPanel


class LayeredHistory(QWidget):
    """Three tabs: `layers`, `history` and `runs`, the last two made when first looked at; how many answers wait.

    Signals:
        answers_wanted: the answers that wait shall be shown.
        answer_wanted: the answer of this id shall be shown.
        continue_wanted: the next run shall go on from the answer of this id.
    """

    answers_wanted = Signal()
    answer_wanted = Signal(str)
    continue_wanted = Signal(str)

    def __init__(self, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self.tabs = SectionTitle("Layers", "History", "Runs")
        self.layers = LayersPanel(project)
        self.inbox = FlatButton().look("secondary", ink="accent_text")
        tidy(self.inbox, "Answers that wait", "Show the answers that wait")
        self._pages = QStackedWidget()
        self._pages.addWidget(self.layers)
        header = QHBoxLayout()
        header.setContentsMargins(12, 5, 6, 2)
        header.addWidget(self.tabs)
        header.addStretch(1)
        header.addWidget(self.inbox)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(header)
        box.addWidget(self._pages, 1)
        self.tabs.chosen.connect(self._show_tab)
        self.inbox.clicked.connect(self.answers_wanted)
        self._serve(self.layers)
        self.show_waiting(0)

    @cached_property
    def history(self) -> HistoryPanel:
        """The tree of steps."""
        from nanodesk.ui.history_panel.history_panel import HistoryPanel

        panel = HistoryPanel(self._project)
        self._pages.addWidget(panel)
        return panel

    @cached_property
    def runs(self) -> RunsPanel:
        """The runs."""
        from nanodesk.ui.history_panel.runs_panel import RunsPanel

        panel = RunsPanel(self._project)
        self._pages.addWidget(panel)
        self._serve(panel)
        return panel

    def _serve(self, panel: LayersPanel | RunsPanel) -> None:
        panel.run_deeds.continue_wanted.connect(self.continue_wanted)
        panel.run_deeds.answer_wanted.connect(self.answer_wanted)

    def _show_tab(self, place: int) -> None:
        panel = getattr(self, ("layers", "history", "runs")[place])
        self._pages.setCurrentWidget(panel)

    def show_waiting(self, count: int) -> None:
        """Say how many answers nobody has decided on; nothing where there are none."""
        self.inbox.setVisible(count > 0)
        words = f"{count} answer{'' if count == 1 else 's'} wait{'s' if count == 1 else ''}"
        self.inbox.write(words)
        self.inbox.setAccessibleName(f"{words}: show")

    def close_down(self) -> None:
        """Follow the project no more."""
        self.layers.close_down()
        for panel in (self.__dict__.get(name) for name in ("history", "runs")):
            if panel is not None:
                panel.close_down()
