"""The pictures that leave, in sending order; the references among them can be dragged into another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from nanodesk.document.operations.references import enable_reference, reorder_reference
from nanodesk.ui import theme
from nanodesk.ui.edit_panel.picture_row import PictureRow
from nanodesk.ui.edit_panel.tray_rows import place_in_tray
from nanodesk.ui.history_panel.attempt import change_state
from nanodesk.ui.references.slim_bar import SlimBar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nanodesk.document.identity import ReferenceId
    from nanodesk.editor.project import Project
    from nanodesk.ui.edit_panel.tray_rows import TrayRow


class _Column(QWidget):
    """Holds the rows and paints the drop line between them."""

    def __init__(self) -> None:
        super().__init__()
        self.line_y = -1.0
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 2, 8, 2)
        self.box.setSpacing(2)
        self.box.addStretch(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.line_y >= 0:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colours().accent)
            painter.drawRoundedRect(QRectF(4, self.line_y - 1, self.width() - 16, 2), 1, 1)
            painter.end()


class PictureList(QScrollArea):
    """Rows that act on the document's tray, each gesture an undoable step.

    Attributes:
        stale: something else is being prepared; a drop would mean another place by now, and is not taken.
    """

    def __init__(self, project: Project) -> None:
        super().__init__()
        self._project = project
        self.rows: list[PictureRow] = []
        self.stale = False
        self._gap = -1
        self._column = _Column()
        self.setAccessibleName("Pictures that leave this computer, in sending order")
        self.setWidget(self._column)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self._column.setAutoFillBackground(False)
        SlimBar(self)

    def show_rows(self, rows: Sequence[TrayRow]) -> None:
        """Show other rows; the keyboard stays with the reference that had it."""
        held = next((one.row.reference.id for one in self.rows if one.hasFocus() and one.row.reference), None)
        for old in self.rows:
            self._column.box.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.rows = [self._made(row) for row in rows]
        for place, made in enumerate(self.rows):
            self._column.box.insertWidget(place, made)
            if held is not None and made.row.reference is not None and made.row.reference.id == held:
                made.setFocus()
        self.setMaximumHeight(self._needed())  # what they do not need is for the words below
        self.updateGeometry()

    def _made(self, row: TrayRow) -> PictureRow:
        made = PictureRow(row)
        reference = row.reference
        if reference is not None:
            made.pulled.connect(lambda point: self._pull(point))
            made.dropped.connect(lambda: self._drop(made, reference.id))
            made.moved.connect(lambda by: self._step(made, reference.id, by))
            made.switched.connect(lambda on: self._switch(reference.id, on))
        return made

    def _switch(self, reference_id: ReferenceId, on: bool) -> None:
        label = "Switch reference on" if on else "Switch reference off"
        change_state(self._project, label, lambda state: enable_reference(state, reference_id, on))

    def _reorder(self, reference_id: ReferenceId, place: int) -> None:
        change_state(self._project, "Move reference", lambda state: reorder_reference(state, reference_id, place))

    def _step(self, row: PictureRow, reference_id: ReferenceId, by: int) -> None:
        tray = [one.id for one in self._project.editor.state.tray]
        place = tray.index(reference_id) + by if reference_id in tray else -1
        if 0 <= place < len(tray):
            self._reorder(reference_id, place)

    def _pull(self, point: QPoint) -> None:
        y = self._column.mapFromGlobal(point).y()
        movable = [row for row in self.rows if row.row.reference is not None]
        self._gap = sum(1 for row in self.rows if row.geometry().center().y() < y)
        first, last = self.rows.index(movable[0]), self.rows.index(movable[-1]) + 1
        self._gap = max(first, min(last, self._gap))
        end = self._gap >= len(self.rows)
        self._column.line_y = self.rows[-1].geometry().bottom() + 2 if end else self.rows[self._gap].geometry().top()
        self._column.update()
        self.ensureVisible(0, y, 0, 24)

    def _drop(self, row: PictureRow, reference_id: ReferenceId) -> None:
        gap, self._gap = self._gap, -1
        self._column.line_y = -1.0
        self._column.update()
        if gap >= 0 and not self.stale:
            self._reorder(reference_id, place_in_tray([one.row for one in self.rows], row.row, gap))

    def sizeHint(self) -> QSize:
        return QSize(420, min(330, self._needed()))

    def _needed(self) -> int:
        return max(80, self._column.box.totalHeightForWidth(max(200, self.width())))
