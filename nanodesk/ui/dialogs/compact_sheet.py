"""What a project file is made of, and what of it to drop: nothing goes that is not ticked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QScrollArea, QSizePolicy, QWidget

from nanodesk.ui import theme
from nanodesk.ui.dialogs.asking import answered
from nanodesk.ui.dialogs.check_box import CheckBox
from nanodesk.ui.dialogs.sheet import Sheet
from nanodesk.ui.history_panel.words import ago

if TYPE_CHECKING:
    from nanodesk.editor.account import Account, Droppable, Part

_WIDTH, _MOST_HEIGHT = 520, 260
_BAR = 96


def size_words(number: int) -> str:
    """Bytes as people read them, in thousands."""
    if number < 1000:
        return f"{number} bytes"
    if number < 999_500:
        return f"{number / 1000:.0f} kB"
    if number < 999_500_000:
        return f"{number / 1e6:.1f} MB"
    return f"{number / 1e9:.2f} GB"


class Share(QWidget):
    """A bar as long as its part of the whole."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self._share = share
        self.setFixedSize(QSize(_BAR, 16))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        rail = QRectF(0, 5, self.width(), 6)
        painter.setBrush(theme.colours().line)
        painter.drawRoundedRect(rail, 3, 3)
        painter.setBrush(theme.colours().accent)
        painter.drawRoundedRect(QRectF(0, 5, max(3.0, self.width() * self._share), 6), 3, 3)


class CompactSheet(Sheet):
    """The account of a project file, with a tick for each thing that can be dropped.

    Attributes:
        ticks: the check box of each thing, by its name.
    """

    def __init__(self, parent: QWidget, name: str, account: Account) -> None:
        """The sheet for a project of that name."""
        drops = account.droppable
        buttons = (("ok", "Compact"), ("cancel", "Cancel")) if drops else (("close", "Close"),)
        words = f"The file is {size_words(account.size)}. " + (
            "What you tick is dropped for good; everything else stays." if drops else "There is nothing to drop."
        )
        super().__init__(parent, f"Compact “{name}”", words, buttons)
        self.ticks: dict[str, CheckBox] = {}
        self._drops = drops
        self.body.addSpacing(6)
        self.body.addWidget(_words("What it is made of", "section"))
        self.body.addWidget(_parts(account.parts, account.size))
        if drops:
            self.body.addSpacing(8)
            self.body.addWidget(_words("What can be dropped", "section"))
            self.body.addWidget(self._list(drops))
            self.total = _words("", "body", dim=True)
            self.body.addWidget(self.total)
            self._ticked()

    def _list(self, drops: tuple[Droppable, ...]) -> QWidget:
        rows = QWidget()
        grid = QGridLayout(rows)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        for line, drop in enumerate(drops):
            tick = CheckBox(_shortened(drop.words))
            tick.setToolTip("" if _shortened(drop.words) == drop.words else drop.words)
            tick.setAccessibleName(f"{drop.words}, {size_words(drop.bytes)}")
            tick.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            tick.toggled.connect(self._ticked)
            self.ticks[drop.name] = tick
            grid.addWidget(tick, line, 0)
            when = _words(ago(drop.created) if drop.created > 0 else "", "strip", dim=True)
            grid.addWidget(when, line, 1, Qt.AlignmentFlag.AlignVCenter)
            size = _words(size_words(drop.bytes), "body")
            grid.addWidget(size, line, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        grid.setRowStretch(len(drops), 1)
        return _scrolled(rows, "What can be dropped")

    @property
    def ticked(self) -> tuple[str, ...]:
        """The names of what is to be dropped."""
        return tuple(name for name, tick in self.ticks.items() if tick.isChecked())

    def _ticked(self) -> None:
        chosen = self.ticked
        total = sum(drop.bytes for drop in self._drops if drop.name in chosen)
        self.total.setText(f"The file becomes about {size_words(total)} smaller." if chosen else "Nothing is ticked.")
        button = self.findChild(QPushButton, "ok")
        if button is not None:
            button.setEnabled(bool(chosen))


def _parts(parts: tuple[Part, ...], size: int) -> QWidget:
    rows = QWidget()
    grid = QGridLayout(rows)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(0, 1)
    for line, part in enumerate(parts):
        grid.addWidget(_words(part.words, "body"), line, 0)
        grid.addWidget(Share(part.bytes / max(1, size)), line, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(_words(size_words(part.bytes), "body"), line, 2, Qt.AlignmentFlag.AlignRight)
    return rows


def _scrolled(rows: QWidget, name: str) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(rows)
    area.setAccessibleName(name)
    area.setMinimumSize(max(_WIDTH, rows.sizeHint().width() + 14), min(_MOST_HEIGHT, rows.sizeHint().height() + 4))
    return area


def _words(text: str, role: theme.FontRole, *, dim: bool = False) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(theme.font(role))
    if dim:
        colours = label.palette()
        colours.setColor(label.foregroundRole(), theme.colours().dim)
        label.setPalette(colours)
    return label


def _shortened(words: str) -> str:
    return words if len(words) <= 46 else words[:45].rstrip() + "…"


async def ask_compact(parent: QWidget, name: str, account: Account) -> tuple[str, ...]:
    """What to drop, by name; nothing when it was called off."""
    sheet = CompactSheet(parent, name, account)
    return sheet.ticked if await answered(sheet) else ()
