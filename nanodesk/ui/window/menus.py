"""Menus and shortcuts, made of the table of actions."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from nanodesk.ui.actions import ACTIONS, MENUS

if TYPE_CHECKING:
    from collections.abc import Callable

ZOOM_MENU = ("fit", "actual_size", "zoom_in", "zoom_out")


def plain(text: str) -> str:
    """Text from outside as a title: an ampersand in it is no mark for a key."""
    return text.replace("&", "&&")


def tip(text: str) -> str:
    """Text from outside as a tool tip: never read as markup."""
    return f"<span>{escape(text)}</span>"


class Menus:
    """One `QAction` for each action, in the menus of the window."""

    def __init__(self, window: QWidget, do: Callable[[str], None]) -> None:
        self.actions: dict[str, QAction] = {}
        self.main = QMenu(window)
        self.recent = QMenu("Open recent", window)
        self.zooms = QMenu(window)
        self.recent.setToolTipsVisible(True)
        menus = {name: QMenu(name, window) for name in MENUS}
        for action in ACTIONS:
            made = QAction(action.title, window)
            made.setObjectName(action.id)
            made.setShortcuts([QKeySequence(keys) for keys in action.shortcuts])
            made.setCheckable(action.checks)
            made.triggered.connect(lambda _=False, chosen=action.id: do(chosen))
            window.addAction(made)
            self.actions[action.id] = made
            if not action.menu:
                continue
            menu = menus[action.menu]
            if action.apart:
                menu.addSeparator()
            menu.addAction(made)
            if action.id == "open_file":
                menu.addMenu(self.recent)
        for name in MENUS:
            self.main.addMenu(menus[name])
        for name in ZOOM_MENU:
            self.zooms.addAction(self.actions[name])

    def enable(self, have: frozenset[str]) -> None:
        """Enable what can be done with what is there."""
        for action in ACTIONS:
            self.actions[action.id].setEnabled(not action.needs or action.needs in have)

    def name(self, action: str, title: str) -> None:
        """Another title for an action, as “Undo Move layer”."""
        self.actions[action].setText(plain(title))

    def check(self, on: frozenset[str]) -> None:
        """Show which of those that are on or off are on."""
        for action in ACTIONS:
            if action.checks:
                self.actions[action.id].setChecked(action.id in on)
