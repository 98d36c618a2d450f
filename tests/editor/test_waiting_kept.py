"""Answers that nobody has looked at, over a save, a crash and another session: none is lost, and each can be fitted."""

import numpy as np
import pytest

from nanodesk.document.candidate import CandidateState
from nanodesk.document.fingerprint import fingerprint
from nanodesk.document.fit import FitOutcome
from nanodesk.document.geometry import Point, Rect
from nanodesk.document.identity import StepId
from nanodesk.document.operations.layers import move_layer, set_locked
from nanodesk.document.run import RunOptions
from nanodesk.editor.errors import RunError
from nanodesk.editor.intake import PictureSource
from nanodesk.editor.run_base import base_in_history
from nanodesk.editor.workspace import Workspace
from nanodesk.imaging.codec import encode_png
from nanodesk.imaging.painter import flatten
from nanodesk.storage.errors import CannotReadError, DamagedProjectError
from nanodesk.storage.settings import Settings
from tests.editor.kept import recovery_files
from tests.editor.scripted import ScriptedEngine, with_edits
from tests.editor.test_fitting import FAR, GREEN, coffee, equal_fits_are_made_once
from tests.editor.waiting_answers import several

__all__ = ["equal_fits_are_made_once"]
FILE = "work.nanodesk"


@pytest.fixture(autouse=True)
def consented(monkeypatch):
    monkeypatch.setattr(Settings, "consented", lambda *_: True)


def workspace(folder):
    engine = ScriptedEngine(several(), engine_id="gemini", generative=True)
    return Workspace([engine], Settings(folder / "settings.json"), folder / "state" / "recovery")


async def with_answers(project):
    """A photo and a run of three answers, of which the first is fitted."""
    await project.place([PictureSource("photo.png", data=encode_png(coffee()))])
    with_edits(project.editor, "add a ball")
    run = await project.runs.finished(project.runs.submit("gemini", RunOptions(candidates=3)))
    return [project.runs.candidates[one] for one in run.candidates]


def moved(project, by=Point(30, 0)):
    photo = project.editor.document.root[0]
    project.editor.apply_document("Move", lambda document: move_layer(unlocked(document, photo), photo, by))


def unlocked(document, layer):
    return set_locked(document, layer, False)


def same(project, rect):
    seen = flatten(project.editor.document, project.pixels.tile)
    rows, columns = slice(rect.y, rect.bottom), slice(rect.x, rect.right)
    return np.array_equal(seen[rows, columns], coffee()[rows, columns])


async def accepted(project, candidate_id):
    await project.runs.accept_when_ready(candidate_id)
    assert same(project, FAR)
    assert not same(project, GREEN)


async def test_they_wait_in_the_saved_project_and_are_fitted_in_another_session(folder):
    space = workspace(folder)
    project = space.new()
    before = await with_answers(project)
    fitted = await project.runs.first_look.ready(before[2].id)
    await project.save_as(folder / FILE)
    await space.shut_down()

    space = workspace(folder)
    project = await space.open(folder / FILE)
    known = project.runs.candidates
    assert [known[one.id].fit.outcome for one in before] == [FitOutcome.EDIT, FitOutcome.WAITING, FitOutcome.EDIT]
    assert known[before[1].id] == before[1]
    assert known[before[2].id] == fitted
    assert not project.modified
    await accepted(project, before[1].id)
    assert project.modified
    await project.save()
    await space.shut_down()

    space = workspace(folder)
    project = await space.open(folder / FILE)
    now = project.runs.candidates[before[1].id]
    assert (now.state, now.fit.outcome) == (CandidateState.ACCEPTED, FitOutcome.EDIT)
    assert same(project, FAR)
    await space.shut_down()


async def test_they_are_fitted_to_the_step_that_the_run_was_made_on(folder):
    space = workspace(folder)
    project = space.new()
    before = await with_answers(project)
    moved(project)
    moved(project, Point(50, 9))
    await project.save_as(folder / FILE)
    await space.shut_down()

    space = workspace(folder)
    project = await space.open(folder / FILE)
    ready = await project.runs.first_look.ready(before[1].id)
    assert ready.base == before[1].base
    assert ready.fit.outcome is FitOutcome.EDIT
    assert ready.fit.layer is not None
    await space.shut_down()


async def test_where_no_step_looks_like_that_they_are_fitted_to_the_picture_as_it_is(folder, monkeypatch):
    space = workspace(folder)
    project = space.new()
    before = await with_answers(project)
    await project.save_as(folder / FILE)
    await space.shut_down()

    monkeypatch.setattr("nanodesk.editor.first_look.base_in_history", lambda *_: None)
    space = workspace(folder)
    project = await space.open(folder / FILE)
    moved(project, Point(6, 4))
    ready = await project.runs.first_look.ready(before[1].id)
    assert ready.base == fingerprint(project.editor.document) != before[1].base
    assert not project.refitting.candidate_stale(before[1].id)
    await space.shut_down()


async def test_they_outlive_a_program_that_was_killed(folder):
    space = workspace(folder)
    project = space.new()
    before = await with_answers(project)
    await project.keeping.flushed()
    (left,) = recovery_files(folder)
    copy = left.read_bytes()  # as the disk holds it while the program still runs
    await space.shut_down()
    left.write_bytes(copy)

    space = workspace(folder)
    (project,) = await space.restore()
    assert [project.runs.candidates[one.id] for one in before] == before
    small = await project.runs.thumbnail(before[1].id, Rect(0, 0, 60, 40).size)
    assert small.shape == (40, 60, 4)
    assert project.runs.candidates[before[1].id].unfitted
    await accepted(project, before[1].id)
    await space.shut_down()


async def test_once_on_disk_a_waiting_answer_takes_no_memory(folder, monkeypatch):
    monkeypatch.setattr("nanodesk.editor.pixel_store.PACKED_BYTES", 0)
    space = workspace(folder)
    project = space.new()
    before = await with_answers(project)
    await project.keeping.flushed()
    held = set(project.pixels._raw) | set(project.pixels._packed) | set(project.pixels._warm)
    assert not held & before[1].fit.answer.ids()
    assert project.pixels.sound(before[1].fit.answer)
    await accepted(project, before[1].id)
    await space.shut_down()


async def test_one_whose_pixels_are_damaged_says_so_and_is_not_fitted_to_a_hatch(folder):
    space = workspace(folder)
    project = space.new()
    before = await with_answers(project)
    await project.save_as(folder / FILE)
    await space.shut_down()

    space = workspace(folder)
    project = await space.open(folder / FILE)
    project.pixels.mark_damaged(before[1].fit.answer.ids())
    with pytest.raises(RunError, match="damaged"):
        await project.runs.preview(before[1].id)
    assert project.runs.candidates[before[1].id].unfitted

    def gone(_):
        raise CannotReadError("The disk does not answer.")

    project.pixels.reads_from(gone)
    with pytest.raises(RunError, match="cannot be read now"):
        await project.runs.preview(before[2].id)
    await space.shut_down()


async def test_a_history_that_cannot_be_read_is_told_and_a_damaged_one_passed_over(folder):
    space = workspace(folder)
    project = space.new()
    before = await with_answers(project)
    moved(project)
    editor = project.editor
    run = project.runs.runs[before[1].run]
    found = base_in_history(run, editor.history, editor.state, editor.change_or_none)
    assert found is not None
    assert fingerprint(found) == run.base

    def damaged(step: StepId):
        raise DamagedProjectError(f"{step} cannot be read.")

    assert base_in_history(run, editor.history, editor.state, damaged) is None
    project.runs.first_look._bases.clear()
    editor._changes.clear()

    def away(step: StepId):
        raise CannotReadError("The disk does not answer.")

    editor.reads_changes_from(away)
    with pytest.raises(RunError, match="The disk does not answer"):
        await project.runs.preview(before[1].id)
    await space.shut_down()


async def test_what_a_rebase_was_made_on_is_found_although_no_step_hid_the_layers(folder):
    space = workspace(folder)
    project = space.new()
    before = await with_answers(project)
    await project.runs.accept_when_ready(before[0].id)
    run = await project.runs.finished(project.wearing.rebase("gemini", RunOptions(candidates=2)))
    second = project.runs.candidates[run.candidates[1]]
    assert second.unfitted
    project.runs.first_look._bases.clear()
    ready = await project.runs.first_look.ready(second.id)
    assert ready.base == run.base
    assert not project.refitting.candidate_stale(second.id)
    await accepted(project, second.id)
    await space.shut_down()


async def test_compacting_forgets_a_discarded_one_and_a_failure_takes_it_back(folder):
    space = workspace(folder)
    project = space.new()
    before = await with_answers(project)
    project.runs.discard(before[1].id)
    take_back = project.runs.forget([before[1].id])
    assert before[1].id not in project.runs.candidates
    take_back()
    project.runs.bring_back(before[1].id)
    await accepted(project, before[1].id)
    await space.shut_down()
