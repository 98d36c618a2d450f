"""Some of what `python -m tests.editor.rotting` does 400 times."""

from pathlib import Path

import pytest

import nanodesk.editor.workspace
from tests.editor import rotting

PROJECT = Path(__file__).parents[1] / "projects" / "version-2.nanodesk"


@pytest.mark.allow_log
def test_a_rotten_project_opens_says_what_is_lost_or_is_refused(monkeypatch):
    monkeypatch.setattr(nanodesk.editor.workspace, "state_folder", nanodesk.editor.workspace.state_folder)
    became = rotting.run(PROJECT, 36, 0)
    assert became["WRONG"] == 0
    assert sum(became.values()) == 36
    assert became["salvaged"] + became["damage named"] > 0
