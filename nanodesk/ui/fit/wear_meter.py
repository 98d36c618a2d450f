"""How often models have drawn what a layer shows: a mark for each pass, and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from nanodesk.ui import theme
from nanodesk.ui.history_panel.words import wear_words

if TYPE_CHECKING:
    from nanodesk.editor.wearing import Wear

MARKS = 5
WORN = 3
"""From so many passes on it is worth doing the edits anew on the original."""
_SIDE, _GAP = 8, 3
TIP = (
    "Each pass through a model softens a picture a little; Run ▸ Rebase does all edits anew in one pass on the original"
)


class WearMeter(QWidget):
    """Empty until it is told."""

    def __init__(self) -> None:
        super().__init__()
        self._most = -1
        self.text = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setToolTip(TIP)
        self.hide()

    def show_wear(self, wear: Wear | None) -> None:
        """Tell of other passes; of none that are known, nothing."""
        self._most = -1 if wear is None else wear.most
        self.text = "" if wear is None else wear_words(wear)
        self.setAccessibleName(self.text)
        self.setVisible(wear is not None)
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font("secondary"))
        return QSize(MARKS * (_SIDE + _GAP) + 8 + metrics.horizontalAdvance(self.text), 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        full = colours.attention if self._most >= WORN else colours.dim
        top = (self.height() - _SIDE) / 2
        for place in range(MARKS):
            mark = QRectF(place * (_SIDE + _GAP) + 0.5, top + 0.5, _SIDE - 1, _SIDE - 1)
            filled = place < self._most
            painter.setPen(Qt.PenStyle.NoPen if filled else QPen(colours.dim, 1))
            painter.setBrush(full if filled else Qt.BrushStyle.NoBrush)
            painter.setOpacity(1.0 if filled else 0.6)
            painter.drawRoundedRect(mark, 2, 2)
        painter.setOpacity(1.0)
        painter.setFont(theme.font("secondary"))
        painter.setPen(colours.attention if self._most >= WORN else colours.dim)
        words = self.rect().adjusted(MARKS * (_SIDE + _GAP) + 6, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, self.text)
        painter.end()
