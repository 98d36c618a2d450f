"""What a fit found, for the candidate strip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.ui.fit.fit_words import found, moved

if TYPE_CHECKING:
    from nanodesk.document.candidate import Candidate


class FitVerdict:
    """Tells of the fit as it stands, with the parts that are kept now."""

    def verdict(self, candidate: Candidate) -> tuple[str, str]:
        """What changed in one plain sentence, and the details in another; both empty for an answer taken as it is."""
        if candidate.fit is None:
            return "", ""
        if candidate.unfitted:
            return "", "as it came"
        title, *more = found(candidate.fit).split("; ")
        return title, " · ".join(one for one in (*more, moved(candidate.fit)) if one)
