"""A reply that was on disk when the program was killed becomes an answer in the next session; nothing is sent."""

import asyncio

import pytest

from nanodesk.document.candidate import CandidateState
from nanodesk.document.fit import FitOutcome
from nanodesk.document.geometry import Rect
from nanodesk.document.run import Charged, RunOptions, RunState, Usage
from nanodesk.editor.intake import PictureSource
from nanodesk.editor.workspace import Workspace
from nanodesk.engines.base import (
    CandidateOffered,
    EncodedPicture,
    OfferedPicture,
    ReplyReceived,
    Sending,
    UsageReported,
)
from nanodesk.engines.errors import RefusedError
from nanodesk.imaging.codec import encode_png
from nanodesk.storage.settings import Settings
from tests.editor.kept import recovery_files
from tests.editor.scripted import ScriptedEngine, with_edits
from tests.editor.test_fitting import GREEN, coffee, equal_fits_are_made_once, redrawn
from tests.waiting import until

__all__ = ["equal_fits_are_made_once"]
FRAME = Rect(0, 0, 600, 400)
COST = Usage(0.04, 100, 1290)


@pytest.fixture(autouse=True)
def consented(monkeypatch):
    monkeypatch.setattr(Settings, "consented", lambda *_: True)


def offered(body, reply):
    picture = EncodedPicture(body, "image/jpeg")
    return CandidateOffered((OfferedPicture("", picture, frame=FRAME, clip=FRAME),), reply=reply)


class KillableEngine(ScriptedEngine):
    """Its reply is the picture itself; after the last that it may read on the spot it never comes to the next."""

    def __init__(self, read=0, *, refuses=False):
        super().__init__(self._answering, engine_id="gemini", generative=True)
        self._read, self._refuses = read, refuses
        self.stuck = asyncio.Event()
        self.recovered = []

    async def _answering(self, request):
        body = redrawn(request.base.pixels, (GREEN, (60, 200, 60)))
        for reply in range(request.options.candidates):
            yield Sending(reply, (), "add a ball", "model", "127.0.0.1", frame=FRAME, clip=FRAME)
            yield ReplyReceived(reply, body)
            if reply >= self._read:
                self.stuck.set()
                await asyncio.Event().wait()
            yield UsageReported(COST)
            yield offered(body, reply)

    async def recover(self, kept):
        self.recovered.append(kept.reply)
        if self._refuses:
            raise RefusedError("The model refused.", charged=Charged.YES)
        return (UsageReported(COST), offered(kept.body, kept.reply))


def workspace(folder, engine):
    return Workspace([engine], Settings(folder / "settings.json"), folder / "state" / "recovery")


async def killed(folder, *, read=0, candidates=1, saved=None):
    """A session that ended while a reply was being read, with its work in the recovery file, or saved right before."""
    engine = KillableEngine(read)
    space = workspace(folder, engine)
    project = space.new()
    await project.place([PictureSource("photo.png", data=encode_png(coffee()))])
    with_edits(project.editor, "add a ball")
    run = project.runs.submit("gemini", RunOptions(candidates=candidates))
    await until(engine.stuck.is_set)
    await project.keeping.flushed()
    if saved is not None:
        await project.save_as(saved)
    (left,) = [saved] if saved is not None else recovery_files(folder)
    copy = left.read_bytes()
    await space.shut_down()
    if saved is not None:
        recovery_files(folder)[0].unlink()
    left.write_bytes(copy)
    return run


async def test_its_answer_waits_and_is_fitted_when_it_is_looked_at(folder):
    run_id = await killed(folder)
    engine = KillableEngine()
    space = workspace(folder, engine)
    (project,) = await space.restore()
    run = project.runs.runs[run_id]
    assert (run.state, run.charged, run.usage) == (RunState.DONE, Charged.YES, COST)
    assert "its answer was kept" in run.message
    (candidate,) = project.runs.candidates.values()
    assert run.candidates == (candidate.id,)
    assert (candidate.state, candidate.unfitted, candidate.base) == (CandidateState.WAITING, True, run.base)
    await project.runs.accept_when_ready(candidate.id)
    now = project.runs.candidates[candidate.id]
    assert (now.fit.outcome, now.base) == (FitOutcome.EDIT, run.base)
    assert not engine.requests
    await project.save_as(folder / "work.nanodesk")
    await space.shut_down()

    space = workspace(folder, engine)
    project = await space.open(folder / "work.nanodesk")
    assert len(project.runs.candidates) == 1
    assert engine.recovered == [0]
    await space.shut_down()


async def test_what_was_an_answer_already_is_not_made_twice(folder):
    run_id = await killed(folder, read=1, candidates=2)
    engine = KillableEngine()
    space = workspace(folder, engine)
    (project,) = await space.restore()
    first, second = project.runs.candidates.values()
    assert (first.reply, second.reply) == (0, 1)
    assert (first.unfitted, second.unfitted) == (False, True)
    assert engine.recovered == [1]
    assert project.runs.runs[run_id].usage == COST
    assert project.spending.today == 0.0
    await space.shut_down()


async def test_a_reply_whose_answer_is_there_although_it_is_not_noted_is_not_doubled(folder):
    run_id = await killed(folder, read=1, candidates=2)
    engine = KillableEngine()
    space = workspace(folder, engine)
    (project,) = await space.restore()
    runs = project.runs
    entry = runs.journal.entries[run_id, 0]
    runs.journal.remember([type(entry)(entry.run, 0, "gemini", "model", "127.0.0.1", answered=1.0)])
    runs._broken_off.add(run_id)
    await runs.claim_replies()
    assert engine.recovered == [1, 0]
    assert len(runs.candidates) == 2
    await space.shut_down()


async def test_one_that_holds_no_picture_says_why(folder):
    run_id = await killed(folder)
    space = workspace(folder, KillableEngine(refuses=True))
    (project,) = await space.restore()
    run = project.runs.runs[run_id]
    assert (run.state, run.message, run.charged) == (RunState.FAILED, "The model refused.", Charged.YES)
    assert not project.runs.candidates
    await space.shut_down()


async def test_of_a_project_saved_meanwhile_the_window_takes_it_in_and_the_command_line_does_not(folder):
    path = folder / "work.nanodesk"
    run_id = await killed(folder, saved=path)

    engine = KillableEngine()
    space = Workspace([engine], Settings(folder / "settings.json"), None)
    project = await space.open(path)
    assert project.runs.runs[run_id].state is RunState.FAILED
    assert not engine.recovered
    assert not project.modified
    await space.shut_down()

    space = workspace(folder, engine)
    project = await space.open(path, read_only=True)
    assert not engine.recovered
    await space.close(project)
    project = await space.open(path)
    assert project.runs.runs[run_id].state is RunState.DONE
    assert len(project.runs.candidates) == 1
    assert project.modified
    await space.shut_down()
