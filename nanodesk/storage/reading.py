"""Reading a project that lies in one file, or in a recovery file on top of one."""

from __future__ import annotations

import logging
import math
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, TypeVar

from nanodesk.document.candidate import Candidate
from nanodesk.document.change import Change, apply
from nanodesk.document.errors import DocumentError
from nanodesk.document.history import History, Step
from nanodesk.document.identity import StepId
from nanodesk.document.invariants import check_state
from nanodesk.document.journal import JournalEntry
from nanodesk.document.provenance import Provenance
from nanodesk.document.run import Run
from nanodesk.document.state import State
from nanodesk.storage.batch import Opened
from nanodesk.storage.errors import DamagedProjectError, DamagedTileError, StorageError
from nanodesk.storage.values import Decoder

_KNOWN_GRIDS = 256

T = TypeVar("T")
_log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nanodesk.document.identity import RunId
    from nanodesk.document.tiles import TileGrid, TileId
    from nanodesk.storage.project_file import ProjectFile


class ProjectReader:
    """Looks things up in the newest file that has them.

    Attributes:
        changes_read: how many changes were read so far.
    """

    def __init__(
        self,
        files: Sequence[ProjectFile],
        *,
        shapes: dict[TileId, tuple[int, ...]] | None = None,
        changes: Mapping[StepId, Change] | None = None,
    ) -> None:
        """Files from the newest (a recovery file) to the oldest (the project).

        Args:
            shapes: where the shape of every tile of a grid is noted, and looked at; none leaves that to the caller.
            changes: those of steps that no file has.
        """
        self._files = tuple(files)
        self._shapes = shapes
        self._changes = changes or {}
        self._decoder = Decoder(self._grid, self._profile)
        self._grids: OrderedDict[str, TileGrid] = OrderedDict()
        self._lock = threading.Lock()
        self.changes_read = 0

    def _grid(self, grid_id: str) -> TileGrid:
        """The picture of an id; those asked for lately are given again, so that states share them."""
        with self._lock:
            known = self._grids.get(grid_id)
            if known is not None:
                self._grids.move_to_end(grid_id)
                return known
        grid = self._read_grid(grid_id)
        with self._lock:
            if self._shapes is not None:
                note_shapes(grid, self._shapes)
            self._grids[grid_id] = grid
            while len(self._grids) > _KNOWN_GRIDS:
                self._grids.popitem(last=False)
        return grid

    def grid_or_none(self, name: str) -> TileGrid | None:
        """The picture of an id; none when no file has it whole."""
        try:
            return self._grid(name)
        except (StorageError, ValueError):
            return None

    def profile_or_none(self, name: str) -> bytes | None:
        """The colour profile of a hash; none when no file has it."""
        try:
            return self._profile(name)
        except (StorageError, ValueError):
            return None

    def _read_grid(self, grid_id: str) -> TileGrid:
        for file in self._files:
            found = file.grid(grid_id)
            if found is not None:
                return found
        raise DamagedProjectError("A picture of the project is missing.")

    def _profile(self, name: str) -> bytes:
        for file in self._files:
            found = file.profile(name)
            if found is not None:
                return found
        raise DamagedProjectError("A colour profile of the project is missing.")

    def known_tiles(self) -> set[TileId]:
        """Every tile that some file holds."""
        return {tile for file in self._files for tile in file.known_tiles()}

    def tile_data(self, tile_id: TileId) -> bytes:
        """The packed bytes of a tile.

        Raises:
            DamagedTileError: when no file holds them whole.
        """
        damaged: DamagedTileError | None = None
        for file in self._files:
            try:
                found = file.tile_data(tile_id)
            except DamagedTileError as error:
                damaged = error  # another file may have it whole
                continue
            if found is not None:
                return found
        raise damaged or DamagedTileError("A part of a picture is missing from the project.")

    def change_of(self, step_id: StepId) -> Change:
        """The change of a step.

        Raises:
            DamagedProjectError: when it is missing or damaged.
        """
        known = self._changes.get(step_id)
        if known is not None:
            return known
        for file in self._files:
            text = file.value_of("changes", step_id)
            if text is not None:
                self.changes_read += 1
                return self._decoder.value(Change, text)
        raise DamagedProjectError("A step of the history is missing from the project.")

    def read(self) -> Opened:
        """The project as it was left.

        Raises:
            DamagedProjectError: when the history or the state cannot be read.
        """
        history = self._history()
        state = self.state_at(history, history.current)
        return Opened(history, state, *self.answers())

    def answers(self) -> tuple[tuple[Run, ...], tuple[Candidate, ...], tuple[JournalEntry, ...]]:
        """The runs, candidates and journal entries that can be read; what is damaged keeps nothing else back."""
        runs, candidates = self._values(Run, "runs", "number"), self._values(Candidate, "candidates", "rowid")
        return tuple(sorted(runs, key=lambda run: run.number)), candidates, self._journal()

    def _journal(self) -> tuple[JournalEntry, ...]:
        found: dict[tuple[object, ...], JournalEntry] = {}
        for file in reversed(self._files):
            for run, reply, value in _rows_or_none(file.journal):
                try:
                    found[run, reply] = self._decoder.value(JournalEntry, str(value))
                except StorageError:
                    _log.warning("A damaged row of journal was left out.")
        return tuple(found.values())

    def reply(self, run: RunId, reply: int) -> bytes | None:
        """The body of a reply, in the newest file that has it; none when no file has.

        Raises:
            DamagedProjectError: when it is not what was written.
        """
        for file in self._files:
            found = file.reply(run, reply)
            if found is not None:
                return found
        return None

    def state_at(self, history: History, step_id: StepId) -> State:
        """The state at a step: the nearest key frame above it, and the changes from there.

        Raises:
            DamagedProjectError: when it cannot be read, or is no sound state.
        """
        state = self._state_at(history, step_id)
        try:
            check_state(state)
        except DocumentError as error:
            raise DamagedProjectError(f"The project is damaged: {error}") from None
        return state

    def _state_at(self, history: History, step_id: StepId) -> State:
        pending: list[StepId] = []
        for at in reversed(history.line(step_id)):
            frame = self._key_frame(at)
            if frame is not None:
                for one in reversed(pending):
                    frame = apply(frame, self.change_of(one))
                return frame
            pending.append(at)
        raise DamagedProjectError("The project holds no state to begin with.")

    def _key_frame(self, step_id: StepId) -> State | None:
        for file in self._files:
            text = file.value_of("key_frames", step_id)
            if text is not None:
                return self._decoder.value(State, text)
        return None

    def _history(self) -> History:
        steps: dict[StepId, Step] = {}
        for file in reversed(self._files):
            for step_id, parent, label, created, document, provenance in file.rows(
                "SELECT id, parent, label, created, document, provenance FROM steps ORDER BY seq"
            ):
                if parent is not None and parent not in steps:  # which also keeps out lines that bite their tail
                    raise DamagedProjectError("A step of the history is missing from the project.")
                step = self.step_of((step_id, parent, label, created, document, provenance))
                steps[step.id] = step
        return self._standing(steps)

    def step_of(self, row: tuple[object, ...]) -> Step:
        """The step of a row: id, parent, label, created, document, provenance."""
        step_id, parent, label, created, document, provenance = row
        return Step(
            StepId(str(step_id)),
            None if parent is None else StepId(str(parent)),
            str(label),
            float(created) if isinstance(created, int | float) and math.isfinite(created) else 0.0,
            self._provenance(provenance),
            bool(document),
        )

    def _provenance(self, text: object) -> Provenance | None:
        if text is None:
            return None
        try:
            return self._decoder.value(Provenance, str(text))
        except DamagedProjectError:
            return None  # no reason to keep the pictures from being opened

    def _standing(self, steps: dict[StepId, Step]) -> History:
        roots = [step.id for step in steps.values() if step.parent is None]
        current = next((found for file in self._files if (found := file.meta("current")) is not None), None)
        if len(roots) != 1 or current is None or current not in steps:
            raise DamagedProjectError("The history of the project is damaged.")
        return History(steps, StepId(current), roots[0], self._visited(steps))

    def _visited(self, steps: Mapping[StepId, Step]) -> dict[StepId, StepId]:
        known: dict[StepId, StepId] = {}
        for file in reversed(self._files):
            known.update(file.visited())
        return {one: child for one, child in known.items() if child in steps and steps[child].parent == one}

    def _values(self, kind: type[T], table: str, order: str) -> tuple[T, ...]:
        """The runs or candidates that can be read; a damaged one does not keep the rest from being opened."""
        found: dict[object, T] = {}
        for file in reversed(self._files):
            query = f"SELECT id, value FROM {table} ORDER BY {order}"
            for one, value in _rows_or_none(lambda file=file, query=query: file.rows(query)):  # type: ignore[misc]  # bound now
                try:
                    found[one] = self._decoder.value(kind, str(value))
                except StorageError:
                    _log.warning("A damaged row of %s was left out.", table)
        return tuple(found.values())


def _rows_or_none(read: Callable[[], list[tuple[object, ...]]]) -> list[tuple[object, ...]]:
    try:
        return read()
    except DamagedProjectError:
        _log.warning("A damaged table was left out.")
        return []


def note_shapes(grid: TileGrid, shapes: dict[TileId, tuple[int, ...]]) -> None:
    """Note the shape of each tile of a grid.

    Raises:
        DamagedProjectError: when a tile cannot have the shape of its place: it has another one elsewhere.
    """
    end = () if grid.channels == 1 else (4,)
    for place, tile in enumerate(grid.tiles):
        if tile is not None:
            row, column = divmod(place, grid.columns)
            rect = grid.rect(column, row)
            shape = (rect.height, rect.width, *end)
            if shapes.setdefault(tile.id, shape) != shape:
                raise DamagedProjectError("A picture of the project is damaged.")
