"""What an empty canvas shows: where to drop, what to open, three pictures to try."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from nanodesk.resources import resource_path
from nanodesk.ui import icons, theme
from nanodesk.ui.window.engine_line import EngineLine
from nanodesk.ui.window.menus import plain, tip

if TYPE_CHECKING:
    from pathlib import Path

SAMPLES = (
    ("astronaut.jpg", "Blur the background", 0.08),
    ("coffee.jpg", "Make it warmer", 0.33),
    ("cat.jpg", "Black and white", 0.33),
)
"""File, the one thing to try, and how much of what has no room is cut off at the top."""
CARD = QSize(168, 156)
PICTURE_HEIGHT = 116
MOST_RECENT = 5
_QUIET = """
    QPushButton { text-align: left; border: 1px solid transparent; background: transparent;
        padding: 3px 4px; margin-left: -5px; }
    QPushButton:hover, QPushButton:focus { text-decoration: underline; }
"""


def _words(text: str, role: theme.FontRole) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(theme.font(role))
    return label


class SampleButton(QAbstractButton):
    """A sample picture with the one thing to try on it."""

    def __init__(self, name: str, sentence: str, cut: float) -> None:
        super().__init__()
        self.path = resource_path("samples", name)
        self.sentence = sentence
        self._cut_at_top = cut
        self.setAccessibleName(f"Try on {name}: {sentence}")
        self.setFixedSize(CARD)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._picture = QPixmap()

    def _cut(self) -> QPixmap:
        if self._picture.isNull():
            ratio = self.devicePixelRatioF()
            size = QSize(round(CARD.width() * ratio), round(PICTURE_HEIGHT * ratio))
            whole = QPixmap(str(self.path)).scaled(
                size, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
            )
            left = (whole.width() - size.width()) // 2
            top = round((whole.height() - size.height()) * self._cut_at_top)
            self._picture = whole.copy(left, top, size.width(), size.height())
            self._picture.setDevicePixelRatio(ratio)
        return self._picture

    def _top(self) -> QPainterPath:
        """The upper part of the card, round at its own corners only."""
        card = QPainterPath()
        card.addRoundedRect(QRectF(self.rect()), 8, 8)
        upper = QPainterPath()
        upper.addRect(0, 0, self.width(), PICTURE_HEIGHT)
        return card.intersected(upper)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.colours()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.raised)
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        painter.setBrush(QBrush(self._cut()))
        painter.drawPath(self._top())
        painter.setPen(colours.text)
        painter.setFont(theme.font("strip"))
        painter.drawText(self.rect().adjusted(12, PICTURE_HEIGHT, -8, 0), Qt.AlignmentFlag.AlignVCenter, self.sentence)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(colours.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)


class DropZone(QWidget):
    """Says where a picture can be dropped; the drop itself is taken by the canvas below."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(320, 150)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.colours()
        painter.setPen(QPen(colours.dim, 1.2, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 12, 12)
        middle = self.rect().center()
        drawn = icons.pixmap("image", "dim", 32, self.devicePixelRatioF())
        painter.drawPixmap(middle.x() - 16, middle.y() - 42, drawn)
        painter.setPen(colours.text)
        painter.setFont(theme.font("strong"))
        painter.drawText(
            self.rect().adjusted(0, 60, 0, 0),
            Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter,
            "Drop a picture here",
        )


class StartPage(QWidget):
    """The page over an empty canvas.

    Attributes:
        open_wanted, paste_wanted: the buttons.
        recent_chosen: a `Path`.
        sample_chosen: a `Path` and the sentence to try.
        key_wanted: a key shall be entered, for the engine of that name.
    """

    open_wanted = Signal()
    paste_wanted = Signal()
    recent_chosen = Signal(object)
    sample_chosen = Signal(object, str)
    key_wanted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("start")
        self._recent = QVBoxLayout()
        self._recent.setSpacing(2)
        self._column = QWidget(self)
        self._column.setFixedWidth(536)
        box = QVBoxLayout(self._column)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(14)
        box.addWidget(DropZone())
        box.addLayout(self._buttons())
        box.addLayout(self._recent)
        box.addSpacing(4)
        box.addWidget(_words("Or try one of these", "section"))
        box.addLayout(self._samples())
        self.engines = EngineLine()
        self.engines.key_wanted.connect(self.key_wanted)
        box.addWidget(self.engines)
        row = QHBoxLayout(self)
        row.addStretch(1)
        row.addWidget(self._column, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for title, signal, main in (("Open…", self.open_wanted, True), ("Paste", self.paste_wanted, False)):
            button = QPushButton(title)
            button.setProperty("main", main)
            button.clicked.connect(signal.emit)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _samples(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        for name, sentence, cut in SAMPLES:
            button = SampleButton(name, sentence, cut)
            button.clicked.connect(lambda _=False, one=button: self.sample_chosen.emit(one.path, one.sentence))
            row.addWidget(button)
        return row

    def show_recent(self, recent: tuple[Path, ...]) -> None:
        """List the files opened lately that are still there."""
        while (item := self._recent.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        known = [path for path in recent if path.exists()][:MOST_RECENT]
        if known:
            self._recent.addWidget(_words("Recent", "section"))
        for path in known:
            button = QPushButton(plain(path.name))
            button.setToolTip(tip(str(path)))
            button.setFlat(True)
            button.setStyleSheet(_QUIET)
            button.setIcon(icons.icon("file", "dim", 16))
            button.clicked.connect(lambda _=False, chosen=path: self.recent_chosen.emit(chosen))
            self._recent.addWidget(button)
