"""The names that can follow an @, in a list beside the cursor; it never takes the keyboard from the field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from nanodesk.ui import theme
from nanodesk.ui.references.marks import faded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nanodesk.ui.edit_panel.nameable import Nameable

MOST_ROWS = 6
ROW = 28
_PADDING = 4
_WIDEST = 300
_SENT = "will be sent"


class NameList(QWidget):
    """A few rows over everything else in the window, of which one is lit.

    Signals:
        chosen: a name was clicked.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.names: tuple[str, ...] = ()
        self._unticked: frozenset[str] = frozenset()
        self._lit = 0
        self._first = 0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Layers to name")
        self.setVisible(False)

    @property
    def lit(self) -> str:
        """The name that Enter takes; empty where there is none."""
        return self.names[self._lit] if self.names else ""

    def show_names(self, names: Sequence[str], nameable: Nameable) -> None:
        """List these names, the first one lit; none hides the list."""
        self.names, self._unticked = tuple(names), nameable.unticked
        self._lit = self._first = 0
        self.setVisible(bool(self.names))
        if self.names:
            self.resize(self.sizeHint())
            self.raise_()
            self.update()

    def step(self, by: int) -> None:
        """Light another row, round and round."""
        self._lit = (self._lit + by) % max(1, len(self.names))
        self._first = max(self._lit - MOST_ROWS + 1, min(self._first, self._lit))
        self.update()

    def place(self, line_top: QPoint, line_height: int) -> None:
        """Stand below a line of text, or above it where there is no room; `line_top` is the window's own."""
        room = self.window().rect()
        x = max(room.left() + 4, min(line_top.x(), room.right() - self.width() - 4))
        below = line_top.y() + line_height + 2
        above = line_top.y() - self.height() - 2
        self.move(x, below if below + self.height() <= room.bottom() - 4 or above < room.top() else above)

    def _rows(self) -> tuple[str, ...]:
        return self.names[self._first : self._first + MOST_ROWS]

    def sizeHint(self) -> QSize:
        body, small = QFontMetrics(theme.font("strip")), QFontMetrics(theme.font("secondary"))
        wide = max((body.horizontalAdvance(name) for name in self.names), default=0) + 24
        if self._unticked & set(self.names):
            wide += small.horizontalAdvance(_SENT) + 16
        wide = max(140, min(_WIDEST, self.window().width() - 8, wide))
        return QSize(wide, min(MOST_ROWS, len(self.names)) * ROW + 2 * _PADDING)

    def _row_at(self, y: float) -> int:
        row = int((y - _PADDING) // ROW)
        return self._first + row if 0 <= row < len(self._rows()) else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().y())
        if row >= 0:
            self._lit = row
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().y())
        if row >= 0:
            self.chosen.emit(self.names[row])

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours.line, 1))
        painter.setBrush(colours.raised)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        line = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        for at, name in enumerate(self._rows()):
            row = self.rect().adjusted(_PADDING, 0, -_PADDING, 0)
            row.setTop(_PADDING + at * ROW)
            row.setHeight(ROW)
            if self._first + at == self._lit:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(faded(colours.line, 0.9))
                painter.drawRoundedRect(row, 4, 4)
            words = row.adjusted(8, 0, -8, 0)
            if name in self._unticked:
                painter.setFont(theme.font("secondary"))
                painter.setPen(colours.dim)
                painter.drawText(words, line | Qt.AlignmentFlag.AlignRight, _SENT)
                words.setRight(words.right() - QFontMetrics(painter.font()).horizontalAdvance(_SENT) - 12)
            painter.setFont(theme.font("strip"))
            painter.setPen(colours.text)
            shown = QFontMetrics(painter.font()).elidedText(name, Qt.TextElideMode.ElideRight, words.width())
            painter.drawText(words, line, shown)
        painter.end()
