"""What generative runs cost, today and in this document, and the ceilings that hold the queue."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from nanodesk.editor.signal import Signal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nanodesk.document.identity import RunId
    from nanodesk.document.run import Run


class Ceilings(Protocol):
    """Where the ceilings are remembered; US dollars, none for no ceiling."""

    day_ceiling: float | None
    document_ceiling: float | None


class Log(Protocol):
    """Where sums are put down."""

    def add(self, cost: float, engine: str, run: str, now: float) -> None:
        """Put down what a run cost."""

    def on(self, now: float) -> float:
        """What was spent on the day of that moment."""


class Purse:
    """What all open projects spend together.

    Attributes:
        changed: something was spent, or a ceiling is another.
    """

    def __init__(self, log: Log, ceilings: Ceilings) -> None:
        self._log = log
        self.ceilings = ceilings
        self._expected: dict[RunId, float] = {}
        self.changed: Signal[()] = Signal()

    @property
    def today(self) -> float:
        """US dollars spent today, by every window and command."""
        return self._log.on(time.time())

    @property
    def under_way(self) -> float:
        """US dollars that the runs under way are expected to cost still."""
        return sum(self._expected.values())

    def expect(self, run_id: RunId, cost: float | None) -> None:
        """A run is under way and will cost about that; none when it is over."""
        self._expected.pop(run_id, None)
        if cost:
            self._expected[run_id] = cost
        self.changed.emit()

    def note(self, engine: str, run_id: RunId, cost: float) -> None:
        """Something beside the runs cost that."""
        self._log.add(cost, engine, run_id, time.time())
        self.changed.emit()

    def spend(self, run: Run, cost: float) -> None:
        """A run cost that, beyond what was put down for it before."""
        self._log.add(cost, run.engine, run.id, time.time())
        left = self._expected.get(run.id)
        if left is not None:
            self._expected[run.id] = max(0.0, left - cost)
        self.changed.emit()


class Spending:
    """The same as one project sees it."""

    def __init__(self, purse: Purse, runs: Mapping[RunId, Run]) -> None:
        """Of a project with these runs, which may grow."""
        self._purse = purse
        self._runs = runs

    @property
    def changed(self) -> Signal[()]:
        """Emitted when something was spent, or a ceiling is another."""
        return self._purse.changed

    @property
    def today(self) -> float:
        """US dollars spent today, by every window and command."""
        return self._purse.today

    @property
    def document(self) -> float:
        """US dollars that the runs of this document have cost."""
        return round(sum(run.usage.cost or 0.0 for run in self._runs.values()), 6)

    @property
    def day_ceiling(self) -> float | None:
        """US dollars a day; none for no ceiling."""
        return self._purse.ceilings.day_ceiling

    @property
    def document_ceiling(self) -> float | None:
        """US dollars a document; none for no ceiling."""
        return self._purse.ceilings.document_ceiling

    def set_day_ceiling(self, ceiling: float | None) -> None:
        """Let so much be spent in a day; what is held goes on where that is enough."""
        self._purse.ceilings.day_ceiling = ceiling
        self._purse.changed.emit()

    def set_document_ceiling(self, ceiling: float | None) -> None:
        """Let so much be spent on a document; what is held goes on where that is enough."""
        self._purse.ceilings.document_ceiling = ceiling
        self._purse.changed.emit()

    def hold(self, run: Run) -> str:
        """Why a run must wait, as a plain sentence; empty where it may go."""
        cost = run.expected_cost or 0.0
        if not cost:
            return ""
        sums = (
            ("Today's", self.day_ceiling, self.today + self._purse.under_way),
            ("This document's", self.document_ceiling, self.document + self._purse.under_way),
        )
        for whose, ceiling, spent in sums:
            if ceiling is not None and spent + cost > ceiling + 1e-9:
                return (
                    f"{whose} ceiling of ${ceiling:.2f} would be passed: ${spent:.2f} is spent or under way,"
                    f" and this run costs about ${cost:.2f}. Raise the ceiling to send it."
                )
        return ""

    def expect(self, run: Run) -> None:
        """A run is being sent."""
        self._purse.expect(run.id, run.expected_cost)

    def spend(self, run: Run, cost: float | None) -> None:
        """The service has counted so much for a run in all; what is new is put down."""
        more = (cost or 0.0) - (run.usage.cost or 0.0)
        if more > 0:
            self._purse.spend(run, more)

    def note(self, engine: str, run_id: RunId, cost: float | None) -> None:
        """A question to a model cost so much; it counts for the day, and for no run."""
        if cost:
            self._purse.note(engine, run_id, cost)

    def settle(self, run: Run) -> None:
        """A run is over."""
        self._purse.expect(run.id, None)


class Unlimited:
    """No ceilings, nothing remembered: for tests and for work that is kept nowhere."""

    def __init__(self) -> None:
        self.day_ceiling: float | None = None
        self.document_ceiling: float | None = None


class Uncounted:
    """A log that forgets."""

    def add(self, cost: float, engine: str, run: str, now: float) -> None:
        """Nothing."""

    def on(self, now: float) -> float:
        """Nothing was spent."""
        del now
        return 0.0
