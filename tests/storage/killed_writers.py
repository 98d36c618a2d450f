"""What a writer does until it is killed, and what must be there afterwards; made from a seed, so that both sides know.

A writer says `ready`, and then a number each time so many steps are acknowledged.
"""

import asyncio
import hashlib
import random
from pathlib import Path

import numpy as np

from nanodesk.document.document import Document
from nanodesk.document.geometry import Rect, Size
from nanodesk.document.identity import EditId, LayerId, StepId
from nanodesk.document.layer import Layer, Pixels
from nanodesk.document.operations.edits import add_edit
from nanodesk.document.operations.layers import add_layer, set_content, set_opacity
from nanodesk.editor.disk import DiskStatus
from nanodesk.editor.editor import Editor
from nanodesk.editor.pixel_store import PixelStore
from nanodesk.editor.workspace import Workspace
from nanodesk.imaging.painter import flatten
from nanodesk.storage.integrity import look_over
from nanodesk.storage.project_file import ProjectFile
from nanodesk.storage.reading import ProjectReader
from nanodesk.storage.recovery import RecoveryFile, orphans
from nanodesk.storage.saving import save_new
from nanodesk.storage.settings import Settings
from tests.storage.made import Made

SIZES = {"small": 60, "middle": 6_000, "large": 120_000}
"""Bytes of a packed tile."""

STEPS = 10_000
LAYER = LayerId("a")


def packed(tile_id, size):
    return hashlib.shake_128(tile_id.encode()).digest(size)


# Rows in one file: a save of what is new, a save of the whole, a recovery file on top of a project


def _next(made, step):
    if step % 9 == 8:
        made.go(StepId("s1"))
    made.stroke(f"stroke {step}", [((step + x) % 12, y) for x in range(3) for y in range(2)])


def made_after(steps):
    made = Made()
    made.add_picture(size=Size(3000, 512))
    for step in range(steps):
        _next(made, step)
    return made


def write_rows(folder, way, seed, say):
    size = SIZES[random.Random(seed).choice(list(SIZES))]
    path = folder / "work.nanodesk"
    made = made_after(0)
    pack = lambda tile_id: packed(tile_id, size)  # noqa: E731 - the batch wants a function
    save_new(path, made.whole(pack))
    file = ProjectFile.open(path)
    if way == "recovery":
        file.close()
        file = RecoveryFile.create(folder / "recovery", path, "work", file.change_id).file
    say("ready")
    for step in range(STEPS):
        _next(made, step)
        if way == "whole":
            save_new(path, made.whole(pack))
        else:
            file.write(made.fresh(pack))
        say(step + 1)


def check_rows(folder, way, seed, acknowledged):
    size = SIZES[random.Random(seed).choice(list(SIZES))]
    files, claimed = [ProjectFile.open(folder / "work.nanodesk")], None
    try:
        if way == "recovery":
            found = orphans(folder / "recovery")
            claimed = RecoveryFile.claim(found[0]) if found else None
            files = [*([claimed.file] if claimed else []), *files]
        reader = ProjectReader(files)
        opened = reader.read()
        there = len(opened.history.steps) - 2
        assert there in (acknowledged, acknowledged + 1), f"{acknowledged} acknowledged, {there} there"
        made = made_after(there)
        assert opened.history == made.history
        for step_id, state in list(made.states.items())[-12:]:
            assert reader.state_at(opened.history, step_id) == state
            for grid in state.grids():
                for tile_id in grid.ids():
                    assert reader.tile_data(tile_id) == packed(tile_id, size)
        for file in files:
            assert look_over(file.path).whole
    finally:
        for file in files:
            file.close()
    assert not (folder / "work.nanodesk-journal").exists()
    assert len(list(folder.glob("*.part"))) <= 1  # swept away when nobody has written to it for a while


# The whole editor: steps, undo, branches and saves, with real pixels


def _edit(editor, pixels, chance, number):
    """One change of the project; always the same for the same seed and number."""
    what = chance.choice(["stroke", "stroke", "opacity", "sentence", "undo"])
    if what == "undo" and editor.can_undo and number > 2:
        editor.undo()
        what = "opacity"  # and then a branch, so that each number is one step more
    if what == "stroke":
        grid = editor.document.layer(LAYER).grid
        rect = Rect(chance.randrange(300), chance.randrange(200), 200, 120)
        patch = np.full((rect.height, rect.width, 4), chance.randrange(1, 255), np.uint8)
        patch[:, :, chance.randrange(3)] = number % 251
        new = pixels.paint(grid, rect, patch)
        editor.apply_document("Stroke", lambda d: set_content(d, LAYER, Pixels(new)))
    elif what == "opacity":
        editor.apply_document("Opacity", lambda d: set_opacity(d, LAYER, (number % 97 + 1) / 100))
    else:
        editor.apply("Add edit", lambda s: add_edit(s, EditId(f"e{number}"), f"sentence {number}"))


def _begin(editor, pixels, chance):
    block = np.random.default_rng(chance.randrange(2**31)).integers(0, 256, (500, 600, 4), np.uint8)
    block[..., 3] = 255
    layer = Layer(LAYER, "a", Pixels(pixels.add(block)))
    editor.apply_document("Begin", lambda _: add_layer(Document(Size(600, 500)), layer))


def write_as_editor(folder, way, seed, say):
    asyncio.run(_write_as_editor(folder, way, seed, say))


async def _write_as_editor(folder, way, seed, say):
    chance = random.Random(seed)
    space = _space(folder)
    project = space.new()
    _begin(project.editor, project.pixels, chance)
    if way == "saved":
        await project.save_as(folder / "work.nanodesk")
    await project.keeping.flushed()
    say("ready")
    for step in range(STEPS):
        _edit(project.editor, project.pixels, chance, step)
        if way == "saved" and step % 4 == 3:
            await project.save()
        await project.keeping.flushed()
        if project.disk_status is not DiskStatus.ON_DISK:
            raise SystemExit(project.disk_message)
        say(step + 1)


def _space(folder: Path) -> Workspace:
    import nanodesk.editor.workspace

    nanodesk.editor.workspace.state_folder = lambda: folder / "state"
    return Workspace([], Settings(folder / "settings.json"), folder / "state" / "recovery")


def check_as_editor(folder, way, seed, acknowledged):
    asyncio.run(_check_as_editor(folder, way, seed, acknowledged))


async def _check_as_editor(folder, way, seed, acknowledged):
    space = _space(folder)
    try:
        restored = await space.restore()
        assert not space.lost, space.lost
        if restored:
            (project,) = restored
        else:
            assert way == "saved", "untitled work did not come back"
            project = await space.open(folder / "work.nanodesk")
        chance, editor, pixels = random.Random(seed), Editor(), PixelStore()
        _begin(editor, pixels, chance)
        expected = []
        for step in range(acknowledged + 1):
            expected.append((editor.state, flatten(editor.document, pixels.tile)))
            _edit(editor, pixels, chance, step)
        expected.append((editor.state, flatten(editor.document, pixels.tile)))
        states = [state for state, _ in expected]
        assert project.editor.state in states[acknowledged:], "an acknowledged step is lost"
        seen = flatten(project.editor.document, project.pixels.tile)
        assert np.array_equal(seen, expected[states.index(project.editor.state)][1])
        for step_id in project.editor.history.steps:
            project.editor.state_at(step_id)
        assert not project.pixels.damaged
        if project.path is not None:
            await project.save()
    finally:
        for project in space.projects:
            await space.close(project, discard=True)
        await space.shut_down()


WRITERS = {
    "steps": (write_rows, check_rows),
    "whole": (write_rows, check_rows),
    "recovery": (write_rows, check_rows),
    "untitled": (write_as_editor, check_as_editor),
    "saved": (write_as_editor, check_as_editor),
}
