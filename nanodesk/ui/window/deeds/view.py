"""The Run, View and Help menus."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from nanodesk import __version__
from nanodesk.ui import theme
from nanodesk.ui.dialogs.asking import tell
from nanodesk.ui.dialogs.keys import show_keys
from nanodesk.ui.dialogs.search import ask_for_action
from nanodesk.ui.window.deeds.deed import Deeds


class ViewDeeds(Deeds):
    """Running, looking, moving about in the window."""

    def run(self) -> None:
        """Send the stack."""
        self.page.edits.press_run()

    def cancel_run(self) -> None:
        """Stop the newest run."""
        self.page.edits.cancel_newest()

    def write_edit(self) -> None:
        """Go to where the next edit is written."""
        self.page.edits.focus_input()

    def zoom_in(self) -> None:
        """Nearer."""
        self.page.canvas.zoom_in()

    def zoom_out(self) -> None:
        """Farther."""
        self.page.canvas.zoom_out()

    def fit(self) -> None:
        """The whole document."""
        self.page.canvas.fit()

    def actual_size(self) -> None:
        """One document pixel on one device pixel."""
        self.page.canvas.zoom_to(1.0)

    def compare(self) -> None:
        """Before and after, side by side under a line."""
        self.page.canvas.compare.toggle_split()

    def theme_system(self) -> None:
        """Dark or light as the system is."""
        self._theme("system")

    def theme_dark(self) -> None:
        """Dark."""
        self._theme("dark")

    def theme_light(self) -> None:
        """Light."""
        self._theme("light")

    def _theme(self, choice: theme.Choice) -> None:
        self.workspace.settings.theme = choice
        self.workspace.settings.save()
        theme.choose(choice)
        self.window.show_state()

    def panels(self) -> None:
        """The dock: shown or hidden, in every tab."""
        self.window.show_panels(not self.page.dock.isVisible())

    def next_project(self) -> None:
        """The tab at the right, round and round."""
        self.window.step_page(1)

    def previous_project(self) -> None:
        """The tab at the left, round and round."""
        self.window.step_page(-1)

    def next_panel(self) -> None:
        """The keyboard to the next part of the window."""
        self._step_panel(1)

    def previous_panel(self) -> None:
        """The keyboard to the part before."""
        self._step_panel(-1)

    def _step_panel(self, step: int) -> None:
        page = self.page
        areas: list[tuple[QWidget, QWidget]] = [
            (page.canvas, page.canvas),
            (page.layered, page.layered.layers.list),
            (page.edits, page.edits.input.field),
            (self.window.top, self.window.top.menu_button),
        ]
        areas = [(area, first) for area, first in areas if area.isVisible()]
        focused = QApplication.focusWidget()
        at = next((place for place, (area, _) in enumerate(areas) if focused is not None and _within(area, focused)), 0)
        areas[(at + step) % len(areas)][1].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_menu(self) -> None:
        """The menu, by its key."""
        self.window.top.menu_button.showMenu()

    def search(self) -> None:
        """Look for an action by its words, and do it."""
        self.start(self._search())

    async def _search(self) -> None:
        actions = self.window.menus.actions
        chosen = await ask_for_action(self.window, actions)
        if chosen is not None:
            actions[chosen].trigger()

    def shortcuts(self) -> None:
        """Which key does what."""
        self.start(show_keys(self.window))

    def about(self) -> None:
        """What this is."""
        words = (
            f"Nanodesk {__version__}, under the Apache License 2.0. Nothing leaves this computer while the on-device"
            " engine does the edits."
        )
        self.start(tell(self.window, "About Nanodesk", words))


def _within(part: QWidget, widget: QWidget) -> bool:
    return part is widget or part.isAncestorOf(widget)
