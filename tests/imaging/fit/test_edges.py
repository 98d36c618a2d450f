"""Edge tools, wear and remedies: small functions on masks and layers."""

import cv2
import numpy as np
import pytest

from nanodesk.document.geometry import Rect
from nanodesk.imaging.fit.edges import edge, refine_to_subject
from nanodesk.imaging.fit.remedy import REMEDIES, remedied
from nanodesk.imaging.fit.wear import fresh, meter, worn


def disc(radius, size=120):
    mask = np.zeros((size, size), np.uint8)
    cv2.circle(mask, (size // 2, size // 2), radius, 255, -1)
    return mask


def test_growing_and_shrinking_move_the_edge():
    mask = disc(30)
    assert (edge(mask, 5) > 0).sum() > (mask > 0).sum() > (edge(mask, -5) > 0).sum()
    assert np.array_equal(edge(mask), mask)
    assert np.abs(edge(mask, 5).astype(int) - disc(35)).mean() < 2


def test_a_feather_is_soft_and_ends():
    soft = edge(disc(30), 0, 4)
    assert 0 < soft[60, 60 + 30] < 255
    assert soft[60, 60] == 255
    assert soft[60, 60 + 41] == 0


def test_the_outline_is_drawn_to_the_subject_close_by_only():
    subject = disc(32)
    mask = disc(36)
    mask[5:15, 5:15] = 255  # far from the subject: stays
    refined = refine_to_subject(mask, subject, reach_px=8)
    assert refined[60, 60 + 34] == 0
    assert refined[60, 60 + 30] == 255
    assert refined[60, 60] == 255
    assert refined[10, 10] == 255


def test_wear_counts_passes_where_a_layer_shows():
    wear = fresh(10, 10)
    mask = np.full((4, 4), 255, np.uint8)
    mask[0] = 0
    mask[1] = 100
    once = worn(wear, mask, Rect(2, 2, 4, 4))
    assert once[2, 2] == 0
    assert once[3, 2] == once[5, 5] == 1
    twice = worn(once, mask, Rect(2, 2, 4, 4))
    assert twice[5, 5] == 2
    assert meter(twice)[0] == pytest.approx(twice.mean())
    assert meter(twice)[1] == 2
    assert not wear.any()


def test_wear_may_come_from_another_picture_and_has_a_ceiling():
    seen = np.full((4, 4), 255, np.uint8)
    whole = np.full((4, 4), 255, np.uint8)
    assert worn(fresh(4, 4), whole, Rect(0, 0, 4, 4), seen).max() == 255
    # Fresh from the original: less worn than what it covers.
    assert worn(np.full((4, 4), 5, np.uint8), whole, Rect(0, 0, 4, 4), fresh(4, 4)).max() == 1
    assert meter(np.zeros((0, 0), np.uint8)) == (0.0, 0)


@pytest.fixture
def layer():
    random = np.random.default_rng(3)
    grey = cv2.GaussianBlur(random.normal(0, 60, (96, 96)).astype(np.float32), (0, 0), 2) * 4 + 120
    block = np.dstack([grey * 0.8, grey, grey * 1.1, np.full((96, 96), 255)])
    return np.clip(block, 0, 255).astype(np.uint8)


def traits(block):
    from nanodesk.checks.traits import measured

    return measured(block, np.ones(block.shape[:2], np.bool_))


@pytest.mark.parametrize(
    ("trait", "figure", "factor"),
    [
        ("lightness", "lightness", 1.4),
        ("lightness", "lightness", 0.7),
        ("saturation", "chroma", 1.5),
        ("saturation", "chroma", 0.5),
        ("contrast", "contrast", 1.5),
        ("contrast", "contrast", 0.6),
        ("grain", "grain", 4.0),
        ("sharpness", "sharpness", 1.15),
        ("sharpness", "sharpness", 0.6),
    ],
)
def test_a_remedy_brings_its_trait_nearer(layer, trait, figure, factor):
    mask = np.full(layer.shape[:2], 255, np.uint8)
    inside = getattr(traits(layer), figure)
    outside = inside * factor
    mended, same = remedied(layer, mask, trait, inside, outside)
    assert abs(getattr(traits(mended), figure) - outside) < abs(inside - outside)
    assert np.array_equal(mended[:, :, 3], layer[:, :, 3])
    assert np.array_equal(same, mask)


def test_warmth_moves_towards_the_light_round_it(layer):
    mask = np.full(layer.shape[:2], 255, np.uint8)
    warm = traits(layer).warmth
    cooler, _ = remedied(layer, mask, "warmth", warm, warm - 15)
    assert traits(cooler).warmth < warm - 8


def test_too_much_grain_is_smoothed(layer):
    noisy = layer.copy()
    noisy[:, :, :3] = np.clip(layer[:, :, :3] + np.random.default_rng(1).normal(0, 8, (96, 96, 1)), 0, 255)
    before = traits(noisy).grain
    calm, _ = remedied(noisy, np.full((96, 96), 255, np.uint8), "grain", before, 0.3)
    assert traits(calm).grain < 0.6 * before


def test_next_to_no_missing_grain_changes_nothing(layer):
    same, _ = remedied(layer, np.full((96, 96), 255, np.uint8), "grain", 0.5, 0.501)
    assert np.abs(same.astype(int) - layer).max() <= 1


def test_a_seam_is_feathered_inwards_only(layer):
    mask = disc(30, 96)
    _, soft = remedied(layer, mask, "seam", 3, 1)
    assert (soft <= mask).all()
    assert ((soft > 0) & (soft < 255)).any()


def test_there_is_no_remedy_for_what_is_not_known(layer):
    assert len(REMEDIES) == 7
    with pytest.raises(ValueError, match="no remedy"):
        remedied(layer, disc(3, 96), "perspective", 0, 1)
