"""Paints the steps: the graph, the label, and when it was or the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from nanodesk.ui import theme
from nanodesk.ui.history_panel.step_graph import MOST_LANES
from nanodesk.ui.history_panel.words import ago, plain
from nanodesk.ui.references.marks import faded

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from nanodesk.ui.history_panel.history_model import HistoryModel
    from nanodesk.ui.history_panel.step_graph import StepRow

Index = QModelIndex | QPersistentModelIndex

HEIGHT = 32
LANE = 14
LEFT = 12
REVERT = "Revert to here"


class HistoryDelegate(QStyledItemDelegate):
    """One painter for every row.

    Attributes:
        hovered: the row under the pointer, or -1.
        on_button: whether the pointer is on that row's button.
    """

    def __init__(self, model: HistoryModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.hovered = -1
        self.on_button = False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, HEIGHT)

    def button_rect(self, rect: QRect, index: Index) -> QRect:
        """Where a row's button lies; null for the step we stand at."""
        if index.row() == self._model.current.row():
            return QRect()
        width = QFontMetrics(theme.font("secondary")).horizontalAdvance(REVERT) + 16
        return QRect(rect.right() - width - 8, rect.top() + 4, width, HEIGHT - 8)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._model.row(index)
        if row is None:
            return
        rect: QRect = option.rect
        flags: QStyle.StateFlag = option.state
        colours = theme.colours()
        current = index.row() == self._model.current.row()
        hovered = index.row() == self.hovered
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if current:
            painter.fillRect(rect, colours.raised)
        elif hovered:
            painter.fillRect(rect, faded(colours.raised, 0.5))
        if flags & QStyle.StateFlag.State_HasFocus and flags & QStyle.StateFlag.State_KeyboardFocusChange:
            painter.setPen(QPen(colours.accent, 1))
            painter.drawRoundedRect(QRectF(rect).adjusted(2.5, 1.5, -2.5, -1.5), 6, 6)
        self._graph(painter, rect, row, current=current)
        self._words(painter, rect, row, index, hovered=hovered)
        painter.restore()

    def _graph(self, painter: QPainter, rect: QRect, row: StepRow, *, current: bool) -> None:
        colours = theme.colours()
        middle, top, bottom = rect.top() + HEIGHT / 2, float(rect.top()), float(rect.bottom() + 1)
        x = _x(rect, row.lane)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours.line, 1.6))
        for lane in row.through:
            painter.drawLine(QPointF(_x(rect, lane), top), QPointF(_x(rect, lane), bottom))
        if not row.ends:
            painter.drawLine(QPointF(x, top), QPointF(x, middle))
        if row.step.parent is not None:
            painter.drawLine(QPointF(x, middle), QPointF(x, bottom))
        for lane in row.joins:
            path = QPainterPath(QPointF(_x(rect, lane), top))
            path.cubicTo(QPointF(_x(rect, lane), middle), QPointF(_x(rect, lane), middle), QPointF(x, middle))
            painter.drawPath(path)
        radius = 5.0 if current else 3.5 if row.step.document else 2.5
        ink = colours.accent if current else colours.dim
        painter.setPen(QPen(colours.raised if current else colours.panel, 2))
        painter.setBrush(ink)
        if row.undone and not current:
            painter.setPen(QPen(colours.dim, 1.4))
            painter.setBrush(colours.panel)
        painter.drawEllipse(QPointF(x, middle), radius, radius)

    def _words(self, painter: QPainter, rect: QRect, row: StepRow, index: Index, *, hovered: bool) -> None:
        colours = theme.colours()
        left = rect.left() + LEFT + min(self._model.lanes, MOST_LANES + 1) * LANE + 6
        right = self._right(painter, rect, row, index, hovered=hovered)
        font = theme.font("body" if row.step.document else "strip")
        font.setWeight(QFont.Weight.Normal)
        current = index.row() == self._model.current.row()
        if current:
            font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(_ink(colours.text, colours.dim, row, current=current))
        room = QRect(left, rect.top(), right - left - 8, HEIGHT)
        words = QFontMetrics(font).elidedText(plain(row.step.label), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, words)

    def _right(self, painter: QPainter, rect: QRect, row: StepRow, index: Index, *, hovered: bool) -> int:
        """The time, or the button under the pointer; where it begins."""
        colours = theme.colours()
        painter.setFont(theme.font("secondary"))
        button = self.button_rect(rect, index)
        if hovered and not button.isNull():
            painter.setPen(QPen(colours.dim if self.on_button else colours.line, 1))
            painter.setBrush(colours.raised)
            painter.drawRoundedRect(QRectF(button).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            painter.setPen(colours.text)
            painter.drawText(button, Qt.AlignmentFlag.AlignCenter, REVERT)
            return button.left()
        when = ago(row.step.created)
        width = QFontMetrics(painter.font()).horizontalAdvance(when)
        painter.setPen(colours.dim)
        place = QRect(rect.right() - LEFT - width, rect.top(), width + 1, HEIGHT)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, when)
        return place.left()


def _x(rect: QRect, lane: int) -> float:
    return rect.left() + LEFT + min(lane, MOST_LANES) * LANE + LANE / 2


def _ink(text: QColor, dim: QColor, row: StepRow, *, current: bool) -> QColor:
    """The current step and pictures before it in full, sentences and what is undone dimmer."""
    if current or (row.step.document and not row.undone):
        return text
    return dim
