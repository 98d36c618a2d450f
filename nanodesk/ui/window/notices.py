"""Notices: one plain sentence at the foot of the canvas, with a way back where there is one; it goes by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from nanodesk.editor.notice import Notice, NoticeKind
from nanodesk.ui import icons, theme

if TYPE_CHECKING:
    from nanodesk.editor.editor import Editor

SHOWN_MS = 6000
SHOWN_LONG_MS = 15000
MOST = 3
_ICONS = {
    NoticeKind.INFO: ("info", "dim"),
    NoticeKind.ATTENTION: ("triangle-alert", "attention"),
    NoticeKind.ERROR: ("circle-alert", "attention"),
}


class Toast(QWidget):
    """One notice.

    Attributes:
        step: the step that its Undo takes back; none where it has no Undo.
        layer: the layer that it makes an offer about; none where it makes none.
    """

    def __init__(self, notice: Notice, editor: Editor, parent: QWidget) -> None:
        super().__init__(parent)
        self.step = editor.history.current if notice.undo else None
        self.layer = notice.layer
        self._editor = editor
        self.setObjectName("toast")
        self.setAccessibleName(notice.message)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 8, 6)
        row.setSpacing(10)
        name, role = _ICONS[notice.kind]
        mark = QLabel()
        mark.setPixmap(icons.pixmap(name, role, 16, self.devicePixelRatioF()))
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(_words(notice), 1)
        if notice.undo:
            back = QPushButton("Undo")
            back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            back.clicked.connect(self._take_back)
            row.addWidget(back, 0, Qt.AlignmentFlag.AlignVCenter)
        if notice.action:
            offer = QPushButton(notice.offer)
            offer.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            offer.clicked.connect(lambda: self._take_up(notice))
            row.addWidget(offer, 0, Qt.AlignmentFlag.AlignVCenter)
        close = QToolButton()
        close.setIcon(icons.icon("x", "dim", 14))
        close.setAutoRaise(True)
        close.setFixedSize(24, 24)
        close.setAccessibleName("Dismiss")
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.dismiss)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignVCenter)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.dismiss)
        brief = notice.kind is NoticeKind.INFO and not notice.action  # an offer wants to be thought about
        if not notice.lasting:
            self._timer.start(SHOWN_MS if brief else SHOWN_LONG_MS)

    def _take_back(self) -> None:
        if self._editor.history.current == self.step:
            self._editor.undo()
        self.dismiss()

    def _take_up(self, notice: Notice) -> None:
        notices = self.parent()
        self.dismiss()
        if isinstance(notices, Notices):
            if notice.layer is not None:
                notices.layer_meant.emit(notice.layer)
            notices.action_wanted.emit(notice.action)

    def dismiss(self) -> None:
        """Go away."""
        self._timer.stop()
        parent = self.parent()
        self.setParent(None)
        self.deleteLater()
        if isinstance(parent, Notices):
            parent.settle()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colours().line)
        painter.setBrush(theme.colours().raised)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)


def _words(notice: Notice) -> QLabel:
    """Its sentence as plain text, over as many lines as it needs."""
    words = QLabel(notice.message)
    words.setObjectName("words")
    words.setTextFormat(Qt.TextFormat.PlainText)
    words.setWordWrap(True)
    words.setFont(theme.font("strip"))
    widest = 520 if not (notice.undo or notice.action) else 400  # buttons need their room too
    words.setMinimumWidth(min(widest, words.fontMetrics().horizontalAdvance(notice.message) + 8))
    words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    return words


class Notices(QWidget):
    """The toasts over a widget, newest last; it lets clicks through where there are none.

    Signals:
        layer_meant: the layer that the action which is wanted next is about.
        action_wanted: what a notice offered was taken up, by the action's id.
    """

    layer_meant = Signal(object)
    action_wanted = Signal(str)

    def __init__(self, over: QWidget, editor: Editor) -> None:
        super().__init__(over)
        self._over = over
        self._editor = editor
        self._foot = 0
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        over.installEventFilter(self)
        self.hide()

    def show_notice(self, notice: Notice) -> None:
        """Show one more; the oldest makes room."""
        toasts = self.toasts()
        if any(one.accessibleName() == notice.message for one in toasts):
            return
        if len(toasts) >= MOST:
            toasts[0].dismiss()
        toast = Toast(notice, self._editor, self)
        self._box.addWidget(toast)
        toast.show()  # Qt would do so later, and until then no room would be made for it
        self.settle()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, notice.message))

    def forget_undo(self) -> None:
        """Dismiss what offers to take back a step that is no longer the last, or is about a layer that has gone."""
        layers = self._editor.document.layers
        for toast in self.toasts():
            late = toast.step is not None and toast.step != self._editor.history.current
            if late or (toast.layer is not None and toast.layer not in layers):
                toast.dismiss()

    def withdraw(self, message: str) -> None:
        """Dismiss a sentence that is true no longer."""
        for toast in self.toasts():
            if toast.accessibleName() == message:
                toast.dismiss()

    def toasts(self) -> list[Toast]:
        """Those shown now, oldest first."""
        items = [self._box.itemAt(place) for place in range(self._box.count())]
        return [one for item in items if item is not None and isinstance(one := item.widget(), Toast)]

    def stand_above(self, height: int) -> None:
        """Leave so much free at the foot, device-independent pixels."""
        self._foot = height
        self.settle()

    def settle(self) -> None:
        """Take the place that the toasts need, at the foot of the widget below."""
        if not self.toasts():
            self.hide()
            return
        width = min(640, self._over.width() - 48)
        self._box.invalidate()
        self._box.activate()
        height = max(self._box.heightForWidth(width), self._box.sizeHint().height())
        self.setGeometry(
            (self._over.width() - width) // 2, self._over.height() - height - 20 - self._foot, width, height
        )
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.settle()
        return super().eventFilter(watched, event)
