"""What is said over Run: as high as it needs, and scrolled where the window is too low for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from nanodesk.ui.references.slim_bar import scroll_slim

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

GAP = 10
_LEAST = 84
_SHARE = 0.28
"""So much of the window's height is never taken from it."""


class NotesArea(QScrollArea):
    """Holds widgets that come and go; hidden while all of them are."""

    def __init__(self, *notes: QWidget) -> None:
        super().__init__()
        self._notes = notes
        self._column = QWidget()
        box = QVBoxLayout(self._column)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(GAP)
        for note in notes:
            box.addWidget(note)
            note.installEventFilter(self)
        self._box = box
        scroll_slim(self, self._column)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._column.installEventFilter(self)
        self._come_or_go()

    def _come_or_go(self) -> None:
        self.setVisible(any(not note.isHidden() for note in self._notes))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._come_or_go()
        elif event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(240, self._box.totalHeightForWidth(max(120, self.width())))

    def minimumSizeHint(self) -> QSize:
        least = max(_LEAST, round(_SHARE * self.window().height()))
        return QSize(120, min(least, self.sizeHint().height()))
