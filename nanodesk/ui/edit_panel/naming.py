"""Writing @ in a field: the layers that could be meant are offered, and the one taken is written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QTextCursor

from nanodesk.ui.edit_panel.mention_marks import MentionMarks
from nanodesk.ui.edit_panel.name_list import NameList
from nanodesk.ui.edit_panel.nameable import Nameable

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QPlainTextEdit

_LONGEST = 80
"""So far back an @ is looked for, characters."""


class Naming(QObject):
    """Offers names in one field; the field asks it about each key first."""

    def __init__(self, field: QPlainTextEdit) -> None:
        super().__init__(field)
        self._field = field
        self._nameable = Nameable()
        self._refused = -1
        self._marks = MentionMarks(field.document())
        self.list: NameList | None = None
        field.textChanged.connect(self._written)
        field.cursorPositionChanged.connect(self._moved)

    @property
    def nameable(self) -> Nameable:
        """What can be named now."""
        return self._nameable

    def show_names(self, nameable: Nameable) -> None:
        """Offer and mark these names from now on."""
        self._nameable = nameable
        self._marks.show_names(nameable)
        if self.offering:
            self._offer()

    def recolour(self) -> None:
        """Mark names in the colours of the theme as it is now."""
        self._marks.recolour()

    @property
    def offering(self) -> bool:
        """Whether names are being offered."""
        return self.list is not None and not self.list.isHidden()

    def hide(self) -> None:
        """Offer nothing until the next @."""
        if self.list is not None:
            self.list.show_names((), self._nameable)

    def takes(self, event: QKeyEvent) -> bool:
        """Whether a key was meant for the list, and has been seen to."""
        if self.list is None or self.list.isHidden():
            return False
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.list.step(-1 if key == Qt.Key.Key_Up else 1)
        elif key == Qt.Key.Key_Escape:
            self._refused = self._start()
            self.hide()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab) and not (
            event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.take(self.list.lit)
        else:
            return False
        return True

    def take(self, name: str) -> None:
        """Write a name out in place of what follows the @."""
        start = self._start()
        if start < 0 or not name:
            return
        cursor = self._field.textCursor()
        following = self._field.toPlainText()[cursor.position() : cursor.position() + 1]
        cursor.setPosition(start + 1, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(name if following.isspace() else f"{name} ")
        self._field.setTextCursor(cursor)
        self.hide()

    def _start(self) -> int:
        """Where the @ stands that is being written after; below 0 where there is none."""
        place = self._field.textCursor().position()
        before = self._field.toPlainText()[:place]
        at = before.rfind("@", max(0, place - _LONGEST))
        lead = before[at - 1 : at] if at > 0 else ""
        return -1 if at < 0 or lead.isalnum() or lead in tuple("._-") else at

    def _written(self) -> None:
        start = self._start()
        if start != self._refused:
            self._refused = -1
            self._offer()

    def _moved(self) -> None:
        if self.offering:
            self._offer()

    def _offer(self) -> None:
        start = self._start()
        written = self._field.toPlainText()[start + 1 : self._field.textCursor().position()] if start >= 0 else ""
        names = self._nameable.starting_with(written) if start >= 0 and self._field.hasFocus() else ()
        if names and written.strip().casefold() in (name.casefold() for name in self._nameable.names):
            names = names if not written.endswith(" ") and len(names) > 1 else ()  # it is written out already
        if not names:
            self.hide()
            return
        if self.list is None or self.list.parentWidget() is not self._field.window():
            self.list = NameList(self._field.window())
            self.list.chosen.connect(self.take)
            self._field.destroyed.connect(self.list.deleteLater)
        self.list.show_names(names, self._nameable)
        line = self._field.cursorRect()
        corner = self._field.viewport().mapTo(self._field.window(), line.topLeft())
        self.list.place(corner, line.height())
