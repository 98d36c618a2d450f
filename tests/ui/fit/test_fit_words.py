from dataclasses import replace

import pytest

from nanodesk.document.candidate import Candidate
from nanodesk.document.fit import FitOutcome, FittedAnswer, FittedIsland
from nanodesk.document.geometry import Rect, Size
from nanodesk.document.identity import CandidateId, RunId
from nanodesk.document.tiles import TileGrid
from nanodesk.ui.fit.fit_verdict import FitVerdict
from nanodesk.ui.fit.fit_words import NOT_FOUND, extent, found, moved

BOX = Rect(10, 20, 300, 200)


def island(number, share=0.02, *, side=False):
    return FittedIsland(number, BOX, share, 41.6, side_effect=side)


def fit(*islands, kept=(), outcome=FitOutcome.EDIT, shift=0.0, scale=1.0, turned=0.0):
    return FittedAnswer(
        outcome, "Said by the fit.", shift, scale, turned, 0.9, TileGrid(Size(1, 1), 4, (None,)), BOX,
        islands=islands, kept=kept,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (fit(island(1), kept=(1,)), "Only one part changed, 2.0 % of the picture"),
        (fit(island(1), island(2, 0.0001), kept=(1, 2)), "Only 2 parts changed, 2.0 % of the picture"),
        (fit(island(1), island(2), kept=(2,)), "1 of 2 parts kept, 2.0 % of the picture"),
        (
            fit(island(1), island(2, side=True), kept=(1,)),
            "Only one part changed, 2.0 % of the picture; one side effect dropped",
        ),
        (fit(island(1), island(2), kept=()), "Nothing is kept, 2 parts dropped"),
        (fit(outcome=FitOutcome.UNALIGNED), NOT_FOUND),
        (fit(outcome=FitOutcome.NONE), "Nothing changed beyond the answer’s own noise"),
        (fit(outcome=FitOutcome.RESTYLE), "The whole picture was redrawn"),
    ],
)
def test_what_was_found_is_told_as_it_stands_now(known, words):
    assert found(known) == words


def test_how_far_it_came_off():
    assert moved(fit()) == ""
    assert moved(fit(shift=16.94)) == "came 16.9 px off; put right"
    assert moved(fit(shift=2, scale=0.985)) == "came 2.0 px off and 1.5 % too small; put right"
    assert moved(fit(shift=2, scale=1.01, turned=-0.4)) == (
        "came 2.0 px off, 1.0 % too large and turned by 0.4°; put right"
    )
    assert moved(replace(fit(shift=9), outcome=FitOutcome.UNALIGNED)) == ""


def test_the_strip_gets_what_changed_and_the_rest_apart():
    known = fit(island(1), island(2, side=True), kept=(1,), shift=3)
    answer = Candidate(CandidateId("c"), RunId("r"), (), fit=known)
    assert FitVerdict().verdict(answer) == (
        "Only one part changed, 2.0 % of the picture",
        "one side effect dropped · came 3.0 px off; put right",
    )
    assert FitVerdict().verdict(replace(answer, fit=None)) == ("", "")


def test_how_much_a_part_is():
    assert extent(island(1)) == "2.0 % · 300 × 200 px · ΔE\N{NO-BREAK SPACE}42"
    assert extent(island(1, 0.0001)).startswith("less than 0.1 %")
