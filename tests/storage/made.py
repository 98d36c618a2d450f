"""Projects made for tests: pictures whose packed tiles are a few bytes."""

import itertools
import sqlite3
from dataclasses import replace

from nanodesk.document.change import Change, diff
from nanodesk.document.document import Document
from nanodesk.document.geometry import Size
from nanodesk.document.history import History, Step
from nanodesk.document.identity import LayerId, StepId
from nanodesk.document.layer import Layer, Pixels
from nanodesk.document.operations.layers import add_layer, set_content, set_opacity
from nanodesk.document.state import State
from nanodesk.storage.batch import Batch, StepRecord
from nanodesk.storage.reading import ProjectReader
from tests.document.values import grid_named, tile_named

A = LayerId("a")


def packed(tile_id):
    return b"packed " + tile_id.encode() * 4


def spoil(path, *statements):
    """Change a file behind the program's back."""
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def spoil_tiles(path, tiles):
    """Make the packed bytes of some tiles unreadable."""
    spoil(path, *(f"UPDATE tiles SET data = x'00' WHERE id = x'{tile}'" for tile in tiles))


class Made:
    """A history with the record of each step, and what was not written yet."""

    def __init__(self, state=None):
        self.state = state or State(Document(Size(3000, 2000)))
        root = Step(StepId("root"), None, "New", 1.0)
        self.history = History.starting(root)
        self.records = [StepRecord(root, Change(), self.state)]
        self.states = {root.id: self.state}
        self._unwritten = list(self.records)
        self._numbers = itertools.count(1)

    def record(self, after, label="step"):
        step = Step(StepId(f"s{next(self._numbers)}"), self.history.current, label, 2.0)
        record = StepRecord(step, diff(self.state, after), after)
        self.history = self.history.recorded(step)
        self.state = self.states[step.id] = after
        self.records.append(record)
        self._unwritten.append(record)
        return step.id

    def go(self, step_id):
        self.history = self.history.at(step_id)
        self.state = self.states[step_id]

    def change_document(self, operation, label="step"):
        return self.record(replace(self.state, document=operation(self.state.document)), label)

    def add_picture(self, layer_id=A, size=Size(3000, 2000)):
        layer = Layer(layer_id, layer_id, Pixels(grid_named(layer_id, size)))
        return self.change_document(lambda document: add_layer(document, layer), "Add")

    def stroke(self, name, places=((0, 0), (1, 0))):
        grid = self.state.document.layer(A).grid
        assert grid
        painted = grid.replaced({place: tile_named(f"{name} {place}") for place in places})
        return self.change_document(lambda document: set_content(document, A, Pixels(painted)), name)

    def fade(self, opacity):
        return self.change_document(lambda document: set_opacity(document, A, opacity), "Opacity")

    def whole(self, packed=packed, **more):
        self._unwritten = []
        return Batch(packed, self.history.current, self.history.visited, tuple(self.records), **more)

    def fresh(self, packed=packed, **more):
        steps, self._unwritten = tuple(self._unwritten), []
        return Batch(packed, self.history.current, self.history.visited, steps, **more)


def assert_holds(files, made):
    """What the files hold is what was made: every step, every state, every tile."""
    reader = ProjectReader(files)
    opened = reader.read()
    assert opened.history == made.history
    assert opened.state == made.state
    for step_id, state in made.states.items():
        assert reader.state_at(opened.history, step_id) == state
        for grid in state.grids():
            for tile_id in grid.ids():
                assert reader.tile_data(tile_id) == packed(tile_id)
    for record in made.records:
        assert reader.change_of(record.step.id) == record.change


def count(file, table):
    return number(file, f"SELECT count(*) FROM {table}")


def number(file, query):
    (value,) = file.rows(query)[0]
    assert isinstance(value, int)
    return value
