"""The small pictures of the strip in a row, which scrolls where there is no room for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QWidget

from nanodesk.ui.candidates.thumb import HEIGHT, WIDTH, Thumb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QWheelEvent

    from nanodesk.ui.candidates.slots import Slot


class ThumbRow(QScrollArea):
    """One `Thumb` for each place, kept as long as its key stays.

    Signals:
        pointed: the key of the place under the pointer; empty when it has left.
        clicked: the key of a place.
    """

    pointed = Signal(str)
    clicked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._thumbs: dict[str, Thumb] = {}
        self._over = ""
        inside = QWidget()
        self._box = QHBoxLayout(inside)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)  # setWidget has switched it on
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)

    @property
    def thumbs(self) -> tuple[Thumb, ...]:
        """The places from left to right."""
        return tuple(self._thumbs.values())

    def thumb(self, key: str) -> Thumb | None:
        """The place of a key."""
        return self._thumbs.get(key)

    @property
    def over(self) -> str:
        """The key under the pointer; empty for none."""
        return self._over

    def show_slots(self, slots: Sequence[Slot], chosen: str) -> None:
        """Take over the places; those that stay keep their widget, and with it the keyboard."""
        before = self._thumbs
        self._thumbs = {slot.key: before.get(slot.key) or self._made(slot) for slot in slots}
        for key, thumb in before.items():
            if key not in self._thumbs:
                self._remove(thumb)
        for number, slot in enumerate(slots, 1):
            thumb = self._thumbs[slot.key]
            if self._box.indexOf(thumb) != number - 1:
                self._box.insertWidget(number - 1, thumb)
            thumb.show_place(slot, number, len(slots), chosen=slot.key == chosen)
        self._reach(chosen)
        self.updateGeometry()

    def _made(self, slot: Slot) -> Thumb:
        thumb = Thumb(slot)
        thumb.clicked.connect(lambda: self.clicked.emit(thumb.slot.key))
        thumb.pointed.connect(lambda on: self._pointed(thumb.slot.key, on))
        return thumb

    def _remove(self, thumb: Thumb) -> None:
        if self._over == thumb.slot.key:
            self._pointed(thumb.slot.key, on=False)
        self._box.removeWidget(thumb)
        thumb.hide()
        thumb.deleteLater()

    def _pointed(self, key: str, on: bool) -> None:
        over = key if on else "" if self._over == key else self._over
        if over != self._over:
            self._over = over
            self.pointed.emit(over)

    def _reach(self, chosen: str) -> None:
        """Tab reaches one of the places, the arrows the others."""
        reached = chosen if chosen in self._thumbs else next(iter(self._thumbs), "")
        for key, thumb in self._thumbs.items():
            tab = key == reached
            thumb.setFocusPolicy(Qt.FocusPolicy.StrongFocus if tab else Qt.FocusPolicy.ClickFocus)
        if chosen in self._thumbs:
            self.ensureWidgetVisible(self._thumbs[chosen], WIDTH // 2, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # the arrows choose; they do not scroll

    def wheelEvent(self, event: QWheelEvent) -> None:
        bar = self.horizontalScrollBar()
        turned = event.angleDelta().y() or event.angleDelta().x()
        bar.setValue(bar.value() - turned * WIDTH // 120)
        event.accept()

    def sizeHint(self) -> QSize:
        return QSize(max(1, len(self._thumbs)) * WIDTH, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(WIDTH, HEIGHT)
