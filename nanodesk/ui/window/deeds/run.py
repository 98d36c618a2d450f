"""The edits in the Run menu; what it asks of a model that looks is in `advice`."""

from __future__ import annotations

from nanodesk.ui.window.deeds.deed import Deeds


class RunDeeds(Deeds):
    """Writing edits, sending them, stopping them."""

    def run(self) -> None:
        """Send the stack."""
        self.page.edits.press_run()

    def see_leaving(self) -> None:
        """All that the next run would send."""
        self.page.edits.open_tray()

    def cancel_run(self) -> None:
        """Stop the newest run."""
        self.page.edits.cancel_newest()

    def write_edit(self) -> None:
        """Go to where the next edit is written."""
        self.page.edits.focus_input()
