"""Single stages on made-up planes: the change, the floor, the tone, the bend."""

import numpy as np
import pytest

from nanodesk.document.geometry import Rect, Size
from nanodesk.imaging.fit.change import Known, Loss, find
from nanodesk.imaging.fit.coarse import plausible, told
from nanodesk.imaging.fit.floor import busy_of, learn_floor
from nanodesk.imaging.fit.hints import FitHints
from nanodesk.imaging.fit.sharpness import learn_spread
from nanodesk.imaging.fit.tone import identity, learn
from tests.fit_cases.photos import photo

LOSS = Loss(blur_px=0.5, block_px=12)


def noisy_pair(strength):
    """Two planes of Lab with a little noise, apart by `strength` in lightness in a square."""
    random = np.random.default_rng(2)
    base = np.full((160, 200, 3), 50, np.float32)
    answer = base + random.normal(0, 0.35, base.shape).astype(np.float32)
    answer[60:100, 70:120, 0] += strength
    return base, answer


def everywhere(shape):
    return np.ones(shape[:2], np.bool_)


def test_a_faint_change_is_found_where_it_was_asked_for_and_not_elsewhere():
    base, answer = noisy_pair(2.6)
    inside = everywhere(base.shape)
    asked = np.zeros_like(inside)
    asked[50:110, 60:130] = True
    assert not find(base, answer, Known(inside, inside), LOSS).changed.any()
    found = find(base, answer, Known(inside, inside, asked), LOSS).changed
    assert found[62:98, 72:118].mean() > 0.8
    assert found[:40].sum() == 0


def test_a_plain_change_is_found_to_its_edge():
    base, answer = noisy_pair(20)
    inside = everywhere(base.shape)
    found = find(base, answer, Known(inside, inside), LOSS).changed
    assert found[61:99, 71:119].all()
    assert found.sum() < 44 * 54


def test_what_lies_outside_the_answer_is_no_change():
    base, answer = noisy_pair(20)
    inside = everywhere(base.shape)
    inside[:, 90:] = False
    found = find(base, answer, Known(inside, inside), LOSS).changed
    assert found[60:100, 72:88].all()
    assert not found[:, 90:].any()


@pytest.mark.parametrize("blur", [0.0, 0.5, 2.0])
def test_a_softer_answer_smears_no_further_than_its_own_softness(blur):
    halo = Loss(blur, 12).halo
    assert 0.05 <= halo <= 0.25
    assert halo <= Loss(0.0, 12).halo


def test_busier_places_have_a_higher_floor():
    random = np.random.default_rng(1)
    base = np.zeros((120, 160, 3), np.float32)
    base[:, 80:] = random.normal(50, 20, (120, 80, 1))
    sure = everywhere(base.shape)
    busy = busy_of(base, base, 4, sure)
    difference = np.where(np.arange(160) < 80, 0.5, 4.0) * np.ones((120, 1))
    floor = learn_floor(difference.astype(np.float32), busy, sure)
    level = floor.at(busy)
    assert level[:, 100:150].mean() > 3 * level[:, 10:60].mean()
    assert floor.typical > 0


def test_a_floor_of_nothing_is_one():
    base = np.zeros((20, 20, 3), np.float32)
    nowhere = np.zeros((20, 20), np.bool_)
    busy = busy_of(base, base, 4, everywhere(base.shape))
    assert learn_floor(np.zeros((20, 20), np.float32), busy, nowhere).typical == 1.0


def test_a_tint_is_learned_in_spite_of_an_edit():
    base = photo("coffee", 400).copy()
    answer = np.clip(base * np.array([0.95, 1.0, 1.05], np.float32) + np.float32(0.01), 0, 1).astype(np.float32)
    answer[50:200, 40:200] = 0.9
    tone = learn(base, answer, np.ones(base.shape[:2], np.float32))
    rest = np.abs(tone.applied(answer) - base)
    rest[45:205, 35:205] = 0
    assert float(np.median(rest)) < 0.004
    assert 1 < tone.delta_e < 8


def test_nothing_trusted_leaves_the_tone_alone():
    base = photo("coffee", 400)
    tone = learn(base, base, np.zeros(base.shape[:2], np.float32))
    assert not tone.coefficients.any()
    assert np.array_equal(identity().applied(base), base)


def test_the_spread_of_too_little_is_none():
    plane = np.zeros((12, 12, 3), np.float32)
    assert learn_spread(plane, plane, everywhere(plane.shape)).sigma_px == 0


def test_a_frame_of_another_shape_may_be_stretched_cut_or_padded():
    ways = told(FitHints(frame=Rect(0, 0, 400, 300)), Size(400, 300), Size(200, 200))
    assert [(round(way[0, 0], 3), round(way[1, 1], 3)) for way in ways] == [(0.5, 0.667), (0.667, 0.667), (0.5, 0.5)]
    assert len(told(FitHints(), Size(400, 300), Size(200, 150))) == 1


@pytest.mark.parametrize(
    ("matrix", "fine"),
    [
        ([[1, 0, 5], [0, 1, 5]], True),
        ([[-1, 0, 5], [0, 1, 5]], False),
        ([[1, 0.5, 0], [0, 1, 0]], False),
        ([[0, -1, 0], [1, 0, 0]], False),
        ([[1, 0, 0], [0, 3, 0]], False),
        ([[0, 0, 0], [0, 0, 0]], False),
    ],
)
def test_models_do_not_mirror_shear_or_turn_on_their_side(matrix, fine):
    assert plausible(np.array(matrix, np.float64)) is fine


def test_what_swings_in_the_blocks_of_a_strong_change_is_no_change():
    base, answer = noisy_pair(60)
    rows, columns = np.mgrid[0:160, 0:200]
    beside = (rows >= 60) & (rows < 100) & (columns >= 120) & (columns < 132)
    swings = np.where(columns % 4 < 2, 4.0, -4.0)
    ringing = np.where(beside[:, :, None], swings[:, :, None], 0).astype(np.float32)
    trust = everywhere(base.shape)
    trust[50:110, 60:140] = False
    known = Known(everywhere(base.shape), trust)
    assert find(base, answer + ringing, known, LOSS).changed[62:98, 124:131].mean() < 0.05
    real = np.where(beside[:, :, None], np.float32(4), np.float32(0))
    assert find(base, answer + real, known, LOSS).changed[62:98, 124:130].mean() > 0.9
