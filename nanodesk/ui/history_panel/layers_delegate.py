"""Lends the row painter to the list, and gives the field in which a layer is renamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from nanodesk.ui import theme
from nanodesk.ui.history_panel.row_layout import RowLayout, layout_of
from nanodesk.ui.history_panel.row_painter import RowPainter, RowState
from nanodesk.ui.history_panel.rows import LayerRow

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel, QObject
    from PySide6.QtGui import QPainter

    from nanodesk.ui.history_panel.layers_model import LayersModel
    from nanodesk.ui.history_panel.row_painter import Pictures
    from nanodesk.ui.history_panel.rows import Row
    from nanodesk.ui.history_panel.zones import Zone

KEPT = 500
"""So many laid out rows are kept at most."""

Index = QModelIndex | QPersistentModelIndex


class LayersDelegate(QStyledItemDelegate):
    """Paints rows as laid out for the width of the list.

    Attributes:
        hovered: the row and the part of it under the pointer.
        width: of the list's viewport, in device-independent pixels.
    """

    def __init__(self, model: LayersModel, pictures: Pictures, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._painter = RowPainter(pictures)
        self.hovered: tuple[int, Zone | None] = (-1, None)
        self.width = 280
        self._laid_out: dict[str, tuple[Row, int, RowLayout]] = {}

    def layout_at(self, index: Index) -> RowLayout:
        """Where the parts of a row lie."""
        row = self._model.row(index)
        return RowLayout() if row is None else self._layout(row)

    def _layout(self, row: Row) -> RowLayout:
        """Setting the lines of an account takes time, and one step asks for them dozens of times."""
        known = self._laid_out.get(row.key)
        if known is not None and known[1] == self.width and (known[0] is row or known[0] == row):
            return known[2]
        layout = layout_of(row, self.width)
        if len(self._laid_out) > KEPT:
            self._laid_out.clear()
        self._laid_out[row.key] = (row, self.width, layout)
        return layout

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(self.width, self.layout_at(index).height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._model.row(index)
        if row is None:
            return
        flags: QStyle.StateFlag = option.state
        place, zone = self.hovered
        over = place == index.row()
        keyboard = bool(flags & QStyle.StateFlag.State_HasFocus) and bool(
            flags & QStyle.StateFlag.State_KeyboardFocusChange
        )
        state = RowState(bool(flags & QStyle.StateFlag.State_Selected), over, keyboard, zone if over else None)
        self._painter.paint(painter, option.rect, row, self._layout(row), state)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        field = QLineEdit(parent)
        field.setFont(theme.font("body"))
        field.setAccessibleName("Name of the layer")
        field.setFrame(False)
        field.setMaxLength(200)
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QLineEdit) and not editor.isModified():  # a refresh must not undo what is being typed
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QLineEdit) and editor.isModified():
            model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        if isinstance(self._model.row(index), LayerRow):
            name = self.layout_at(index).name.translated(option.rect.topLeft())
            editor.setGeometry(name.adjusted(-9, -6, 0, 6))
