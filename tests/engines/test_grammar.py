import re
import subprocess
import sys
import time

import pytest

from nanodesk.engines.on_device.engine import OnDeviceEngine
from nanodesk.engines.on_device.grammar import Understood, understand
from nanodesk.engines.on_device.lexicon import LANGUAGES, distance, lexicon
from nanodesk.engines.on_device.planning import planned
from nanodesk.engines.on_device.table import TABLE
from tests.engines.phrase_book import REFUSED, UNDERSTOOD

EXPECTED = {sentence: expected for sentence, expected in UNDERSTOOD.items() if expected is not None}


def described(step, expected):
    """A step in the words of the phrase book, with as much detail as the expectation has."""
    values = dict(step.values)
    row = TABLE[step.operation]
    name = re.escape(step.operation)
    sign = ""
    if row.kind in {"pointwise", "spatial"}:
        number = values.get(row.strength.name, 1) if row.strength else 1
        sign = "-" if number < 0 else "+"
    where = "" if step.target == "picture" else f"@{step.target}"
    told = re.match(rf"{name}[+-]?(?:@\w+)?\((.*)\)$", expected)
    given = ""
    if told:
        names = re.findall(r"(?:^|,)(\w+)=", told.group(1))
        given = "(" + ",".join(f"{key}={values.get(key)}" for key in names) + ")"
    return f"{step.operation}{sign}{where}{given}".replace(".0)", ")").replace(".0,", ",")


def steps(sentence):
    outcome = understand(sentence)
    assert isinstance(outcome, Understood)
    return outcome.steps


def parts(expected):
    return re.findall(r"[\w-]+[+-]?(?:@\w+)?(?:\([^)]*\))?", expected)


@pytest.mark.parametrize("sentence", EXPECTED)
def test_the_phrase_book_is_understood(sentence):
    outcome = understand(sentence)
    assert isinstance(outcome, Understood), outcome
    wanted = [part.replace(".0)", ")") for part in parts(EXPECTED[sentence])]
    got = [described(step, part) for step, part in zip(outcome.steps, wanted, strict=False)]
    assert got == wanted
    assert len(outcome.steps) == len(wanted)


@pytest.mark.parametrize("sentence", REFUSED)
def test_what_cannot_be_done_is_refused_in_a_sentence(sentence):
    plan = planned(sentence)
    assert not plan.understood, plan.summary
    assert plan.reason.endswith(".")
    assert len(plan.nearest) <= 3
    assert not plan.operations


@pytest.mark.parametrize("row", TABLE.values(), ids=lambda row: row.name)
def test_every_example_is_understood_as_its_row(row):
    assert row.examples
    for example in row.examples:
        outcome = understand(example)
        assert isinstance(outcome, Understood), example
        assert [step.operation for step in outcome.steps] == [row.name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_of_a_language_is_understood_as_its_row(language):
    for name, sentences in lexicon(language).examples.items():
        for sentence in sentences:
            outcome = understand(sentence)
            assert isinstance(outcome, Understood), sentence
            assert not name or [step.operation for step in outcome.steps] == [name]


def test_suggestions_are_in_the_language_that_was_written():
    assert planned("mach den Hintergrund schöner").nearest[0].startswith(("Mach", "Hintergrund", "Entferne"))
    assert "the" in " ".join(planned("make the background more interesting").nearest).lower()
    assert planned("qwertz").nearest == ("Make it warmer", "Blur the background", "Crop to a square")


def test_every_nearest_sentence_can_be_done():
    for sentence in REFUSED:
        for near in planned(sentence).nearest:
            assert planned(near).understood, near


@pytest.mark.parametrize(
    "sentence", ["make it dusk", "remove the cyclist", "add a dragon", "replace the sign by 'OPEN'"]
)
def test_what_a_generative_engine_could_do_is_passed_on(sentence):
    plan = planned(sentence)
    assert plan.suggested_engine == "gemini"
    assert plan.nearest


def test_missing_quotation_marks_are_offered():
    assert planned("add text Hello World at the top").nearest[0] == "add text “Hello World” at the top"


def test_what_is_no_writing_gets_no_quotation_marks():
    assert not any("“bigger”" in near for near in planned("make the text bigger").nearest)


@pytest.mark.parametrize(
    ("sentence", "summary"),
    [
        ("blur the background by 20 px", "Background: blurred, radius 20 px"),
        ("slightly darker", "Darker, −12 %"),
        ("make it warmer and crop to 16:9", "Warmer, +35 %; Crop to 16:9, around the centre"),
        ("make the background light blue", "Replace the background by light blue"),
        ("write “A” in #123456 at the top left", "Text “A”, #123456, top left"),
        ("rotate 2.5 degrees to the left", "Rotate by 2.5° counterclockwise"),
        ("exposure +1 stop", "More exposure, +1 EV"),
        ("flip vertically", "Flip top to bottom"),
        ("resize to 1920 px wide", "Resize to 1920 px wide"),
        ("make it half the size", "Resize to 50 %"),
    ],
)
def test_a_summary_says_what_would_be_done(sentence, summary):
    assert planned(sentence).summary == summary


def test_the_reason_is_in_the_words_of_the_language_that_was_written():
    assert "“zu hell”" in planned("nicht zu hell").reason or "nicht zu hell" in planned("nicht zu hell").reason
    assert "know" not in planned("nicht zu hell").reason


def test_the_unknown_word_is_named():
    assert "“cyclist”" in planned("remove the cyclist").reason
    assert "“dusk”" in planned("make it dusk").reason


def test_a_negation_is_refused_plainly_and_suggests_no_engine():
    plan = planned("don't blur the background")
    assert "not to do" in plan.reason
    assert plan.suggested_engine == ""


def test_strength_words_are_in_order():
    amounts = [
        dict(steps(f"make it {word} brighter")[0].values)["amount"] for word in ("slightly", "", "much", "extremely")
    ]
    assert amounts == sorted(amounts)
    assert len(set(amounts)) == 4


def test_quoted_words_are_kept_exactly():
    (step,) = steps("add the text “  Größe — 50% off, and more! ” at the top")
    assert dict(step.values)["text"] == "Größe — 50% off, and more!"


@pytest.mark.parametrize("word", ["older", "night", "holder", "while", "dragon", "folder", "stare", "fall"])
def test_other_words_are_no_misspellings(word):
    assert lexicon("en").corrected(word) is None


def test_slips_of_the_pen_are_counted():
    assert distance("brigther", "brighter") == 1
    assert distance("blur", "blur") == 0
    assert distance("contrast", "kontrast") == 1
    assert distance("abcd", "acbde") == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lexicon_is_sound(language):
    words = lexicon(language)
    for phrase, tags in words.phrases.items():
        assert all(word == word.lower() for word in phrase)
        for kind in ("do", "comp", "is", "bad", "cast"):
            assert kind not in tags or tags[kind][:-1] in TABLE
        assert "noun" not in tags or tags["noun"] in TABLE


def test_planning_is_quick_enough_for_every_key():
    engine = OnDeviceEngine()
    engine.plan(("make it warmer",))
    sentences = [s for s in (*UNDERSTOOD, *REFUSED) if len(s) < 100]
    started = time.process_time()
    for place, sentence in enumerate(sentences):
        engine.plan((f"{sentence} {place}",))
    assert (time.process_time() - started) / len(sentences) < 0.02


def test_planning_loads_no_picture_library():
    code = (
        "import sys; from nanodesk.engines.on_device.engine import OnDeviceEngine;"
        "plan = OnDeviceEngine().plan(('make it warmer', 'blur the backgruond'));"
        "assert plan.understood; assert not {'cv2', 'PIL'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_plan_sends_nothing_and_costs_nothing():
    plan = OnDeviceEngine().plan(("make it warmer", "add a dragon"))
    assert (plan.engine, plan.sends, plan.cost, plan.understood) == ("on-device", False, 0.0, False)
    assert [edit.understood for edit in plan.edits] == [True, False]
    assert plan.edits[0].operations == (("warmth", (("amount", 35),)),)
