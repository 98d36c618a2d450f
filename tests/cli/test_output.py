"""What is printed: progress beside the answer, and nothing that a terminal would obey."""

import io
import sys

import pytest

from nanodesk.cli.output import Output, harmless


class Screen(io.StringIO):
    def isatty(self):
        return True


def countdown(output):
    for message in (
        "Preparing",
        "Busy; trying again in 2 s",
        "Busy; trying again in 1 s",
        "1 of 2 came",
        "2 of 2 came",
    ):
        output.progress(message)


def test_a_countdown_is_one_line_in_a_file(capsys):
    countdown(Output(as_json=False))
    said = capsys.readouterr().err.splitlines()
    assert said == ["Preparing", "Busy; trying again in 2 s", "1 of 2 came", "2 of 2 came"]


def test_a_countdown_counts_in_place_on_a_screen(monkeypatch):
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    countdown(Output(as_json=False))
    assert "\x1b[1A\x1b[2KBusy; trying again in 1 s\n" in screen.getvalue()


def test_nothing_stands_beside_json(capsys):
    countdown(Output(as_json=True))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("text", ["a\x1b[2Jb", "a\x07b", "a\u202eb", "a\x9bb"])
def test_what_a_terminal_would_obey_is_left_out(text):
    assert "a" in harmless(text)
    assert harmless(text).isprintable()
    assert harmless("one\ntwo\tthree …") == "one\ntwo\tthree …"
