import pytest

from nanodesk.ui.history_panel.flow import Look, Piece, flow
from nanodesk.ui.history_panel.words import ago, money, plain, seconds
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
