"""Verdicts on edits: from what a fit found."""

import numpy as np
import pytest

from nanodesk.checks.change import Verdict, score_change
from nanodesk.imaging.fit.fitting import fit
from nanodesk.imaging.fit.hints import FitHints
from tests.imaging.fit.pairs import base, redrawn, spotted


def selected(x, y, size=120):
    mask = np.zeros(base().shape[:2], np.uint8)
    mask[y : y + size, x : x + size] = 255
    return mask


def test_an_edit_whose_place_changed_is_done_and_one_whose_did_not_is_missed():
    answer = redrawn(spotted(base(), (120, 120, 34)))
    fitted = fit(base(), answer, hints=FitHints(selections=(selected(60, 60), selected(300, 300))))
    done, missed = score_change(fitted, 2)
    assert done.verdict is Verdict.DONE
    assert done.islands == (1,)
    assert done.share == pytest.approx(np.pi * 34**2 / 480**2, rel=0.15)
    assert "% of the picture" in done.sentence
    assert missed.verdict is Verdict.MISSED
    assert missed.delta_e == 0


def test_a_change_that_two_edits_may_have_made_is_unclear():
    answer = redrawn(spotted(base(), (120, 120, 34)))
    fitted = fit(base(), answer, hints=FitHints(selections=(None, None)))
    assert [one.verdict for one in score_change(fitted, 2)] == [Verdict.UNCLEAR] * 2
    assert [one.verdict for one in score_change(fitted, 1)] == [Verdict.DONE]


def test_a_whole_new_picture_tells_one_edit_and_not_two():
    answer = base("market")
    fitted = fit(base(), answer)
    assert score_change(fitted, 1)[0].verdict is Verdict.UNCLEAR  # it may be any picture
    dark = np.clip(base() * np.array([0.5, 0.45, 0.4, 1]), 0, 255).astype(np.uint8)
    restyled = fit(base(), redrawn(dark))
    assert score_change(restyled, 1)[0].verdict is Verdict.DONE
    assert score_change(restyled, 2)[1].verdict is Verdict.UNCLEAR


def test_there_must_be_an_edit():
    fitted = fit(base(), redrawn(base()))
    assert score_change(fitted, 1)[0].verdict is Verdict.MISSED
    with pytest.raises(ValueError, match="at least one"):
        score_change(fitted, 0)
