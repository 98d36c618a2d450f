"""The engine that works on this computer: no key, no network, no generative model."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from nanodesk.engines.base import CandidateOffered, Note, Outline, Progress
from nanodesk.engines.errors import EngineError, NotUnderstoodError
from nanodesk.engines.info import EngineInfo

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from nanodesk.engines.base import EditRequest, Event, KeptReply, Plan
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
        from nanodesk.engines.on_device.planning import plan  # the words are read when the first sentence comes

        return plan(instructions)

    async def recover(self, kept: KeptReply) -> tuple[Event, ...]:
        """Nothing: no reply comes from anywhere."""
        del kept
        return ()

    async def run(self, request: EditRequest) -> AsyncGenerator[Event]:
        """Do the edits in order and offer one candidate; between two operations the run can be cancelled.

        Raises:
            NotUnderstoodError: before any work, when an edit cannot be done.
            EngineError: when there is no picture, no clear subject, or nothing to change.
        """
        from nanodesk.engines.on_device.work import Work, message

        tasks = tasks_of(request)
        if request.base is None or request.base.pixels.size == 0:
            raise EngineError("There is no picture to edit; drop one on the canvas first.")
        if request.references:
            yield Note("References guide generative engines only; the on-device engine left them aside.")
        if request.options.candidates > 1:
            yield Note("The on-device engine always comes to the same result, so it gives one.")
        work = Work(request.base.pixels, [edit.mask for edit in request.edits])
        for place, task in enumerate(tasks):
            if work.lacks_subject(task):
                yield Progress(place / len(tasks), "Finding the subject")
                await asyncio.to_thread(work.find_subject)
            yield Progress(place / len(tasks), message(task.step))
            note = await asyncio.to_thread(work.do, task)
            if note:
                yield Note(note, task.edit)
        yield Progress(1.0, "Finishing")
        offers = await asyncio.to_thread(work.finish)
        if not offers:
            raise EngineError("The picture is that way already; there was nothing to change.")
        yield CandidateOffered(offers)


def tasks_of(request: EditRequest) -> list[Task]:
    """Every step of every edit, in order.

    Raises:
        NotUnderstoodError: when there is none, or one cannot be done.
    """
    from nanodesk.engines.on_device.grammar import Refused
    from nanodesk.engines.on_device.planning import planned, steps_of
    from nanodesk.engines.on_device.work import Task

    if not request.edits:
        raise NotUnderstoodError("There is no edit to do; write what should change.", -1)
    tasks: list[Task] = []
    for place, edit in enumerate(request.edits):
        steps = steps_of(edit.instruction)
        if isinstance(steps, Refused):
            raise NotUnderstoodError(steps.reason, place, planned(edit.instruction).nearest)
        if edit.mask is None and any("selection" in (step.target, dict(step.values).get("to")) for step in steps):
            raise NotUnderstoodError(
                f"“{edit.instruction}” speaks of a selection and is not tied to one; draw one and tie it to the edit.",
                place,
            )
        tasks.extend(Task(place, step) for step in steps)
    return tasks
