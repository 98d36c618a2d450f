"""Plans: every row in words and parameters, and how sure they are."""

import pytest

from nanodesk.engines.on_device.grammar import Understood, understand
from nanodesk.engines.on_device.planning import planned
from nanodesk.engines.on_device.progress import message
from nanodesk.engines.on_device.table import TABLE


@pytest.mark.parametrize("row", TABLE.values(), ids=lambda row: row.name)
def test_every_row_can_say_what_it_does_and_is_doing(row):
    for example in row.examples:
        plan = planned(example)
        assert plan.summary[0].isupper() or plan.summary[0].isdigit()
        assert 0 < plan.confidence <= 1
        assert "None" not in plan.summary
        outcome = understand(example)
        assert isinstance(outcome, Understood)
        for step in outcome.steps:
            assert message(step)[0].isupper()


def test_doubt_is_told():
    assert planned("make it warmer").confidence == 1
    assert planned("make it warmr").confidence < 1, "a word was put right"
    assert planned("turn the red parts blue").confidence < 1, "colour alone may be more than what is meant"
    assert planned("remove the selection").confidence < 1


@pytest.mark.parametrize(
    ("sentence", "summary"),
    [
        ("lift the shadows a touch", "Lifted shadows, +20 %"),
        ("everything black and white except the oranges", "Everything but the oranges: black and white, 100 %"),
        ("faded look at 60 %", "Faded look, 60 %"),
        ("duotone in navy and orange", "Duotone, dark blue to orange"),
        ("levels 10 to 240", "Levels, black at 10, white at 240"),
        ("white balance 4000 K", "White balance, 4000 K"),
        ("black and white with a red filter", "Black and white, red filter"),
        ("make the background the same blue as @logo", "Replace the background by the colour of @logo"),
        ("use @beach as the background", "Replace the background by @beach"),
        ("fill the selection with white", "Fill the selection with white"),
        ("motion blur of 20 px at 30 degrees", "Motion blur, length 20 px, degrees 30°"),
        ("darken everything outside the selection", "Outside the selection: darker, −30 %"),
        ("crop 10% off each side", "Crop 10 % off every side"),
        ("crop to the bottom third", "Crop to the bottom third"),
        ("trim the empty borders", "Crop off the plain margins"),
        ("extend the canvas to 16:9 with a blurred edge", "Extend the canvas to 16:9, with a blurred edge"),
        ("extend the canvas to 400x400", "Extend the canvas to 400 × 400 px, transparent"),
        ("add 20 px padding at the top", "Extend the canvas by 20 px at the top, white"),
        ("straighten it", "Straighten by its long lines, cropped to what stays full"),
        ("upscale 2x", "Enlarge to 200 %, slightly sharpened"),
        ("crop it 100 px wide", "Crop to 100 px wide, around the centre"),
        (
            'stamp "A" in red at 40 % opacity with a white outline and a shadow across the full width',
            "Text “A”, red, bottom, outline white, with a shadow, as wide as the picture, opacity 40 %",
        ),
    ],
)
def test_a_summary_says_what_would_be_done_in_words_and_parameters(sentence, summary):
    assert planned(sentence).summary == summary
