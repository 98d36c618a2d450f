"""Reading a project that lies in one file, or in a recovery file on top of one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nanodesk.document.candidate import Candidate
from nanodesk.document.change import Change, apply
from nanodesk.document.history import History, Step
from nanodesk.document.identity import StepId
from nanodesk.document.provenance import Provenance
from nanodesk.document.run import Run
from nanodesk.document.state import State
from nanodesk.storage.batch import Opened
from nanodesk.storage.errors import DamagedProjectError, DamagedTileError
from nanodesk.storage.values import Decoder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nanodesk.document.tiles import TileGrid, TileId
    from nanodesk.storage.project_file import ProjectFile


class ProjectReader:
    """Looks things up in the newest file that has them.

    Attributes:
        changes_read: how many changes were read so far.
    """

    def __init__(self, files: Sequence[ProjectFile]) -> None:
        """Files from the newest (a recovery file) to the oldest (the project)."""
        self._files = tuple(files)
        self._decoder = Decoder(self._grid, self._profile)
        self.changes_read = 0

    def _grid(self, grid_id: str) -> TileGrid:
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
        for file in self._files:
            if file.has_tile(tile_id):
                return file.tile_data(tile_id)
        raise DamagedTileError("A part of a picture is missing from the project.")

    def change_of(self, step_id: StepId) -> Change:
        """The change of a step.

        Raises:
            DamagedProjectError: when it is missing or damaged.
        """
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
        return Opened(history, self.state_at(history, history.current), self._runs(), self._candidates())

    def state_at(self, history: History, step_id: StepId) -> State:
        """The state at a step: the nearest key frame above it, and the changes from there."""
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
                step = Step(
                    StepId(str(step_id)),
                    None if parent is None else StepId(str(parent)),
                    str(label),
                    float(str(created)),
                    None if provenance is None else self._decoder.value(Provenance, str(provenance)),
                    bool(document),
                )
                steps[step.id] = step
        return self._standing(steps)

    def _standing(self, steps: dict[StepId, Step]) -> History:
        roots = [step.id for step in steps.values() if step.parent is None]
        current = next((found for file in self._files if (found := file.meta("current")) is not None), None)
        if len(roots) != 1 or current is None or current not in steps:
            raise DamagedProjectError("The history of the project is damaged.")
        if any(step.parent is not None and step.parent not in steps for step in steps.values()):
            raise DamagedProjectError("A step of the history is missing from the project.")
        return History(steps, StepId(current), roots[0], self._visited(steps))

    def _visited(self, steps: Mapping[StepId, Step]) -> dict[StepId, StepId]:
        text = next((found for file in self._files if (found := file.meta("visited")) is not None), "{}")
        try:
            known = json.loads(text)
            return {StepId(one): StepId(child) for one, child in known.items() if one in steps and child in steps}
        except (ValueError, AttributeError, TypeError):
            return {}

    def _runs(self) -> tuple[Run, ...]:
        found: dict[object, Run] = {}
        for file in reversed(self._files):
            for run_id, value in file.rows("SELECT id, value FROM runs ORDER BY number"):
                found[run_id] = self._decoder.value(Run, str(value))
        return tuple(sorted(found.values(), key=lambda run: run.number))

    def _candidates(self) -> tuple[Candidate, ...]:
        found: dict[object, Candidate] = {}
        for file in reversed(self._files):
            for one, value in file.rows("SELECT id, value FROM candidates ORDER BY rowid"):
                found[one] = self._decoder.value(Candidate, str(value))
        return tuple(found.values())
