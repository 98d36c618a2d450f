"""Edit, undo, branch, save, crash, reopen, in any order: what a plain model says, never less than was told.

The model is a tree of states in memory. A crash copies the folders as they lie on disk, when the window says that
all work is there, and goes on from the copy.
"""

import asyncio
import shutil
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import nanodesk.editor.workspace
from nanodesk.document.document import Document
from nanodesk.document.geometry import Rect, Size
from nanodesk.document.identity import EditId, LayerId, new_id
from nanodesk.document.layer import Layer, Pixels
from nanodesk.document.operations.edits import add_edit
from nanodesk.document.operations.layers import add_layer, remove_layer, set_content, set_opacity
from nanodesk.editor.disk import DiskStatus
from nanodesk.editor.workspace import Workspace
from nanodesk.imaging.painter import flatten
from nanodesk.storage.integrity import look_over
from nanodesk.storage.settings import Settings

SIZE = Size(300, 280)


class AnyWork(RuleBasedStateMachine):
    """One project through the hands of somebody who saves seldom and whose computer crashes."""

    def __init__(self) -> None:
        super().__init__()
        self.state_folder = nanodesk.editor.workspace.state_folder
        self.runner = asyncio.Runner()
        self.folders = [Path(tempfile.mkdtemp(prefix="nanodesk-stateful-"))]
        self.saved = False
        self.space = self._space()
        self.project = self._run(self._new())
        self.states = {self.project.editor.history.current: self.project.editor.state}
        self.pictures: dict[object, np.ndarray] = {}
        self.number = 0

    @property
    def folder(self) -> Path:
        return self.folders[-1]

    @property
    def path(self) -> Path:
        return self.folder / "work.nanodesk"

    def _run(self, story):
        return self.runner.run(story)

    def _space(self) -> Workspace:
        nanodesk.editor.workspace.state_folder = lambda: self.folder / "state"
        return Workspace([], Settings(self.folder / "settings.json"), self.folder / "state" / "recovery")

    async def _new(self):
        return self.space.new()

    async def _noting(self, act):
        act()
        editor = self.project.editor
        if self.states.get(editor.history.current) != editor.state:  # also where the newest step was amended
            self.pictures.pop(editor.history.current, None)
        self.states[editor.history.current] = editor.state

    def _step(self, act) -> None:
        self._run(self._noting(act))

    @initialize(seed=st.integers(0, 5))
    def begin(self, seed: int) -> None:
        layer = self._layer("base", seed)
        self._step(lambda: self.project.editor.apply_document("Begin", lambda _: add_layer(Document(SIZE), layer)))

    def _layer(self, name: str, seed: int) -> Layer:
        block = np.random.default_rng(seed).integers(0, 256, (SIZE.height, SIZE.width, 4), np.uint8)
        return Layer(LayerId(name), name, Pixels(self.project.pixels.add(block)))

    @rule(seed=st.integers(0, 5))
    def add(self, seed: int) -> None:
        layer = self._layer(new_id(), seed)
        self._step(lambda: self.project.editor.apply_document("Add", lambda d: add_layer(d, layer)))

    @rule(place=st.integers(0, 3), value=st.integers(0, 255))
    def paint(self, place: int, value: int) -> None:
        editor, pixels = self.project.editor, self.project.pixels
        layers = [one for one in editor.document.layers.values() if one.grid is not None]
        if layers:
            rect = Rect(place * 70, place * 60, 40, 50)
            grid = pixels.paint(layers[0].grid, rect, np.full((50, 40, 4), value, np.uint8))
            self._step(lambda: editor.apply_document("Paint", lambda d: set_content(d, layers[0].id, Pixels(grid))))

    @rule(percent=st.integers(0, 100), amend=st.booleans())
    def fade(self, percent: int, amend: bool) -> None:
        editor = self.project.editor
        for layer_id in editor.document.root[:1]:
            self._step(
                lambda layer_id=layer_id: editor.apply_document(
                    "Fade", lambda d: set_opacity(d, layer_id, percent / 100), amend=amend
                )
            )

    @rule()
    def remove(self) -> None:
        editor = self.project.editor
        if len(editor.document.root) > 1:
            top = editor.document.root[-1]
            self._step(lambda: editor.apply_document("Remove", lambda d: remove_layer(d, top)))

    @rule()
    def write(self) -> None:
        self.number += 1
        words = f"sentence {self.number}"
        self._step(lambda: self.project.editor.apply("Edit", lambda s: add_edit(s, EditId(new_id()), words)))

    @rule()
    def undo(self) -> None:
        self._step(self.project.editor.undo)

    @rule()
    def redo(self) -> None:
        self._step(self.project.editor.redo)

    @rule(data=st.data())
    def go_anywhere(self, data: st.DataObject) -> None:
        steps = list(self.project.editor.history.steps)
        target = data.draw(st.sampled_from(range(len(steps))))
        self._step(lambda: self.project.editor.go_to(steps[target]))

    @rule()
    def save(self) -> None:
        self._run(self.project.save_as(self.path))
        self.saved = True
        assert not self.project.modified
        assert look_over(self.path).whole

    @rule()
    def crash(self) -> None:
        self._run(self._crash())

    async def _crash(self) -> None:
        await self.project.keeping.flushed()
        assert self.project.disk_status is DiskStatus.ON_DISK
        after = Path(tempfile.mkdtemp(prefix="nanodesk-stateful-"))
        shutil.copytree(self.folder, after, dirs_exist_ok=True)
        before, unsaved = self.path, self.project.modified
        await self.space.close(self.project, discard=True)
        await self.space.shut_down()
        self.folders.append(after)
        self._moved(before)
        self.space = self._space()
        restored = await self.space.restore()
        assert not self.space.lost
        assert len(restored) == (1 if unsaved else 0)
        self.project = restored[0] if restored else await self._open()

    async def _open(self):
        return await self.space.open(self.path) if self.saved else self.space.new()

    def _moved(self, before: Path) -> None:
        """The copy of a recovery file names the project at its old place: put that away, so that it is not found."""
        import json
        import sqlite3

        for one in (self.folder / "state" / "recovery").glob("*.recovery"):
            connection = sqlite3.connect(one)
            connection.execute(
                "UPDATE meta SET value = ? WHERE key = 'project_path' AND value = ?",
                (json.dumps(str(self.path)), json.dumps(str(before))),
            )
            connection.commit()
            connection.close()

    @precondition(lambda self: self.saved)
    @rule()
    def reopen(self) -> None:
        self._run(self._reopen())

    async def _reopen(self) -> None:
        if self.project.modified:
            await self.project.save()
        await self.space.close(self.project)
        self.project = await self.space.open(self.path)

    @invariant()
    def is_what_the_model_says(self) -> None:
        editor = self.project.editor
        if editor.document.size.empty:
            return
        assert editor.state == self.states[editor.history.current]
        assert set(editor.history.steps) >= set(self.states)
        for step_id in list(self.states)[-3:]:
            assert editor.state_at(step_id) == self.states[step_id]
        seen = flatten(editor.document, self.project.pixels.tile)
        known = self.pictures.setdefault(editor.history.current, seen)
        assert np.array_equal(seen, known)
        assert not self.project.pixels.damaged

    def teardown(self) -> None:
        self._run(self._end())
        self.runner.close()
        nanodesk.editor.workspace.state_folder = self.state_folder
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)

    async def _end(self) -> None:
        for project in self.space.projects:
            await self.space.close(project, discard=True)
        await self.space.shut_down()


TestAnyWork = AnyWork.TestCase
TestAnyWork.settings = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
