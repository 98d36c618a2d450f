"""What can be had of a damaged project: step by step, layer by layer, and at last picture by picture.

Every row is read by itself, so that one that is gone takes no other with it. Steps that can be read are kept; those
whose way from the root is broken are hung below a new root, where their whole state is known from a key frame. Where
no step is left, every picture becomes a layer.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nanodesk.document.change import Change, apply, diff
from nanodesk.document.document import Document
from nanodesk.document.errors import DocumentError
from nanodesk.document.geometry import Size
from nanodesk.document.history import History, Step
from nanodesk.document.identity import LayerId, StepId, new_id
from nanodesk.document.invariants import check_state
from nanodesk.document.layer import Layer, Pixels
from nanodesk.document.state import State
from nanodesk.document.tiles import Tile, TileGrid, TileId, TileKind
from nanodesk.storage.batch import Opened
from nanodesk.storage.errors import DamagedProjectError, StorageError
from nanodesk.storage.reading import ProjectReader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nanodesk.storage.project_file import ProjectFile

_MOST_PICTURES = 50
_LARGEST = 65_536


@dataclass(slots=True)
class Salvaged:
    """What was had.

    Attributes:
        changes: of every step that is left.
        lost_steps: how many steps could not be read.
    """

    opened: Opened
    changes: dict[StepId, Change]
    lost_steps: int = 0


def salvage(files: Sequence[ProjectFile], shapes: dict[TileId, tuple[int, ...]] | None = None) -> Salvaged:
    """All that the files, newest first, still hold.

    Args:
        shapes: where the shape of every tile is noted, also of those that stand for what is lost.

    Raises:
        DamagedProjectError: when that is nothing.
    """
    return _Salvage(files, shapes).done()


class _Salvage:
    def __init__(self, files: Sequence[ProjectFile], shapes: dict[TileId, tuple[int, ...]] | None) -> None:
        self._files = files
        self._reader = _Lenient(files, shapes=shapes)
        self._root = Step(StepId(new_id()), None, "Recovered", time.time())
        self._steps: dict[StepId, Step] = {self._root.id: self._root}
        self._states: dict[StepId, State] = {self._root.id: State()}
        self._changes: dict[StepId, Change] = {}
        self._lost = 0

    def done(self) -> Salvaged:
        for file in reversed(self._files):
            for row in _each(file, "steps", "id, parent, label, created, document, provenance"):
                self._take(self._reader.step_of(row))
        if len(self._steps) == 1:
            self._from_pictures()
        if len(self._steps) == 1:
            raise DamagedProjectError("Nothing of the project can be read any more.")
        history = self._history()
        opened = Opened(history, self._states[history.current], *self._reader.answers())
        return Salvaged(opened, self._changes, self._lost)

    def _take(self, step: Step) -> None:
        found = self._below_its_parent(step) or self._below_the_root(step)
        if found is None:
            self._lost += 1
            return
        step, change, state = found
        self._steps[step.id], self._changes[step.id], self._states[step.id] = step, change, state

    def _below_its_parent(self, step: Step) -> tuple[Step, Change, State] | None:
        before = None if step.parent is None else self._states.get(step.parent)
        if before is None:
            return None
        try:
            change = self._reader.change_of(step.id)
            state = apply(before, change)
            check_state(state)
        except (StorageError, DocumentError, KeyError):
            return None
        return step, change, state

    def _below_the_root(self, step: Step) -> tuple[Step, Change, State] | None:
        try:
            state = self._reader.key_frame(step.id)
            if state is None:
                return None
            check_state(state)
        except (StorageError, DocumentError):
            return None
        return replace(step, parent=self._root.id), diff(State(), state), state

    def _history(self) -> History:
        wanted = next((found for file in self._files if (found := _quietly(file)) in self._steps), None)
        current = StepId(wanted) if wanted is not None else next(reversed(self._steps))
        return History(self._steps, current, self._root.id).at(current)

    def _from_pictures(self) -> None:
        """No step is left: the largest pictures as layers, the largest at the bottom; of equal ones the newest."""
        grids: dict[str, TileGrid] = {}
        for file in self._files:
            for (name,) in _each(file, "grids", "id"):
                grid = self._reader.grid_or_none(name.hex()) if isinstance(name, bytes) else None
                if grid is not None and grid.channels == 4 and grid.ids():
                    grids[grid.id] = grid
        newest = reversed(list(grids.values()))
        largest = sorted(newest, key=lambda grid: grid.size.width * grid.size.height, reverse=True)
        if not largest:
            return
        layers = {}
        for number, grid in enumerate(largest[:_MOST_PICTURES], 1):
            layer = Layer(LayerId(new_id()), f"Recovered picture {number}", Pixels(grid))
            layers[layer.id] = layer
        state = State(Document(largest[0].size, layers=layers, root=tuple(layers)))
        step = Step(StepId(new_id()), self._root.id, "Recovered pictures", time.time())
        self._steps[step.id], self._changes[step.id], self._states[step.id] = step, diff(State(), state), state


class _Lenient(ProjectReader):
    """A reader that puts a stand-in where a picture is gone."""

    def _read_grid(self, grid_id: str) -> TileGrid:
        try:
            return super()._read_grid(grid_id)
        except StorageError:
            return self._stand_in(grid_id)

    def _stand_in(self, grid_id: str) -> TileGrid:
        """A picture of the same size, as far as that is known, of tiles that nobody has."""
        blank = TileGrid.blank(*self._outline(grid_id))
        places: dict[tuple[int, int], Tile | None] = {}
        for row in range(blank.rows):
            for column in range(blank.columns):
                rect = blank.rect(column, row)
                shape = (rect.height, rect.width, 4) if blank.channels == 4 else (rect.height, rect.width)
                lost = TileId(hashlib.sha256(f"lost {grid_id} {shape}".encode()).hexdigest())
                places[column, row] = Tile(lost, TileKind.MIXED)
        return blank.replaced(places)

    def _outline(self, grid_id: str) -> tuple[Size, int]:
        for file in self._files:
            try:
                rows = file.rows("SELECT width, height, channels FROM grids WHERE id = ?", (bytes.fromhex(grid_id),))
            except (StorageError, ValueError):
                continue
            for width, height, channels in rows:
                if not (isinstance(width, int) and isinstance(height, int) and channels in (1, 4)):
                    continue
                if 0 < width <= _LARGEST and 0 < height <= _LARGEST and width * height <= 4 * 10**8:
                    return Size(width, height), 4 if channels == 4 else 1
        return Size(256, 256), 4

    def key_frame(self, step_id: StepId) -> State | None:
        """The whole state at a step, where it is kept."""
        return self._key_frame(step_id)


def _each(file: ProjectFile, table: str, columns: str) -> Iterator[tuple[object, ...]]:
    """The rows of a table that can be read, each by itself: from its beginning, and from its end where that breaks."""
    seen: list[int] = []
    for way in (("0", ">", ""), (str(2**62), "<", "DESC")):
        edge, sign, order = way
        at: object = int(edge)
        while True:
            try:
                found = file.rows(
                    f"SELECT rowid FROM {table} WHERE rowid {sign} ? ORDER BY rowid {order} LIMIT 1", (at,)
                )
            except StorageError:
                break
            if not found or not isinstance(found[0][0], int):
                at = None
                break
            at = found[0][0]
            seen.append(at)
        if at is None:
            break  # it could be read to its end
    for rowid in sorted(set(seen)):
        try:
            yield from file.rows(f"SELECT {columns} FROM {table} WHERE rowid = ?", (rowid,))
        except StorageError:
            continue


def _quietly(file: ProjectFile) -> str | None:
    try:
        return file.meta("current")
    except StorageError:
        return None
