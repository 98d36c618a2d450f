"""A change brought to the edges of its object, on made-up planes."""

import numpy as np
import pytest

from nanodesk.imaging.fit.change import Difference, Known, Loss, find
from nanodesk.imaging.fit.floor import Floor
from nanodesk.imaging.fit.growing import grown_to_edges, mean_along, without_bleeding

SHAPE = (80, 120)
EDGE = 60
"""Where the object really ends."""
FOUND = 50
"""Where its change was last told pixel by pixel."""
STEP = 2.0


def planes(rim, faint):
    """Strength in thresholds: `rim` up to where it was found, `faint` from there to the edge, noise beyond."""
    noise = np.random.default_rng(4).normal(0, 0.1, SHAPE)
    x = np.arange(SHAPE[1]) + np.zeros((SHAPE[0], 1))
    odds = np.where(x < FOUND, rim, np.where(x < EDGE, faint, 0.25)) + noise
    return np.where(x < EDGE, 0.3, 0.7).astype(np.float32), np.maximum(odds, 0).astype(np.float32), x < FOUND


def difference(odds, changed, bled=None):
    none = np.zeros(SHAPE, np.bool_)
    threshold = np.full(SHAPE, 4, np.float32)
    floor, evidence = Floor(np.zeros(49, np.float32)), np.zeros((*SHAPE, 2), np.float32)
    return Difference(odds * threshold, threshold, threshold, changed, floor, none if bled is None else bled, evidence)


@pytest.mark.parametrize("edge_in_the_answer", [True, False])
def test_a_change_that_fades_is_grown_to_the_edge_and_no_further(edge_in_the_answer):
    guide, odds, changed = planes(rim=1.2, faint=0.65)
    even = np.full(SHAPE, 0.5, np.float32)
    guides = (even, guide) if edge_in_the_answer else (guide, even)
    grown = grown_to_edges(changed, difference(odds, changed), guides, STEP)
    assert grown[10:-10, :58].mean() > 0.97
    assert grown[10:-10, 63:].sum() == 0
    assert (grown >= changed).all()


def test_a_change_that_ended_at_an_edge_is_left_as_it_is():
    guide, odds, changed = planes(rim=12, faint=0.65)
    grown = grown_to_edges(changed, difference(odds, changed), (guide, guide), STEP)
    assert np.array_equal(grown, changed)


def test_noise_is_not_grown_into():
    guide, odds, changed = planes(rim=1.2, faint=0.25)
    grown = grown_to_edges(changed, difference(odds, changed), (guide, guide), STEP)
    assert (grown & ~changed).mean() < 0.002


def test_it_grows_by_no_more_than_its_reach():
    _, odds, _ = planes(rim=1.2, faint=0.25)
    x = np.arange(SHAPE[1]) + np.zeros(SHAPE)
    odds = np.where(x < 20, odds, np.where(x < 26, 1.1, 0.2)).astype(np.float32)
    even = np.full(SHAPE, 0.5, np.float32)
    grown = grown_to_edges(x < 20, difference(odds, x < 20), (even, even), 1.0)
    assert grown[:, 20:23].mean() > 0.9
    assert not grown[:, 25:].any()


def test_what_is_noisy_all_round_is_not_grown_into():
    guide, odds, changed = planes(rim=1.2, faint=0.65)
    odds = np.where(changed, odds, odds.clip(0.55)).astype(np.float32)
    grown = grown_to_edges(changed, difference(odds, changed), (guide, guide), STEP)
    assert np.array_equal(grown, changed)


def test_nothing_grows_from_nothing():
    guide, odds, _ = planes(rim=1.2, faint=0.65)
    none = np.zeros(SHAPE, np.bool_)
    assert not grown_to_edges(none, difference(odds, none), (guide, guide), STEP).any()


def test_a_mean_does_not_cross_an_edge_of_either_picture():
    guide, _, _ = planes(1, 1)
    values = (guide < 0.5).astype(np.float32)
    even = np.full(SHAPE, 0.5, np.float32)
    everywhere = np.ones(SHAPE, np.bool_)
    for guides in ((guide, even), (even, guide)):
        assert np.abs(mean_along(values, everywhere, guides) - values).max() < 0.1
    assert 0.3 < mean_along(values, everywhere, (even, even))[40, EDGE] < 0.7


def test_what_takes_no_part_does_not_count_in_a_mean():
    values = np.zeros(SHAPE, np.float32)
    values[:, :40] = 1
    even = np.full(SHAPE, 0.5, np.float32)
    assert mean_along(values, np.arange(SHAPE[1]) + np.zeros(SHAPE) >= 40, (even, even))[:, 40:].max() < 0.01


def bleeding(rim):
    _, odds, changed = planes(rim, 0.25)
    blob = np.zeros(SHAPE, np.bool_)
    blob[20:50, 44:58] = True
    return changed | blob, difference(np.where(blob, 1.3, odds).astype(np.float32), changed | blob, blob), blob


def test_colour_that_bled_over_a_sharp_edge_is_cut():
    changed, found, blob = bleeding(rim=12)
    cut = without_bleeding(changed, found, lambda flags: flags, 1.5)
    assert not cut[20:50, 53:].any()
    assert np.array_equal(cut & ~blob, changed & ~blob)


def test_where_a_change_fades_away_nothing_is_taken_for_bleeding():
    changed, found, _ = bleeding(rim=1.2)
    assert np.array_equal(without_bleeding(changed, found, lambda flags: flags, 1.5), changed)
    # Nor where a block of the answer is no wider than what may well be a faint change.
    changed, found, _ = bleeding(rim=12)
    assert np.array_equal(without_bleeding(changed, found, lambda flags: flags, 1.0), changed)


def test_without_bleeding_everything_stays():
    _, odds, changed = planes(12, 0.25)
    assert without_bleeding(changed, difference(odds, changed), lambda flags: flags & False, 1.5) is changed


@pytest.mark.parametrize(("channel", "bled"), [(1, True), (0, False)])
def test_only_faint_colour_beside_a_vivid_change_may_have_bled(channel, bled):
    random = np.random.default_rng(2)
    base = np.full((160, 200, 3), 50, np.float32)
    answer = base + random.normal(0, 0.3, base.shape).astype(np.float32)
    answer[60:100, 70:120, 1] += 70
    answer[70:90, 120:130, channel] += 6
    inside = np.ones(base.shape[:2], np.bool_)
    trust = inside.copy()
    trust[56:104, 66:134] = False
    found = find(base, answer, Known(inside, trust), Loss(blur_px=0.5, block_px=12))
    assert found.changed[72:88, 123:128].all()
    assert found.bled[72:88, 124:128].all() == bled
    assert not found.bled[62:98, 72:118].any()
