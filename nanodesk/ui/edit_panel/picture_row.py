"""One picture of the tray: grip, switch, the picture as it is sent, what it is called and how large it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from nanodesk.ui import icons, theme
from nanodesk.ui.edit_panel.card_parts import Check, Grip
from nanodesk.ui.references.marks import draw_picture
from nanodesk.ui.references.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from nanodesk.ui.edit_panel.tray_rows import TrayRow

WELL = QSize(84, 63)


class PictureWell(QWidget):
    """The whole picture, as large as fits, with its number in the corner."""

    def __init__(self) -> None:
        super().__init__()
        self.picture: QPixmap | None = None
        self._number = 0
        self._dim = False
        self._broken = False
        self.setFixedSize(WELL)

    def show_picture(self, picture: QPixmap | None, number: int, *, dim: bool, broken: bool) -> None:
        """Show a picture (none while it is being made), or that it cannot be shown."""
        self.picture, self._number, self._dim, self._broken = picture, number, dim, broken
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(0.4 if self._dim else 1.0)
        draw_picture(painter, self.rect(), self.picture, whole=True)
        if self._broken:
            mark = self.rect().adjusted(34, 23, -34, -24)
            painter.drawPixmap(mark, icons.pixmap("triangle-alert", "attention", 16, self.devicePixelRatioF()))
        if self._number:
            self._paint_number(painter)
        painter.end()

    def _paint_number(self, painter: QPainter) -> None:
        painter.setFont(theme.font("section"))
        words = str(self._number)
        wide = max(16, painter.fontMetrics().horizontalAdvance(words) + 8)
        badge = QRectF(4, self.height() - 20, wide, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.DARK.window)
        painter.setOpacity(0.75)
        painter.drawRoundedRect(badge, 4, 4)
        painter.setOpacity(1.0)
        painter.setPen(theme.DARK.text)
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, words)


class PictureRow(QWidget):
    """Shows a row of the tray.

    Signals:
        pulled, dropped: it is being dragged to a global position; it was let go.
        moved: it shall go so many places down, or up where the number is negative.
        switched: it shall be sent, or not.
    """

    pulled = Signal(QPoint)
    dropped = Signal()
    moved = Signal(int)
    switched = Signal(bool)

    def __init__(self, row: TrayRow) -> None:
        super().__init__()
        self.row = row
        self.grip = Grip("Move picture")
        self.check = Check("Send this picture along")
        self.well = PictureWell()
        self.name = WrappedLabel(row.name, role="strip")
        self.facts = WrappedLabel(role="secondary", ink="dim")
        self.why = WrappedLabel(role="secondary", ink="dim")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if row.reference is not None else Qt.FocusPolicy.NoFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._lay_out()
        self._fill()
        self.grip.pulled.connect(self.pulled)
        self.grip.released.connect(self.dropped)
        self.check.clicked.connect(self.switched)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch(1)
        for label in (self.name, self.facts, self.why):
            words.addWidget(label)
        words.addStretch(1)
        box = QHBoxLayout(self)
        box.setContentsMargins(4, 6, 8, 6)
        box.setSpacing(4)
        for widget in (self.grip, self.check, self.well):
            box.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        box.addSpacing(8)
        box.addLayout(words, 1)

    def _fill(self) -> None:
        row = self.row
        for control in (self.grip, self.check):
            policy = control.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            control.setSizePolicy(policy)
        self.grip.setVisible(row.reference is not None)
        self.check.setVisible(not row.base)
        self.check.setChecked(row.picture is not None)
        self.check.setEnabled(row.reference is not None and not row.named)
        if row.named:
            self.check.setToolTip("An edit names it: take the name out of the edit, and it is not sent")
        self.name.write(row.name, "text" if row.picture is not None else "dim")
        self.facts.write(row.facts)
        self.why.write(row.why)
        self.why.setVisible(bool(row.why))
        self.setAccessibleName(f"{row.name}: {row.facts} {row.why}".strip())

    def show_picture(self, picture: QPixmap | None, fault: str = "") -> None:
        """Show its picture, or why that cannot be shown; it is sent all the same."""
        row = self.row
        self.well.show_picture(picture, row.number, dim=row.picture is None, broken=bool(fault))
        if fault:
            self.why.write(f"{fault} It is sent all the same.", "attention")
            self.why.setVisible(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.moved.emit(step)
        elif event.key() == Qt.Key.Key_Space and self.check.isEnabled():
            self.check.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colours().accent, 1.2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.6, 0.6, -0.6, -0.6), 8, 8)
            painter.end()
