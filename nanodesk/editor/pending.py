"""What has happened since something was last written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.storage.batch import Batch, Preview, Reply, StepRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nanodesk.document.candidate import Candidate
    from nanodesk.document.history import History
    from nanodesk.document.identity import CandidateId, RunId, StepId
    from nanodesk.document.journal import JournalEntry
    from nanodesk.document.run import Run
    from nanodesk.document.tiles import TileId
    from nanodesk.storage.batch import Opened


class Pending:
    """Steps, runs and candidates that some file has not got yet; the newest value of each."""

    def __init__(self) -> None:
        self._steps: dict[StepId, StepRecord] = {}
        self._runs: dict[RunId, Run] = {}
        self._candidates: dict[CandidateId, Candidate] = {}
        self._entries: dict[tuple[RunId, int], JournalEntry] = {}
        self._replies: dict[tuple[RunId, int], Reply] = {}
        self._stood = False

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self._steps or self._stood or self.has_answers)

    @property
    def has_answers(self) -> bool:
        """Whether there are runs, or what came of them."""
        return bool(self._runs or self._candidates or self._entries or self._replies)

    def step(self, record: StepRecord) -> None:
        """A step was recorded or amended."""
        self._steps[record.step.id] = record

    def run(self, run: Run) -> None:
        """A run is otherwise than before."""
        self._runs[run.id] = run

    def candidate(self, candidate: Candidate) -> None:
        """A candidate is otherwise than before."""
        self._candidates[candidate.id] = candidate

    def entry(self, entry: JournalEntry) -> None:
        """A request left, or its reply came."""
        self._entries[entry.run, entry.reply] = entry

    def reply(self, reply: Reply) -> None:
        """A reply is to be kept."""
        self._replies[reply.run, reply.reply] = reply

    def answers(self, opened: Opened, kept: Callable[[JournalEntry], Reply]) -> None:
        """Every run, candidate, entry and reply of what was opened; `kept` is where a reply is read."""
        for run in opened.runs:
            self.run(run)
        for candidate in opened.candidates:
            self.candidate(candidate)
        for entry in opened.journal:
            self.entry(entry)
            self.reply(kept(entry))

    def without_steps(self) -> None:
        """Only what runs brought is to be written."""
        self._steps, self._stood = {}, False

    def stood(self) -> None:
        """The place in the history is another."""
        self._stood = True

    def taken(
        self, history: History, packed: Callable[[TileId], bytes], previews: Sequence[Preview] = ()
    ) -> tuple[Batch, Pending]:
        """Everything so far as a batch; what comes next counts anew. The second value is for `again`."""
        kept = Pending()
        kept.again(self)
        for waiting in (self._steps, self._runs, self._candidates, self._entries, self._replies):
            waiting.clear()
        self._stood = False
        batch = Batch(
            packed,
            history.current,
            dict(history.visited),
            tuple(kept._steps.values()),
            tuple(kept._runs.values()),
            tuple(kept._candidates.values()),
            previews,
            tuple(kept._entries.values()),
            tuple(kept._replies.values()),
        )
        return batch, kept

    def again(self, kept: Pending) -> None:
        """A batch could not be written: it goes before what came since."""
        self._steps = {**kept._steps, **self._steps}
        self._runs = {**kept._runs, **self._runs}
        self._candidates = {**kept._candidates, **self._candidates}
        self._entries = {**kept._entries, **self._entries}
        self._replies = {**kept._replies, **self._replies}
        self._stood = self._stood or kept._stood
