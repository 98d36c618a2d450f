"""Which parts are too strong to be chance; dents; a floor that a faint change over half the picture does not lift."""

import numpy as np
import pytest

from nanodesk.imaging.fit.change import Difference, Known, Loss, find, without_dents
from nanodesk.imaging.fit.evidence import convincing
from nanodesk.imaging.fit.floor import Floor, busy_of, learn_floor

SHAPE = (120, 200)
LEFT, RIGHT = (slice(30, 70), slice(20, 60)), (slice(30, 70), slice(120, 160))


def parts(*told):
    """What changed, and the evidence, of parts told as (place, delta E, times its noise)."""
    changed, evidence = np.zeros(SHAPE, np.bool_), np.zeros((*SHAPE, 2), np.float32)
    for place, strength, ratio in told:
        changed[place] = True
        evidence[place] = strength, ratio
    return changed, evidence


def everywhere():
    return np.ones(SHAPE, np.bool_)


def test_beside_a_strong_part_a_faint_one_may_be_chance():
    changed, evidence = parts((LEFT, 40, 60), (RIGHT, 5, 9))
    found = convincing(changed, evidence, everywhere())
    assert found[LEFT].all()
    assert not found[RIGHT].any()


def test_beside_a_strong_part_a_faint_one_far_above_its_noise_is_none():
    changed, evidence = parts((LEFT, 40, 60), (RIGHT, 5, 20))
    assert convincing(changed, evidence, everywhere())[RIGHT].all()


@pytest.mark.parametrize(("strength", "ratio", "kept"), [(5, 11, True), (5, 6, False), (2, 11, False)])
def test_a_lone_faint_part_is_believed_when_it_stands_out_of_its_noise(strength, ratio, kept):
    changed, evidence = parts(((slice(30, 36), slice(20, 26)), strength, ratio))
    assert convincing(changed, evidence, everywhere()).any() == kept


def test_a_faint_part_is_believed_where_it_was_asked_for():
    changed, evidence = parts((LEFT, 40, 60), (RIGHT, 5, 6))
    asked = np.zeros(SHAPE, np.bool_)
    asked[RIGHT] = True
    assert convincing(changed, evidence, everywhere(), asked)[RIGHT].all()


def test_what_only_one_picture_shows_proves_nothing():
    changed, evidence = parts((LEFT, 40, 60))
    inside = everywhere()
    inside[LEFT] = False
    assert not convincing(changed, evidence, inside).any()


def dented(strength):
    changed = np.zeros(SHAPE, np.bool_)
    changed[30:90, 40:140] = True
    changed[30:40, 80:88] = False
    threshold = np.full(SHAPE, 4, np.float32)
    none = np.zeros(SHAPE, np.bool_)
    differs = np.where(changed, 20, strength).astype(np.float32)
    floor = Floor(np.zeros(49, np.float32))
    return Difference(differs, threshold, threshold, changed, floor, none, np.zeros((*SHAPE, 2), np.float32))


@pytest.mark.parametrize(("strength", "filled"), [(3.0, True), (1.0, False)])
def test_a_dent_is_filled_where_it_differs_more_than_noise(strength, filled):
    whole = without_dents(dented(strength))
    assert whole[31:40, 81:87].all() == filled
    assert whole.sum() <= 60 * 100


def test_a_smooth_change_over_most_of_what_was_trusted_does_not_lift_the_floor():
    random = np.random.default_rng(3)
    noise = np.abs(random.normal(0, 0.4, SHAPE)).astype(np.float32)
    lit = noise + np.where(np.arange(SHAPE[1]) < 140, 12, 0).astype(np.float32)
    base = np.zeros((*SHAPE, 3), np.float32)
    busy = busy_of(base, base, 4, everywhere())
    assert learn_floor(lit, busy, everywhere()).typical > 10
    assert learn_floor(lit, busy, everywhere(), noise).typical < 1.2


def test_a_light_that_fades_is_found_though_it_was_trusted_at_first():
    random = np.random.default_rng(5)
    base = np.full((*SHAPE, 3), 50, np.float32)
    y, x = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]]
    lamp = 14 * np.clip(1 - np.hypot(x - 90, y - 60) / 55, 0, None)
    answer = base + random.normal(0, 0.5, base.shape).astype(np.float32)
    answer[:, :, 0] += lamp
    trusted = everywhere()
    trusted[50:70, 80:100] = False
    found = find(base, answer, Known(everywhere(), trusted), Loss(0.5, 12)).changed
    assert found[lamp > 2.5].mean() > 0.99
    assert found[lamp == 0].mean() < 0.02


def test_a_large_part_is_believed_though_it_is_faint_all_over():
    changed, evidence = parts((LEFT, 3, 5))
    assert convincing(changed, evidence, everywhere())[LEFT].all()
    small = (slice(30, 36), slice(20, 26))
    changed, evidence = parts((small, 3, 5))
    assert not convincing(changed, evidence, everywhere()).any()


def test_a_faint_rest_next_to_what_changed_belongs_to_it():
    random = np.random.default_rng(8)
    base = np.full((*SHAPE, 3), 50, np.float32)
    answer = base + random.normal(0, 0.5, base.shape).astype(np.float32)
    answer[30:70, 20:60, 0] += 30
    answer[30:70, 64:100, 0] += 2.8
    answer[92:108, 150:170, 0] += 2.8
    trusted = everywhere()
    trusted[20:, :120] = False
    found = find(base, answer, Known(everywhere(), trusted), Loss(0.5, 12)).changed
    assert found[32:68, 22:58].all()
    assert found[34:66, 70:96].mean() > 0.9
    assert found[92:108, 152:168].mean() < 0.1
