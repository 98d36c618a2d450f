"""Where sentences stop making sense: numbers out of range, words that do not go together, and what is said then."""

import pytest

from nanodesk.engines.on_device.planning import planned
from nanodesk.engines.on_device.targets import apart, complement, range_of


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("blur by 5000 px", "between 0.3 and 1000 px"),
        ("posterise to 900 levels", "2 to 64"),
        ("brightness +500", "−100 to 100 %"),
        ("gamma 40", "0.1 to 10"),
        ("set the black point to 300", "0 to 254"),
        ("white balance 500 K", "between 1700 and 20000"),
        ("threshold at 100 %", "between 1 and 99"),
        ("straighten by 80 degrees", "up to 45°"),
        ("crop 60 % off each side", "leave nothing"),
        ("crop by 70 %", "leave nothing"),
        ("crop 0 px from the top", "between 1 and 30000"),
        ("extend the canvas to 90000x10", "between 1 and 30000"),
        ("extend the canvas to 900:1", "not a shape"),
        ("border of 400 %", "between 0 and 100 %"),
        ("border of 90000 px", "between 1 and 10000"),
        ("change the black to red", "not black, white or grey"),
        ("blur the shadows", "cannot be limited to the shadows"),
        ("sharpen the reds", "cannot be limited to the reds"),
        ("rotate by 400 degrees", "less than 360°"),
        ("make it brighter but keep the background", "it says to keep"),
        ("no vignette", "says what not to do"),
        ("blur the faces", "optional extra"),
        ("make her smile", "generative engine"),
    ],
)
def test_the_reason_is_plain(sentence, said):
    plan = planned(sentence)
    assert not plan.understood
    assert said in plan.reason
    assert plan.reason.endswith(".")


@pytest.mark.parametrize(
    "sentence",
    [
        "sepia slightly 30 %",
        "invert it by 30 %",
        "blur by 3 px and 4 px by 5 px",
        "blur by 30 degrees",
        "brighten by 20 px",
        "half the sepia",
        "twice as dark",
        "reduce the contrast to twice",
        "more shadows",
        "recover the midtones",
        "lift the sky",
        "black and white contrast with a red filter brightness",
        "brighter with a red filter",
        "duotone in red",
        "duotone in red, green and blue",
        "levels 240 to 10",
        "levels 10",
        "the black point 10 20",
        "white balance 4000 px",
        "hue by 20 px",
        "hue by 0",
        "reduce it to 100 colour levels",
        "motion blur at 45 degrees horizontally",
        "keep only the picture in colour",
        "keep only the white in colour",
        "selective colour white",
        "make the greens red and blue",
        "remove the blue tint to magenta",
        "lens blur on the subject at portrait mode and sky",
        "vignette in red and blue",
        "blur in white",
        "posterise 4 blocks",
        "pixelate in 16 levels",
        "extend the canvas",
        "extend the background by 20 px",
        "extend the canvas by 20 degrees",
        "extend the canvas by 20 px in the centre",
        "extend the canvas by 20 px in red with a blurred edge",
        "less padding",
        "padding of the subject",
        "less border",
        "a thin border of 20 px",
        "round the corners of the subject",
        "less drop shadow",
        "make the sky square by adding white borders",
        "straighten to the left",
        "straighten by 3 px",
        "straighten the subject",
        "crop the sky to a square",
        "crop it 100 degrees wide",
        "crop the subject 100 px wide",
        "cut off the subject",
        "trim the borders of the subject",
        "keep only the sky",
        "upscale to 50 %",
        "resize the subject for facebook",
        "resize to 300 %% of it",
        "isolate the background on white",
        "put the background in front of @logo",
        "match the colour of the subject to @logo",
        "gradient from blue to red",
        "fill the background from its surroundings",
        "paint the subject red",
        'write "A" in red and blue at 30 px and 40 px',
        'write "A" at 30 %',
        'write "A" on both sides',
        "turn the subject 90 degrees",
        "half a turn of the subject",
    ],
)
def test_words_that_do_not_go_together_are_refused(sentence):
    assert not planned(sentence).understood, planned(sentence).summary


def test_what_is_spared_leaves_the_rest():
    assert complement("subject") == "background"
    assert complement("outside") == "selection"
    assert complement("reds") == "not-reds"
    assert complement("not-reds") == "reds"
    assert complement("picture") == ""


def test_targets_that_have_nothing_in_common_are_known():
    assert apart("subject", "background")
    assert apart("shadows", "highlights")
    assert not apart("shadows", "shadows")
    assert not apart("subject", "sky")


def test_only_tones_and_colours_are_ranges():
    assert range_of("blacks") == "shadows"
    assert range_of("not-whites") == "not-highlights"
    assert range_of("sky") == ""


@pytest.mark.parametrize(
    ("sentence", "target"),
    [
        ("brighter, but don't touch the background", "subject"),
        ("make it warmer without touching the subject", "background"),
        ("brighten only the shadows, not the highlights", "shadows"),
        ("everything except the sky in black and white", "not-sky"),
        ("keep only the red in colour", "not-reds"),
        ("heller, aber lass das Motiv so", "background"),
        ("make everything but the person darker", "background"),
    ],
)
def test_exceptions_limit_what_is_changed(sentence, target):
    assert planned(sentence).target == target


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        ("double the contrast", {"amount": 100}),
        ("half the saturation", {"amount": -50}),
        ("desaturate by half", {"amount": -50}),
        ("increase the contrast by half", {"amount": 50}),
        ("twice as bright", {"stops": 1.0}),
        ("half as bright", {"stops": -1.0}),
        ("brighten it by 2/3 of a stop", {"stops": 0.667}),
        ("-1.5 EV", {"stops": -1.5}),
        ("exposure -50 %", {"stops": -1.0}),
        ("brighten the shadows by 1 stop", {"amount": 50}),
        ("make the shadows extremely dark", {"amount": -100}),
        ("shadows +30", {"amount": 30}),
        ("blur 7", {"radius": 7}),
        ("portrait 3:2 crop", {"ratio": "2:3"}),
        ("landscape 4:5 crop", {"ratio": "5:4"}),
        ("hue rotate 300", {"degrees": -60}),
        ("threshold at 51", {"percent": 20.0}),
    ],
)
def test_amounts(sentence, values):
    plan = planned(sentence)
    assert plan.understood, plan.reason
    ((_, given),) = plan.operations
    assert values.items() <= dict(given).items()


@pytest.mark.parametrize(
    ("sentence", "summary"),
    [
        ("make the reds in the background more saturated", "Reds of the background: more saturated, +30 %"),
        ("lift the shadows", "Lifted shadows, +50 %"),
        ("brighten the shadows of the subject", "Subject: lifted shadows, +50 %"),
        ("turn the orange parts of the subject blue", "Subject: recoloured, oranges to blue"),
        ("warm the highlights of the subject", "Highlights of the subject: warmer, +35 %"),
    ],
)
def test_a_range_can_lie_within_a_place(sentence, summary):
    assert planned(sentence).summary == summary


@pytest.mark.parametrize("sentence", ["brighten the subject of the background", "darken the reds of the blues"])
def test_two_places_are_one_too_many(sentence):
    assert not planned(sentence).understood
