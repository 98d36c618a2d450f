"""The Run, View and Help menus."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

from nanodesk import __version__
from nanodesk.ui import theme
from nanodesk.ui.actions import ACTIONS
from nanodesk.ui.dialogs.asking import tell
from nanodesk.ui.window.deeds.deed import Deeds


class ViewDeeds(Deeds):
    """Running, looking, moving about in the window."""

    def run(self) -> None:
        """Send the stack."""
        self.page.edits.run_all()

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
        theme.choose(choice)

    def next_project(self) -> None:
        """The tab at the right, round and round."""
        self.window.next_page()

    def next_panel(self) -> None:
        """The keyboard to the next part of the window."""
        page = self.page
        parts = [page.canvas, page.layered.layers.list, page.edits.input.field]
        focused = QApplication.focusWidget()
        at = next((place for place, part in enumerate(parts) if focused is not None and _within(part, focused)), -1)
        parts[(at + 1) % len(parts)].setFocus()

    def shortcuts(self) -> None:
        """Which key does what."""
        lines = [
            f"{_native(action.shortcuts[0])}  {action.title.rstrip('…')}" for action in ACTIONS if action.shortcuts
        ]
        tools = "On the canvas: V move, M rectangle, L lasso, I pipette, H or Space pan, \\ hold to see it before."
        self.start(tell(self.window, "Keyboard shortcuts", "\n".join([*lines, "", tools])))

    def about(self) -> None:
        """What this is."""
        words = (
            f"Nanodesk {__version__}, under the Apache License 2.0. Nothing leaves this computer while the on-device"
            " engine does the edits."
        )
        self.start(tell(self.window, "About Nanodesk", words))


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def _within(part: object, widget: object) -> bool:
    return part is widget or (hasattr(part, "isAncestorOf") and bool(part.isAncestorOf(widget)))
