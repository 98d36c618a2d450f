"""The page of keyboard shortcuts, made of the table of actions."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QWidget

from nanodesk.ui import theme
from nanodesk.ui.actions import ACTIONS, CANVAS_KEYS, MENUS
from nanodesk.ui.dialogs.asking import answered
from nanodesk.ui.dialogs.sheet import Sheet

COLUMNS = 2
_WIDTH, _HEIGHT = 620, 660


def native(keys: str) -> str:
    """A shortcut as this platform writes it."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def families() -> list[tuple[str, list[tuple[str, str]]]]:
    """Menu by menu, what each key does; the canvas's own keys last."""
    found = []
    for menu in MENUS:
        rows = [
            (native(action.shortcuts[0]), action.title.rstrip("…"))
            for action in ACTIONS
            if action.menu == menu and action.shortcuts
        ]
        if rows:
            found.append((menu, rows))
    return [*found, ("On the canvas", list(CANVAS_KEYS))]


def page() -> QWidget:
    """All families in columns of about the same height."""
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 12, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(5)
    all_of_them = families()
    total = sum(len(rows) + 2 for _, rows in all_of_them)
    column, line, used = 0, 0, 0
    for title, rows in all_of_them:
        if used >= total / COLUMNS and column + 1 < COLUMNS:
            column, line, used = column + 1, 0, 0
        grid.addWidget(_words(title, "section"), line, column * 3, 1, 2)
        line += 1
        for keys, words in rows:
            grid.addWidget(_words(words, "body"), line, column * 3)
            grid.addWidget(_words(keys, "strip", dim=True), line, column * 3 + 1)
            line += 1
        grid.setRowMinimumHeight(line, 8)
        line += 1
        used += len(rows) + 2
    grid.setColumnMinimumWidth(2, 20)
    grid.setRowStretch(grid.rowCount(), 1)
    return made


def _words(text: str, role: theme.FontRole, *, dim: bool = False) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(theme.font(role))
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    if dim:
        colours = label.palette()
        colours.setColor(label.foregroundRole(), theme.colours().dim)
        label.setPalette(colours)
    return label


async def show_keys(parent: QWidget) -> None:
    """Show the page until it is closed."""
    sheet = Sheet(parent, "Keyboard shortcuts", "", (("close", "Close"),))
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(page())
    area.setAccessibleName("Keyboard shortcuts")
    area.setMinimumSize(min(_WIDTH, parent.width() - 80), min(_HEIGHT, parent.height() - 160))
    sheet.body.addWidget(area)
    await answered(sheet)
