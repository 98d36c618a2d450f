"""The runs of one project: queued, running, done, failed or cancelled, and the candidates they brought."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from nanodesk.document.candidate import Candidate, CandidateState
from nanodesk.document.fingerprint import fingerprint
from nanodesk.document.identity import CandidateId, RunId, new_id
from nanodesk.document.run import Run, RunOptions, RunState
from nanodesk.editor.candidates import applied, provenance_of
from nanodesk.editor.capture import Capture
from nanodesk.editor.errors import EditNotUnderstoodError, RunError
from nanodesk.editor.running import Runner, failure_of
from nanodesk.editor.signal import Signal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nanodesk.document.document import Document
    from nanodesk.document.history import Step
    from nanodesk.editor.editor import Editor
    from nanodesk.editor.engine_list import EngineList
    from nanodesk.editor.pixel_store import PixelStore
    from nanodesk.editor.planning import EngineInfo, Plan, PlannedEdit
    from nanodesk.editor.work import Work

_OPTIONS = RunOptions()


class RunQueue:
    """Sends the edit stack to engines and takes in what they answer; belongs to the loop's thread.

    Attributes:
        changed: a run was added or is otherwise than before.
        candidates_changed: a candidate came, or its state is another.
    """

    def __init__(self, editor: Editor, pixels: PixelStore, engines: EngineList, runner: Runner, work: Work) -> None:
        self._editor = editor
        self._pixels = pixels
        self._engines = engines
        self._runner = runner
        self._work = work
        self._runs: dict[RunId, Run] = {}
        self._candidates: dict[CandidateId, Candidate] = {}
        self._tasks: dict[RunId, asyncio.Task[None]] = {}
        self._faults: dict[RunId, RunError] = {}
        self.changed: Signal[RunId] = Signal()
        self.candidates_changed: Signal[()] = Signal()
        self.candidate_changed: Signal[CandidateId] = Signal()
        self.accepted: Signal[CandidateId, Step] = Signal()

    @property
    def runs(self) -> Mapping[RunId, Run]:
        """Every run of the project, oldest first."""
        return MappingProxyType(self._runs)

    @property
    def candidates(self) -> Mapping[CandidateId, Candidate]:
        """Every candidate of the project, oldest first."""
        return MappingProxyType(self._candidates)

    def remember(self, runs: Sequence[Run], candidates: Sequence[Candidate]) -> None:
        """Take over what the project file holds; a run that was under way when it was written has failed."""
        for run in runs:
            if run.state.active:
                run = replace(run, state=RunState.FAILED, message="The program ended before this run was done.")
            self._runs[run.id] = run
        self._candidates.update({candidate.id: candidate for candidate in candidates})

    def engines(self) -> tuple[EngineInfo, ...]:
        """The engines there are, whether or not they are ready."""
        return self._engines.infos()

    def plan(self, engine: str = "auto") -> Plan:
        """How the sentences that are switched on would be understood, and what would leave this computer."""
        sentences = tuple(edit.instruction for edit in self._editor.state.edit_stack.enabled)
        return self._engines.chosen(engine).plan(sentences)

    def plan_sentence(self, sentence: str, engine: str = "auto") -> PlannedEdit:
        """How one sentence would be understood."""
        return self._engines.chosen(engine).plan((sentence,)).edits[0]

    def submit(self, engine: str = "auto", options: RunOptions = _OPTIONS) -> RunId:
        """Send the stack as it is now; base, references and selections are those of this moment.

        Raises:
            RunError: when there is nothing to send, or an edit cannot be done; the stack stays as it is.
        """
        chosen = self._engines.chosen(engine)
        capture = Capture(RunId(new_id()), self._editor.state, options)
        self._check(capture, chosen.info, chosen.plan(tuple(edit.instruction for edit in capture.edits)))
        run = Run(
            capture.run,
            1 + max((run.number for run in self._runs.values()), default=0),
            capture.edits,
            chosen.info.id,
            options.model,
            options=options,
            above=capture.above,
            base=fingerprint(capture.document),
            references=tuple(capture.name_of(reference) for reference in capture.references),
            created=time.time(),
        )
        self._put(run)
        self._tasks[run.id] = asyncio.get_running_loop().create_task(self._go(capture), name=f"run {run.number}")
        return run.id

    def _check(self, capture: Capture, info: EngineInfo, plan: Plan) -> None:
        if not capture.edits:
            raise RunError("There is no edit to run: write one, or switch one on.")
        if not info.ready:
            raise RunError(info.reason or f"{info.name} is not ready.")
        if capture.document.size.empty and not info.generative:
            raise RunError("There is no picture to edit: drop one on the canvas first.")
        for place, edit in enumerate(plan.edits):
            if not edit.understood:
                raise EditNotUnderstoodError(edit.reason, place, edit.nearest)

    async def _go(self, capture: Capture) -> None:
        try:
            await self._runner.run(capture, self)
            run = self._runs[capture.run]
            self._put(replace(run, state=RunState.DONE, finished=time.time(), progress=1.0, message=""))
            await self._accept_at_once(capture.run)
        except asyncio.CancelledError:
            self._end(capture.run, RunState.CANCELLED, "Cancelled.")
            raise
        except Exception as error:  # noqa: BLE001 - whatever an engine does, the run says so and the editor goes on
            self._fail(capture.run, failure_of(error))
        finally:
            self._tasks.pop(capture.run, None)

    def _fail(self, run_id: RunId, failure: RunError) -> None:
        self._faults[run_id] = failure
        if isinstance(failure, EditNotUnderstoodError) and failure.edit >= 0:
            missed = self._runs[run_id].edit_messages
            self.update(run_id, edit_messages=(*missed, (failure.edit, str(failure))))
        self._end(run_id, RunState.FAILED, str(failure))

    def fault_of(self, run_id: RunId) -> RunError:
        """Why a run failed, as what it was; a plain one for a run of an earlier session."""
        return self._faults.get(run_id) or RunError(self._runs[run_id].message or "The run did not end well.")

    def _end(self, run_id: RunId, state: RunState, message: str) -> None:
        run = self._runs[run_id]
        if run.state.active:
            self._put(replace(run, state=state, finished=time.time(), progress=None, message=message))

    async def _accept_at_once(self, run_id: RunId) -> None:
        run = self._runs[run_id]
        if len(run.candidates) == 1 and not self._engines.chosen(run.engine).info.generative:
            await self.accept_when_ready(run.candidates[0])

    def update(self, run_id: RunId, **changes: object) -> None:
        """Change a run's values while it is under way; nothing happens once it is over."""
        run = self._runs[run_id]
        if run.state.active:
            self._put(replace(run, **changes))  # type: ignore[arg-type]

    def offer(self, candidate: Candidate) -> None:
        """Take in an answer of a run that is under way; a late one of a cancelled run is dropped."""
        run = self._runs[candidate.run]
        if run.state.active:
            self._candidates[candidate.id] = candidate
            self._put(replace(run, candidates=(*run.candidates, candidate.id)))
            self.candidate_changed.emit(candidate.id)
            self.candidates_changed.emit()

    def _put(self, run: Run) -> None:
        self._runs[run.id] = run
        self.changed.emit(run.id)

    def cancel(self, run_id: RunId) -> None:
        """Stop a run; what it still brings is dropped."""
        self._end(run_id, RunState.CANCELLED, "Cancelled.")
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
        """Cancel every run and wait until the last has ended."""
        tasks = list(self._tasks.values())
        for run_id in list(self._tasks):
            self.cancel(run_id)
        await asyncio.gather(*tasks, return_exceptions=True)

    def usual_duration_s(self, engine: str) -> float | None:
        """How long the last runs of an engine took, in the middle; none before the first."""
        known = sorted(
            run.duration_s
            for run in list(self._runs.values())[-20:]
            if run.engine == engine and run.state is RunState.DONE and run.duration_s is not None
        )
        return known[len(known) // 2] if known else None

    def waiting(self) -> tuple[Candidate, ...]:
        """The candidates that nobody has decided on."""
        return tuple(one for one in self._candidates.values() if one.state is CandidateState.WAITING)

    async def preview(self, candidate_id: CandidateId) -> Document:
        """The document as it would be with a candidate, for showing in place."""
        return await self._with(self._editor.document, self._candidates[candidate_id])

    async def _with(self, document: Document, candidate: Candidate) -> Document:
        run = self._runs[candidate.run]
        generative = self._engines.is_generative(run.engine)
        provenance = provenance_of(run, generative=generative)
        return await self._work.pixels(applied, document, candidate, run.above, provenance, self._pixels)

    async def accept_when_ready(self, candidate_id: CandidateId) -> Step | None:
        """Apply a candidate as one step to the document as it is by then."""
        candidate = self._candidates[candidate_id]
        while True:
            base = self._editor.document
            after = await self._with(base, candidate)
            if self._editor.document is base:
                break
        run = self._runs[candidate.run]
        provenance = provenance_of(run, generative=self._engines.is_generative(run.engine))
        step = self._editor.apply_document(label_of(run), lambda _: after, provenance=provenance)
        self._decide(candidate_id, CandidateState.ACCEPTED)
        if step is not None:
            self.accepted.emit(candidate_id, step)
        return step

    def keep(self, candidate_id: CandidateId) -> None:
        """Take a candidate off the strip and keep it with its run."""
        self._decide(candidate_id, CandidateState.KEPT)

    def discard(self, candidate_id: CandidateId) -> None:
        """Take a candidate off the strip; it stays in the project until it is compacted."""
        self._decide(candidate_id, CandidateState.DISCARDED)

    def _decide(self, candidate_id: CandidateId, state: CandidateState) -> None:
        self._candidates[candidate_id] = replace(self._candidates[candidate_id], state=state)
        self.candidate_changed.emit(candidate_id)
        self.candidates_changed.emit()


def label_of(run: Run) -> str:
    """What the history calls the step of an accepted candidate: its sentences, shortened."""
    label = ", ".join(edit.instruction.strip() for edit in run.edits) or "Run"
    return label if len(label) <= 80 else label[:79].rstrip() + "…"
