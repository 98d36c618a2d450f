"""The layer list as Qt's item model; rows that stay keep their place, so that selection and editing survive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from nanodesk.ui.history_panel.rows import FitMarks, Folding, LayerRow, Row, RunRow, rows_of
from nanodesk.ui.history_panel.run_account import account_of, story_account
from nanodesk.ui.history_panel.run_story import RunStory, story_of, summary_of
from nanodesk.ui.history_panel.words import damage_mark, damage_told, percent, plain, title_of, what_made

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nanodesk.document.document import Document
    from nanodesk.document.identity import LayerId
    from nanodesk.document.run import Run
    from nanodesk.editor.project import Project

Index = QModelIndex | QPersistentModelIndex
_ACCESSIBLE = (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole)


class LayersModel(QAbstractListModel):
    """Rows of `rows_of`, kept in step with the editor by `refresh`.

    Attributes:
        folding: what is folded and unfolded.
        wear: what is said of how often models have drawn a layer, as far as it is known.
    """

    def __init__(self, project: Project, rename: Callable[[LayerId, str], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._rename = rename
        self.folding = Folding()
        self.wear: Mapping[LayerId, str] = {}
        self._rows: tuple[Row, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows as they are shown."""
        return self._rows

    @property
    def document(self) -> Document:
        """The document that the rows show."""
        return self._project.editor.document

    def row(self, index: Index) -> Row | None:
        """The row at an index."""
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def index_of(self, layer_id: LayerId | None) -> QModelIndex:
        """Where a layer stands; invalid when it is not shown."""
        for place, row in enumerate(self._rows):
            if isinstance(row, LayerRow) and row.layer.id == layer_id:
                return self.index(place)
        return QModelIndex()

    def _now(self) -> tuple[Row, ...]:
        project = self._project
        damaged = frozenset(project.keeping.condition.damaged_layers)
        marks = FitMarks(project.refitting.stale_layers(), self.wear)
        return rows_of(project.editor.state, project.runs.runs, self.folding, self._tell, damaged, marks)

    def _tell(self, run: Run, whole: bool) -> RunStory:
        return story_of(self._project, run, whole=whole)

    def refresh(self) -> bool:
        """Take over the editor's state; whether rows came, went or moved."""
        after = self._now()
        before = self._rows
        if after == before:
            return False
        old, new = [row.key for row in before], [row.key for row in after]
        moved = old != new
        if moved:
            self._splice(before, after, old, new)
        self._rows = after
        changed = [place for place, row in enumerate(after) if place >= len(before) or row != before[place]]
        if changed:
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))
        return moved

    def _splice(self, before: tuple[Row, ...], after: tuple[Row, ...], old: list[str], new: list[str]) -> None:
        """Take out what differs between the common head and tail, and put in what is there now."""
        head = 0
        while head < min(len(old), len(new)) and old[head] == new[head]:
            head += 1
        tail = 0
        while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
            tail += 1
        if len(old) - tail > head:
            self.beginRemoveRows(QModelIndex(), head, len(old) - tail - 1)
            self._rows = (*before[:head], *before[len(before) - tail :])
            self.endRemoveRows()
        if len(new) - tail > head:
            self.beginInsertRows(QModelIndex(), head, len(new) - tail - 1)
            self._rows = after
            self.endInsertRows()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if isinstance(self.row(index), LayerRow) else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index)
        if row is None:
            return None
        if role == Qt.ItemDataRole.EditRole:
            return row.layer.name if isinstance(row, LayerRow) else None
        if role in _ACCESSIBLE:
            return _spoken(row)
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return _account(row)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self.row(index)
        if role != Qt.ItemDataRole.EditRole or not isinstance(row, LayerRow) or not str(value).strip():
            return False
        self._rename(row.layer.id, str(value).strip())
        return True


def _account(row: Row) -> str:
    """What an unfolded row tells, as an assistive program reads it."""
    if isinstance(row, RunRow):
        paragraphs = story_account(row)
    else:
        paragraphs = account_of(row) if row.unfolded and row.from_run else []
    told = ["".join(piece.text for piece in pieces) for pieces in paragraphs]
    damage = damage_told(row) if isinstance(row, LayerRow) else ""
    return "\n".join([damage, *told] if damage else told)


def _spoken(row: Row) -> str:
    """The row as an assistive program reads it."""
    if isinstance(row, RunRow):
        answers = f", {summary_of(row.story)}" if row.story.candidates else ""
        return f"Run {row.run.number}: {title_of(row.run)}, {row.run.state.value}{answers}"
    marks = [damage_mark(row)] if row.damaged else ["made on an older base"] if row.older else []
    parts = [plain(row.layer.name), *marks, what_made(row), f"opacity {percent(row.layer.opacity)}"]
    if row.ticked:
        parts.append("sent along as a reference")
    return ", ".join(parts)
