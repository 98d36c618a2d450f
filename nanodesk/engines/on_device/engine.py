"""The engine that works on this computer: no key, no network, no generative model."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from nanodesk.engines.base import CandidateOffered, Note, Outline, Plan, Progress
from nanodesk.engines.errors import EngineError, NotUnderstoodError
from nanodesk.engines.info import EngineInfo

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

    from nanodesk.engines.base import EditRequest, Event, KeptReply
    from nanodesk.engines.on_device.references import Named
    from nanodesk.engines.on_device.work import Task

_INFO = EngineInfo("on-device", "On-device engine", ready=True, sends=False, generative=False)
_ANY = Outline()


class OnDeviceEngine:
    """Adjustments, filters, geometry, text and backgrounds, as far as they can be done honestly on this computer."""

    @property
    def info(self) -> EngineInfo:
        """Always ready."""
        return _INFO

    def outgoing(self, request: EditRequest) -> None:
        """Nothing: nothing leaves this computer."""

    def plan(self, instructions: tuple[str, ...], outline: Outline = _ANY) -> Plan:
        """How each sentence is understood; quick, and loads no library."""
        del outline  # a sentence means the same on every canvas
        if not instructions:
            return Plan(_INFO.id, ())
        from nanodesk.engines.on_device.planning import plan  # the words are read when the first sentence comes

        return plan(instructions)

    async def recover(self, kept: KeptReply) -> tuple[Event, ...]:
        """Nothing: no reply comes from anywhere."""
        del kept
        return ()

    async def run(self, request: EditRequest) -> AsyncGenerator[Event]:
        """Do the edits in order and offer one candidate; between two parts of an operation the run can be cancelled.

        Raises:
            NotUnderstoodError: before any work, when an edit cannot be done.
            EngineError: when there is no picture, no clear subject, or nothing to change.
        """
        from nanodesk.engines.on_device.progress import message
        from nanodesk.engines.on_device.references import Named
        from nanodesk.engines.on_device.work import Work

        named = Named(request)
        tasks = tasks_of(request, named)
        if request.base is None or request.base.pixels.size == 0:
            raise EngineError("There is no picture to edit; drop one on the canvas first.")
        for note in _notes(request, tasks):
            yield note
        work = Work(request.base.pixels, [edit.mask for edit in request.edits], named)
        for place, task in enumerate(tasks):
            told = "Finding the subject" if work.lacks_subject(task) else message(task.step)
            yield Progress(place / len(tasks), told)
            doing = work.do(task)
            while isinstance(done := await asyncio.to_thread(_next, doing), float):
                if 0 < done < 1 or told != message(task.step):
                    told = message(task.step)
                    yield Progress((place + done) / len(tasks), told)
            if done:
                yield Note(done, task.edit)
        yield Progress(1.0, "Finishing")
        offers = await asyncio.to_thread(work.finish)
        if not offers:
            raise EngineError("The picture is that way already; there was nothing to change.")
        yield CandidateOffered(offers, suggestion=work.suggests)


def _next(doing: Generator[float, None, str]) -> float | str:
    """The next part of a task: the share that is done, or at the end what the designer should know."""
    try:
        return float(next(doing))
    except StopIteration as end:
        return str(end.value)


def _notes(request: EditRequest, tasks: list[Task]) -> list[Note]:
    from nanodesk.engines.on_device.references import names_in

    notes = []
    if request.references and not any(names_in(task.step) for task in tasks):
        notes.append(Note("References guide generative engines only; the on-device engine left them aside."))
    if request.options.candidates > 1:
        notes.append(Note("The on-device engine always comes to the same result, so it gives one."))
    return notes


def tasks_of(request: EditRequest, named: Named) -> list[Task]:
    """Every step of every edit, in order.

    Raises:
        NotUnderstoodError: when there is none, or one cannot be done.
    """
    from nanodesk.engines.on_device.grammar import Refused
    from nanodesk.engines.on_device.planning import planned, steps_of
    from nanodesk.engines.on_device.references import names_in
    from nanodesk.engines.on_device.work import Task

    if not request.edits:
        raise NotUnderstoodError("There is no edit to do; write what should change.", -1)
    tasks: list[Task] = []
    for place, edit in enumerate(request.edits):
        steps = steps_of(edit.instruction)
        if isinstance(steps, Refused):
            raise NotUnderstoodError(steps.reason, place, planned(edit.instruction).nearest)
        if edit.mask is None and any(_SELECTED & {step.target, dict(step.values).get("to")} for step in steps):
            raise NotUnderstoodError(
                f"“{edit.instruction}” speaks of a selection and is not tied to one; draw one and tie it to the edit.",
                place,
            )
        for name in (name for step in steps for name in names_in(step)):
            if not named.knows(name):
                raise NotUnderstoodError(
                    f"“{edit.instruction}” names {name}, and there is no layer or reference of that name.", place
                )
        tasks.extend(Task(place, step) for step in steps)
    return tasks


_SELECTED = {"selection", "outside"}
