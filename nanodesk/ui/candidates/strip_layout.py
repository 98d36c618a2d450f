"""The floating bar itself: small pictures, the sentence and the buttons, on one line or two as there is room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QGridLayout, QVBoxLayout, QWidget

from nanodesk.ui import theme
from nanodesk.ui.candidates.said import Said, Words
from nanodesk.ui.candidates.strip_buttons import StripButtons
from nanodesk.ui.candidates.thumb_row import ThumbRow
from nanodesk.ui.references.marks import faded

GAP = 16
"""Between the bar and the edges of the canvas, device-independent pixels."""
WIDEST = 1080
SPACING = 12
_SHADOW = 5
_PADDING = 8


class StripLayout(QWidget):
    """A child of the canvas that keeps its mouse to itself.

    Attributes:
        row, said, words, buttons: its parts.
    """

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._arranged = ""
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setAccessibleName("Candidates")
        self.row = ThumbRow()
        self.said = Said()
        self.words = Words()
        self.buttons = StripButtons()
        self._lines = QGridLayout()
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setHorizontalSpacing(SPACING)
        self._lines.setVerticalSpacing(6)
        box = QVBoxLayout(self)
        edge = _PADDING + _SHADOW
        box.setContentsMargins(edge, edge, edge + 4, edge)
        box.setSpacing(6)
        box.addWidget(self.words)
        box.addLayout(self._lines)
        self._arrange("one")
        self.said.unfolded.connect(self._unfold)
        self.setTabOrder(self.row, self.said)
        self.hide()

    def _arrange(self, lines: str) -> None:
        """Put the parts on one line; or the buttons below; or the pictures above the rest."""
        if lines == self._arranged:
            return
        self._arranged = lines
        for part in (self.row, self.said, self.buttons):
            self._lines.removeWidget(part)
        middle = Qt.AlignmentFlag.AlignVCenter
        match lines:
            case "one":
                self._lines.addWidget(self.row, 0, 0)
                self._lines.addWidget(self.said, 0, 1)
                self._lines.addWidget(self.buttons, 0, 2, middle)
            case "buttons below":
                self._lines.addWidget(self.row, 0, 0)
                self._lines.addWidget(self.said, 0, 1)
                self._lines.addWidget(self.buttons, 1, 0, 1, 2, middle | Qt.AlignmentFlag.AlignRight)
            case _:
                self._lines.addWidget(self.row, 0, 0, 1, 2)
                self._lines.addWidget(self.said, 1, 0)
                self._lines.addWidget(self.buttons, 1, 1, middle)
        above = lines == "pictures above"
        self._lines.setColumnStretch(0, 1 if above else 0)
        self._lines.setColumnStretch(1, 0 if above else 1)

    def _unfold(self, on: bool) -> None:
        self.words.setVisible(on)
        self.settle()

    def keyboard(self) -> QWidget | None:
        """The one of its parts that has the focus."""
        focused = QApplication.focusWidget()
        return focused if focused is not None and self.isAncestorOf(focused) else None

    def settle(self) -> int:
        """Take the place at the foot of the canvas; the height taken there, 0 while it is hidden."""
        if self.isHidden():
            return 0
        room = max(120, self._canvas.width() - 2 * GAP + 2 * _SHADOW)
        thumbs, buttons = self.row.sizeHint().width(), self.buttons.sizeHint().width()
        edges = 2 * (_PADDING + _SHADOW) + 4
        needed = thumbs + self.said.wanted + buttons + 2 * SPACING + edges
        width = min(room, max(WIDEST, needed))
        inner = width - edges
        beside = inner - thumbs - SPACING
        lines = "one" if needed <= room else "buttons below" if self.said.wanted <= beside else "pictures above"
        self._arrange(lines)
        self.row.setMaximumWidth(max(84, min(thumbs, inner)))
        rooms = {"one": beside - buttons - SPACING, "buttons below": beside}
        self.said.fit(rooms.get(lines, inner - buttons - SPACING))
        if not self.words.isHidden():
            self.words.setFixedHeight(self.words.height_for(inner))
        layout = self.layout()
        assert layout is not None
        layout.invalidate()
        layout.activate()
        height = layout.sizeHint().height()
        left = (self._canvas.width() - width) // 2
        self.setGeometry(left, self._canvas.height() - height - GAP + _SHADOW, width, height)
        self.raise_()
        return height + GAP - 2 * _SHADOW

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = QRectF(self.rect()).adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)
        painter.setPen(Qt.PenStyle.NoPen)
        for grow in range(_SHADOW, 0, -1):
            painter.setBrush(faded(QColor("black"), 0.02))
            painter.drawRoundedRect(bar.adjusted(-grow, -grow + 1, grow, grow), 12 + grow, 12 + grow)
        painter.setPen(QPen(colours.line, 1))
        painter.setBrush(colours.panel)
        painter.drawRoundedRect(bar.adjusted(0.5, 0.5, -0.5, -0.5), 12, 12)
        painter.end()
