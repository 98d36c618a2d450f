"""The upper half of the dock: layers and the tree of steps, one behind the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from nanodesk.ui.history_panel.history_panel import HistoryPanel
from nanodesk.ui.history_panel.layers_panel import LayersPanel
from nanodesk.ui.references.section_title import SectionTitle

if TYPE_CHECKING:
    from nanodesk.editor.project import Project


class LayeredHistory(QWidget):
    """Two tabs: `layers` and `history`."""

    def __init__(self, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tabs = SectionTitle("Layers", "History")
        self.layers = LayersPanel(project)
        self.history = HistoryPanel(project)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.layers)
        self._pages.addWidget(self.history)
        header = QHBoxLayout()
        header.setContentsMargins(12, 5, 12, 2)
        header.addWidget(self.tabs)
        header.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(header)
        box.addWidget(self._pages, 1)
        self.tabs.chosen.connect(self._pages.setCurrentIndex)

    def close_down(self) -> None:
        """Follow the project no more."""
        self.layers.close_down()
        self.history.close_down()
