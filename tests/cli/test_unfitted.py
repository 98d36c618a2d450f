"""Of several answers the command line fits those that it writes, and no others."""

import asyncio

import numpy as np
import pytest

from nanodesk.document.candidate import CandidateState
from nanodesk.document.fit import FitOutcome
from nanodesk.editor import fitting
from nanodesk.editor.workspace import Workspace
from nanodesk.imaging.codec import decode_plain
from nanodesk.storage.settings import Settings
from tests.cli.conftest import COFFEE
from tests.journeys.redrawing import redraws

ASKED = ("-e", "Add a ball", "--engine", "gemini", "--candidates", "2")
GREEN, BLUE = (60, 160, 80), (50, 90, 200)
FAR = np.s_[:60, :]
"""Rows in which no answer was asked to change anything."""


@pytest.fixture
def fits(monkeypatch):
    """How many fits were made."""
    made = []
    real = fitting.fitted

    def counted(*given, **named):
        made.append(1)
        return real(*given, **named)

    monkeypatch.setattr("nanodesk.editor.answer_intake.fitted", counted)
    monkeypatch.setattr("nanodesk.editor.first_look.fitted", counted)
    return made


async def candidates_of(project, folder):
    space = Workspace([], Settings(folder / "settings.json"), None)
    opened = await space.open(project)
    found = list(opened.runs.candidates.values())
    await space.shut_down()
    return found


def test_a_project_holds_the_others_as_they_came(service, photo, tmp_path, nanodesk, fits):
    service.will(redraws(GREEN), redraws(BLUE))
    project = tmp_path / "work.nanodesk"
    status, told, _ = nanodesk("edit", photo, *ASKED, "-o", project)
    assert (status, told["candidates"]) == (0, 2)
    assert len(fits) == 1
    taken, other = asyncio.run(candidates_of(project, tmp_path))
    assert (taken.state, taken.fit.outcome) == (CandidateState.ACCEPTED, FitOutcome.EDIT)
    assert (other.state, other.fit.outcome) == (CandidateState.WAITING, FitOutcome.WAITING)


def test_each_picture_that_is_written_is_of_a_fitted_answer(service, photo, tmp_path, nanodesk, fits):
    service.will(redraws(GREEN), redraws(BLUE))
    status, told, _ = nanodesk("edit", photo, *ASKED, "-o", tmp_path / "out.png")
    assert (status, len(told["outputs"])) == (0, 2)
    assert len(fits) == 2
    base = decode_plain(COFFEE.read_bytes())
    pictures = [decode_plain((tmp_path / name).read_bytes()) for name in ("out.png", "out-2.png")]
    assert all(np.array_equal(picture[FAR], base[FAR]) for picture in pictures)
    assert not np.array_equal(pictures[0], pictures[1])
