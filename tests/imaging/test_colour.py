import threading

import numpy as np
import pytest

from nanodesk.imaging import colour
from nanodesk.imaging.codec_errors import ColourProfileError
from tests.formats import samples

P3 = samples.rgb_profile()


def soft_picture() -> np.ndarray:
    return samples.bgra(samples.picture(mode="RGBA"))


def test_our_srgb_profile_is_srgb_and_always_the_same():
    colour.srgb_profile.cache_clear()
    first = colour.srgb_profile()
    colour.srgb_profile.cache_clear()
    assert colour.srgb_profile() == first
    assert colour.is_srgb(first)
    assert colour.describe(first) == "sRGB"


def test_profiles_are_called_by_their_names():
    assert colour.describe(None) == "sRGB"
    assert colour.describe(P3) == "Display P3"
    assert colour.describe(samples.rgb_profile("Adobe RGB (1998)")) == "Adobe RGB (1998)"
    assert colour.describe(samples.rgb_profile("My monitor")) == "My monitor"
    assert colour.describe(b"rubbish") == "Unknown profile"


def test_profiles_say_what_they_are_for():
    assert colour.space(P3) == "RGB"
    assert colour.space(samples.grey_profile()) == "grey"
    assert colour.space(samples.cmyk_profile()) == "CMYK"
    assert colour.space(b"short") == ""
    assert colour.usable(P3)
    assert not colour.usable(P3[:200])
    assert not colour.usable(samples.grey_profile())


def test_nothing_is_done_between_equal_profiles():
    pixels = soft_picture()
    assert colour.convert(pixels, P3, P3) is pixels
    assert colour.convert(pixels, None, colour.srgb_profile()) is pixels
    assert colour.to_srgb(pixels, samples.lcms_srgb()) is pixels


def test_p3_red_lies_beyond_srgb_and_grey_stays_grey():
    pixels = np.zeros((1, 3, 4), np.uint8)
    pixels[0, 0] = 0, 0, 255, 255
    pixels[0, 1] = 128, 128, 128, 255
    pixels[0, 2] = 60, 120, 180, 77
    out = colour.to_srgb(pixels, P3)
    assert out[0, 0, 2] == 255
    assert np.ptp(out[0, 1, :3]) <= 1
    # A dull colour grows more vivid in numbers when the space gets smaller: more red, less blue.
    assert out[0, 2, 2] > 180
    assert out[0, 2, 0] < 60
    assert (pixels[0, 2] == [60, 120, 180, 77]).all()


def test_alpha_survives_and_the_result_is_fresh():
    pixels = soft_picture()
    pixels[:5, :, 3] = 0
    out = colour.to_srgb(pixels, P3)
    assert (out[..., 3] == pixels[..., 3]).all()
    assert out.flags.c_contiguous
    assert out.flags.writeable
    assert not np.shares_memory(out, pixels)


def test_there_and_back_is_nearly_the_same():
    pixels = samples.bgra(samples.picture(300, 200))
    there = colour.convert(pixels, None, P3)
    back = colour.convert(there, P3, None)
    off = np.abs(back.astype(int) - pixels)
    assert off.mean() < 0.5
    assert off[pixels[..., :3].min(axis=2) > 40].max() <= 2  # in the dark, 8 bits of two curves differ by more


def test_strips_leave_no_seam(monkeypatch):
    pixels = samples.bgra(samples.picture(90, 70))
    whole = colour.to_srgb(pixels, P3)
    monkeypatch.setattr(colour, "_STRIP_PIXELS", 90 * 8)
    assert (colour.to_srgb(pixels, P3) == whole).all()


def test_the_same_answer_from_two_threads_at_once():
    pixels = samples.bgra(samples.picture(300, 300))
    wanted = colour.to_srgb(pixels, P3)
    same = []
    threads = [
        threading.Thread(target=lambda: same.append((colour.to_srgb(pixels, P3) == wanted).all())) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert same == [True] * 4


@pytest.mark.parametrize("profile", [b"rubbish", P3[:300], samples.grey_profile(), samples.cmyk_profile()])
def test_a_profile_that_is_none_is_refused_in_a_sentence(profile):
    with pytest.raises(ColourProfileError, match=r"profile.*\.$"):
        colour.to_srgb(soft_picture(), profile)
