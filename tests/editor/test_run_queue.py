import asyncio

import numpy as np
import pytest

from nanodesk.document.candidate import CandidateState
from nanodesk.document.layer import Adjustment, AdjustmentStep, Pixels
from nanodesk.document.operations.layers import remove_layer
from nanodesk.document.run import RunOptions, RunState
from nanodesk.editor.editor import Editor
from nanodesk.editor.engine_list import EngineList
from nanodesk.editor.errors import EditNotUnderstoodError, RunError
from nanodesk.editor.intake import Decoder
from nanodesk.editor.pixel_store import PixelStore
from nanodesk.editor.run_queue import RunQueue
from nanodesk.editor.running import Runner
from nanodesk.editor.work import Work
from nanodesk.engines.base import CandidateOffered, Note, OfferedAdjustment, OfferedPicture, Progress
from nanodesk.engines.errors import RefusedError
from tests.editor.scripted import ScriptedEngine, picture, with_edits, with_picture
from tests.waiting import until


class Bench:
    """A queue on a scripted engine."""

    def __init__(self, script, **kind):
        self.work = Work()
        self.editor, self.pixels = Editor(), PixelStore()
        self.engine = ScriptedEngine(script, **kind)
        engines = EngineList([self.engine], lambda _: True)
        runner = Runner(engines, self.pixels, Decoder(self.work), self.work)
        self.queue = RunQueue(self.editor, self.pixels, engines, runner, self.work)
        self.layer = with_picture(self.editor, self.pixels, picture())

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        await self.queue.stop()
        self.work.close()


def brighter(request):
    block = request.base.pixels.copy()
    block[:100, :, 0] += 20
    return block


async def one_picture(request):
    yield Progress(0.5, "Working")
    yield Note("Seen", 0)
    yield CandidateOffered((OfferedPicture("Brighter", brighter(request)),))


async def test_one_answer_of_this_machine_becomes_a_layer_above_the_base():
    async with Bench(one_picture) as bench:
        with_edits(bench.editor, "make it brighter")
        run = await bench.queue.finished(bench.queue.submit())
        assert run.state is RunState.DONE
        top = bench.editor.document.layer(bench.editor.document.root[-1])
        assert top.name == "Brighter"
        assert top.provenance.instructions == ("make it brighter",)
        assert bench.editor.history.step(bench.editor.history.current).label == "make it brighter"
        assert len(bench.editor.state.edit_stack) == 1
        bench.editor.undo()
        assert bench.editor.document.root == (bench.layer,)


async def test_only_what_changed_is_inserted():
    async with Bench(one_picture) as bench:
        with_edits(bench.editor, "make it brighter")
        await bench.queue.finished(bench.queue.submit())
        top = bench.editor.document.layer(bench.editor.document.root[-1])
        mask = bench.pixels.block(top.mask.grid)
        assert np.all(mask[:100] == 255)
        assert np.all(mask[100:] == 0)


async def test_a_whole_picture_is_inserted_where_fit_is_off():
    async with Bench(one_picture) as bench:
        with_edits(bench.editor, "make it brighter")
        await bench.queue.finished(bench.queue.submit(options=RunOptions(fit=False)))
        assert bench.editor.document.layer(bench.editor.document.root[-1]).mask is None


async def test_the_base_is_the_one_of_the_moment_of_run():
    gate = asyncio.Event()

    async def held(request):
        await gate.wait()
        async for event in one_picture(request):
            yield event

    async with Bench(held) as bench:
        with_edits(bench.editor, "make it brighter")
        run_id = bench.queue.submit()
        bench.editor.apply_document("Remove", lambda d: remove_layer(d, bench.layer))
        gate.set()
        run = await bench.queue.finished(run_id)
        assert run.state is RunState.DONE
        assert bench.engine.requests[0].base.pixels.shape == (270, 300, 4)
        assert bench.engine.requests[0].base.pixels[0, 0, 3] == 255
        assert len(bench.editor.document.root) == 1


async def test_cancel_ends_a_run_at_once_and_a_late_answer_is_dropped():
    gate = asyncio.Event()

    async def stubborn(request):
        try:
            await gate.wait()
        finally:
            gate.set()
        yield CandidateOffered((OfferedPicture("Late", brighter(request)),))

    async with Bench(stubborn) as bench:
        with_edits(bench.editor, "make it brighter")
        run_id = bench.queue.submit()
        await until(lambda: bench.engine.requests)
        bench.queue.cancel(run_id)
        assert bench.queue.runs[run_id].state is RunState.CANCELLED
        await bench.queue.finished(run_id)
        assert bench.editor.document.root == (bench.layer,)
        assert bench.engine.closed == 1


async def test_several_runs_wait_for_each_other_and_all_arrive():
    async with Bench(one_picture) as bench:
        with_edits(bench.editor, "make it brighter")
        runs = [bench.queue.submit() for _ in range(3)]
        for run_id in runs:
            await bench.queue.finished(run_id)
        assert len(bench.editor.document.root) == 4
        assert [run.number for run in bench.queue.runs.values()] == [1, 2, 3]


async def test_an_empty_stack_and_an_empty_canvas_are_said_plainly():
    async with Bench(one_picture) as bench:
        with pytest.raises(RunError, match="no edit to run"):
            bench.queue.submit()
        with_edits(bench.editor, "make it brighter")
        bench.editor.go_to(bench.editor.history.root)
        with_edits(bench.editor, "make it brighter")
        with pytest.raises(RunError, match="no picture"):
            bench.queue.submit()
        assert not bench.queue.runs


async def test_an_edit_that_is_not_understood_is_named_with_the_nearest_and_nothing_runs():
    async with Bench(one_picture) as bench:
        with_edits(bench.editor, "make it warmer", "add a dragon")
        with pytest.raises(EditNotUnderstoodError) as raised:
            bench.queue.submit()
        assert raised.value.edit == 1
        assert raised.value.nearest == ("make it warmer",)
        assert len(bench.editor.state.edit_stack) == 2


async def test_an_engine_that_fails_says_so_and_the_stack_stays():
    async def refuses(request):
        yield Progress(None)
        raise RefusedError("The model sent no picture.")

    async with Bench(refuses) as bench:
        with_edits(bench.editor, "make it brighter")
        run = await bench.queue.finished(bench.queue.submit())
        assert (run.state, run.message) == (RunState.FAILED, "The model sent no picture.")
        assert len(bench.editor.state.edit_stack) == 1


async def test_a_fault_of_ours_is_a_plain_sentence_without_the_prompt():
    async def breaks(request):
        yield Progress(None)
        raise KeyError("make it brighter")

    async with Bench(breaks) as bench:
        with_edits(bench.editor, "make it brighter")
        run = await bench.queue.finished(bench.queue.submit())
        assert run.state is RunState.FAILED
        assert "brighter" not in run.message


async def test_a_generative_answer_waits_until_it_is_accepted():
    async with Bench(one_picture, engine_id="gemini", generative=True) as bench:
        with_edits(bench.editor, "make it brighter")
        run = await bench.queue.finished(bench.queue.submit("gemini"))
        assert bench.editor.document.root == (bench.layer,)
        (candidate,) = bench.queue.waiting()
        shown = await bench.queue.preview(candidate.id)
        assert len(shown.root) == 2
        assert bench.editor.document.root == (bench.layer,)
        await bench.queue.accept_when_ready(candidate.id)
        assert len(bench.editor.document.root) == 2
        assert bench.queue.candidates[run.candidates[0]].state is CandidateState.ACCEPTED
        assert bench.editor.document.layer(bench.editor.document.root[-1]).provenance.generative


async def test_an_adjustment_is_a_candidate_as_much_as_a_picture_is():
    steps = (AdjustmentStep("warmth", (("amount", 0.2),)),)

    async def adjusts(request):
        yield CandidateOffered((OfferedAdjustment("Warmer", Adjustment(steps)),))

    async with Bench(adjusts) as bench:
        with_edits(bench.editor, "make it warmer")
        await bench.queue.finished(bench.queue.submit())
        top = bench.editor.document.layer(bench.editor.document.root[-1])
        assert top.content == Adjustment(steps)
        assert not isinstance(top.content, Pixels)


async def test_the_window_is_told_of_each_change_of_a_run():
    async with Bench(one_picture) as bench:
        with_edits(bench.editor, "make it brighter")
        seen = []
        bench.queue.changed.connect(lambda run_id: seen.append(bench.queue.runs[run_id].state))
        await bench.queue.finished(bench.queue.submit())
        assert seen[0] is RunState.QUEUED
        assert RunState.RUNNING in seen
        assert seen[-1] is RunState.DONE


async def test_a_suggestion_waits_although_it_is_the_only_answer_of_this_machine():
    async def suggests(request):
        yield CandidateOffered((OfferedPicture("Filled", brighter(request)),), suggestion=True)

    async with Bench(suggests) as bench:
        with_edits(bench.editor, "remove the spot")
        run = await bench.queue.finished(bench.queue.submit())
        (candidate,) = bench.queue.waiting()
        assert candidate.id == run.candidates[0]
        assert candidate.suggestion
        assert bench.editor.document.root == (bench.layer,)
