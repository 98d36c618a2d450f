"""Answers that were accepted and then undone, and those that did not come."""

import pytest

from nanodesk.document.candidate import CandidateState
from nanodesk.document.geometry import Size
from nanodesk.document.run import RunOptions
from nanodesk.editor.errors import RunError
from nanodesk.engines.base import CandidateOffered, Note, OfferedPicture
from tests.editor.scripted import with_edits
from tests.editor.test_run_queue import Bench, brighter, one_picture

GEMINI = {"engine_id": "gemini", "generative": True}


async def three_pictures(request):
    for name in ("First", "Second", "Third"):
        yield CandidateOffered((OfferedPicture(name, brighter(request)),), reply=1)


async def test_an_answer_whose_step_is_undone_waits_again_until_it_is_redone():
    async with Bench(one_picture, **GEMINI) as bench:
        with_edits(bench.editor, "make it brighter")
        await bench.queue.finished(bench.queue.submit())
        (candidate,) = bench.queue.waiting()
        await bench.queue.accept_when_ready(candidate.id)
        assert not bench.queue.waiting()
        bench.editor.undo()
        assert [one.id for one in bench.queue.waiting()] == [candidate.id]
        bench.queue.discard(candidate.id)
        bench.editor.redo()
        assert bench.queue.candidates[candidate.id].state is CandidateState.ACCEPTED


async def test_an_answer_that_was_taken_without_asking_does_not_come_back():
    async with Bench(one_picture) as bench:
        with_edits(bench.editor, "make it brighter")
        await bench.queue.finished(bench.queue.submit())
        bench.editor.undo()
        assert not bench.queue.waiting()


async def test_an_accepted_answer_that_is_brought_back_stays_where_it_was_put():
    async with Bench(one_picture, **GEMINI) as bench:
        with_edits(bench.editor, "make it brighter")
        await bench.queue.finished(bench.queue.submit())
        (candidate,) = bench.queue.waiting()
        await bench.queue.accept_when_ready(candidate.id)
        bench.queue.bring_back(candidate.id)
        with_edits(bench.editor, "and warmer")
        assert [one.id for one in bench.queue.waiting()] == [candidate.id]


async def test_all_answers_of_a_run_become_layers_in_their_order_as_one_step():
    async with Bench(three_pictures, **GEMINI) as bench:
        with_edits(bench.editor, "a set of three")
        run = await bench.queue.finished(bench.queue.submit())
        steps = len(bench.editor.history.steps)
        await bench.queue.accept_all(run.id)
        document = bench.editor.document
        assert [document.layer(one).name for one in document.root[1:]] == ["First", "Second", "Third"]
        assert len(bench.editor.history.steps) == steps + 1
        bench.editor.undo()
        assert len(bench.queue.waiting()) == 3


@pytest.mark.parametrize("missing", [True, False])
async def test_a_candidate_that_did_not_come_is_told_from_other_notes(missing):
    async def one_fails(request):
        yield Note("Candidate 1 of 2 did not come: refused.", missing=missing)
        yield CandidateOffered((OfferedPicture("Brighter", brighter(request)),))

    async with Bench(one_fails, **GEMINI) as bench:
        with_edits(bench.editor, "make it brighter")
        run = await bench.queue.finished(bench.queue.submit(options=RunOptions(candidates=2)))
        assert run.notes == ("Candidate 1 of 2 did not come: refused.",)
        assert run.missing == (run.notes if missing else ())


async def test_an_answer_that_is_damaged_in_the_file_says_so(monkeypatch):
    async with Bench(one_picture, **GEMINI) as bench:
        with_edits(bench.editor, "make it brighter")
        await bench.queue.finished(bench.queue.submit())
        (candidate,) = bench.queue.waiting()
        assert (await bench.queue.thumbnail(candidate.id, Size(64, 64))).shape == (58, 64, 4)

        def gone(tile_id):
            raise KeyError(tile_id)

        monkeypatch.setattr(bench.pixels, "tile", gone)
        with pytest.raises(RunError, match="damaged in the project file"):
            await bench.queue.thumbnail(candidate.id, Size(64, 64))
