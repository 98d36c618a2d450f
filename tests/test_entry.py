import sys

import pytest

from nanodesk import __main__ as entry
from nanodesk import __version__, app


@pytest.fixture
def called(monkeypatch):
    """What the window's entry was called with, in place of a window."""
    found = []

    def window(files):
        found.append([path.name for path in files])
        return 0

    monkeypatch.setattr(app, "main", window)
    return found


def run(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["nanodesk", *words])
    return entry.main()


def test_a_verb_goes_to_the_command_line(monkeypatch, capsys, called):
    assert run(monkeypatch, "plan", "-e", "a bit brighter") == 0
    assert "Brighter" in capsys.readouterr().out
    assert called == []


def test_a_switch_goes_to_the_command_line(monkeypatch, capsys, called):
    assert run(monkeypatch, "--version") == 0
    assert __version__ in capsys.readouterr().out


def test_files_open_the_window(monkeypatch, called):
    assert run(monkeypatch, "a.png", "b.nanodesk") == 0
    assert called == [["a.png", "b.nanodesk"]]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a display")
def test_without_a_display_there_is_a_sentence(monkeypatch, capsys, called):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert run(monkeypatch) == 2
    assert "There is no display" in capsys.readouterr().err
    assert called == []


def test_a_display_that_does_not_answer_is_a_sentence(monkeypatch, capsys):
    monkeypatch.setattr(app, "fault", lambda _: "The display does not answer.")
    assert app.main([]) == app.NO_WINDOW
    assert "does not answer" in capsys.readouterr().err


@pytest.mark.allow_log
def test_a_fault_of_ours_ends_in_a_sentence(monkeypatch, capsys):
    def breaks(_):
        raise ZeroDivisionError

    monkeypatch.setattr(app, "fault", lambda _: "")
    monkeypatch.setattr(app, "_show", breaks)
    assert app.main([]) == app.FAULT
    assert "What you did is kept" in capsys.readouterr().err
