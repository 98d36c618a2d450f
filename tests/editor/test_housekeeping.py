"""What a file is made of is shown, and only what is named is dropped."""

import numpy as np
import pytest

from nanodesk.document.identity import LayerId
from nanodesk.document.layer import Layer, Pixels
from nanodesk.document.operations.layers import add_layer, set_content
from nanodesk.editor.errors import SaveError
from tests.editor.kept import renamed, shown, with_work, workspace


def noise(seed, width=700, height=500):
    block = np.random.default_rng(seed).integers(0, 256, (height, width, 4), np.uint8)
    block[..., 3] = 255
    return block


def add_noise(project, seed, name):
    layer = Layer(LayerId(name), name, Pixels(project.pixels.add(noise(seed))))
    project.editor.apply_document(f"Add {name}", lambda d: add_layer(d, layer))


async def opened(folder):
    """A saved project with an abandoned branch, a discarded answer and pictures that nothing shows any more."""
    space = workspace(folder)
    project = space.new()
    await with_work(project)
    await project.save_as(folder / "work.nanodesk")
    add_noise(project, 1, "branch")
    renamed(project, "Branch, renamed")
    project.editor.undo()
    project.editor.undo()
    add_noise(project, 2, "kept")
    grid = project.pixels.add(noise(3))
    top = LayerId("kept")
    project.editor.apply_document("Paint", lambda d: _painted(d, top, grid), amend=True)
    await project.save()
    grid = project.pixels.add(noise(4))
    project.editor.apply_document("Paint", lambda d: _painted(d, top, grid), amend=True)
    project.runs.submit()
    (run,) = [one for one in project.runs.runs.values() if one.state.active]
    await project.runs.finished(run.id)
    await project.save()
    return space, project


def _painted(document, layer_id, grid):
    return set_content(document, layer_id, Pixels(grid))


def named(account, start):
    return next(one for one in account.droppable if one.name.startswith(start))


async def test_an_account_adds_up_to_the_size_of_the_file(folder):
    space, project = await opened(folder)
    account = await project.housekeeping.account()
    assert account.size == (folder / "work.nanodesk").stat().st_size
    parts = {part.words: part.bytes for part in account.parts}
    assert sum(parts.values()) == account.size
    assert parts["The picture as it is now"] > 900_000
    assert parts["Other branches of the history"] > 900_000
    assert parts["Pictures that nothing shows any more"] > 900_000
    assert named(account, "left over").bytes > 900_000
    branch = named(account, "branch")
    assert branch.words == "The branch “Add branch”, 2 steps"
    assert branch.bytes > 900_000
    assert list(account.droppable) == sorted(account.droppable, key=lambda one: -one.bytes)
    await space.shut_down()


async def test_only_what_is_named_is_dropped(folder):
    space, project = await opened(folder)
    before, state, steps = shown(project), project.editor.state, len(project.editor.history.steps)
    account = await project.housekeeping.account()
    size = account.size
    freed = await project.housekeeping.compact([named(account, "branch").name])
    assert freed > 900_000
    assert (folder / "work.nanodesk").stat().st_size == size - freed
    assert len(project.editor.history.steps) == steps - 2
    assert project.editor.state == state
    after = await project.housekeeping.account()
    assert named(after, "left over").bytes == named(account, "left over").bytes
    assert not any(one.words == "The branch “Add branch”, 2 steps" for one in after.droppable)
    freed = await project.housekeeping.compact(["left over"])
    assert freed > 900_000
    assert not any(one.name == "left over" for one in (await project.housekeeping.account()).droppable)
    assert not project.modified
    await space.shut_down()
    space = workspace(folder)
    project = await space.open(folder / "work.nanodesk")
    assert np.array_equal(shown(project), before)
    while project.editor.can_undo:
        project.editor.undo()
    assert len(project.editor.history.steps) == steps - 2
    await space.shut_down()


async def test_discarded_answers_go_when_they_are_named(folder):
    space, project = await opened(folder)
    waiting = list(project.runs.candidates.values())
    for one in waiting:
        project.runs.discard(one.id)
    await project.save()
    account = await project.housekeeping.account()
    gone = [one for one in account.droppable if one.name.startswith("discarded")]
    assert {one.words for one in gone} == {"1 discarded answer of run 2", "1 discarded answer of run 1"}
    await project.housekeeping.compact([gone[0].name])
    assert len(project.runs.candidates) == len(waiting) - 1
    runs = dict(project.runs.runs)
    await space.shut_down()
    space = workspace(folder)
    project = await space.open(folder / "work.nanodesk")
    assert dict(project.runs.runs) == runs
    assert len(project.runs.candidates) == len(waiting) - 1
    await space.shut_down()


async def test_a_compaction_that_cannot_be_written_drops_nothing(folder):
    space, project = await opened(folder)
    for one in list(project.runs.candidates.values()):
        project.runs.discard(one.id)
    await project.save()
    account = await project.housekeeping.account()
    history, candidates, runs = project.editor.history, dict(project.runs.candidates), dict(project.runs.runs)
    data = (folder / "work.nanodesk").read_bytes()
    other = folder / "other"
    other.write_bytes(data)
    other.replace(folder / "work.nanodesk")  # somebody else has written it
    with pytest.raises(SaveError, match="changed by another program"):
        await project.housekeeping.compact([one.name for one in account.droppable])
    assert project.editor.history.steps.keys() == history.steps.keys()
    assert dict(project.runs.candidates) == candidates
    assert dict(project.runs.runs) == runs
    assert (folder / "work.nanodesk").read_bytes() == data
    await space.shut_down()


def _provenances(project):
    return [layer.provenance for layer in project.editor.document.layers.values() if layer.provenance is not None]


async def test_a_slim_copy_holds_the_picture_and_nothing_of_how_it_came_about(folder):
    space, project = await opened(folder)
    before = shown(project)
    size = await project.housekeeping.slim_copy(folder / "slim.nanodesk")
    assert size < (folder / "work.nanodesk").stat().st_size / 2
    assert project.path == folder / "work.nanodesk"
    with pytest.raises(SaveError, match="a name of its own"):
        await project.housekeeping.slim_copy(folder / "work.nanodesk")
    with pytest.raises(SaveError, match="could not be written"):
        await project.housekeeping.slim_copy(folder / "nowhere" / "slim.nanodesk")
    slim = await space.open(folder / "slim.nanodesk")
    assert np.array_equal(shown(slim), before)
    told = _provenances(slim)
    assert any(one.instructions for one in _provenances(project))
    assert not any(one.instructions or one.references or one.run or one.cost or one.exif for one in told)
    assert [one.generative for one in told] == [one.generative for one in _provenances(project)]
    assert len(slim.editor.history.steps) == 2
    assert len(slim.editor.state.edit_stack) == 0
    assert slim.runs.candidates == {}
    await space.shut_down()


async def test_an_untitled_project_has_no_account(folder):
    space = workspace(folder)
    project = space.new()
    project.editor.apply_document("Nothing much", lambda d: d)
    assert (await project.housekeeping.account()).size == 0
    with pytest.raises(SaveError, match="no file yet"):
        await project.housekeeping.compact(["left over"])
    await space.shut_down()
