"""The blend check: what is wrong with an inserted part is what it names."""

import cv2
import numpy as np
import pytest

from nanodesk.checks.blend import Trait, check_blend
from nanodesk.imaging.fit.remedy import REMEDIES, remedied
from tests.fit_cases.photos import photo

PLACE = (slice(150, 330), slice(200, 400))


def scene():
    """A wall all of whose parts are much alike, and a mask of a part of it."""
    picture = np.rint(photo("bricks", 600) * 255).astype(np.uint8)
    block = np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)])
    mask = np.zeros(picture.shape[:2], np.uint8)
    mask[PLACE] = 255
    return block, mask


def with_part(change):
    block, mask = scene()
    part = block[PLACE][:, :, :3].astype(np.float32)
    block[PLACE][:, :, :3] = np.clip(change(part), 0, 255)
    return block, mask


def in_lab(change):
    def changed(part):
        planes = cv2.cvtColor(part / 255, cv2.COLOR_BGR2Lab)
        return cv2.cvtColor(change(planes).astype(np.float32), cv2.COLOR_Lab2BGR) * 255

    return changed


SPOILT = {
    Trait.LIGHTNESS: (lambda part: part * 1.7, "too bright"),
    Trait.WARMTH: (in_lab(lambda planes: planes + np.array([0, 0, 30])), "too warm"),
    Trait.SATURATION: (in_lab(lambda planes: planes * np.array([1, 0.15, 0.15])), "too pale"),
    Trait.CONTRAST: (in_lab(lambda planes: planes * 0.25 + planes.mean(axis=(0, 1)) * 0.75), "too flat"),
    Trait.GRAIN: (lambda part: part + np.random.default_rng(1).normal(0, 14, part.shape), "too grainy"),
    Trait.SHARPNESS: (lambda part: cv2.GaussianBlur(part, (0, 0), 2.2), "too s"),
}


def test_what_belongs_there_passes():
    check = check_blend(*scene())
    assert check.worst is None
    assert check.sentence.startswith("The new part matches")
    assert len(check.findings) == len(Trait)
    assert any("shadow" in line for line in check.blind)


@pytest.mark.parametrize("trait", SPOILT)
def test_what_is_wrong_is_named(trait):
    change, words = SPOILT[trait]
    check = check_blend(*with_part(change))
    told = {finding.trait: finding for finding in check.findings}
    assert told[trait].severity >= 1
    assert words in told[trait].sentence
    assert "inserted part" in told[trait].request
    assert check.worst is not None


@pytest.mark.parametrize("trait", [Trait.LIGHTNESS, Trait.WARMTH, Trait.SATURATION, Trait.GRAIN])
def test_the_remedy_brings_it_down(trait):
    block, mask = with_part(SPOILT[trait][0])
    before = {finding.trait: finding for finding in check_blend(block, mask).findings}[trait]
    layer, soft = remedied(block, mask, trait, before.inside, before.outside)
    mended = block.copy()
    mended[soft > 0] = layer[soft > 0]
    after = {finding.trait: finding for finding in check_blend(mended, mask).findings}[trait]
    assert after.severity < 0.6 * before.severity


def test_a_hard_edge_is_a_seam_and_a_feathered_one_less():
    block, mask = scene()
    shifted = np.clip(block.astype(np.int16) + np.array([40, 40, 40, 0]), 0, 255).astype(np.uint8)

    def seam(soft):
        share = soft[:, :, None] / 255
        picture = np.rint(block * (1 - share) + shifted * share).astype(np.uint8)
        return next(finding for finding in check_blend(picture, mask).findings if finding.trait is Trait.SEAM)

    plain = next(finding for finding in check_blend(block, mask).findings if finding.trait is Trait.SEAM)
    hard, soft = seam(mask), seam(cv2.GaussianBlur(mask, (0, 0), 8))
    assert plain.severity < 1
    assert hard.inside > soft.inside
    assert hard.inside > 1.3 * plain.inside


def test_a_large_part_is_looked_at_reduced():
    block, mask = scene()
    large = cv2.resize(block, (3000, 2250))
    check = check_blend(large, cv2.resize(mask, (3000, 2250), interpolation=cv2.INTER_NEAREST))
    assert check.worst is None


def test_too_little_is_not_compared():
    block, mask = scene()
    mask[:] = 0
    assert check_blend(block, mask).findings == ()
    mask[10:14, 10:14] = 255
    assert "too small" in check_blend(block, mask).sentence
    mask[:] = 255
    assert check_blend(block, mask).worst is None


def test_sizes_must_agree():
    block, _ = scene()
    with pytest.raises(ValueError, match="own size"):
        check_blend(block, np.zeros((3, 3), np.uint8))


def test_every_trait_has_a_remedy():
    assert {trait.value for trait in Trait} == set(REMEDIES)
