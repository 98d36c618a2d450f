"""One place on the strip: a small picture with its number, the seconds of one to come, the mark of one that failed."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from nanodesk.ui import icons, theme
from nanodesk.ui.candidates.slots import SlotKind
from nanodesk.ui.history_panel.words import plain
from nanodesk.ui.references.marks import draw_picture, faded

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from nanodesk.ui.candidates.slots import Slot

WIDTH, HEIGHT = 84, 60
INSET = 4
FITTING = "Fitting…"


class Thumb(QAbstractButton):
    """A place that can be pointed at and chosen.

    Signals:
        pointed: the pointer came (true) or went.
    """

    pointed = Signal(bool)

    def __init__(self, slot: Slot) -> None:
        super().__init__()
        self.slot = slot
        self._pixmap: QPixmap | None = None
        self._mark = ""
        self._number = self._count = 0
        self._chosen = False
        self._fitting = False
        self._ringed = False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, HEIGHT)

    def show_place(self, slot: Slot, number: int, count: int, *, chosen: bool) -> None:
        """Take over what it stands for, its number on the strip and whether it is chosen."""
        self.slot, self._number, self._count, self._chosen = slot, number, count, chosen
        self._name()
        self.setAccessibleDescription(plain(slot.message))
        self.setToolTip(f"<qt>{html.escape(plain(slot.message))}</qt>" if slot.message else "")
        self.update()

    def _name(self) -> None:
        """Say which place it is, and how it is with it."""
        which = f"Candidate {self._number} of {self._count}"
        names = {
            SlotKind.WAITING: f"{which}, being fitted" if self._fitting else which,
            SlotKind.COMING: f"{which}, on its way",
            SlotKind.MISSING: f"{which} did not come",
        }
        self.setAccessibleName(names[self.slot.kind] + (", chosen" if self._chosen else ""))

    def show_fitting(self, on: bool) -> None:
        """Show a sign that its answer is being fitted now."""
        if on != self._fitting:
            self._fitting = on
            self._name()
            self.update()

    def show_picture(self, pixmap: QPixmap | None) -> None:
        """Show a picture; none keeps the one before, until another is there."""
        if pixmap is not None and pixmap is not self._pixmap:
            self._pixmap = pixmap
            self.update()

    def show_mark(self, words: str) -> None:
        """Show the seconds of one that is to come."""
        if words != self._mark:
            self._mark = words
            self.update()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # every key is the strip's

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._ringed = False
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ringed = event.reason() not in (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        super().focusInEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.pointed.emit(True)
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(False)
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        well = self.rect().adjusted(INSET, INSET, -INSET, -INSET)
        if self.slot.kind is SlotKind.WAITING:
            draw_picture(painter, well, self._pixmap)
            self._paint_number(painter, well)
            if self._fitting:
                self._paint_fitting(painter, well)
        else:
            self._paint_empty(painter, well)
        if self._chosen:
            self._paint_ring(painter, 1.0, 2.0, colours.accent)
        elif self.underMouse():
            self._paint_ring(painter, 2.0, 1.0, colours.dim)
        if self.hasFocus() and self._ringed:
            self._paint_ring(painter, 3.5 if self._chosen else 1.0, 1.0, colours.text)
        painter.end()

    def _paint_empty(self, painter: QPainter, well: QRect) -> None:
        colours = theme.colours()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.raised)
        painter.drawRoundedRect(QRectF(well), 6, 6)
        if self.slot.kind is SlotKind.MISSING:
            mark = icons.pixmap("triangle-alert", "attention", 18, self.devicePixelRatioF())
            place = QRect(0, 0, 18, 18)
            place.moveCenter(well.center())
            painter.drawPixmap(place, mark)
            return
        painter.setFont(theme.font("secondary"))
        painter.setPen(colours.dim)
        painter.drawText(well, Qt.AlignmentFlag.AlignCenter, self._mark)

    def _paint_number(self, painter: QPainter, well: QRect) -> None:
        font = theme.font("secondary")
        font.setWeight(font.Weight.DemiBold)
        words = str(self._number)
        wide = QFontMetrics(font).horizontalAdvance(words)
        _paint_badge(painter, QRectF(well.left() + 3, well.bottom() - 17, wide + 8, 15), words, font)

    def _paint_fitting(self, painter: QPainter, well: QRect) -> None:
        font = theme.font("secondary")
        wide = QFontMetrics(font).horizontalAdvance(FITTING)
        badge = QRectF(0, 0, min(wide + 12, well.width() - 6), 18)
        badge.moveCenter(QRectF(well).center())
        _paint_badge(painter, badge, FITTING, font)

    def _paint_ring(self, painter: QPainter, inset: float, width: float, colour: QColor) -> None:
        painter.setPen(QPen(colour, width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 8, 8)


def _paint_badge(painter: QPainter, badge: QRectF, words: str, font: QFont) -> None:
    """White words on a dark ground, to be read on any picture."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(faded(QColor("black"), 0.6))
    painter.drawRoundedRect(badge, 4, 4)
    painter.setFont(font)
    painter.setPen(QColor("white"))
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, words)
