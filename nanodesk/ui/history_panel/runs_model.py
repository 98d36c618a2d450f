"""Every run of the project as rows, newest first."""

from __future__ import annotations

from dataclasses import replace

from nanodesk.ui.history_panel.layers_model import LayersModel
from nanodesk.ui.history_panel.rows import Row, run_row


class RunsModel(LayersModel):
    """The same rows as in the list of layers, and no layer among them."""

    def _now(self) -> tuple[Row, ...]:
        runs = reversed(list(self._project.runs.runs.values()))
        return tuple(replace(run_row(run, self.folding, self._tell), stays=True) for run in runs)
