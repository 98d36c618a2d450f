"""A pairwise covering set of cases with their true geometry and mask; `python -m tests.fit_cases.report` tells more."""

import statistics
from functools import cache

import pytest

from nanodesk.imaging.fit.result import FitKind
from tests.fit_cases.cases import Recipe, covering
from tests.fit_cases.report import Row, run

RECIPES = covering()
KEPT = ("object in", "object out", "recolour", "text", "relight", "background")
KINDS = {"none": {FitKind.NONE}, "restyle": {FitKind.RESTYLE}}


@cache
def row(recipe: Recipe) -> Row:
    return run(recipe, beside=False)


def name(recipe: Recipe) -> str:
    return f"{recipe.seed}-{recipe.name}-{recipe.kind.replace(' ', '-')}"


@pytest.mark.parametrize("recipe", RECIPES, ids=name)
def test_a_case_is_fitted(recipe):
    ours = row(recipe).ours
    assert ours.kind in KINDS.get(recipe.kind, {FitKind.EDIT})
    assert ours.identical == 1.0
    if recipe.kind in KINDS:
        return
    assert ours.recall >= LEAST_RECALL.get(recipe.kind, 0.99)
    if recipe.name == "sky":  # nearly all of it is even: nothing says where it lies
        assert ours.iou >= LEAST_IOU[recipe.kind] - 0.08
        assert ours.spill <= 2 * MOST_SPILL
    else:
        assert ours.iou >= LEAST_IOU[recipe.kind]
        assert ours.spill <= MOST_SPILL
        assert ours.error_px <= 0.3


# What was measured, a little slack for other processors; the aims are 0.99, 0.92 and 0.001.
LEAST_RECALL = {"object out": 0.983}
LEAST_IOU = {"object in": 0.87, "object out": 0.69, "recolour": 0.91, "text": 0.72, "relight": 0.87, "background": 0.97}
MOST_SPILL = 0.002


def test_all_together_reach_the_aims():
    scores = [row(recipe).ours for recipe in RECIPES if recipe.kind in KEPT]
    assert statistics.fmean(score.iou for score in scores) >= 0.92
    assert statistics.fmean(score.recall for score in scores) >= 0.995
    assert statistics.fmean(score.spill for score in scores) <= 0.0003
    assert statistics.median(score.error_px for score in scores) <= 0.04
    assert max(score.outside for score in scores) <= 0.1


def test_every_pair_of_levels_meets():
    from tests.fit_cases.cases import LEVELS

    names = list(LEVELS)
    for one in names:
        for other in names:
            if one < other:
                met = {(getattr(recipe, one), getattr(recipe, other)) for recipe in RECIPES}
                assert met == {(a, b) for a in LEVELS[one] for b in LEVELS[other]}
