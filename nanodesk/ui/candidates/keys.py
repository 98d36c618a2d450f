"""What keys mean while candidates are on the strip, for the canvas and the strip alike; fields keep their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from nanodesk.ui.canvas.canvas import CanvasWidget

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_DELETE = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
_DIGITS = range(Qt.Key.Key_1, Qt.Key.Key_9 + 1)
TAKES_DIGITS = frozenset({"mask-brush"})
"""Tools to which a digit means something, as long as no answer is shown."""
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class Deciding(Protocol):
    """What the keys act on."""

    @property
    def chosen(self) -> str:
        """The key of the place that is chosen; empty for none."""
        ...

    def choose_number(self, number: int) -> bool:
        """Choose a place by its number, from 1; whether there is one."""
        ...

    def step(self, by: int) -> None:
        """Choose the next place, or the one before."""
        ...

    def accept(self) -> None:
        """Take what is chosen."""
        ...

    def discard(self) -> None:
        """Take what is chosen off the strip."""
        ...

    def leave(self) -> bool:
        """Choose none, or fold the strip; whether there was anything to leave."""
        ...


class StripKeys(QObject):
    """Filters the keys of the canvas, and is asked by the strip.

    The arrows, Space, Enter and Delete are the strip's only while a place is chosen: otherwise the canvas's own.
    """

    def __init__(self, strip: Deciding, canvas: CanvasWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._strip = strip
        self._canvas = canvas
        self._compare = canvas.compare
        self._holding = False
        canvas.installEventFilter(self)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self.let_go)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self._canvas:
            return False
        match event.type():
            case QEvent.Type.ShortcutOverride:
                if self.means(cast("QKeyEvent", event)):
                    event.accept()
                    return True
            case QEvent.Type.KeyPress:
                return self.pressed(cast("QKeyEvent", event))
            case QEvent.Type.KeyRelease:
                return self.released(cast("QKeyEvent", event))
        return False

    def means(self, event: QKeyEvent) -> bool:
        """Whether a key is one of the strip's now."""
        return self._deed(event) is not None or (event.key() == Qt.Key.Key_Space and self._may_hold(event))

    def _may_hold(self, event: QKeyEvent) -> bool:
        return bool(self._strip.chosen) and event.modifiers() in _PLAIN

    def _deed(self, event: QKeyEvent, *, anywhere: bool = False) -> Callable[[], object] | None:
        strip, key = self._strip, event.key()
        if event.modifiers() not in _PLAIN or self._canvas.busy:
            return None  # whoever drags wants Escape for that
        if key in _DIGITS and (anywhere or strip.chosen or self._canvas.tool not in TAKES_DIGITS):
            return lambda: strip.choose_number(key - Qt.Key.Key_0)
        if key == Qt.Key.Key_Escape:
            return strip.leave
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and (anywhere or strip.chosen):
            return lambda: strip.step(1 if key == Qt.Key.Key_Right else -1)
        if not strip.chosen:
            return None
        if key in _ENTER:
            return strip.accept
        return strip.discard if key in _DELETE else None

    def pressed(self, event: QKeyEvent, *, anywhere: bool = False) -> bool:
        """Act on a key; whether it was the strip's. With `anywhere` the arrows act although none is chosen."""
        if event.key() == Qt.Key.Key_Space and self._may_hold(event):
            if not event.isAutoRepeat():
                self._holding = True
                self._compare.hold(True)
            event.accept()
            return True
        deed = self._deed(event, anywhere=anywhere)
        if deed is None:
            return False
        moves = event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right)
        if event.isAutoRepeat() and not moves:
            event.accept()
            return True
        if deed() is False:
            return False
        event.accept()
        return True

    def released(self, event: QKeyEvent) -> bool:
        """A key was let go; whether it was the strip's."""
        if event.key() != Qt.Key.Key_Space or not self._holding:
            return False
        if not event.isAutoRepeat():
            self.let_go()
        event.accept()
        return True

    def let_go(self, *_: object) -> None:
        """Show what came after again: without the focus no release of Space would be told."""
        if self._holding:
            self._holding = False
            self._compare.hold(False)
