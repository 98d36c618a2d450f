"""What is known of a candidate beside its picture: a place for whoever measures what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from nanodesk.document.candidate import Candidate


class Verdict(Protocol):
    """Says what is known; called often, so it answers from what it has and never works or waits."""

    def verdict(self, candidate: Candidate) -> tuple[str, str]:
        """What changed in one plain sentence, and the details in another; each empty where it is not known."""
        ...


class NothingKnown:
    """Where nobody has measured anything."""

    def verdict(self, candidate: Candidate) -> tuple[str, str]:
        """Nothing."""
        del candidate
        return "", ""
