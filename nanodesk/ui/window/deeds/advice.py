"""The Run menu's questions to a model that looks and does not draw."""

from __future__ import annotations

from nanodesk.document.advice import AdviceKind
from nanodesk.ui.window.deeds.deed import Deeds


class AdviceDeeds(Deeds):
    """Each opens the card with its question; nothing is sent before Ask is pressed there."""

    def suggest_edits(self) -> None:
        """Ideas for edits."""
        self.page.advice.open_for(AdviceKind.SUGGEST)

    def describe_picture(self) -> None:
        """What is in the picture."""
        self.page.advice.open_for(AdviceKind.DESCRIBE)

    def check_edits(self) -> None:
        """Which edits of the newest answer were done."""
        self.page.advice.open_for(AdviceKind.CHECK)

    def what_went_wrong(self) -> None:
        """Why the newest answer is not what was asked for."""
        self.page.advice.open_for(AdviceKind.WENT_WRONG)
