"""The edit stack as a column of cards that can be dragged into another order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from nanodesk.ui import theme
from nanodesk.ui.edit_panel.edit_card import EditCard
from nanodesk.ui.edit_panel.nameable import Nameable
from nanodesk.ui.references.slim_bar import scroll_slim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nanodesk.document.edit import EditStack
    from nanodesk.document.identity import EditId
    from nanodesk.editor.planning import PlannedEdit
    from nanodesk.ui.edit_panel.edit_actions import EditActions

GAP = 6
_LEAST = 44


class _Column(QWidget):
    """Holds the cards and paints the drop line between them."""

    def __init__(self) -> None:
        super().__init__()
        self.line_y = -1.0
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 2, 12, 2)
        box.setSpacing(GAP)
        box.addStretch(1)
        self.box = box

    def mark(self, y: float) -> None:
        """Show the drop line there; nowhere below 0."""
        self.line_y = y
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.line_y >= 0:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colours().accent)
            painter.drawRoundedRect(QRectF(12, self.line_y - 1, self.width() - 24, 2), 1, 1)
            painter.end()


class StackList(QScrollArea):
    """Signals: `run_wanted` (Ctrl+Enter on a card), `left_down` (Down on the last card)."""

    run_wanted = Signal()
    left_down = Signal()

    def __init__(self, actions: EditActions) -> None:
        super().__init__()
        self._actions = actions
        self._cards: dict[EditId, EditCard] = {}
        self._order: list[EditId] = []
        self._gap = -1
        self._nameable = Nameable()
        self._sends = False
        self._column = _Column()
        self.setAccessibleName("Edits")
        scroll_slim(self, self._column)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._column.installEventFilter(self)

    @property
    def cards(self) -> list[EditCard]:
        """The cards, in order."""
        return [self._cards[edit_id] for edit_id in self._order]

    def card(self, edit_id: EditId) -> EditCard | None:
        """The card of an edit."""
        return self._cards.get(edit_id)

    def show_stack(self, stack: EditStack) -> None:
        """Show the edits; cards that stay are the same widgets, so that writing in one goes on."""
        order = [edit.id for edit in stack]
        for edit_id in set(self._cards) - set(order):
            self._let_go(self._cards.pop(edit_id))
        for place, edit in enumerate(stack):
            card = self._cards.get(edit.id)
            if card is None:
                card = self._make(edit.id, EditCard(edit, self._actions))
            else:
                card.show_edit(edit)
            if self._column.box.indexOf(card) != place:
                self._column.box.insertWidget(place, card)
        self._order = order
        self.updateGeometry()

    def show_names(self, nameable: Nameable, *, sends: bool) -> None:
        """Have every card mark what its sentence names; `sends` says whether anything leaves this computer."""
        self._nameable, self._sends = nameable, sends
        for card in self._cards.values():
            card.show_names(nameable, sends=sends)

    def _make(self, edit_id: EditId, card: EditCard) -> EditCard:
        self._cards[edit_id] = card
        card.show_names(self._nameable, sends=self._sends)
        card.pulled.connect(lambda point: self._pull(card, point))
        card.dropped.connect(lambda: self._drop(card))
        card.stepped.connect(lambda by: self._step(card, by))
        card.run_wanted.connect(self.run_wanted)
        return card

    def _let_go(self, card: EditCard) -> None:
        self._column.box.removeWidget(card)
        card.hide()
        card.deleteLater()

    def show_plan(self, planned: Mapping[EditId, PlannedEdit], faults: Mapping[EditId, str]) -> None:
        """Show on each card how it is understood, or what went wrong with it."""
        for edit_id, card in self._cards.items():
            card.show_plan(planned.get(edit_id), faults.get(edit_id, ""))

    def commit(self) -> None:
        """Take over what is being written in a card."""
        for card in self.cards:
            card.commit()

    def focus_last(self) -> None:
        """Put the focus on the last card."""
        if self._order:
            self.cards[-1].setFocus()

    def reveal(self, edit_id: EditId) -> None:
        """Scroll to an edit's card, once it has its place."""
        card = self._cards.get(edit_id)
        if card is not None:
            QTimer.singleShot(0, card, lambda: self.ensureWidgetVisible(card, 0, 8))

    def _step(self, card: EditCard, by: int) -> None:
        place = self._order.index(card.edit.id) + by
        if 0 <= place < len(self._order):
            self.cards[place].setFocus()
            self.ensureWidgetVisible(self.cards[place], 0, 8)
        elif place >= len(self._order):
            self.left_down.emit()

    def _pull(self, card: EditCard, point: QPoint) -> None:
        y = self._column.mapFromGlobal(point).y()
        cards = self.cards
        self._gap = sum(1 for one in cards if one.geometry().center().y() < y)
        edge = cards[self._gap].geometry().top() if self._gap < len(cards) else cards[-1].geometry().bottom() + 1 + GAP
        self._column.mark(max(1.0, edge - GAP / 2))
        self.ensureVisible(0, y, 0, 24)

    def _drop(self, card: EditCard) -> None:
        gap, self._gap = self._gap, -1
        self._column.mark(-1)
        if gap >= 0:
            place = self._order.index(card.edit.id)
            self._actions.reorder(card.edit.id, gap - 1 if gap > place else gap)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        if not self._order:
            return QSize(240, 0)
        return QSize(240, self._column.box.totalHeightForWidth(max(120, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, min(_LEAST, self.sizeHint().height()))
