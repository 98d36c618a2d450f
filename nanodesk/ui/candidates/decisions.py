"""What the strip's buttons and keys do to the runs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.document.candidate import CandidateState
from nanodesk.editor.notice import NoticeKind
from nanodesk.ui.history_panel.attempt import say, start
from nanodesk.ui.history_panel.run_again import run_again

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nanodesk.document.candidate import Candidate
    from nanodesk.document.identity import CandidateId, RunId
    from nanodesk.document.run import Run
    from nanodesk.editor.project import Project


class Decisions:
    """Acts on the runs of one project; what cannot be done is said in a notice.

    Args:
        accepted: called when an answer has become a step.
    """

    def __init__(self, project: Project, accepted: Callable[[], None]) -> None:
        self._project = project
        self._accepted = accepted
        self._accepting: set[CandidateId] = set()

    def accept(self, candidate: Candidate) -> None:
        """Apply one answer as a step, once however often it is asked for."""
        if candidate.id not in self._accepting:
            self._accepting.add(candidate.id)
            start(self._project, self._accept(candidate.id))

    async def _accept(self, candidate_id: CandidateId) -> None:
        try:
            await self._project.runs.accept_when_ready(candidate_id)
        finally:
            self._accepting.discard(candidate_id)
        self._accepted()

    def accept_all(self, run: RunId) -> None:
        """Apply every waiting answer of a run, each as a layer, as one step."""
        waiting = {one.id for one in self._project.runs.waiting() if one.run == run}
        if not waiting & self._accepting:
            self._accepting |= waiting
            start(self._project, self._accept_all(run, waiting))

    async def _accept_all(self, run: RunId, waiting: set[CandidateId]) -> None:
        try:
            await self._project.runs.accept_all(run)
        finally:
            self._accepting -= waiting
        self._accepted()

    def keep(self, candidate: Candidate) -> None:
        """Take an answer off the strip; it is found with its run."""
        if self._undecided(candidate):
            self._project.runs.keep(candidate.id)
            say(self._project, "Kept aside: it is with its run, under Runs.", NoticeKind.INFO)

    def discard(self, candidates: Iterable[Candidate]) -> None:
        """Take answers off the strip; until the project is compacted they can be brought back."""
        gone = [one for one in candidates if self._undecided(one)]
        for candidate in gone:
            self._project.runs.discard(candidate.id)
        if gone:
            words = "Discarded" if len(gone) == 1 else f"{len(gone)} answers discarded"
            say(self._project, f"{words}; Runs brings back what was discarded.", NoticeKind.INFO)

    def _undecided(self, candidate: Candidate) -> bool:
        known = self._project.runs.candidates.get(candidate.id)
        waits = known is not None and known.state is CandidateState.WAITING
        return waits and candidate.id not in self._accepting

    def again(self, run: Run) -> None:
        """Ask once more for one answer of a run."""
        run_again(self._project, replace(run, options=replace(run.options, candidates=1)))

    def cancel(self, run: RunId) -> None:
        """Stop a run; what it has brought stays."""
        self._project.runs.cancel(run)
