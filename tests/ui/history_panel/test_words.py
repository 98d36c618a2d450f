import pytest

from nanodesk.document.edit import Edit
from nanodesk.document.identity import EditId, RunId
from nanodesk.document.run import Run
from nanodesk.engines.info import EngineInfo, ModelInfo
from nanodesk.ui.history_panel.flow import Look, Piece, flow
from nanodesk.ui.history_panel.words import ago, maker_of, money, plain, seconds, standing, within
from nanodesk.ui.history_panel.zones import Zone, ZoneKind


def width(text, look):
    return 10 * len(text)


def lines(set_flow):
    found: dict[int, str] = {}
    for fragment in set_flow.fragments:
        found[fragment.line] = found.get(fragment.line, "") + fragment.text
    return [found[line].strip() for line in sorted(found)]


def test_words_wrap_within_the_width():
    set_flow = flow([[Piece("turn the red cup green")]], 120, width)
    assert lines(set_flow) == ["turn the red", "cup green"]
    assert all(fragment.x + width(fragment.text.rstrip(), Look.TEXT) <= 120 for fragment in set_flow.fragments)


def test_a_word_wider_than_the_line_is_cut():
    set_flow = flow([[Piece("a" * 30)]], 100, width)
    assert lines(set_flow) == ["a" * 10] * 3


def test_a_link_stays_in_one_piece():
    link = Piece("revert to here", Look.LINK, Zone(ZoneKind.REVERT))
    set_flow = flow([[Piece("24 s · "), link]], 180, width)
    assert lines(set_flow) == ["24 s ·", "revert to here"]


def test_lines_after_an_icon_are_indented():
    set_flow = flow([[Piece(icon="check"), Piece("turn the red cup green")]], 140, width)
    assert {fragment.x for fragment in set_flow.fragments if fragment.line == 1 and fragment.text == "cup "} == {18}


def test_text_from_outside_cannot_turn_the_line_around():
    assert plain("ab\u202ecd\x00\nef") == "abcd ef"


@pytest.mark.parametrize(("passed", "said"), [(3, "now"), (120, "2 min"), (7200, "2 h"), (172800, "2 d")])
def test_how_long_ago(passed, said):
    assert ago(1_000_000.0, 1_000_000.0 + passed) == said


def test_durations_and_money_say_no_more_than_is_known():
    assert seconds(0.42) == "0.4 s"
    assert seconds(0.001) == "0.1 s"
    assert seconds(24.3) == "24 s"
    assert seconds(95) == "1 min 35 s"
    assert money(0.034) == "$0.034"
    assert money(1.5) == "$1.50"


MODELS = (ModelInfo("b-2", "Banana 2", "edit"), ModelInfo("b-2-pro", "Pro", "edit"))
BANANAS = EngineInfo("gemini", "Gemini", True, True, True, models=MODELS)


def run_of(**more):
    return Run(RunId("r"), 1, (Edit(EditId("e"), "Turn it green"),), "gemini", **more)


@pytest.mark.parametrize(
    ("answered", "name"),
    [("b-2", "Banana 2"), ("b-2-001", "Banana 2"), ("b-2-pro-001", "Pro"), ("b-20", "b-20"), ("", "Gemini")],
)
def test_who_answered_is_called_by_the_name_it_is_chosen_by(answered, name):
    assert maker_of(run_of(answered_by=answered), [BANANAS]) == name


def test_an_engine_that_is_gone_is_called_by_its_id():
    assert maker_of(run_of(), []) == "gemini"


def test_what_a_run_does_keeps_its_names():
    run = run_of(started=10.0, message="Waiting for Banana 2.")
    assert standing(run, 13.2, None) == "3 s · waiting for Banana 2"
    assert standing(run_of(), 13.2, None) == "waiting for its turn"
    assert standing(run_of(held="The ceiling is reached."), 13.2, None) == "the ceiling is reached"
    assert within("") == ""
