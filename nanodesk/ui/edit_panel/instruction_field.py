"""The field in which a sentence is written: grows with it, and knows what Enter means here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPalette,
    QResizeEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy

from nanodesk.ui import theme
from nanodesk.ui.edit_panel.naming import Naming

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

LONGEST = 4000
"""Characters a sentence may have; more is cut when it is pasted."""


class InstructionField(QPlainTextEdit):
    """Plain text, one paragraph; what it names with @ is marked, and offered while it is written.

    Signals:
        submitted: Enter was pressed; with Ctrl held (run) or not.
        cancelled: Escape was pressed.
        left: the focus went elsewhere.
        went_up: Up was pressed on the first line, with the cursor at its start.
    """

    submitted = Signal(bool)
    cancelled = Signal()
    left = Signal()
    went_up = Signal()

    def __init__(self, most_lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most_lines = most_lines
        self.setFont(theme.font("body"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.viewport().setAutoFillBackground(False)
        self.setBackgroundVisible(False)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, QColor(0, 0, 0, 0))
        self.setPalette(palette)
        self.naming = Naming(self)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    @property
    def sentence(self) -> str:
        """What is written, without space around it."""
        return " ".join(self.toPlainText().split())

    def write(self, text: str) -> None:
        """Show a sentence, with the cursor at its end."""
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def _fit(self) -> None:
        metrics = QFontMetrics(self.font())
        lines = max(1, min(self._most_lines, round(self.document().size().height())))
        self.setFixedHeight(lines * metrics.lineSpacing() + 4)

    def sizeHint(self) -> QSize:
        return QSize(120, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(40, QFontMetrics(self.font()).lineSpacing() + 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.naming.hide()  # it would stand where the cursor was
        self._fit()

    def focusNextPrevChild(self, forward: bool) -> bool:
        return not self.naming.offering and bool(super().focusNextPrevChild(forward))  # Tab takes the name then

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo, redo = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo
            nothing = (event.matches(undo) and not self.document().isUndoAvailable()) or (
                event.matches(redo) and not self.document().isRedoAvailable()
            )
            if nothing:  # then the window's own undo is meant
                event.ignore()
                return False
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "naming"):
            self.naming.recolour()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.naming.takes(event):
            return
        key, control = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submitted.emit(control)
        elif key == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif key == Qt.Key.Key_Up and self.textCursor().position() == 0:
            self.went_up.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.naming.hide()
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def insertFromMimeData(self, source: QMimeData) -> None:
        self.insertPlainText(" ".join(source.text()[:LONGEST].split()))
