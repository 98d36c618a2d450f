"""Answers that were chosen and then undone: they wait for a decision again, as long as their step is undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.candidate import CandidateState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nanodesk.document.candidate import Candidate
    from nanodesk.document.history import Step
    from nanodesk.document.identity import CandidateId, RunId, StepId
    from nanodesk.editor.editor import Editor


class UndoneAnswers:
    """Follows the history; belongs to the loop's thread.

    An answer that was taken without asking does not come back: undoing it is the decision.
    """

    def __init__(
        self,
        editor: Editor,
        candidates: Mapping[CandidateId, Candidate],
        decide: Callable[[CandidateId, CandidateState], None],
    ) -> None:
        self._editor = editor
        self._candidates = candidates
        self._decide = decide
        self._steps: dict[CandidateId, StepId] = {}
        self._unasked: set[RunId] = set()
        editor.history_changed.connect(self._follow)

    def taken_unasked(self, run: RunId) -> None:
        """The answers of this run are applied without a decision."""
        self._unasked.add(run)

    def accepted(self, candidate_id: CandidateId, step: Step) -> None:
        """Somebody decided for a candidate, and it became a step."""
        if self._candidates[candidate_id].run not in self._unasked:
            self._steps[candidate_id] = step.id

    def forget(self, candidate_id: CandidateId) -> None:
        """Somebody wants to decide anew, whatever the history says."""
        self._steps.pop(candidate_id, None)

    def _follow(self) -> None:
        if not self._steps:
            return
        history = self._editor.history
        done = set(history.line(history.current))
        for candidate_id, step in list(self._steps.items()):
            state = self._candidates[candidate_id].state
            if state is CandidateState.ACCEPTED and step not in done:
                self._decide(candidate_id, CandidateState.WAITING)
            elif state is not CandidateState.ACCEPTED and step in done:
                self._decide(candidate_id, CandidateState.ACCEPTED)
