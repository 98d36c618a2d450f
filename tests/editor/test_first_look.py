"""Answers that nobody has looked at stay as they came, and are fitted when somebody first does."""

import asyncio

import cv2
import numpy as np
import pytest

from nanodesk.document.candidate import AddLayer, CandidateState, HideLayers
from nanodesk.document.fingerprint import fingerprint
from nanodesk.document.fit import FitOutcome
from nanodesk.document.geometry import Point, Rect, Size
from nanodesk.document.operations.layers import move_layer
from nanodesk.document.run import RunOptions, RunState
from nanodesk.editor.as_it_came import on_screen
from nanodesk.editor.errors import RunError
from tests.editor.scripted import picture, with_picture
from tests.editor.test_fitting import BLUE, FAR, GREEN, Bench, equal_fits_are_made_once, redrawn
from tests.editor.waiting_answers import COLOURS, Held, offered, several
from tests.waiting import until

__all__ = ["equal_fits_are_made_once"]


async def waiting(bench, sentence="add a ball"):
    """The candidates of a run that is over."""
    first = await bench.candidate(sentence, options=RunOptions(candidates=3))
    return [bench.queue.candidates[one] for one in bench.queue.runs[first.run].candidates]


async def test_only_the_first_answer_is_fitted_as_it_comes():
    async with Bench(several()) as bench:
        first, *others = await waiting(bench)
        assert first.fit.outcome is FitOutcome.EDIT
        assert [one.fit.outcome for one in others] == [FitOutcome.WAITING] * 2
        assert all(one.unfitted and one.operations == () for one in others)
        assert [one.fit.layer for one in others] == [None] * 2
        own = set().union(*(one.fit.answer.ids() for one in others)) - first.fit.answer.ids()
        assert own
        assert own <= set(bench.pixels._packed)
        assert not own & set(bench.pixels._raw)


async def test_a_waiting_answer_is_fitted_once_for_all_who_ask_and_then_is_there():
    async with Bench(several()) as bench:
        _, second, third = await waiting(bench)
        told = []
        bench.queue.first_look.changed.connect(lambda one: told.append((one, bench.queue.first_look.fitting(one))))
        document, again = await asyncio.gather(bench.queue.preview(second.id), bench.queue.first_look.ready(second.id))
        assert again is bench.queue.candidates[second.id]
        assert again.fit.outcome is FitOutcome.EDIT
        assert isinstance(again.operations[0], AddLayer)
        assert again.operations[0].name == "add a ball"
        assert again.base == second.base
        assert len(document.root) == 2
        assert told == [(second.id, True), (second.id, False)]
        assert bench.queue.candidates[third.id].unfitted
        assert await bench.queue.first_look.ready(second.id) is again
        assert len(told) == 2


async def test_it_is_the_same_fit_as_one_made_on_arrival():
    async with Bench(several(COLOURS[1])) as bench:
        (at_once,) = await waiting(bench)
    async with Bench(several(*COLOURS[:2])) as bench:
        later = await bench.queue.first_look.ready((await waiting(bench))[1].id)
        assert later.fit == at_once.fit
        assert later.operations == at_once.operations
        assert later.base == at_once.base


async def test_accepting_an_unfitted_answer_fits_it_first():
    async with Bench(several()) as bench:
        second = (await waiting(bench))[1]
        step = await bench.queue.accept_when_ready(second.id)
        assert step.label == "add a ball"
        assert bench.same(FAR)
        assert not bench.same(GREEN)
        layer = bench.editor.document.root[-1]
        assert bench.refitting.answer_of(layer).id == second.id
        assert not bench.refitting.stale(layer)


async def test_accepting_all_fits_those_that_wait():
    async with Bench(several()) as bench:
        candidates = await waiting(bench)
        await bench.queue.accept_all(candidates[0].run)
        assert len(bench.editor.document.root) == 4
        assert {bench.queue.candidates[one.id].state for one in candidates} == {CandidateState.ACCEPTED}
        assert bench.same(FAR)


async def test_it_is_fitted_to_what_the_run_was_made_on_whatever_happened_since():
    async with Bench(several()) as bench:
        second = (await waiting(bench))[1]
        bench.editor.apply_document("Move", lambda document: move_layer(document, bench.photo, Point(40, 4)))
        ready = await bench.queue.first_look.ready(second.id)
        assert ready.base == second.base == bench.queue.runs[second.run].base
        assert bench.refitting.candidate_stale(second.id)
        await bench.refitting.refit_candidate(second.id)
        assert not bench.refitting.candidate_stale(second.id)


async def test_refitting_an_unfitted_answer_fits_it_to_the_picture_as_it_is_now():
    async with Bench(several()) as bench:
        second = (await waiting(bench))[1]
        bench.editor.apply_document("Move", lambda document: move_layer(document, bench.photo, Point(6, 4)))
        await bench.refitting.refit_candidate(second.id)
        now = bench.queue.candidates[second.id]
        assert not now.unfitted
        assert now.operations[0].name == "add a ball"
        assert now.base == fingerprint(bench.editor.document)


async def test_dropping_a_part_of_an_unfitted_answer_fits_it_first():
    async with Bench(several()) as bench:
        second = (await waiting(bench))[1]
        await bench.refitting.keep_in_candidate(second.id, ())
        now = bench.queue.candidates[second.id]
        assert now.fit.islands
        assert now.fit.kept == ()
        await bench.queue.accept_when_ready(second.id)
        assert bench.same()


async def test_discarding_and_keeping_need_no_fit(monkeypatch):
    async with Bench(several()) as bench:
        _, second, third = await waiting(bench)
        held = Held(monkeypatch)
        bench.queue.discard(second.id)
        bench.queue.keep(third.id)
        assert held.count == 0
        assert bench.queue.candidates[second.id].unfitted
        bench.queue.bring_back(third.id)
        held.let.set()
        await bench.queue.accept_when_ready(third.id)
        assert held.count == 1


async def test_when_nobody_asks_any_more_the_fit_is_called_off(monkeypatch):
    async with Bench(several()) as bench:
        second = (await waiting(bench))[1]
        held = Held(monkeypatch)
        asking = [asyncio.create_task(bench.queue.preview(second.id)) for _ in range(2)]
        await held.under_way()
        asking[0].cancel()
        await until(asking[0].done)
        assert bench.queue.first_look.fitting(second.id)
        asking[1].cancel()
        await until(lambda: held.called_off == 1)
        assert not bench.queue.first_look.fitting(second.id)
        assert bench.queue.candidates[second.id].unfitted
        held.let.set()
        assert not (await bench.queue.first_look.ready(second.id)).unfitted
        assert held.count == 2


async def test_one_that_was_called_off_too_late_is_not_fitted_again(monkeypatch):
    async with Bench(several()) as bench:
        second = (await waiting(bench))[1]
        held = Held(monkeypatch)
        held.deaf = True
        passing = asyncio.create_task(bench.queue.preview(second.id))
        await held.under_way()
        passing.cancel()
        await until(passing.done)
        coming_back = asyncio.create_task(bench.queue.first_look.ready(second.id))
        await until(lambda: bench.queue.first_look.fitting(second.id))
        held.let.set()
        assert await coming_back is bench.queue.candidates[second.id]
        assert held.count == 1


async def test_one_is_fitted_at_a_time_and_who_has_gone_on_is_skipped(monkeypatch):
    async with Bench(several()) as bench:
        _, second, third = await waiting(bench)
        held = Held(monkeypatch)
        going = asyncio.create_task(bench.queue.preview(second.id))
        passing = asyncio.create_task(bench.queue.preview(third.id))
        await held.under_way()
        passing.cancel()
        await until(passing.done)
        held.let.set()
        await going
        await bench.queue.first_look.stop()
        assert held.count == 1
        assert bench.queue.candidates[third.id].unfitted


async def test_discarding_one_that_is_being_fitted_calls_it_off(monkeypatch):
    async with Bench(several()) as bench:
        second = (await waiting(bench))[1]
        held = Held(monkeypatch)
        asking = asyncio.create_task(bench.queue.preview(second.id))
        await held.under_way()
        bench.queue.discard(second.id)
        with pytest.raises(asyncio.CancelledError):
            await asking
        await until(lambda: held.called_off == 1)
        assert bench.queue.candidates[second.id].state is CandidateState.DISCARDED


async def test_what_is_decided_while_it_is_fitted_stays_decided(monkeypatch):
    async with Bench(several()) as bench:
        _, second, third = await waiting(bench)
        held = Held(monkeypatch)
        asking = [asyncio.create_task(bench.queue.preview(one.id)) for one in (second, third)]
        await held.under_way()
        bench.queue.keep(second.id)
        bench.queue.forget([third.id])
        held.let.set()
        await asking[0]
        now = bench.queue.candidates[second.id]
        assert (now.state, now.unfitted) == (CandidateState.KEPT, False)
        with pytest.raises(asyncio.CancelledError):
            await asking[1]
        assert third.id not in bench.queue.candidates


async def test_stopping_waits_for_the_fit_to_end(monkeypatch):
    async with Bench(several()) as bench:
        second = (await waiting(bench))[1]
        held = Held(monkeypatch)
        asking = asyncio.create_task(bench.queue.preview(second.id))
        await held.under_way()
        await bench.queue.stop()
        assert held.called_off == 1
        with pytest.raises(asyncio.CancelledError):
            await asking


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (MemoryError(), "not enough memory"),
        (ValueError("secret"), "a fault of ours .ValueError."),
    ],
)
async def test_a_fault_is_one_sentence_and_the_answer_can_be_tried_again(monkeypatch, fault, words):
    async with Bench(several()) as bench:
        second = (await waiting(bench))[1]

        def broken(*_, **__):
            raise fault

        with monkeypatch.context() as patched:
            patched.setattr("nanodesk.editor.first_look.fitted", broken)
            before = bench.editor.document
            with pytest.raises(RunError, match=words) as caught:
                await bench.queue.accept_when_ready(second.id)
            assert "secret" not in str(caught.value)
            assert bench.editor.document is before
            assert bench.queue.candidates[second.id].unfitted
        await bench.queue.accept_when_ready(second.id)
        assert not bench.same(GREEN)


async def test_an_answer_with_a_damaged_part_is_not_fitted(monkeypatch):
    async with Bench(several()) as bench:
        second = (await waiting(bench))[1]
        monkeypatch.setattr(type(bench.pixels), "sound", lambda *_: False)
        with pytest.raises(RunError, match="damaged"):
            await bench.queue.preview(second.id)


async def test_without_a_picture_there_is_nothing_to_fit_to():
    async with Bench(several()) as bench:
        second = (await waiting(bench))[1]
        bench.editor.go_to(bench.editor.history.root)
        bench.queue.first_look._bases.clear()
        history = bench.editor.history
        root = {history.root: history.step(history.root)}
        bench.editor.take_history(type(history)(root, history.root, history.root))
        with pytest.raises(RunError, match="no picture to fit"):
            await bench.queue.preview(second.id)
        small = await bench.queue.thumbnail(second.id, Size(600, 400))
        assert small.shape == bench.base.shape


async def test_a_broken_second_answer_says_so_when_it_comes():
    async with Bench(several(COLOURS[0], b"no picture", COLOURS[1])) as bench:
        first, second = await waiting(bench)
        assert bench.queue.runs[first.run].state is RunState.DONE
        assert [note for note in bench.queue.runs[first.run].notes if "The picture in the answer" in note]
        assert second.unfitted


async def test_a_broken_first_answer_leaves_its_place_to_the_second():
    async with Bench(several(b"no picture", COLOURS[0], COLOURS[1])) as bench:
        first, second = await waiting(bench)
        assert (first.unfitted, second.unfitted) == (False, True)


async def test_the_small_picture_of_an_unfitted_answer_is_the_answer_as_it_came():
    async with Bench(several()) as bench:
        second = (await waiting(bench))[1]
        small = await bench.queue.thumbnail(second.id, Size(150, 100))
        assert small.shape == (100, 150, 4)
        blue = small[(GREEN.y + 45) // 4, (GREEN.x + 45) // 4]
        assert np.abs(blue[:3].astype(int) - COLOURS[1]).max() < 40
        assert bench.queue.candidates[second.id].unfitted
        level, whole = await bench.queue.as_it_came(second.id)
        assert (level, whole.shape) == (0, (400, 600, 4))
        assert np.abs(whole[BLUE.y, BLUE.x, :3].astype(int) - bench.base[BLUE.y, BLUE.x, :3]).max() < 30


async def test_an_answer_for_a_part_lies_on_the_rest_of_the_picture():
    clip = Rect(300, 100, 200, 200)

    async def script(request):
        red = np.full((100, 100, 3), (0, 0, 250), np.uint8)
        data = cv2.imencode(".png", red)[1].tobytes()
        yield offered(redrawn(request.base.pixels), Rect(0, 0, 600, 400))
        yield offered(data, clip)

    async with Bench(script) as bench:
        second = (await waiting(bench))[1]
        top = with_picture(bench.editor, bench.pixels, picture(40, 40), "later.png")
        shown = (await bench.queue.as_it_came(second.id))[1]
        assert tuple(shown[200, 400]) == (0, 0, 250, 255)
        assert np.array_equal(shown[:40, :40], bench.pixels.block(bench.editor.document.layers[top].grid))
        bench.queue._candidates[second.id] = second.__class__(
            second.id, second.run, (HideLayers((top,)),), second.base, fit=second.fit
        )
        shown = (await bench.queue.as_it_came(second.id))[1]
        assert np.array_equal(shown[:40, :40], bench.base[:40, :40])


def test_a_large_picture_stands_in_at_a_level_of_the_canvas():
    assert on_screen(Size(600, 400)) == (0, Size(600, 400))
    assert on_screen(Size(6000, 4001)) == (2, Size(1500, 1001))
