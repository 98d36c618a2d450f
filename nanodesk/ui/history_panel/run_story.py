"""All that is known of one run, gathered into one value for the rows that tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanodesk.document.candidate import CandidateState
from nanodesk.ui.history_panel.run_again import step_of
from nanodesk.ui.history_panel.words import maker_of

if TYPE_CHECKING:
    from nanodesk.document.candidate import Candidate
    from nanodesk.document.identity import StepId
    from nanodesk.document.journal import JournalEntry
    from nanodesk.document.run import Run
    from nanodesk.editor.project import Project


@dataclass(frozen=True, slots=True)
class RunStory:
    """One run with what it brought and what it sent.

    Attributes:
        candidates: what it brought, in the order it came.
        sent: its requests, in the order they left.
        step: the step in which an answer of it became part of the document; none where there is none.
        maker: who answered, as it is called.
        generative: whether a model was asked, so that nobody knows what it did until that is looked at.
    """

    run: Run
    candidates: tuple[Candidate, ...] = ()
    sent: tuple[JournalEntry, ...] = ()
    step: StepId | None = None
    generative: bool = False
    maker: str = ""

    def count(self, state: CandidateState) -> int:
        """How many of its answers stand so."""
        return sum(candidate.state is state for candidate in self.candidates)


def story_of(project: Project, run: Run, *, whole: bool = True) -> RunStory:
    """The story of a run; without `whole` only what its row says while it is folded."""
    known = project.runs.candidates
    candidates = tuple(known[one] for one in run.candidates if one in known)
    engines = project.runs.engines()
    maker = maker_of(run, engines)
    if not whole:
        return RunStory(run, candidates, maker=maker)
    generative = any(info.generative for info in engines if info.id == run.engine)
    step = step_of(project.editor.history, run.id)
    return RunStory(run, candidates, project.runs.journal.of_run(run.id), step, generative, maker)


def summary_of(story: RunStory) -> str:
    """The dim line of a run that is over."""
    counts = [
        (story.count(CandidateState.WAITING), "answer waits", "answers wait"),
        (story.count(CandidateState.KEPT), "kept aside", "kept aside"),
        (story.count(CandidateState.ACCEPTED), "accepted", "accepted"),
        (story.count(CandidateState.DISCARDED), "discarded", "discarded"),
    ]
    parts = [f"{count} {one if count == 1 else many}" for count, one, many in counts if count]
    return " · ".join(parts) or story.run.state.value
