"""The whole way: what a fit says, and that nothing outside its mask can change."""

import cv2
import numpy as np
import pytest

from nanodesk.document.geometry import Rect
from nanodesk.imaging.fit.errors import FitCancelledError
from nanodesk.imaging.fit.fitting import fit
from nanodesk.imaging.fit.hints import FitHints
from nanodesk.imaging.fit.result import FitKind
from nanodesk.imaging.fit.unbake import unbake
from nanodesk.imaging.fit.whole import own_picture
from tests.imaging.fit.pairs import base, redrawn, spotted


@pytest.fixture(scope="module")
def two_spots():
    """A base, and a fit of an answer with two discs in it: the first was asked for in a place, the second anywhere."""
    block = base()
    answer = redrawn(spotted(block, (120, 120, 34), (350, 340, 26)), shift=(5, -3), scale=1.01)
    selection = np.zeros(block.shape[:2], np.uint8)
    selection[60:180, 60:180] = 255
    return block, fit(block, answer, hints=FitHints(selections=(selection, None)))


def test_outside_the_mask_every_byte_is_the_base(two_spots):
    block, fitted = two_spots
    result = fitted.composite(block)
    off = fitted.full_mask() == 0
    assert 0.9 < off.mean() < 1
    assert np.array_equal(result[off], block[off])
    assert not np.array_equal(result, block)


def test_the_geometry_is_found(two_spots):
    _, fitted = two_spots
    assert fitted.geometry.found
    assert fitted.geometry.confidence > 0.9
    assert fitted.geometry.shift_px == pytest.approx(np.hypot(5, 3), abs=0.1)
    assert fitted.geometry.scale == pytest.approx(1.01, abs=0.0005)
    assert abs(fitted.geometry.rotation_deg) < 0.03


def test_islands_belong_to_the_edits_that_asked(two_spots):
    _, fitted = two_spots
    assert fitted.kind is FitKind.EDIT
    assert {island.edit for island in fitted.islands} == {0, 1}
    first = next(island for island in fitted.islands if island.edit == 0)
    assert Rect(100, 100, 40, 40).intersected(first.box) == Rect(100, 100, 40, 40)
    assert first.area == pytest.approx(np.pi * 34**2, rel=0.12)
    assert first.delta_e > 20
    assert not fitted.side_effects


def test_islands_are_chosen_anew_without_fitting_again(two_spots):
    block, fitted = two_spots
    one = fitted.with_islands({1})
    assert one.kept == {1}
    assert one.layer is fitted.layer
    assert 0 < one.changed_share < fitted.changed_share
    assert "side effect dropped" in one.sentence
    none = fitted.with_islands(())
    assert not none.mask.any()
    assert np.array_equal(none.composite(block), block)
    assert fitted.with_islands({1, 2, 99}).kept == {1, 2}


def test_unbaked_parts_show_together_what_the_fit_shows(two_spots):
    block, fitted = two_spots
    parts = unbake(fitted)
    assert [part.edit for part in parts] == [0, 1]
    result = block.copy()
    for part in reversed(parts):
        from nanodesk.imaging.filters import mix

        place = result[part.rect.y : part.rect.bottom, part.rect.x : part.rect.right]
        place[:] = mix(np.ascontiguousarray(place), part.layer, part.mask)
    assert np.array_equal(result, fitted.composite(block))


def test_the_sentence_says_what_was_found(two_spots):
    _, fitted = two_spots
    assert fitted.sentence.startswith("Only 2 parts changed, ")
    assert "aligned 5.8 px, 1.0 %" in fitted.sentence


def test_what_nobody_selected_is_a_side_effect_and_off():
    block = base()
    selection = np.zeros(block.shape[:2], np.uint8)
    selection[60:180, 60:180] = 255
    answer = redrawn(spotted(block, (120, 120, 34), (350, 340, 26)))
    fitted = fit(block, answer, hints=FitHints(selections=(selection,)))
    assert len(fitted.islands) == 2
    assert len(fitted.side_effects) == 1
    assert fitted.kept == {island.number for island in fitted.islands if island.edit == 0}
    assert fitted.full_mask()[340, 350] == 0
    assert "1 side effect dropped" in fitted.sentence


def test_a_weak_change_beside_a_strong_one_is_a_side_effect():
    block = base()
    changed = spotted(block, (150, 150, 60))
    changed = spotted(changed, (400, 400, 9), colour=tuple(int(v) for v in block[400, 400, :3] // 2 + 60))
    fitted = fit(block, redrawn(changed))
    assert [island.side_effect for island in fitted.islands] == [False, True]


def test_two_edits_without_selections_leave_it_open_who_did_what():
    block = base()
    answer = redrawn(spotted(block, (120, 120, 34), (350, 340, 30)))
    fitted = fit(block, answer, hints=FitHints(selections=(None, None)))
    assert [island.edit for island in fitted.islands] == [None, None]
    assert not fitted.side_effects
    assert [part.edit for part in unbake(fitted)] == [None, None]


def test_an_answer_without_a_change_gives_no_layer():
    block = base()
    fitted = fit(block, redrawn(block, shift=(2, 1)))
    assert fitted.kind is FitKind.NONE
    assert fitted.rect.empty
    assert fitted.sentence.startswith("Nothing changed")
    assert np.array_equal(fitted.composite(block), block)
    assert unbake(fitted) == ()


def test_another_picture_is_not_forced_onto_the_base():
    block = base()
    fitted = fit(block, base("market"))
    assert fitted.kind is FitKind.UNALIGNED
    assert not fitted.geometry.found
    assert fitted.mask.min() == 255
    assert fitted.layer.shape == block.shape
    assert "could not be aligned" in fitted.sentence


def test_what_was_drawn_from_words_alone_is_not_fitted():
    block = base()
    answer = redrawn(spotted(block, (120, 120, 34)), shift=(5, -3))
    fitted = fit(block, answer, hints=FitHints(from_words=True))
    assert fitted.kind is FitKind.NEW
    assert "words alone" in fitted.sentence
    assert np.array_equal(fitted.composite(block), answer)


def test_the_models_own_picture_lies_on_the_base_untouched(two_spots):
    block, fitted = two_spots
    answer = redrawn(spotted(block, (120, 120, 34), (350, 340, 26)), shift=(5, -3), scale=1.01)
    own = own_picture(fitted, answer)
    assert own.shape == block.shape
    middle = (slice(200, 280), slice(200, 280), slice(0, 3))
    assert np.abs(own[middle].astype(int) - block[middle]).mean() < 8
    assert not np.array_equal(own[middle], block[middle])
    large = np.asarray(cv2.resize(answer, (1200, 1200), interpolation=cv2.INTER_CUBIC), np.uint8)
    assert own_picture(fit(block, large), large).shape == block.shape


def test_an_even_picture_has_nothing_to_be_aligned_by():
    even = np.full((300, 400, 4), 200, np.uint8)
    even[:, :, 3] = 255
    fitted = fit(even, spotted(even, (100, 100, 30)))
    assert fitted.kind is FitKind.UNALIGNED
    assert fitted.geometry.confidence < 0.5


def test_a_change_of_all_tones_is_a_restyle():
    block = base()
    evening = np.clip(block[:, :, :3] * np.array([0.75, 0.5, 0.35]), 0, 255).astype(np.uint8)
    answer = redrawn(np.dstack([evening, block[:, :, 3]]), shift=(4, 2), size=(360, 360))
    fitted = fit(block, answer, hints=FitHints(detail=1.0))
    assert fitted.kind is FitKind.RESTYLE
    assert fitted.mask.min() == 255
    assert "redrawn" in fitted.sentence
    middle = (slice(40, -40), slice(40, -40))
    assert np.abs(fitted.layer[middle][:, :, :3].astype(int) - evening[middle]).mean() < 5
    plain = fit(block, answer, hints=FitHints(detail=0.0))
    assert _fine(fitted.layer) > 1.15 * _fine(plain.layer)


def _fine(block):
    grey = cv2.cvtColor(block, cv2.COLOR_BGRA2GRAY).astype(np.float32)
    return float((grey - cv2.GaussianBlur(grey, (0, 0), 1.2)).std())


def test_a_padded_frame_is_put_back_into_its_clip():
    block = base("coffee")
    height, width = block.shape[:2]
    changed = spotted(block, (200, 150, 40))
    square = np.zeros((width, width, 4), np.uint8)
    square[:, :, 3] = 255
    above = (width - height) // 2
    square[above : above + height] = changed
    hints = FitHints(frame=Rect(0, -above, width, width), clip=Rect(0, 0, width, height))
    fitted = fit(block, redrawn(square, size=(420, 420)), hints=hints)
    assert fitted.kind is FitKind.EDIT
    assert fitted.geometry.shift_px < 0.5
    assert fitted.full_mask()[150, 200] == 255


def test_an_answer_cut_to_another_shape_finds_its_place():
    block = base("coffee")
    height, width = block.shape[:2]
    cut = spotted(block, (width // 2, 150, 40))[:, (width - height) // 2 : (width - height) // 2 + height]
    fitted = fit(block, redrawn(np.ascontiguousarray(cut), size=(300, 300)))
    assert fitted.kind is FitKind.EDIT
    assert fitted.full_mask()[150, width // 2] == 255
    assert fitted.full_mask()[:, : (width - height) // 2 - 40].max() == 0


def test_an_answer_larger_than_the_base_fits_too():
    block = base()
    answer = np.asarray(cv2.resize(spotted(block, (200, 200, 30)), (900, 900), interpolation=cv2.INTER_CUBIC), np.uint8)
    fitted = fit(block, answer)
    assert fitted.kind is FitKind.EDIT
    assert fitted.islands[0].area == pytest.approx(np.pi * 30**2, rel=0.15)


def test_the_same_pictures_give_the_same_fit():
    block = base("cat")
    answer = redrawn(spotted(block, (200, 150, 30)), shift=(3, 3))
    one, other = fit(block, answer), fit(block, answer)
    assert np.array_equal(one.layer, other.layer)
    assert np.array_equal(one.mask, other.mask)


@pytest.mark.parametrize("after", [0, 2, 5, 8])
def test_a_fit_ends_when_it_is_no_longer_wanted(after):
    asked = []

    def cancelled():
        asked.append(1)
        return len(asked) > after

    block = base("cat")
    with pytest.raises(FitCancelledError):
        fit(block, redrawn(spotted(block, (200, 150, 30))), hints=FitHints(cancelled=cancelled))
    assert len(asked) == after + 1


def test_a_picture_that_is_none_is_refused():
    block = base()
    with pytest.raises(ValueError, match="four channels"):
        fit(block, np.zeros((10, 10, 3), np.uint8))
    with pytest.raises(ValueError, match="four channels"):
        fit(np.zeros((0, 10, 4), np.uint8), block)


def test_a_fit_is_not_laid_over_another_size(two_spots):
    _, fitted = two_spots
    with pytest.raises(ValueError, match="own size"):
        fitted.composite(np.zeros((10, 10, 4), np.uint8))


def test_transparent_places_are_no_change():
    block = base().copy()
    block[:, :100, 3] = 0
    answer = redrawn(spotted(block, (300, 200, 40)))
    fitted = fit(block, answer)
    assert fitted.kind is FitKind.EDIT
    assert fitted.full_mask()[:, :60].max() == 0
    assert fitted.full_mask()[200, 300] == 255


def test_a_base_of_nothing_but_air_is_answered_plainly():
    nothing = np.zeros((120, 160, 4), np.uint8)
    answer = np.full((120, 160, 4), 255, np.uint8)
    fitted = fit(nothing, answer)
    assert fitted.sentence
    assert fitted.composite(nothing).shape == nothing.shape
