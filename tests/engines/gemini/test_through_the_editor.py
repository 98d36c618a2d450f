"""The engine within an open project: what a run changes, and what no ending may touch."""

import asyncio

import numpy as np
import pytest

from nanodesk.document.candidate import CandidateState
from nanodesk.document.geometry import Point
from nanodesk.document.layer import Pixels
from nanodesk.document.run import Charged, Remedy, RunOptions, RunState
from nanodesk.editor.editor import Editor
from nanodesk.editor.engine_list import EngineList
from nanodesk.editor.intake import Decoder
from nanodesk.editor.pixel_store import PixelStore
from nanodesk.editor.run_queue import RunQueue
from nanodesk.editor.running import Runner
from nanodesk.editor.work import Work
from tests.editor.scripted import picture, with_edits, with_picture
from tests.engines.gemini.ending_table import ENDINGS
from tests.waiting import until
from tests.wire import scenarios as wire
from tests.wire.replies import picture_part, plain


class Desk:
    """A project with one picture and two edits, on the real engine."""

    def __init__(self, rig):
        self.work = Work()
        self.editor, self.pixels = Editor(), PixelStore()
        engines = EngineList([rig.engine], lambda _: True)
        self.decoder = Decoder(self.work)
        runner = Runner(engines, self.pixels, self.decoder, self.work)
        self.queue = RunQueue(self.editor, self.pixels, engines, runner, self.work)
        self.layer = with_picture(self.editor, self.pixels, picture())
        with_edits(self.editor, "make it evening", "add a moon")

    async def run(self, **options):
        return await self.queue.finished(self.queue.submit(options=RunOptions(**options), engine="gemini"))

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        await self.queue.stop()
        await self.decoder.close()
        self.work.close()


async def test_a_good_run_waits_on_the_strip_with_its_cost(rig):
    async with Desk(rig) as desk:
        before = desk.editor.state
        run = await desk.run(candidates=2)
        assert run.state is RunState.DONE
        assert len(run.candidates) == 2
        assert run.answered_by == "gemini-nano-banana-2.1-001"
        assert run.usage.cost == pytest.approx(2 * 0.037656, abs=1e-5)
        assert desk.editor.state is before
        assert {desk.queue.candidates[one].state for one in run.candidates} == {CandidateState.WAITING}
        assert "1. make it evening.\n2. add a moon." in rig.server.asked[0].text


async def test_an_answer_of_the_very_picture_is_the_very_picture(rig):
    rig.server.will(wire.returns_the_base)
    async with Desk(rig) as desk:
        run = await desk.run(fit=False)
        await desk.queue.accept_when_ready(run.candidates[0])
        document = desk.editor.document
        layer = document.layer(document.root[-1])
        assert isinstance(layer.content, Pixels)
        assert layer.offset == Point()
        assert np.array_equal(desk.pixels.block(layer.content.grid), picture())


@pytest.mark.parametrize("name", ENDINGS)
async def test_no_ending_touches_stack_tray_or_picture(rig, name):
    rig.server.always(ENDINGS[name].scenario)
    async with Desk(rig) as desk:
        before = desk.editor.state
        run = await desk.run()
        assert run.state is RunState.FAILED
        assert run.message.endswith("charged.")
        assert (run.charged, run.remedy) == (ENDINGS[name].charged, ENDINGS[name].remedy)
        assert desk.editor.state is before


@pytest.mark.parametrize("data", [plain()[:600], b"<svg/>", bytes(5000)])
async def test_a_picture_that_cannot_be_read_says_that_it_was_charged(rig, data):
    rig.server.will(wire.answers(picture_part(data)))
    async with Desk(rig) as desk:
        run = await desk.run()
        assert run.state is RunState.FAILED
        assert "The picture in the answer" in run.message
        assert run.charged is Charged.YES
        assert run.remedy is Remedy.RUN_AGAIN


async def test_cancelling_returns_at_once_and_the_other_run_goes_on(rig):
    rig.server.will(wire.says_nothing)
    async with Desk(rig) as desk:
        first = desk.queue.submit(engine="gemini")
        await until(lambda: rig.server.asked)
        second = desk.queue.submit(engine="gemini")
        desk.queue.cancel(first)
        assert (await desk.queue.finished(first)).state is RunState.CANCELLED
        assert await asyncio.to_thread(rig.server.hung_up.acquire, timeout=5)
        assert (await desk.queue.finished(second)).state is RunState.DONE
        assert len(desk.editor.state.edit_stack) == 2
