"""Looking for an action by its words, and doing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from nanodesk.ui import theme
from nanodesk.ui.actions import ACTIONS
from nanodesk.ui.dialogs.asking import answered
from nanodesk.ui.dialogs.keys import native

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QAction, QKeyEvent

    from nanodesk.ui.actions import Action

WIDTH, ROW = 480, 32
MOST_ROWS = 9
_ACTION = Qt.ItemDataRole.UserRole
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


def matching(words: str, actions: tuple[Action, ...]) -> list[Action]:
    """Those whose title or menu holds every word; those that start with the words come first."""
    asked = words.casefold().split()

    def holds(action: Action) -> bool:
        text = f"{action.menu} {action.title}".casefold()
        return all(word in text for word in asked)

    found = [action for action in actions if action.menu and holds(action)]
    return sorted(found, key=lambda action: not action.title.casefold().startswith(" ".join(asked)))


class ActionRow(QStyledItemDelegate):
    """Title, menu and key in one line."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option, index
        return QSize(0, ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        action: Action = index.data(_ACTION)
        colours = theme.colours()
        rect: QRect = option.rect.adjusted(0, 1, -2, -1)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.line)
            painter.drawRoundedRect(rect, 6, 6)
        room = rect.adjusted(10, 0, -10, 0)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setFont(theme.font("body"))
        painter.setPen(colours.text)
        painter.drawText(room, left, action.title)
        taken = painter.fontMetrics().horizontalAdvance(action.title)
        painter.setFont(theme.font("secondary"))
        painter.setPen(colours.text if selected else colours.dim)
        painter.drawText(room.adjusted(taken + 10, 0, 0, 0), left, action.menu)
        if action.shortcuts:
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(room, right, native(action.shortcuts[0]))
        painter.restore()


class ActionSearch(QDialog):
    """A line to type into, and the actions that fit; `chosen` is the id of the one taken, or none."""

    def __init__(self, parent: QWidget, actions: Mapping[str, QAction]) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.chosen: str | None = None
        self._enabled = tuple(one for one in ACTIONS if one.id in actions and actions[one.id].isEnabled())
        self.setWindowTitle("Search actions")
        self.setModal(True)
        self.setFixedWidth(WIDTH)
        self.field = QLineEdit()
        self.field.setPlaceholderText("Search actions")
        self.field.setAccessibleName("Search actions")
        self.list = QListWidget()
        self.list.setAccessibleName("Actions found")
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.setItemDelegate(ActionRow(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.viewport().setAutoFillBackground(False)
        self.list.setFixedHeight(MOST_ROWS * ROW)
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 10, 10, 10)
        box.setSpacing(8)
        box.addWidget(self.field)
        box.addWidget(self.list)
        self.field.textChanged.connect(self._find)
        self.field.returnPressed.connect(self._take)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(lambda _: self._take())
        self._find("")
        corner = parent.mapToGlobal(parent.rect().topLeft())
        self.move(corner.x() + (parent.width() - WIDTH) // 2, corner.y() + 72)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(theme.colours().line)  # it has no frame of the window system
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _find(self, words: str) -> None:
        self.list.clear()
        for action in matching(words, self._enabled):
            item = QListWidgetItem(action.title, self.list)
            item.setData(_ACTION, action)
        self.list.setCurrentRow(0)

    def _take(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.chosen = item.data(_ACTION).id
            self.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress:
            key: QKeyEvent = event  # type: ignore[assignment]  # its type was asked above
            if key.key() in _MOVES:
                step = 1 if key.key() == Qt.Key.Key_Down else -1 if key.key() == Qt.Key.Key_Up else 0
                step = step or (MOST_ROWS if key.key() == Qt.Key.Key_PageDown else -MOST_ROWS)
                row = self.list.currentRow() + step
                self.list.setCurrentRow(max(0, min(self.list.count() - 1, row)))
                return True
        return super().eventFilter(watched, event)


async def ask_for_action(parent: QWidget, actions: Mapping[str, QAction]) -> str | None:
    """The id of an action that can be done now; none when it was called off."""
    search = ActionSearch(parent, actions)
    search.field.setFocus()
    await answered(search)
    return search.chosen
