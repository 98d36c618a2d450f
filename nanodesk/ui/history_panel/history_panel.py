"""The History tab: every step, newest at the top; a click stands there, a button brings its picture back."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QMenu, QToolTip, QVBoxLayout, QWidget

from nanodesk.document.errors import DocumentError
from nanodesk.editor.errors import EditorError
from nanodesk.ui.history_panel.attempt import say
from nanodesk.ui.history_panel.history_delegate import HistoryDelegate
from nanodesk.ui.history_panel.history_model import HistoryModel
from nanodesk.ui.history_panel.words import plain
from nanodesk.ui.references.slim_bar import SlimBar

if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodesk.document.identity import StepId
    from nanodesk.editor.project import Project

_GATHER_MS = 30
_MINUTE_MS = 60_000


class HistoryList(QListView):
    """Signals: `went` to a step, `reverted` to a step, both by its id."""

    went = Signal(str)
    reverted = Signal(str)

    def __init__(self, model: HistoryModel) -> None:
        super().__init__()
        self._steps = model
        self._delegate = HistoryDelegate(model, self)
        self._pressed = (-1, False)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName("History")
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setMouseTracking(True)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        SlimBar(self)

    def _under(self, point: QPoint) -> tuple[QModelIndex, bool]:
        index = self.indexAt(point)
        if not index.isValid():
            return index, False
        return index, self._delegate.button_rect(self.visualRect(index), index).contains(point)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index, on_button = self._under(event.position().toPoint())
        self._pressed = (index.row(), on_button) if event.button() == Qt.MouseButton.LeftButton else (-1, False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index, on_button = self._under(event.position().toPoint())
        row = self._steps.row(index)
        if row is not None and self._pressed == (index.row(), on_button):
            (self.reverted if on_button else self.went).emit(row.step.id)
        self._pressed = (-1, False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index, on_button = self._under(event.position().toPoint())
        self._hover(index.row() if index.isValid() else -1, on_button)

    def _hover(self, place: int, on_button: bool) -> None:
        if (place, on_button) != (self._delegate.hovered, self._delegate.on_button):
            self._delegate.hovered, self._delegate.on_button = place, on_button
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self._steps.row(self.currentIndex())
        if row is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            revert = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            (self.reverted if revert else self.went).emit(row.step.id)
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        row = self._steps.row(index if index.isValid() else self.currentIndex())
        if row is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        step_id = row.step.id
        menu.addAction("Go to this step").triggered.connect(lambda: self.went.emit(step_id))
        menu.addAction("Revert to here").triggered.connect(lambda: self.reverted.emit(step_id))
        menu.popup(event.globalPos())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(-1, False)
        elif event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self._steps.row(self.indexAt(event.pos()))
            text = "" if row is None else f"<qt>{html.escape(plain(row.step.label))}</qt>"
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().viewportEvent(event)


class HistoryPanel(QWidget):
    """The list of steps of one project."""

    def __init__(self, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._model = HistoryModel(project.editor, self)
        self.list = HistoryList(self._model)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 4, 0, 0)
        box.addWidget(self.list)
        # Typing and dragging amend a step many times a second; the list follows when there is a breath.
        self._gathering = QTimer(self)
        self._gathering.setSingleShot(True)
        self._gathering.setInterval(_GATHER_MS)
        self._gathering.timeout.connect(self._refresh)
        self._clock = QTimer(self)
        self._clock.setInterval(_MINUTE_MS)
        self._clock.timeout.connect(self.list.viewport().update)
        self._clock.start()
        self.list.went.connect(self._go)
        self.list.reverted.connect(self._revert)
        self._disconnect: Callable[[], None] = project.editor.history_changed.connect(self._later)
        self._model.refresh()

    def close_down(self) -> None:
        """Follow the project no more."""
        self._disconnect()
        self._gathering.stop()
        self._clock.stop()

    def _later(self) -> None:
        if self.isVisible() and not self._gathering.isActive():
            self._gathering.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def _refresh(self) -> None:
        self._model.refresh()
        current = self._model.current
        self.list.setCurrentIndex(current)
        self.list.scrollTo(current)

    def _go(self, step_id: StepId) -> None:
        self._attempt(lambda: self._project.editor.go_to(step_id))

    def _revert(self, step_id: StepId) -> None:
        self._attempt(lambda: self._project.editor.revert_to(step_id))

    def _attempt(self, act: Callable[[], object]) -> None:
        try:
            act()
        except (DocumentError, EditorError) as error:
            say(self._project, str(error))
