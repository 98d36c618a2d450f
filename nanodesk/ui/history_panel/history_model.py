"""The tree of steps as Qt's item model: thousands of rows, none of them a widget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from nanodesk.ui.history_panel.step_graph import StepRow, step_rows
from nanodesk.ui.history_panel.words import ago, plain

if TYPE_CHECKING:
    from nanodesk.document.history import History
    from nanodesk.document.identity import StepId
    from nanodesk.editor.editor import Editor

Index = QModelIndex | QPersistentModelIndex
_ACCESSIBLE = (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole)


class HistoryModel(QAbstractListModel):
    """Steps, newest first; kept in step with the editor by `refresh`."""

    def __init__(self, editor: Editor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._rows: tuple[StepRow, ...] = ()
        self._places: dict[StepId, int] = {}
        self._shown: History | None = None

    @property
    def rows(self) -> tuple[StepRow, ...]:
        """The rows as they are shown."""
        return self._rows

    @property
    def lanes(self) -> int:
        """How many columns the graph takes."""
        return 1 + max((row.lane for row in self._rows), default=0)

    @property
    def current(self) -> QModelIndex:
        """The row of the step we stand at."""
        return self.index_of(self._editor.history.current)

    def row(self, index: Index) -> StepRow | None:
        """The row at an index."""
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def index_of(self, step_id: StepId) -> QModelIndex:
        """Where a step stands."""
        place = self._places.get(step_id)
        return QModelIndex() if place is None else self.index(place)

    def refresh(self) -> None:
        """Take over the editor's history; steps are only ever added, so rows that are there stay."""
        history = self._editor.history
        if self._only_amended(history):
            self._amend(history)
            return
        self._shown = history
        after = step_rows(history)
        new = len(after) - len(self._rows)
        if new < 0 or [row.step.id for row in after[new:]] != [row.step.id for row in self._rows]:
            self.beginResetModel()
            self._take(after)
            self.endResetModel()
            return
        if new:
            self.beginInsertRows(QModelIndex(), 0, new - 1)
            self._take(after)
            self.endInsertRows()
        else:
            self._take(after)
        self.dataChanged.emit(self.index(0), self.index(len(after) - 1))

    def _only_amended(self, history: History) -> bool:
        """Whether no more than the current step is another, as while typing or dragging."""
        shown = self._shown
        return (
            shown is not None
            and shown.visited is history.visited
            and shown.current == history.current
            and len(shown.steps) == len(history.steps)
        )

    def _amend(self, history: History) -> None:
        self._shown = history
        place = self._places[history.current]
        row = self._rows[place]._replace(step=history.step(history.current))
        self._rows = (*self._rows[:place], row, *self._rows[place + 1 :])
        self.dataChanged.emit(self.index(place), self.index(place))

    def _take(self, rows: tuple[StepRow, ...]) -> None:
        self._rows = rows
        self._places = {row.step.id: place for place, row in enumerate(rows)}

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index)
        if row is None or role not in _ACCESSIBLE:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return plain(row.step.label)
        here = ", current" if row.step.id == self._editor.history.current else ""
        undone = ", undone" if row.on_line and row.undone else "" if row.on_line else ", on another branch"
        return f"{plain(row.step.label)}, {ago(row.step.created)}{here}{undone}"
