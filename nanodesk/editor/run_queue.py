"""The runs of one project: queued, running, done, failed or cancelled, and the candidates they brought."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from nanodesk.document.fingerprint import fingerprint
from nanodesk.document.identity import RunId, new_id
from nanodesk.document.run import Charged, Remedy, Run, RunOptions, RunState
from nanodesk.editor.candidate_list import CandidateList
from nanodesk.editor.capture import Capture
from nanodesk.editor.errors import ConsentMissingError, EditNotUnderstoodError, RunError
from nanodesk.editor.journal import Journal
from nanodesk.editor.running import Runner, failure_of
from nanodesk.editor.signal import Signal
from nanodesk.editor.spending import Purse, Spending, Uncounted, Unlimited

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nanodesk.document.advice import EditVerdict
    from nanodesk.document.candidate import Candidate
    from nanodesk.document.geometry import Size
    from nanodesk.document.journal import JournalEntry
    from nanodesk.document.state import State
    from nanodesk.editor.editor import Editor
    from nanodesk.editor.engine_list import EngineList
    from nanodesk.editor.pixel_store import Block, PixelStore
    from nanodesk.editor.planning import EngineInfo, Outgoing, OutgoingPicture, Plan, PlannedEdit
    from nanodesk.editor.work import Work

_OPTIONS = RunOptions()


class RunQueue(CandidateList):
    """Sends the edit stack to engines and takes in what they answer; belongs to the loop's thread.

    Attributes:
        changed: a run was added or is otherwise than before.
        journal: what left this computer and what came back.
        spending: what it cost, and the ceilings.
        waits_for_ceilings: whether a run that a ceiling holds waits for it to be raised, or fails.
    """

    def __init__(
        self,
        editor: Editor,
        pixels: PixelStore,
        engines: EngineList,
        runner: Runner,
        work: Work,
        purse: Purse | None = None,
    ) -> None:
        super().__init__(editor, pixels, engines, work)
        self._runner = runner
        self._tasks: dict[RunId, asyncio.Task[None]] = {}
        self._faults: dict[RunId, RunError] = {}
        self._broken_off: set[RunId] = set()
        self.changed: Signal[RunId] = Signal()
        self.journal = Journal()
        self.spending = Spending(purse or Purse(Uncounted(), Unlimited()), self.runs)
        self.waits_for_ceilings = True

    @property
    def runs(self) -> Mapping[RunId, Run]:
        """Every run of the project, oldest first."""
        return MappingProxyType(self._runs)

    def remember(self, runs: Sequence[Run], candidates: Sequence[Candidate]) -> None:
        """Take over what the project file holds; a run that was under way when it was written has failed."""
        for run in runs:
            self._runs[run.id] = self._ended(run) if run.state.active else run
        self._broken_off.update(run.id for run in runs if run.state.active)
        self._candidates.update({candidate.id: candidate for candidate in candidates})

    def _ended(self, run: Run) -> Run:
        """What a run is that was under way when the program ended; nothing of it is ever sent again by itself."""
        message, charged, remedy = "The program ended before this run was done.", Charged.NO, Remedy.RUN_AGAIN
        if self.journal.waiting_for_answer(run.id):
            message += " It had been sent and may have been charged."
            charged, remedy = Charged.MAYBE, Remedy.ASK_AGAIN
        return replace(run, state=RunState.FAILED, message=message, charged=charged, remedy=remedy, held="")

    async def claim_replies(self) -> None:
        """Make candidates of the replies that came right before the program ended; nothing is sent."""
        entries = [one for one in self.journal.entries.values() if one.answered is not None and not one.taken]
        claimed = [one for one in entries if one.run in self._broken_off]
        for entry in claimed:
            run = self._runs[entry.run]
            found = await self._runner.recovered(entry, run, self.journal, self._editor.document)
            known = sum((one.run, one.reply) == (entry.run, entry.reply) for one in self._candidates.values())
            fresh = found.candidates[known:]
            for candidate in fresh:
                self._candidates[candidate.id] = candidate
                run = replace(run, candidates=(*run.candidates, candidate.id))
            message = found.message or "The program ended before this run was done; its answer was kept."
            state = RunState.DONE if found.candidates else run.state
            self.spending.spend(run, found.usage.cost)
            self._put(replace(run, state=state, message=message, usage=found.usage, charged=found.charged))
            for candidate in fresh:
                self.candidate_changed.emit(candidate.id)
            await self.journal.taken(entry.run, entry.reply)
        self._broken_off.clear()
        if claimed:
            self.candidates_changed.emit()

    def engines(self) -> tuple[EngineInfo, ...]:
        """The engines there are, whether or not they are ready."""
        return self._engines.infos()

    def _capture(self, options: RunOptions, state: State | None = None) -> Capture:
        return Capture.of(RunId(new_id()), state or self._editor.state, options, self._runs, self._candidates)

    def plan(self, engine: str = "auto", options: RunOptions = _OPTIONS, state: State | None = None) -> Plan:
        """How the sentences that are switched on would be understood, and what would leave this computer.

        Args:
            state: looked at instead of the editor's own.
        """
        capture = self._capture(options, state)
        return self._engines.chosen(engine).plan(capture.sentences, capture.outline)

    def plan_sentence(self, sentence: str, engine: str = "auto") -> PlannedEdit:
        """How one sentence would be understood."""
        return self._engines.chosen(engine).plan((sentence,)).edits[0]

    async def outgoing(self, engine: str = "auto", options: RunOptions = _OPTIONS) -> Outgoing | None:
        """Exactly what Run would send now; none where nothing leaves this computer."""
        chosen = self._engines.chosen(engine)
        if not chosen.info.sends:
            return None
        capture = self._capture(options)
        turns = await self._work.pixels(capture.turns, self.journal)
        request = await self._work.pixels(capture.request, self._pixels, turns)
        return await self._work.pixels(chosen.outgoing, request)

    def continued(self, options: RunOptions) -> tuple[JournalEntry, ...]:
        """The earlier requests that a run with these options sends again, with their answers; oldest first."""
        keys = self._capture(options).continued
        return tuple(entry for entry in map(self.journal.entries.get, keys) if entry is not None)

    async def seen(self, picture: OutgoingPicture, max_size: Size) -> Block:
        """A picture that would be sent, decoded from the very bytes that would leave: straight BGRA in sRGB, small.

        Raises:
            IntakeError: when it cannot be decoded.
        """
        return await self._runner.seen(picture, max_size)

    def submit(self, engine: str = "auto", options: RunOptions = _OPTIONS, state: State | None = None) -> RunId:
        """Send the stack as it is now; base, references and selections are those of this moment.

        Args:
            state: sent instead of the editor's own.

        Raises:
            ConsentMissingError: when nobody agreed yet that pictures go to that engine.
            RunError: when there is nothing to send, or an edit cannot be done; the stack stays as it is.
        """
        chosen = self._engines.chosen(engine)
        capture = self._capture(options, state)
        plan = chosen.plan(capture.sentences, capture.outline)
        self._check(capture, chosen.info, plan)
        run = Run(
            capture.run,
            1 + max((run.number for run in self._runs.values()), default=0),
            capture.edits,
            chosen.info.id,
            options.model or plan.model,
            above=capture.above,
            base=fingerprint(capture.document),
            references=tuple(capture.name_of(reference) for reference in capture.references),
            created=time.time(),
            options=options,
            expected_cost=plan.cost,
        )
        self._put(run)
        self._tasks[run.id] = asyncio.get_running_loop().create_task(self._go(capture), name=f"run {run.number}")
        return run.id

    def _check(self, capture: Capture, info: EngineInfo, plan: Plan) -> None:
        if not capture.edits:
            raise RunError("There is no edit to run: write one, or switch one on.")
        if not info.ready:
            remedy = Remedy.KEY if info.needs_key else Remedy.NONE
            raise RunError(info.reason or f"{info.name} is not ready.", remedy=remedy)
        if capture.document.size.empty and not info.generative:
            raise RunError("There is no picture to edit: drop one on the canvas first.")
        for place, edit in enumerate(plan.edits):
            if not edit.understood:
                raise EditNotUnderstoodError(edit.reason, place, edit.nearest)
        if plan.refusal:
            raise RunError(plan.refusal, remedy=Remedy.OTHER_MODEL, successor=plan.successor)
        if info.sends and not self._engines.consented(info.id):
            raise ConsentMissingError(f"Nobody agreed yet that pictures go to {info.name}.", info.id)

    async def _go(self, capture: Capture) -> None:
        self.first_look.made_on(capture.run, capture.document)
        try:
            await self._until_affordable(capture.run)
            await self._runner.run(capture, self)
            run = self._runs[capture.run]
            self._put(replace(run, state=RunState.DONE, finished=time.time(), progress=1.0, message=""))
            await self._accept_at_once(capture.run)
        except asyncio.CancelledError:
            self._end_cancelled(capture.run)
            raise
        except Exception as error:  # noqa: BLE001 - whatever an engine does, the run says so and the editor goes on
            self._fail(capture.run, failure_of(error))
        finally:
            self.first_look.over(capture.run)
            self.spending.settle(self._runs[capture.run])
            self._tasks.pop(capture.run, None)

    async def _until_affordable(self, run_id: RunId) -> None:
        """Hold a run in the queue while a ceiling is in its way."""
        again = asyncio.Event()
        disconnect = self.spending.changed.connect(again.set)
        try:
            while held := self.spending.hold(self._runs[run_id]):
                if not self.waits_for_ceilings:
                    from nanodesk.editor.errors import RunServiceError

                    raise RunServiceError(held, remedy=Remedy.CEILING)
                self.update(run_id, held=held, message=held, remedy=Remedy.CEILING)
                again.clear()
                await again.wait()
        finally:
            disconnect()
        self.update(run_id, held="", message="", remedy=Remedy.NONE)
        self.spending.expect(self._runs[run_id])

    def _fail(self, run_id: RunId, failure: RunError) -> None:
        self._faults[run_id] = failure
        if isinstance(failure, EditNotUnderstoodError) and failure.edit >= 0:
            missed = self._runs[run_id].edit_messages
            self.update(run_id, edit_messages=(*missed, (failure.edit, str(failure))))
        if failure.words:
            self.update(run_id, notes=(*self._runs[run_id].notes, failure.words))
        self.update(run_id, charged=failure.charged, remedy=failure.remedy, successor=failure.successor)
        self._end(run_id, RunState.FAILED, str(failure))

    def fault_of(self, run_id: RunId) -> RunError:
        """Why a run failed, as what it was; a plain one for a run of an earlier session."""
        return self._faults.get(run_id) or RunError(self._runs[run_id].message or "The run did not end well.")

    def _end(self, run_id: RunId, state: RunState, message: str) -> None:
        run = self._runs[run_id]
        if run.state.active:
            self._put(replace(run, state=state, finished=time.time(), progress=None, message=message, held=""))

    def _end_cancelled(self, run_id: RunId) -> None:
        if self.journal.waiting_for_answer(run_id):
            self.update(run_id, charged=Charged.MAYBE)
            self._end(run_id, RunState.CANCELLED, "Cancelled after it was sent; it may have been charged.")
        else:
            self._end(run_id, RunState.CANCELLED, "Cancelled.")

    async def _accept_at_once(self, run_id: RunId) -> None:
        run = self._runs[run_id]
        waits = any(self._candidates[one].suggestion for one in run.candidates)
        if len(run.candidates) == 1 and not waits and not self._engines.chosen(run.engine).info.generative:
            self._undone.taken_unasked(run_id)
            await self.accept_when_ready(run.candidates[0])

    def update(self, run_id: RunId, **changes: object) -> None:
        """Change a run's values while it is under way; nothing happens once it is over."""
        run = self._runs[run_id]
        if run.state.active:
            self._put(replace(run, **changes))  # type: ignore[arg-type]  # fields by name

    def bring_in(self, run: Run, candidate: Candidate) -> None:
        """Take in a run that another tool did, with its one answer."""
        self._candidates[candidate.id] = candidate
        self._put(run)
        self.candidate_changed.emit(candidate.id)
        self.candidates_changed.emit()

    def judged(self, run_id: RunId, verdicts: Sequence[EditVerdict]) -> None:
        """Keep with a run what a model found done of its edits."""
        self._put(replace(self._runs[run_id], verdicts=tuple(verdicts)))

    def offer(self, candidate: Candidate) -> None:
        """Take in an answer of a run that is under way; a late one of a cancelled run is dropped."""
        run = self._runs[candidate.run]
        if run.state.active:
            self._candidates[candidate.id] = candidate
            self._put(replace(run, candidates=(*run.candidates, candidate.id)))
            self.candidate_changed.emit(candidate.id)
            self.candidates_changed.emit()

    def _put(self, run: Run) -> None:
        before = self._runs.get(run.id)
        if run == before:
            return
        self._runs[run.id] = run
        self.changed.emit(run.id)

    def cancel(self, run_id: RunId) -> None:
        """Stop a run; what it still brings is dropped."""
        self._end_cancelled(run_id)
        task = self._tasks.get(run_id)
        if task is not None:
            task.cancel()

    async def finished(self, run_id: RunId) -> Run:
        """Wait until a run is over and its answer, where it is taken at once, is a layer."""
        task = self._tasks.get(run_id)
        if task is not None:
            await asyncio.wait([task])
        return self._runs[run_id]

    async def stop(self) -> None:
        """Cancel every run, call off every fit, and wait until the last has ended."""
        tasks = list(self._tasks.values())
        for run_id in list(self._tasks):
            self.cancel(run_id)
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.first_look.stop()

    def usual_duration_s(self, engine: str) -> float | None:
        """How long the last runs of an engine took, in the middle; none before the first."""
        known = sorted(
            run.duration_s
            for run in list(self._runs.values())[-20:]
            if run.engine == engine and run.state is RunState.DONE and run.duration_s is not None
        )
        return known[len(known) // 2] if known else None
