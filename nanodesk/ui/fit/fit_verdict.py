"""What a fit found, for the candidate strip."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nanodesk.document.candidate import Candidate


class FitVerdict:
    """Splits the fit's sentence in what changed and the details."""

    def verdict(self, candidate: Candidate) -> tuple[str, str]:
        """What changed in one plain sentence, and the details in another; both empty for an answer taken as it is."""
        if candidate.fit is None:
            return "", ""
        if candidate.unfitted:
            return "", "as it came"
        title, *details = candidate.fit.sentence.rstrip(".").split("; ")
        return title, " · ".join(details)
